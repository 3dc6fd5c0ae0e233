"""What goes along with a document inside its file. Pure.

A board paper or a trace is for people who may read the whole plan, and carries it. A clinician's
page hangs on a wall and is passed on: inside it nobody may find answers, risks, names of evidence
or money. It carries the plan's dates, and what stands on the page.
"""

from __future__ import annotations

from dataclasses import replace

from reports.choices import Choices
from reports.enums import Document
from reports.frozen.charter import CharterEntry
from reports.frozen.snapshot import (
    GateEntry,
    InitiativeEntry,
    Overall,
    PlanSummary,
    Progress,
    ReportSnapshot,
)

NOTHING_SAID = Overall(None, None, None, "", 0.0)


def as_handed_out(snapshot: ReportSnapshot, choices: Choices) -> ReportSnapshot:
    """The record to attach. New fields of a snapshot stay out of a page until they are let in."""
    if choices.document != Document.CLINICIAN:
        return snapshot
    charter = snapshot.charter
    return ReportSnapshot(
        organization=snapshot.organization,
        generated_on=snapshot.generated_on,
        guide=snapshot.guide,
        overall=NOTHING_SAID,
        plan=PlanSummary(snapshot.plan.start, snapshot.plan.finish, snapshot.plan.effort),
        language=snapshot.language,
        roadmap=snapshot.roadmap,
        phases=snapshot.phases,
        initiatives=tuple(_dates_of(item) for item in snapshot.initiatives),
        gates=tuple(_gate(gate) for gate in snapshot.gates),
        freezes=snapshot.freezes,
        calendar=snapshot.calendar,
        going=snapshot.going,
        clinical=snapshot.clinical and replace(snapshot.clinical, said=()),
        charter=charter and CharterEntry(charter.name, stop_rules=charter.stop_rules),
    )


def _dates_of(item: InitiativeEntry) -> InitiativeEntry:
    done = item.progress
    return InitiativeEntry(
        id=item.id,
        title=item.title,
        kind=item.kind,
        what="",
        step=item.step,
        phase=item.phase,
        rank=item.rank,
        klass=item.klass,
        start=item.start,
        finish=item.finish,
        effort=item.effort,
        predecessors=item.predecessors,
        progress=Progress(done.status, done.finished_on),
        likely=item.likely,
    )


def _gate(gate: GateEntry) -> GateEntry:
    return replace(gate, checklist=())
