"""Delivery measures beside published figures, and an organization beside an adviser's others."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from accounts.tenancy import Access, organizations_advised_by
from assessments.answer_text import answer_lines
from assessments.domain.answers import UNANSWERED, AnswerSet
from assessments.domain.benchmark import SCALE, Standing, standings
from assessments.domain.peers import FEWEST_PEERS, PeerBand, peer_band
from assessments.domain.scoring import Scorecard
from assessments.models import Assessment, Snapshot
from assessments.pictures.intervals import IntervalChart, IntervalInput, interval_chart
from assessments.queries import question_url
from guide.model import Benchmark, Question, Source

PERCENT = 100
WHERE = {
    "within": _("within one standard deviation of the mean"),
    "lower": _("lower than most"),
    "higher": _("higher than most"),
    "beside": "",
}
GAPS = {
    "not_asked": _("not asked of an organization like yours"),
    "unknown": _("you don't know it yet"),
    "not_applicable": _("does not apply"),
    "unanswered": _("not answered yet"),
}
SIDES = {
    "quicker": _("higher is quicker"),
    "more often": _("higher is more often"),
    "worse": _("higher is worse"),
}


@dataclass(frozen=True)
class Figure:
    group: str
    mean: float
    deviation: float | None
    where: str


@dataclass(frozen=True)
class MeasureLine:
    """One measure: what was given, where that lies, and the published figures beside it."""

    standing: Standing
    question: Question
    url: str
    given: str
    gap: str
    side: str
    figures: tuple[Figure, ...]
    chart: IntervalChart

    @property
    def is_percentage(self) -> bool:
        return not self.standing.measure.categories


@dataclass(frozen=True)
class BenchmarkSection:
    benchmark: Benchmark
    source: Source
    lines: tuple[MeasureLine, ...]


@dataclass(frozen=True)
class PeerLine:
    label: str
    own: float | None
    band: PeerBand


@dataclass(frozen=True)
class Peers:
    """The comparison, or how many there are and how many it takes."""

    lines: tuple[PeerLine, ...]
    organizations: int
    fewest: int = FEWEST_PEERS


def benchmark_sections(
    assessment: Assessment, answers: AnswerSet, slug: str
) -> tuple[BenchmarkSection, ...]:
    guide = assessment.guide
    return tuple(
        BenchmarkSection(
            benchmark=benchmark,
            source=guide.source(benchmark.source),
            lines=tuple(
                _line(assessment, answers, slug, benchmark, standing)
                for standing in standings(guide, answers, benchmark)
            ),
        )
        for benchmark in guide.benchmarks
    )


def _line(
    assessment: Assessment,
    answers: AnswerSet,
    slug: str,
    benchmark: Benchmark,
    standing: Standing,
) -> MeasureLine:
    titles = {group.id: group.title for group in benchmark.groups}
    measure = standing.measure
    question = assessment.guide.question(measure.question)
    answer = answers.get(question.id, UNANSWERED)
    is_known = standing.given is not None
    return MeasureLine(
        standing=standing,
        question=question,
        url=question_url(assessment, question, slug),
        given="; ".join(answer_lines(question, answer)) if is_known else "",
        gap=str(GAPS[standing.gap]) if standing.gap else "",
        side=str(SIDES[measure.high_is]),
        figures=tuple(
            Figure(
                titles[part.group],
                part.mean,
                part.deviation,
                str(WHERE[part.where]) if part.where else "",
            )
            for part in standing.published
        ),
        chart=interval_chart(
            [
                IntervalInput(titles[part.group], part.mean, part.deviation)
                for part in standing.published
            ],
            own=standing.own,
            top=SCALE if measure.categories else PERCENT,
        ),
    )


def peers_of(access: Access, assessment: Assessment, card: Scorecard) -> Peers:
    """This assessment beside the newest submitted ones of the person's other organizations.

    Two queries. Nobody sees it for fewer than five others, nor anyone who does not work for them.
    """
    cards = _newest_scorecards(access, assessment)
    lines = []
    for label, own, scores in _rows(assessment, card, cards):
        band = peer_band(scores)
        if band is not None:
            lines.append(PeerLine(label, own, band))
    return Peers(tuple(lines), len(cards))


def _newest_scorecards(access: Access, assessment: Assessment) -> list[dict]:
    newest = (
        Snapshot.objects.filter(organization=OuterRef("pk"), guide_id=assessment.guide_id)
        .order_by("-created_at", "-pk")
        .values("pk")[:1]
    )
    others: Sequence[int] = list(
        Organization.objects.filter(pk__in=organizations_advised_by(access.user).values("pk"))
        .exclude(pk=access.organization.pk)
        .annotate(newest=Subquery(newest))
        .exclude(newest=None)
        .values_list("newest", flat=True)
    )
    return list(Snapshot.objects.filter(pk__in=others).values_list("scorecard", flat=True))


def _rows(
    assessment: Assessment, card: Scorecard, cards: Sequence[dict]
) -> list[tuple[str, float | None, list[float]]]:
    """Label, own score and the peers' scores: overall first, then step by step."""
    overall = [c["overall"]["score"] for c in cards if c["overall"]["score"] is not None]
    rows = [(str(_("Overall")), card.overall.score, overall)]
    for step in assessment.guide.steps:
        scores = [
            part["score"]
            for c in cards
            for part in c["steps"]
            if part["step"] == step.id and part["score"] is not None
        ]
        rows.append((f"{step.number}. {step.title}", card.step(step.id).score, scores))
    return rows
