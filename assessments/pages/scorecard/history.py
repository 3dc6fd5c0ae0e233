"""The earlier rounds behind a score: the first one for the progress, all of them for the trend."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet, Subquery
from django.db.models.fields.json import KeyTransform
from django.utils import timezone

from accounts.tenancy import Access
from assessments.domain.answers import AnswerSet
from assessments.domain.comparison import Progress, progress_between
from assessments.models import Assessment, Snapshot
from assessments.pictures.charts import Round, Trend, trend_chart
from guide.model import Guide, Step
from guide.registry import GuideNotFound

# More points than this crowd the line; the compare page has every pair.
LONGEST_TREND = 12


@dataclass(frozen=True)
class RoundLine:
    """One submitted round: its scores as they were then."""

    assessment_id: int
    name: str
    day: date
    guide_version: str
    overall: float
    low: float | None
    high: float | None
    steps: tuple[tuple[str, float | None], ...]
    risks: int


@dataclass(frozen=True)
class FirstRound:
    """How far it is since the first submitted round under the same guide."""

    assessment_id: int
    name: str
    day: date
    progress: Progress


@dataclass(frozen=True)
class History:
    """``first`` is None when this is the first round; ``rounds`` holds at least two or none."""

    first: FirstRound | None
    rounds: tuple[RoundLine, ...]
    trend: Trend | None
    trend_narrow: Trend | None
    step_trends: tuple[tuple[Step, Trend], ...]

    @property
    def is_of_one_version(self) -> bool:
        return len({one.guide_version for one in self.rounds}) < 2


def history_of(access: Access, assessment: Assessment, answers: AnswerSet) -> History:
    """Two queries, however many rounds there are."""
    snapshots = access.scope(Snapshot).filter(guide_id=assessment.guide_id)
    if assessment.is_submitted:
        # An earlier round must not learn what later ones found.
        own = Snapshot.objects.filter(assessment=assessment).values("created_at")
        snapshots = snapshots.filter(created_at__lte=Subquery(own))
    rounds = _rounds(snapshots)
    points = [Round(one.day, one.overall, one.low, one.high) for one in rounds]
    return History(
        first=_first(snapshots, assessment, assessment.guide, answers),
        rounds=rounds,
        trend=trend_chart(points) if rounds else None,
        trend_narrow=trend_chart(points[-4:], width=340) if rounds else None,
        step_trends=tuple(_step_trends(assessment.guide, rounds)),
    )


def _step_trends(guide: Guide, rounds: Sequence[RoundLine]) -> Iterable[tuple[Step, Trend]]:
    """A small line for each step with a score in two rounds or more."""
    for step in guide.steps:
        points = [
            Round(one.day, score)
            for one in rounds
            for name, score in one.steps
            if name == step.id and score is not None
        ]
        if len(points) > 1:
            yield step, trend_chart(points, width=300, height=110)


def _first(
    snapshots: QuerySet[Snapshot], assessment: Assessment, guide: Guide, answers: AnswerSet
) -> FirstRound | None:
    first = (
        snapshots.select_related("assessment")
        .defer("scorecard")
        .order_by("created_at", "pk")
        .first()
    )
    if first is None or first.assessment_id == assessment.pk:
        return None
    try:
        guide_then = first.guide
    except GuideNotFound:
        progress = Progress(None, 0, len(guide.questions))
    else:
        progress = progress_between(guide_then, first.answer_set(), guide, answers)
    return FirstRound(
        assessment_id=first.assessment_id,
        name=first.assessment.name,
        day=timezone.localdate(first.created_at),
        progress=progress,
    )


def _rounds(snapshots: QuerySet[Snapshot]) -> tuple[RoundLine, ...]:
    newest = (
        snapshots.order_by("-created_at", "-pk")
        .annotate(
            overall=KeyTransform("overall", "scorecard"),
            steps=KeyTransform("steps", "scorecard"),
            risks=KeyTransform("high_risks", "scorecard"),
        )
        .values_list(
            "assessment_id",
            "assessment__name",
            "created_at",
            "guide_version",
            "overall",
            "steps",
            "risks",
        )[:LONGEST_TREND]
    )
    rounds = [_round(*row) for row in newest if row[4]["score"] is not None]
    return tuple(reversed(rounds)) if len(rounds) > 1 else ()


def _round(
    assessment_id: int,
    name: str,
    created_at: datetime,
    guide_version: str,
    overall: dict[str, Any],
    steps: Sequence[dict[str, Any]],
    risks: Sequence[Any],
) -> RoundLine:
    return RoundLine(
        assessment_id=assessment_id,
        name=name,
        day=timezone.localdate(created_at),
        guide_version=guide_version,
        overall=overall["score"],
        low=overall["low"],
        high=overall["high"],
        steps=tuple((step["step"], step["score"]) for step in steps),
        risks=len(risks),
    )
