"""Readiness over time: how the scores rise as initiatives are finished, and how sure that is.

It holds if the work is done as described, shown with its evidence, and nothing falls back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from assessments.domain.answers import AnswerSet
from assessments.domain.scoring import Exposure, Readiness, Scorecard, score
from assessments.domain.sensitivity import raised
from guide.model import Guide, Initiative
from roadmap.domain.lifting import Lifting

MOST_POINTS = 40


@dataclass(frozen=True)
class Timing:
    """When an initiative is finished: in half of the runs, and in four of five.

    Without a forecast both are the date of the plan.
    """

    initiative: Initiative
    likely: date
    late: date


@dataclass(frozen=True)
class Estimated:
    """Points of 0-100. One edge takes every open question and every date at its worst, the other
    every open question at its best.
    """

    likely: float
    low: float
    high: float


@dataclass(frozen=True)
class CurvePoint:
    """`gate`: the one that is reviewed on that day, else empty. Not assessed means not there."""

    day: date
    gate: str
    overall: Estimated | None
    steps: Mapping[str, Estimated]
    challenges: Mapping[str, Estimated]


@dataclass(frozen=True)
class Curve:
    """From the start of the plan to the month in which all of it is done in four of five runs.

    `done_likely` and `done_late`: when the last initiative that lifts an answer is finished.
    `titles`: of steps and challenges by id, in the guide's order.
    """

    points: tuple[CurvePoint, ...]
    done_likely: date | None = None
    done_late: date | None = None
    titles: Mapping[str, str] = field(default_factory=dict)


def readiness_curve(
    guide: Guide,
    answers: AnswerSet,
    scorecard: Scorecard,
    lifting: Lifting,
    timings: Sequence[Timing],
    start: date,
) -> Curve:
    """Points at the start, at the ends of months and at the gates."""
    if not timings:
        return Curve(())
    scores = _Scores(guide, answers, scorecard, lifting, timings)
    gates = {t.likely: t.initiative.gate for t in timings if t.initiative.kind == "review"}
    last = max(t.late for t in timings)
    lifts = [t for t in timings if lifting.lifts(t.initiative)]
    return Curve(
        points=tuple(scores.point(day, gates.get(day, "")) for day in _days(start, last, gates)),
        done_likely=max((t.likely for t in lifts), default=None),
        done_late=max((t.late for t in lifts), default=None),
        titles={
            **{step.id: f"{step.number}. {step.title}" for step in guide.steps},
            **{challenge.id: challenge.short for challenge in guide.challenges},
        },
    )


def curve_document(curve: Curve) -> dict[str, Any]:
    """Plain data; figures to a tenth of a point."""
    first, last = (curve.points[0], curve.points[-1]) if curve.points else (None, None)
    return {
        "from": _tenth(first.overall.likely) if first and first.overall else None,
        "to": _tenth(last.overall.likely) if last and last.overall else None,
        "by": {
            "p50": curve.done_likely.isoformat() if curve.done_likely else None,
            "p80": curve.done_late.isoformat() if curve.done_late else None,
        },
        "titles": dict(curve.titles),
        "points": [
            {
                "date": point.day.isoformat(),
                "gate": point.gate or None,
                "overall": _estimated(point.overall) if point.overall else None,
                "steps": {name: _estimated(found) for name, found in point.steps.items()},
                "challenges": {n: _estimated(found) for n, found in point.challenges.items()},
            }
            for point in curve.points
        ],
    }


class _Scores:
    """Scores by what is finished; the same set is never scored twice."""

    def __init__(
        self,
        guide: Guide,
        answers: AnswerSet,
        scorecard: Scorecard,
        lifting: Lifting,
        timings: Sequence[Timing],
    ) -> None:
        self._guide, self._answers = guide, answers
        self._timings = [
            (t.likely, t.late, {lift.question: lift.after for lift in lifting.lifts(t.initiative)})
            for t in timings
        ]
        self._known: dict[tuple[tuple[str, int], ...], Scorecard] = {(): scorecard}

    def point(self, day: date, gate: str) -> CurvePoint:
        likely = self._card(lifts for done, _, lifts in self._timings if done <= day)
        late = self._card(lifts for _, done, lifts in self._timings if done <= day)
        steps = {
            now.step: found
            for now, then in zip(likely.steps, late.steps, strict=True)
            if (found := _readiness(now, then))
        }
        challenges = {
            now.challenge: found
            for now in likely.exposures
            if (found := _exposure(now, late.exposure(now.challenge)))
        }
        return CurvePoint(
            day=day,
            gate=gate,
            overall=_readiness(likely.overall, late.overall),
            steps=steps,
            # By id: their rank changes from point to point.
            challenges=dict(sorted(challenges.items())),
        )

    def _card(self, finished: Iterable[Mapping[str, int]]) -> Scorecard:
        levels: dict[str, int] = {}
        for lifts in finished:
            for question, level in lifts.items():
                levels[question] = max(level, levels.get(question, 0))
        key = tuple(sorted(levels.items()))
        if key not in self._known:
            # What is finished is shown: that is part of being done.
            shown = {
                question: replace(raised(self._answers[question], level), confirmed=True)
                for question, level in levels.items()
            }
            self._known[key] = score(self._guide, {**self._answers, **shown})
        return self._known[key]


def _readiness(likely: Readiness, late: Readiness) -> Estimated | None:
    if likely.score is None or likely.high is None:
        return None
    low = likely.low if late.low is None else late.low
    return Estimated(likely.score, min(likely.score, low or 0.0), likely.high)


def _exposure(likely: Exposure, late: Exposure) -> Estimated | None:
    if likely.score is None or likely.low is None:
        return None
    high = likely.high if late.high is None else late.high
    return Estimated(likely.score, likely.low, max(likely.score, 100.0 if high is None else high))


def _days(start: date, last: date, gates: Iterable[date]) -> list[date]:
    """The start, the gates, and as many ends of months as there is room for, evenly spread."""
    ends = [_month_end(start)]
    while ends[-1] < last:
        ends.append(_month_end(ends[-1] + timedelta(days=1)))
    fixed = {start, ends[-1], *sorted(set(gates))[: MOST_POINTS - 2]}
    room = max(0, MOST_POINTS - len(fixed))
    every = 1
    while len(ends[::-every]) > room + 1 and every < len(ends):
        every += 1
    return sorted(fixed | set(ends[::-every][: room + 1]))


def _month_end(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _tenth(number: float) -> float:
    return round(number, 1)


def _estimated(found: Estimated) -> dict[str, float]:
    return {
        "likely": _tenth(found.likely),
        "low": _tenth(found.low),
        "high": _tenth(found.high),
    }
