"""A roadmap under way, looked at from one day: expected dates, chances, slip, and what pushes what.

`look_ahead` does it all, `document` writes it down as it is stored (docs/following.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from roadmap.domain.explaining.binding import bindings, critical_chain
from roadmap.domain.forecasting.forecast import percentile
from roadmap.domain.forecasting.ranges import Range
from roadmap.domain.forecasting.simulation import Runs, Tell
from roadmap.domain.problem import Schedule
from roadmap.domain.progress import Status
from roadmap.domain.tracking.chances import RUNS, SEED, play_rest
from roadmap.domain.tracking.pushes import Because, Push, Why, pushes, why_late
from roadmap.domain.tracking.remaining import By
from roadmap.domain.tracking.rest import Rest, is_running, rest
from roadmap.domain.tracking.slip import Slip, WorkingDays, slip_of
from roadmap.domain.tracking.work import UnderWay, Work

Document = dict[str, Any]


@dataclass(frozen=True)
class Expected:
    """`start` and `slip` by likely efforts; `likely`: over the runs."""

    start: date
    slip: Slip
    likely: Range
    is_critical: bool = False
    why: Why | None = None
    push: Push = field(default_factory=Push)


@dataclass(frozen=True)
class DeadlineOutlook:
    """`chance`: the part of the runs that keep it. None, as the dates: it is not in the plan."""

    about: str
    by: date
    p80: date | None
    chance: float | None

    @property
    def is_passed(self) -> bool:
        """Fewer than four chances in five that it is kept."""
        return self.p80 is not None and self.p80 > self.by


@dataclass(frozen=True)
class GoingOn:
    """`whole` is None where nothing is planned, or all of it was dropped. The chances are the
    parts of the runs that end by the expected and by the agreed day; None where all is over.
    """

    today: date
    runs: int
    rest: Rest
    initiatives: Mapping[str, Expected]
    phases: Mapping[str, tuple[date, Slip, Range]]
    gates: Mapping[str, tuple[Slip, Range]]
    whole: tuple[Slip, Range] | None
    chance_expected: float | None
    chance_agreed: float | None
    critical_chain: tuple[str, ...]
    deadlines: tuple[DeadlineOutlook, ...]


def look_ahead(
    under_way: UnderWay, today: date, runs: int = RUNS, seed: int = SEED, tell: Tell | None = None
) -> GoingOn:
    """Pure: the same facts on the same day give the same forecast."""
    remaining = rest(under_way, today)
    schedule = remaining.schedule()
    played = play_rest(remaining, schedule, runs, seed, tell)
    return _Looking(remaining, schedule, played).going_on()


class _Looking:
    def __init__(self, remaining: Rest, schedule: Schedule, played: Runs) -> None:
        self._rest, self._schedule, self._played = remaining, schedule, played
        self._under_way, self._calendar = remaining.under_way, remaining.calendar
        stated = self._under_way.constraints
        self._days = WorkingDays(stated.holidays, stated.working_weekdays)
        # What was dropped was agreed all the same: without it a phase ends earlier than agreed.
        self._kept = [w for w in self._under_way.items if w.status is not Status.DROPPED]

    def going_on(self) -> GoingOn:
        found = self._initiatives()
        held = bindings(self._rest.problem, self._schedule)
        chain = critical_chain(self._rest.problem, self._schedule, held)
        pushed = pushes(self._rest, self._schedule, self._days)
        initiatives = {}
        for id, (start, slip, likely) in found.items():
            why = None
            if slip.is_late or (id in self._rest.open and id in pushed):
                why = Why(Because.DONE, on=slip.actual, days=slip.days)
                if slip.actual is None:
                    why = why_late(self._rest, self._schedule, held, id)
            push = pushed.get(id, Push())
            initiatives[id] = Expected(start, slip, likely, id in chain, why, push)
        whole = self._together(self._under_way.items, self._kept)
        return GoingOn(
            today=self._rest.today,
            runs=self._played.count,
            rest=self._rest,
            initiatives=initiatives,
            phases=dict(self._phases(found)),
            gates=dict(self._gates(found)),
            whole=whole,
            chance_expected=self._chance(self._kept, whole[0].expected) if whole else None,
            chance_agreed=self._chance(self._kept, whole[0].agreed) if whole else None,
            critical_chain=chain,
            deadlines=tuple(self._deadlines()),
        )

    def _initiatives(self) -> dict[str, tuple[date, Slip, Range]]:
        found = {}
        for work in sorted(self._kept, key=lambda work: (work.rank, work.id)):
            agreed, said = work.agreed_finish, work.reported
            if work.id not in self._rest.open:
                end = said.finished_on or work.finish_on
                start = min(said.started_on or work.start_on, end)
                found[work.id] = (start, slip_of(self._days, agreed, end, end), _certain(end))
                continue
            first, last = self._schedule.starts[work.id], self._schedule.finishes[work.id]
            begun = said.started_on if work.status is Status.IN_PROGRESS else None
            start = begun or self._calendar.day_to_date(first)
            slip = slip_of(self._days, agreed, self._calendar.finish_date(first, last))
            found[work.id] = (start, slip, self._range([work]))
        return found

    def _phases(
        self, found: Mapping[str, tuple[date, Slip, Range]]
    ) -> Iterable[tuple[str, tuple[date, Slip, Range]]]:
        for phase in self._under_way.phases:
            agreed = [work for work in self._under_way.items if work.phase == phase]
            kept = [work for work in agreed if work.id in found]
            together = self._together(agreed, kept)
            if together:
                yield phase, (min(found[work.id][0] for work in kept), *together)

    def _gates(
        self, found: Mapping[str, tuple[date, Slip, Range]]
    ) -> Iterable[tuple[str, tuple[Slip, Range]]]:
        for work in self._kept:
            if work.kind == "review" and work.gate:
                _start, slip, likely = found[work.id]
                yield work.gate, (slip, likely)

    def _together(self, agreed: Sequence[Work], kept: Sequence[Work]) -> tuple[Slip, Range] | None:
        if not kept:
            return None
        last_agreed = max(work.agreed_finish for work in agreed)
        ends = [self._end(work) for work in kept]
        is_over = all(work.id not in self._rest.open for work in kept)
        slip = slip_of(self._days, last_agreed, max(ends), max(ends) if is_over else None)
        return slip, self._range(kept)

    def _end(self, work: Work) -> date:
        if work.id not in self._rest.open:
            return work.reported.finished_on or work.finish_on
        starts, finishes = self._schedule.starts, self._schedule.finishes
        return self._calendar.finish_date(starts[work.id], finishes[work.id])

    def _ends(self, works: Iterable[Work]) -> list[int]:
        """In each run, when the last of what is open among them is finished."""
        columns = [self._played.finishes[w.id] for w in works if w.id in self._rest.open]
        return sorted(max(row) for row in zip(*columns, strict=True))

    def _range(self, works: Sequence[Work]) -> Range:
        ends = self._ends(works)
        if not ends:
            return _certain(max(self._end(work) for work in works))
        day = self._calendar.day_to_date
        return Range(*(day(max(0, percentile(ends, part) - 1)) for part in (50, 80, 95)))

    def _deadlines(self) -> Iterable[DeadlineOutlook]:
        for deadline in self._under_way.constraints.deadlines:
            about = deadline.about
            works = [w for w in self._kept if about in ("", w.id, w.gate or None)]
            if not works:
                yield DeadlineOutlook(about, deadline.by, None, None)
                continue
            chance = self._chance(works, deadline.by)
            if chance is None:
                chance = float(max(self._end(work) for work in works) <= deadline.by)
            yield DeadlineOutlook(about, deadline.by, self._range(works).p80, chance)

    def _chance(self, works: Sequence[Work], by: date) -> float | None:
        """The part of the runs in which all of them are finished by then."""
        ends, day = self._ends(works), self._calendar.day_to_date
        if not ends:
            return None
        return round(sum(day(max(0, end - 1)) <= by for end in ends) / len(ends), 3)


def document(going: GoingOn, words: Callable[[Why], str]) -> Document:
    """Plain data, as it is stored. `words`: a reason in the language of the organization."""
    return {
        "as_of": going.today.isoformat(),
        "runs": going.runs,
        "initiatives": {id: _initiative(going, id, words) for id in going.initiatives},
        "phases": {
            id: {"start": start.isoformat(), "finish": slip.expected.isoformat()}
            | _dates(slip, likely)
            for id, (start, slip, likely) in going.phases.items()
        },
        "gates": {
            id: {"on": slip.expected.isoformat(), **_dates(slip, likely)}
            for id, (slip, likely) in going.gates.items()
        },
        "critical_chain": list(going.critical_chain),
        "finish": _whole(going),
        "deadlines": [_deadline(going, deadline) for deadline in going.deadlines],
    }


def _initiative(going: GoingOn, id: str, words: Callable[[Why], str]) -> Document:
    found = going.initiatives[id]
    made: Document = {
        "start": found.start.isoformat(),
        "finish": found.slip.expected.isoformat(),
        **_dates(found.slip, found.likely),
        "critical": found.is_critical,
        "pushes": list(found.push.moves),
        "pushed_days": dict(found.push.moves),
        "pushes_whole": found.push.whole,
        "because": words(found.why) if found.why else "",
        "kind_of_because": found.why.kind.value if found.why else "",
    }
    if left := going.rest.left.get(id):
        made["left_days"], made["left_by"] = left.days, left.by.value
        made["hoped"] = left.hoped.isoformat() if left.hoped else None
        made["is_silent"] = left.by is By.SILENT
        takes = going.rest.calendar.date_to_day(found.slip.expected) + 1
        if is_running(going.rest.open[id]) and not left.until and takes > left.days:
            # Its people are fewer for a while, or on something else first.
            made["takes_days"] = takes
    return made


def _whole(going: GoingOn) -> Document | None:
    if going.whole is None:
        return None
    slip, likely = going.whole
    return {
        "expected": slip.expected.isoformat(),
        **_dates(slip, likely),
        "chance_expected": going.chance_expected,
        "chance_agreed": going.chance_agreed,
    }


def _deadline(going: GoingOn, deadline: DeadlineOutlook) -> Document:
    under_way = going.rest.under_way
    titles = {work.id: work.title for work in under_way.items} | dict(under_way.gates)
    return {
        "about": deadline.about,
        "title": titles.get(deadline.about, deadline.about),
        "by": deadline.by.isoformat(),
        "p80": deadline.p80.isoformat() if deadline.p80 else None,
        "chance": deadline.chance,
        "is_passed": deadline.is_passed,
    }


def _dates(slip: Slip, likely: Range) -> Document:
    return {
        "p50": likely.p50.isoformat(),
        "p80": likely.p80.isoformat(),
        "p95": likely.p95.isoformat(),
        "baseline": slip.agreed.isoformat(),
        "slip": slip.days,
        "actual": slip.actual.isoformat() if slip.actual else None,
    }


def _certain(day: date) -> Range:
    return Range(day, day, day)
