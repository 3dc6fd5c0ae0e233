"""The plan as tables of plain values: what the CSV files hold, and the sheets of a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from reports.frozen.snapshot import ReportSnapshot

Cell = str | int | float | date | None


@dataclass(frozen=True)
class Table:
    """`name`: of the file or sheet, plain ASCII and short."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def tables(snapshot: ReportSnapshot) -> Iterator[Table]:
    yield _initiatives(snapshot)
    yield _phases(snapshot)
    yield _gates(snapshot)
    yield _steps(snapshot)
    yield _challenges(snapshot)
    yield _risks(snapshot)
    yield _load(snapshot)
    yield _controls(snapshot)
    yield _left_out(snapshot)
    yield _profile(snapshot)


def _initiatives(snapshot: ReportSnapshot) -> Table:
    phases = {phase.id: phase.title for phase in snapshot.phases}
    head = (
        _("Id"),
        _("Initiative"),
        _("Phase"),
        _("Step"),
        _("Rank"),
        _("Start"),
        _("Finish"),
        _("Even chance by"),
        _("Four chances in five by"),
        _("Person-days, low"),
        _("Person-days, likely"),
        _("Person-days, high"),
        _("Roles"),
        _("After"),
        _("Gate"),
        _("Status"),
        _("Finished on"),
        _("Why"),
        _("What"),
        _("Controls"),
        _("Started on"),
        _("Percent done, as reported"),
        _("Agreed start"),
        _("Agreed finish"),
    )
    rows = tuple(
        (
            item.id,
            item.title,
            phases.get(item.phase, item.phase),
            item.step.title,
            item.rank,
            item.start,
            item.finish,
            item.likely.p50 if item.likely else None,
            item.likely.p80 if item.likely else None,
            item.effort.low,
            item.effort.likely,
            item.effort.high,
            joined(role.title for role in item.roles),
            joined(other.id for other in item.predecessors),
            item.gate.id if item.gate else "",
            item.progress.status,
            item.progress.finished_on,
            " ".join(item.reasons),
            item.what,
            joined(f"{one.regime} {one.cite}" for one in item.citations),
            item.progress.started_on,
            item.progress.percent,
            *(item.progress.baseline or (None, None)),
        )
        for item in sorted(snapshot.initiatives, key=lambda item: (item.start, item.rank))
    )
    return Table("initiatives", head, rows)


def _phases(snapshot: ReportSnapshot) -> Table:
    head = (
        _("Id"),
        _("Phase"),
        _("Start"),
        _("Finish"),
        _("Initiatives"),
        _("Person-days, likely"),
    )
    rows = tuple(
        (one.id, one.title, one.start, one.finish, len(one.initiatives), one.effort.likely)
        for one in snapshot.phases
    )
    return Table("phases", head, rows)


def _gates(snapshot: ReportSnapshot) -> Table:
    head = (_("Id"), _("Gate"), _("Planned on"), _("Opened on"), _("Passes when"), _("Approvers"))
    rows = tuple(
        (
            one.id,
            one.title,
            one.planned_on,
            one.opened_on,
            one.passes_when,
            joined(one.approvers),
        )
        for one in snapshot.gates
    )
    return Table("gates", head, rows)


def _steps(snapshot: ReportSnapshot) -> Table:
    head = (_("Step"), _("Readiness"), _("Low"), _("High"), _("Band"), _("Confidence"))
    rows = tuple(
        (one.title, one.score, one.low, one.high, one.band, one.confidence)
        for one in snapshot.steps
    )
    return Table("readiness", head, rows)


def _challenges(snapshot: ReportSnapshot) -> Table:
    head = (_("Challenge"), _("Exposure"), _("Low"), _("High"), _("Usual"), _("Worse than usual"))
    rows = tuple(
        (one.title, one.score, one.low, one.high, one.usual, one.worse_than_usual)
        for one in snapshot.challenges
    )
    return Table("challenges", head, rows)


def _risks(snapshot: ReportSnapshot) -> Table:
    head = (_("Question"), _("Step"), _("Why it is a high risk"), _("Initiatives"))
    rows = tuple(
        (one.question.title, one.step.title, one.reason, joined(i.id for i in one.initiatives))
        for one in snapshot.risks
    )
    return Table("high-risks", head, rows)


def _load(snapshot: ReportSnapshot) -> Table:
    head = (_("Role"), _("Month"), _("Planned person-days"), _("Person-days there are"))
    rows = tuple(
        (role.title, month.month, month.used, month.capacity)
        for role in snapshot.load
        for month in role.months
    )
    return Table("load", head, rows)


def _controls(snapshot: ReportSnapshot) -> Table:
    head = (_("Regime"), _("Provision"), _("Title"), _("Initiative"), _("Status"))
    rows = tuple(
        (one.regime, one.cite, one.title, item.id, item.progress.status)
        for item in snapshot.initiatives
        for one in item.citations
    )
    return Table("controls", head, tuple(sorted(rows)))


def _left_out(snapshot: ReportSnapshot) -> Table:
    head = (_("Id"), _("Initiative"), _("Why it is left out"))
    return Table(
        "left-out", head, tuple((one.id, one.title, one.reason) for one in snapshot.left_out)
    )


def _profile(snapshot: ReportSnapshot) -> Table:
    rows = tuple((fact.label, fact.value) for fact in snapshot.profile)
    return Table("profile", (_("Question"), _("Answer")), rows)


def joined(parts: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(parts))
