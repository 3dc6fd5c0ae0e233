"""What changed since an earlier report: two snapshots compared, and nothing else looked at. Pure.

What both of them say is compared as it is printed: scores as whole points, dates in working days of
the newer plan's calendar. What only one of them knows (an older snapshot has no cost, say) is told
as new or not at all, never as a difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING

from roadmap.domain.forecasting.ranges import Range
from roadmap.domain.tracking.slip import WorkingDays

if TYPE_CHECKING:
    from reports.frozen.snapshot import InitiativeEntry, ReportSnapshot
    from reports.frozen.trace import ProofEntry

MOVED_FROM = 5
"""Working days: what moved by less is counted and not listed."""

DONE, DROPPED, RUNNING = "done", "dropped", "in_progress"


@dataclass(frozen=True)
class Shift:
    """A figure then and now; None where there was none."""

    id: str
    title: str
    before: float | None
    after: float | None

    @property
    def points(self) -> int | None:
        """The difference of the two as they are printed, whole."""
        if self.before is None or self.after is None:
            return None
        return round(self.after) - round(self.before)


@dataclass(frozen=True)
class DateShift:
    """A day then and now; `days`: working days later, negative is earlier."""

    id: str
    title: str
    before: date
    after: date
    days: int


@dataclass(frozen=True)
class Told:
    """Something that came or went, and the one thing to say about it."""

    id: str
    title: str
    note: str = ""
    on: date | None = None


@dataclass(frozen=True)
class ChangesEntry:
    """`since`: the day of the earlier report. `moved_less`: moved, by less than `MOVED_FROM`."""

    since: date
    roadmap_before: str = ""
    guide_before: str = ""
    guide_after: str = ""
    assessed_before: date | None = None
    assessed_after: date | None = None
    overall: Shift | None = None
    steps: tuple[Shift, ...] = ()
    challenges: tuple[Shift, ...] = ()
    targets: tuple[Shift, ...] = ()
    risks_new: tuple[Told, ...] = ()
    risks_gone: tuple[Told, ...] = ()
    new: tuple[Told, ...] = ()
    gone: tuple[Told, ...] = ()
    started: tuple[Told, ...] = ()
    done: tuple[Told, ...] = ()
    dropped: tuple[Told, ...] = ()
    reopened: tuple[Told, ...] = ()
    moved: tuple[DateShift, ...] = ()
    moved_less: int = 0
    gates_opened: tuple[Told, ...] = ()
    gates_closed: tuple[Told, ...] = ()
    gates_moved: tuple[DateShift, ...] = ()
    finish: DateShift | None = None
    likely_half: DateShift | None = None
    likely_most: DateShift | None = None
    effort: Shift | None = None
    cost: Shift | None = None
    currency: str = ""
    proofs_new: tuple[Told, ...] = ()
    proofs_gone: tuple[Told, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing but the day is different."""
        plain = {"since", "roadmap_before", "guide_before", "guide_after"}
        plain |= {"assessed_before", "assessed_after", "currency"}
        if self.guide_before != self.guide_after or self.assessed_before != self.assessed_after:
            return False
        return not any(getattr(self, f.name) for f in fields(self) if f.name not in plain)


def compare(older: ReportSnapshot, newer: ReportSnapshot) -> ChangesEntry:
    """What the newer of two reports of an organization says differently."""
    work = _Work(older, newer)
    return ChangesEntry(
        since=older.generated_on,
        roadmap_before=older.roadmap if older.roadmap != newer.roadmap else "",
        guide_before=f"{older.guide.title} {older.guide.version}",
        guide_after=f"{newer.guide.title} {newer.guide.version}",
        assessed_before=older.assessed_on,
        assessed_after=newer.assessed_on,
        overall=_shift("", "", older.overall.score, newer.overall.score),
        steps=_shifts({s.id: (s.title, s.score) for s in older.steps}, newer.steps, "score"),
        challenges=_shifts(
            {c.id: (c.title, c.score) for c in older.challenges}, newer.challenges, "score"
        ),
        targets=_targets(older, newer),
        risks_new=_risks(newer, older),
        risks_gone=_risks(older, newer),
        new=work.new(),
        gone=work.gone(),
        started=work.started(),
        done=work.became(DONE),
        dropped=work.became(DROPPED),
        reopened=work.reopened(),
        moved=tuple(shift for shift in work.moved() if abs(shift.days) >= MOVED_FROM),
        moved_less=sum(abs(shift.days) < MOVED_FROM for shift in work.moved()),
        gates_opened=_gates(newer, older),
        gates_closed=_gates_closed(older, newer),
        gates_moved=work.gates_moved(),
        **_outlook(work, older, newer),  # type: ignore[arg-type]
        **_cost(older, newer),  # type: ignore[arg-type]
        proofs_new=_proofs(newer, older),
        proofs_gone=_proofs(older, newer),
    )


class _Work:
    """The initiatives and gates of both, with the calendar the differences are counted in."""

    def __init__(self, older: ReportSnapshot, newer: ReportSnapshot) -> None:
        self.before = {item.id: item for item in older.initiatives}
        self.after = {item.id: item for item in newer.initiatives}
        self.gates_before = {gate.id: gate for gate in older.gates}
        self.gates_after = newer.gates
        self.left_out = {part.id: part.reason for part in newer.left_out}
        self.days = _calendar(newer)

    def new(self) -> tuple[Told, ...]:
        return tuple(
            Told(item.id, item.title, on=item.start)
            for item in self.after.values()
            if item.id not in self.before
        )

    def gone(self) -> tuple[Told, ...]:
        return tuple(
            Told(item.id, item.title, self.left_out.get(item.id, ""))
            for item in self.before.values()
            if item.id not in self.after
        )

    def became(self, status: str) -> tuple[Told, ...]:
        """What has the status now and had another one, or was not in the plan."""
        return tuple(
            Told(item.id, item.title, item.progress.note, item.progress.finished_on)
            for item in self.after.values()
            if item.progress.status == status and self._status_before(item.id) != status
        )

    def started(self) -> tuple[Told, ...]:
        """What was done or dropped and goes on again is taken back, not begun."""
        return tuple(
            Told(item.id, item.title, item.progress.note, item.progress.started_on)
            for item in self.after.values()
            if item.progress.status == RUNNING
            and self._status_before(item.id) not in (RUNNING, DONE, DROPPED)
        )

    def reopened(self) -> tuple[Told, ...]:
        """What was reported further than it is now: open again, or not begun after all."""
        return tuple(
            Told(item.id, item.title, item.progress.note)
            for item in self.after.values()
            if self._is_taken_back(self._status_before(item.id), item.progress.status)
        )

    @staticmethod
    def _is_taken_back(before: str, now: str) -> bool:
        if now in (DONE, DROPPED):
            return False
        return before in (DONE, DROPPED) or (before == RUNNING and now != RUNNING)

    def _status_before(self, name: str) -> str:
        return self.before[name].progress.status if name in self.before else ""

    def moved(self) -> tuple[DateShift, ...]:
        """By planned finish, what is still to do; the furthest first."""
        found = (
            self.shift(item.id, item.title, self.before[item.id].finish, item.finish)
            for item in self.after.values()
            if item.id in self.before and _is_open(item)
        )
        return tuple(sorted((s for s in found if s and s.days), key=lambda s: (-abs(s.days), s.id)))

    def gates_moved(self) -> tuple[DateShift, ...]:
        found = (
            self.shift(gate.id, gate.title, self.gates_before[gate.id].planned_on, gate.planned_on)
            for gate in self.gates_after
            if gate.id in self.gates_before and not gate.is_open
        )
        return tuple(shift for shift in found if shift and shift.days)

    def shift(
        self, name: str, title: str, before: date | None, after: date | None
    ) -> DateShift | None:
        if before is None or after is None:
            return None
        return DateShift(name, title, before, after, self.days.slip(before, after))


def _is_open(item: InitiativeEntry) -> bool:
    return item.progress.status not in (DONE, DROPPED)


def _calendar(snapshot: ReportSnapshot) -> WorkingDays:
    calendar = snapshot.calendar
    return WorkingDays(calendar.holidays, calendar.weekdays) if calendar else WorkingDays()


def _shift(name: str, title: str, before: float | None, after: float | None) -> Shift | None:
    """None where both print the same."""
    same = (None if before is None else round(before)) == (None if after is None else round(after))
    return None if same else Shift(name, title, before, after)


def _shifts(
    before: Mapping[str, tuple[str, float | None]], after: Iterable[object], figure: str
) -> tuple[Shift, ...]:
    found = (
        _shift(part.id, part.title, before[part.id][1], getattr(part, figure))  # type: ignore[attr-defined]
        for part in after
        if part.id in before  # type: ignore[attr-defined]
    )
    return tuple(shift for shift in found if shift)


def _targets(older: ReportSnapshot, newer: ReportSnapshot) -> tuple[Shift, ...]:
    """Of steps and challenges, where both reports know them."""
    before, after = (getattr(snapshot, "targets", None) for snapshot in (older, newer))
    if before is None or after is None:
        return ()
    known = {line.id: (line.title, line.target) for line in (*before.steps, *before.challenges)}
    return _shifts(known, (*after.steps, *after.challenges), "target")


def _risks(here: ReportSnapshot, there: ReportSnapshot) -> tuple[Told, ...]:
    others = {risk.question.id for risk in there.risks}
    return tuple(
        Told(risk.question.id, risk.question.title, risk.reason)
        for risk in here.risks
        if risk.question.id not in others
    )


def _gates(here: ReportSnapshot, there: ReportSnapshot) -> tuple[Told, ...]:
    """Open here, and not there."""
    others = {gate.id for gate in there.gates if gate.is_open}
    return tuple(
        Told(gate.id, gate.title, on=gate.opened_on)
        for gate in here.gates
        if gate.is_open and gate.id not in others
    )


def _gates_closed(older: ReportSnapshot, newer: ReportSnapshot) -> tuple[Told, ...]:
    """Open before and closed now: a gate that the new plan lacks was closed by nobody."""
    closed = {gate.id for gate in newer.gates if not gate.is_open}
    return tuple(told for told in _gates(older, newer) if told.id in closed)


def _outlook(work: _Work, older: ReportSnapshot, newer: ReportSnapshot) -> dict[str, object]:
    before, after = _likely_finish(older), _likely_finish(newer)
    dates = {
        "finish": (older.plan.finish, newer.plan.finish),
        "likely_half": (before and before.p50, after and after.p50),
        "likely_most": (before and before.p80, after and after.p80),
    }
    shifts = {name: work.shift("", "", *pair) for name, pair in dates.items()}
    return {name: shift if shift and shift.days else None for name, shift in shifts.items()}


def _likely_finish(snapshot: ReportSnapshot) -> Range | None:
    """As forecast from what was reported; before that, as the plan was simulated."""
    if snapshot.going:
        return snapshot.going.likely
    return snapshot.forecast.finish if snapshot.forecast else None


def _cost(older: ReportSnapshot, newer: ReportSnapshot) -> dict[str, object]:
    """Money only in one currency."""
    effort = _shift("", "", older.plan.effort.likely, newer.plan.effort.likely)
    before, after = older.prices, newer.prices
    if before is None or after is None or before.currency != after.currency:
        return {"effort": effort}
    cost = _shift("", "", before.total, after.total)
    return {"effort": effort, "cost": cost, "currency": after.currency}


def _proofs(here: ReportSnapshot, there: ReportSnapshot) -> tuple[Told, ...]:
    """What shows something, by its own number: a title may be given twice.

    A new assessment, or a plan adopted anew, numbers what was carried over again: there the same
    content about the same thing is the same.
    """
    if here.proofs is None or there.proofs is None:
        return ()
    others = {proof.key for proof in there.proofs}
    is_other = (here.assessed_on, here.roadmap) != (there.assessed_on, there.roadmap)
    carried = {_content(proof) for proof in there.proofs} if is_other else set()
    return tuple(
        Told(proof.key, proof.title, proof.about, proof.on)
        for proof in here.proofs
        if proof.key not in others and _content(proof) not in carried
    )


def _content(proof: ProofEntry) -> tuple[str, str, str]:
    return proof.about, proof.title, proof.sha256 or proof.address or proof.name
