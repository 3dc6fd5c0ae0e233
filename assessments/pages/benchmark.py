"""Delivery measures beside published figures, and an organization beside its adviser's clients."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from accounts.tenancy import Access
from assessments.answer_text import answer_lines
from assessments.domain.answers import UNANSWERED, AnswerSet
from assessments.domain.benchmark import SCALE, Standing, standings
from assessments.domain.peers import FEWEST_PEERS, OVERALL, PeerBand
from assessments.domain.scoring import Scorecard
from assessments.models import Assessment
from assessments.pictures.intervals import IntervalChart, IntervalInput, interval_chart
from assessments.queries import question_url
from assessments.services.peers import bands_of, newest_release
from guide.model import Benchmark, Guide, Question, Source

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
    """The comparison; without lines nothing could be published yet."""

    lines: tuple[PeerLine, ...]
    organizations: int
    published_on: date | None = None
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


def peers_of(access: Access, assessment: Assessment, card: Scorecard) -> Peers | None:
    """This assessment beside the bands published for the consultancy; None for anybody else.

    One query. Everybody in the consultancy sees the same bands beside each of its clients: bands
    that left out the client one looks at would tell its numbers by the difference.
    """
    if access.engagement is None:
        return None
    return peer_lines(access.engagement.consultancy_id, assessment.guide, card)


def peer_lines(consultancy: int, guide: Guide, card: Scorecard | None = None) -> Peers:
    """The bands line by line, overall first; with one's own figures where a card is given."""
    release = newest_release(consultancy, guide.id)
    if release is None:
        return Peers((), 0)
    bands = bands_of(release)
    rows: list[tuple[str, str, float | None]] = [
        (OVERALL, str(_("Overall")), card.overall.score if card else None)
    ]
    for step in guide.steps:
        own = card.step(step.id).score if card else None
        rows.append((step.id, f"{step.number}. {step.title}", own))
    lines = tuple(PeerLine(label, own, bands[id]) for id, label, own in rows if id in bands)
    return Peers(lines, len(release.members), release.published_on)
