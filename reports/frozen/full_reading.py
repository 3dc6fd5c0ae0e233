"""What only the full roadmap tells: reports, remarks, gates, measured figures, other plans."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from reports.choices import Choices
from reports.frozen.gate_reading import gate_traces
from reports.frozen.measured_reading import measured_entries
from reports.frozen.plan_reading import compared_plans
from reports.frozen.remark_reading import chosen_remarks
from reports.frozen.snapshot import ReportSnapshot
from reports.frozen.trace_reading import decisions_by_hand, overrides_of
from reports.frozen.work_reading import pilot_decisions, reported_entries
from roadmap.models import Roadmap


def with_everything(snapshot: ReportSnapshot, roadmap: Roadmap, choices: Choices) -> ReportSnapshot:
    """A fixed number of queries, whatever the size of the plan."""
    by_about: dict[str, list[str]] = defaultdict(list)
    for proof in snapshot.proofs or ():
        by_about[proof.about].append(proof.key)
    return replace(
        snapshot,
        gates_told=gate_traces(roadmap, by_about),
        by_hand=decisions_by_hand(roadmap),
        overrides=overrides_of(roadmap),
        reported=reported_entries(roadmap),
        remarks=chosen_remarks(roadmap, choices.comments),
        measured=measured_entries(roadmap.organization, snapshot.generated_on),
        compared=compared_plans(roadmap, choices.scenarios),
        pilot_decisions=pilot_decisions(roadmap),
    )
