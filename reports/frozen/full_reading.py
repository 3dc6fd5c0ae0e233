"""What only the full roadmap tells: reports, remarks, gates, measured figures, other plans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from reports.choices import Choices
from reports.frozen.gate_reading import gate_traces
from reports.frozen.measured_reading import measured_entries
from reports.frozen.plan_reading import compared_plans
from reports.frozen.remark_reading import chosen_remarks
from reports.frozen.snapshot import ReportSnapshot
from reports.frozen.stated import StatedLine
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
        stated=(*snapshot.stated, *_agreed(roadmap)),
        gates_told=gate_traces(roadmap, by_about),
        by_hand=decisions_by_hand(roadmap),
        overrides=overrides_of(roadmap),
        reported=reported_entries(roadmap),
        remarks=chosen_remarks(roadmap, choices.comments),
        measured=measured_entries(roadmap.organization, snapshot.generated_on),
        compared=compared_plans(roadmap, choices.scenarios),
        pilot_decisions=pilot_decisions(roadmap),
    )


def _agreed(roadmap: Roadmap) -> Iterable[StatedLine]:
    """What was agreed about the work: limits on the board, dates that no longer count."""
    if roadmap.baseline_note:
        yield StatedLine(_("Why the dates agreed earlier no longer count"), roadmap.baseline_note)
    names = {role.id: role.title for role in roadmap.snapshot.guide.roles}
    names |= {phase["id"]: phase["title"] for phase in roadmap.plan.get("phases", ())}
    for key, most in sorted(roadmap.limits.items()):
        about = names.get(key.partition(":")[2], "")
        label = _("Work at the same time, %s") % about if about else _("Work at the same time")
        yield StatedLine(label, _("at most %s") % most)
