"""When a plan is likely to end: its dates over many runs with other efforts, and its chances.

What the runs draw is `uncertainty.py`, how they are played `simulation.py`; here they become dates.
`docs/forecast.md` says what the figures mean and what they do not know.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from roadmap.domain.constraints.calendar import WorkCalendar
from roadmap.domain.constraints.capacity import planning_amounts
from roadmap.domain.constraints.stated import Deadline
from roadmap.domain.forecasting.ranges import Range
from roadmap.domain.forecasting.readiness import Curve, Timing, curve_document, readiness_curve
from roadmap.domain.forecasting.simulation import Runs, Tell, play
from roadmap.domain.forecasting.uncertainty import (
    Outcome,
    Spread,
    common_factors,
    draws,
    usual_days,
)
from roadmap.domain.hand.adjusting import vendor_paces
from roadmap.domain.preparing import Prepared
from roadmap.domain.problem import HORIZON_DAYS, Schedule

RUNS = 1000
SEED = 1
MOST_BINS = 40


@dataclass(frozen=True)
class InitiativeForecast:
    """`critical`: the part of the runs in which a day more of it would have moved the last finish,
    along a chain without a gap.
    """

    start: Range
    finish: Range
    critical: float


@dataclass(frozen=True)
class DeadlineChance:
    """`chance` is None where what it is about is not in the plan."""

    about: str
    by: date
    chance: float | None


@dataclass(frozen=True)
class Histogram:
    """In how many runs the whole ends in the `days` days from `first` on, and in those after."""

    first: date
    days: int
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Stranded:
    """Work that slips past the day its people leave for good: nobody is left to do it, so its date
    lies where planning lets all capacity return, ten years away. `share`: in how many of the runs.
    """

    share: float
    initiatives: tuple[str, ...]


@dataclass(frozen=True)
class Forecast:
    """`chance_as_planned`: the part of the runs that end no later than the plan itself says.

    `lifted`: when everything is done that makes an answer better; None when nothing does.
    """

    runs: int
    seed: int
    finish: Range | None
    chance_as_planned: float | None
    histogram: Histogram | None
    lifted: Range | None
    phases: Mapping[str, Range]
    gates: Mapping[str, Range]
    initiatives: Mapping[str, InitiativeForecast]
    deadlines: tuple[DeadlineChance, ...]
    stranded: Stranded | None = None


def simulate(
    prepared: Prepared,
    schedule: Schedule,
    runs: int = RUNS,
    seed: int = SEED,
    tell: Tell | None = None,
) -> Forecast:
    """Play the schedule `runs` times; the same input gives the same forecast.

    `tell(done, of)` hears now and then how far it is; to stop the simulation it raises.
    """
    factors = common_factors(runs, seed)
    known = {
        task.id: [Outcome(task.duration, task.demands)] * runs
        for task in prepared.problem.tasks
        if task.id in prepared.decisions.done
    }
    # What is done is certain: nothing is drawn for it.
    outcomes = {
        name: known.get(name)
        or _left_of(prepared, name, spread, draws(name, spread, factors, seed))
        for name, spread in spreads(prepared).items()
    }
    begun = {*prepared.decisions.done, *prepared.decisions.going}
    played = play(prepared.problem, schedule, outcomes, tell, begun)
    return _Reading(prepared, schedule, played, seed).forecast()


def _left_of(prepared: Prepared, name: str, spread: Spread, drawn: list[Outcome]) -> list[Outcome]:
    """Of work that was begun, what is left grows or shrinks as the whole does."""
    going = prepared.decisions.going.get(name)
    if going is None:
        return drawn
    usual, demands = usual_days(spread), prepared.work[name].demands
    # Equal outcomes stay one object: `play` knows them by it.
    by_days: dict[int, Outcome] = {}
    return [
        by_days.setdefault(days, Outcome(days, demands))
        for outcome in drawn
        if (days := going.days - going.left + max(1, -(-going.left * outcome.days // usual)))
    ]


def spreads(prepared: Prepared) -> dict[str, Spread]:
    """What each initiative of the plan can turn out to need."""
    amounts = planning_amounts(prepared.capacities, prepared.calendar, prepared.constraints)
    initiatives = [item.initiative for item in prepared.selection.items]
    paces = vendor_paces(initiatives, prepared.constraints)
    found = {}
    for initiative in initiatives:
        effort, waits = prepared.efforts[initiative.id], initiative.elapsed_weeks
        found[initiative.id] = Spread(
            low=effort.low,
            likely=effort.likely,
            high=effort.high,
            waits=(waits.low, max(waits.low, waits.high)) if waits else (0.0, 0.0),
            shares=initiative.roles,
            amounts={role: amounts[role] for role in initiative.roles},
            pace=paces[initiative.id],
        )
    return found


def forecast_curve(prepared: Prepared, forecast: Forecast) -> Curve:
    """Readiness over time, by the dates of the forecast."""
    return readiness_curve(
        prepared.guide,
        prepared.answers,
        prepared.scorecard,
        prepared.lifting,
        [
            Timing(item.initiative, found.finish.p50, found.finish.p80)
            for item in prepared.selection.items
            if (found := forecast.initiatives.get(item.initiative.id))
        ],
        prepared.calendar.day_to_date(0),
    )


def forecast_document(forecast: Forecast, curve: Curve | None = None) -> dict[str, Any]:
    """Plain data in a fixed order: equal forecasts give equal bytes."""
    return {
        "runs": forecast.runs,
        "seed": forecast.seed,
        "finish": _range(forecast.finish),
        "chance_as_planned": forecast.chance_as_planned,
        "histogram": _histogram(forecast.histogram),
        "phases": {name: _range(found) for name, found in forecast.phases.items()},
        "gates": {name: _range(found) for name, found in forecast.gates.items()},
        "initiatives": {
            name: {
                **_dates(found.finish),
                "start": _dates(found.start),
                "critical": found.critical,
            }
            for name, found in forecast.initiatives.items()
        },
        "deadlines": [
            {"about": d.about, "by": d.by.isoformat(), "chance": d.chance}
            for d in forecast.deadlines
        ],
        "stranded": _stranded(forecast.stranded),
        "readiness": None if curve is None else curve_document(curve),
        "lifted": _range(forecast.lifted),
    }


def make_forecast(
    prepared: Prepared,
    schedule: Schedule,
    runs: int = RUNS,
    seed: int = SEED,
    tell: Tell | None = None,
) -> dict[str, Any]:
    """The forecast and the readiness curve of a schedule as one document."""
    found = simulate(prepared, schedule, runs, seed, tell)
    return forecast_document(found, forecast_curve(prepared, found))


def percentile(ordered: Sequence[int], percent: int) -> int:
    """By nearest rank: the smallest value that `percent` of 100 do not exceed."""
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


class _Reading:
    """Turns the day numbers of the runs into dates and chances."""

    def __init__(self, prepared: Prepared, schedule: Schedule, runs: Runs, seed: int) -> None:
        self._prepared, self._schedule, self._runs, self._seed = prepared, schedule, runs, seed
        self._calendar = prepared.calendar
        self._initiatives = [item.initiative for item in prepared.selection.items]
        self._whole = self._last(initiative.id for initiative in self._initiatives)

    def forecast(self) -> Forecast:
        runs, whole = self._runs, self._whole
        return Forecast(
            runs=runs.count,
            seed=self._seed,
            finish=self._range(whole),
            chance_as_planned=_share(whole, self._schedule.makespan),
            histogram=_bins(whole, self._calendar),
            lifted=self._range(
                self._last(i.id for i in self._initiatives if self._prepared.lifting.lifts(i))
            ),
            phases=self._phases(),
            gates=self._gates(),
            initiatives=self._found() if runs.count else {},
            deadlines=tuple(self._deadline(d) for d in self._prepared.constraints.deadlines),
            stranded=self._stranded(),
        )

    def _stranded(self) -> Stranded | None:
        starts = self._runs.starts
        far = {n: {run for run, day in enumerate(starts[n]) if day >= HORIZON_DAYS} for n in starts}
        runs = set[int]().union(*far.values())
        if not runs:
            return None
        names = tuple(initiative.id for initiative in self._initiatives if far[initiative.id])
        return Stranded(round(len(runs) / self._runs.count, 3), names)

    def _found(self) -> dict[str, InitiativeForecast]:
        runs = self._runs
        return {
            name: InitiativeForecast(
                start=_dated(runs.starts[name], self._calendar.day_to_date),
                finish=_dated(runs.finishes[name], self._finish),
                critical=round(runs.critical[name] / runs.count, 3),
            )
            for name in (initiative.id for initiative in self._initiatives)
        }

    def _phases(self) -> dict[str, Range]:
        found = {}
        for phase in self._prepared.guide.phases:
            ends = self._last(i.id for i in self._initiatives if i.phase == phase.id)
            if dates := self._range(ends):
                found[phase.id] = dates
        return found

    def _gates(self) -> dict[str, Range]:
        return {
            initiative.gate: dates
            for initiative in self._initiatives
            if initiative.kind == "review" and (dates := self._range(self._last([initiative.id])))
        }

    def _deadline(self, deadline: Deadline) -> DeadlineChance:
        about = deadline.about
        names = [i.id for i in self._initiatives if about in ("", i.id, i.gate or None)]
        ends = self._last(names)
        return DeadlineChance(about, deadline.by, _share(ends, self._last_day(deadline.by)))

    def _last_day(self, by: date) -> int:
        """The greatest finish (exclusive) that still lies on or before the date."""
        calendar = self._calendar
        if by < calendar.day_to_date(0):
            return 0
        day = calendar.date_to_day(by)
        return day + 1 if calendar.day_to_date(day) == by else day

    def _last(self, names: Iterable[str]) -> list[int]:
        """In each run, when the last of them is finished."""
        columns = [self._runs.finishes[name] for name in names]
        return [max(row) for row in zip(*columns, strict=True)]

    def _range(self, finishes: Sequence[int]) -> Range | None:
        return _dated(finishes, self._finish) if finishes else None

    def _finish(self, finish: int) -> date:
        return self._calendar.day_to_date(max(0, finish - 1))


def _dated(days: Sequence[int], to_date: Any) -> Range:
    ordered = sorted(days)
    return Range(*(to_date(percentile(ordered, percent)) for percent in (50, 80, 95)))


def _share(finishes: Sequence[int], latest: int) -> float | None:
    """The part of the runs that are finished by then."""
    if not finishes:
        return None
    return round(sum(1 for finish in finishes if finish <= latest) / len(finishes), 3)


def _bins(finishes: Sequence[int], calendar: WorkCalendar) -> Histogram | None:
    """Whole weeks from a Monday on, as many in each bin as it takes to keep the bins few."""
    if not finishes:
        return None
    ends = [calendar.day_to_date(max(0, finish - 1)) for finish in finishes]
    first = min(ends) - timedelta(days=min(ends).weekday())
    weeks = (max(ends) - first).days // 7 + 1
    days = 7 * math.ceil(weeks / MOST_BINS)
    counts = [0] * ((max(ends) - first).days // days + 1)
    for end in ends:
        counts[(end - first).days // days] += 1
    return Histogram(first, days, tuple(counts))


def _dates(found: Range) -> dict[str, str]:
    return {
        "p50": found.p50.isoformat(),
        "p80": found.p80.isoformat(),
        "p95": found.p95.isoformat(),
    }


def _range(found: Range | None) -> dict[str, str] | None:
    return None if found is None else _dates(found)


def _stranded(found: Stranded | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"share": found.share, "initiatives": list(found.initiatives)}


def _histogram(found: Histogram | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"first": found.first.isoformat(), "days": found.days, "counts": list(found.counts)}
