"""Two rounds side by side, in words."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from assessments.answer_text import answer_lines
from assessments.domain.answers import AnswerSet, AnswerState
from assessments.domain.comparison import (
    Change,
    Comparison,
    Progress,
    QuestionChange,
    ScoreChange,
    compare,
    progress_between,
)
from assessments.domain.scoring import Scorecard, score
from assessments.models import Assessment, Snapshot
from assessments.queries import answer_set, question_url
from assessments.stored_scorecard import scorecard_from_json
from guide.model import Guide, Question

CHANGE_NAMES = {
    Change.BETTER: _("Better"),
    Change.WORSE: _("Worse"),
    Change.DIFFERENT: _("Different"),
    Change.NEWLY_ANSWERED: _("Newly answered"),
    Change.NO_LONGER_ANSWERED: _("No longer answered"),
    Change.NEWLY_ASKED: _("Newly asked"),
    Change.NO_LONGER_ASKED: _("No longer asked"),
    Change.CHANGED_MEANING: _("The question changed"),
    Change.NEW_QUESTION: _("New question"),
    Change.GONE_QUESTION: _("Question gone"),
    Change.SAME: _("The same"),
}
OPEN = (Change.NO_LONGER_ANSWERED, Change.DIFFERENT)
BADGES = {Change.BETTER: "good", Change.WORSE: "bad", Change.NO_LONGER_ANSWERED: "warn"}


@dataclass(frozen=True)
class ChangeLine:
    """One question that is not the same; `then` and `now` are its answers in words."""

    question: Question
    change: Change
    then: str
    now: str
    url: str

    @property
    def name(self) -> str:
        return str(CHANGE_NAMES[self.change])

    @property
    def badge(self) -> str:
        return BADGES.get(self.change, "")


@dataclass(frozen=True)
class ScoreLine:
    title: str
    change: ScoreChange
    is_better: bool | None


@dataclass(frozen=True)
class ChangeGroup:
    """The changed questions of a step, or of the profile."""

    title: str
    lines: tuple[ChangeLine, ...]


@dataclass(frozen=True)
class ComparisonPage:
    comparison: Comparison
    progress: Progress
    steps: tuple[ScoreLine, ...]
    challenges: tuple[ScoreLine, ...]
    groups: tuple[ChangeGroup, ...]
    # Answered then and not yet now: of a round under way, most of it.
    unanswered: tuple[ChangeLine, ...]
    same: int
    better: int
    worse: int
    guides_differ: bool


def comparison_page(then: Assessment, now: Assessment, slug: str) -> ComparisonPage:
    """`then` is the earlier round. Raises GuideNotFound when a guide is not installed."""
    answers_then, card_then = outcome_of(then)
    answers_now, card_now = outcome_of(now)
    found = compare(then.guide, answers_then, card_then, now.guide, answers_now, card_now)

    def line(change: QuestionChange) -> ChangeLine:
        in_now = change.question in now.guide.questions
        question = (now if in_now else then).guide.question(change.question)
        before = then.guide.questions.get(change.question)
        return ChangeLine(
            question=question,
            change=change.change,
            then="; ".join(answer_lines(before, change.then)) if before and change.then else "",
            now="; ".join(answer_lines(question, change.now)) if change.now else "",
            url=question_url(now, question, slug) if in_now else "",
        )

    return ComparisonPage(
        comparison=found,
        progress=progress_between(then.guide, answers_then, now.guide, answers_now),
        steps=_scores(found.steps, _step_titles(now.guide, then.guide), high_is_good=True),
        challenges=_scores(
            found.challenges, _challenge_titles(now.guide, then.guide), high_is_good=False
        ),
        groups=_groups(now.guide, then.guide, found, line),
        unanswered=tuple(line(change) for change in found.questions if _is_open(change)),
        same=found.count(Change.SAME),
        better=found.count(Change.BETTER),
        worse=found.count(Change.WORSE),
        guides_differ=(then.guide_id, then.guide_version) != (now.guide_id, now.guide_version),
    )


def _is_open(change: QuestionChange) -> bool:
    """Whether the newer round has just not come to it yet."""
    is_unanswered = change.now is not None and change.now.state is AnswerState.UNANSWERED
    return is_unanswered and change.then is not None and change.change in OPEN


def outcome_of(assessment: Assessment) -> tuple[AnswerSet, Scorecard]:
    """What was submitted, or the answers so far and their score."""
    if assessment.is_submitted:
        snapshot = Snapshot.objects.get(assessment=assessment)
        return snapshot.answer_set(), scorecard_from_json(snapshot.scorecard)
    answers = answer_set(assessment)
    return answers, score(assessment.guide, answers)


def _step_titles(*guides: Guide) -> dict[str, str]:
    return {s.id: f"{s.number}. {s.title}" for guide in reversed(guides) for s in guide.steps}


def _challenge_titles(*guides: Guide) -> dict[str, str]:
    return {c.id: c.title for guide in reversed(guides) for c in guide.challenges}


def _scores(
    changes: tuple[ScoreChange, ...], titles: dict[str, str], *, high_is_good: bool
) -> tuple[ScoreLine, ...]:
    lines = []
    for change in changes:
        move = round(change.difference) if change.difference is not None else 0
        is_better = None if move == 0 else (move > 0) == high_is_good
        lines.append(ScoreLine(titles.get(change.about, change.about), change, is_better))
    return tuple(lines)


def _groups(
    now: Guide,
    then: Guide,
    found: Comparison,
    line: Callable[[QuestionChange], ChangeLine],
) -> tuple[ChangeGroup, ...]:
    titles = {"PROFILE": str(_("Profile")), **_step_titles(now, then)}
    grouped: dict[str, list[ChangeLine]] = {}
    for change in found.questions:
        if change.change is not Change.SAME and not _is_open(change):
            made = line(change)
            grouped.setdefault(made.question.step, []).append(made)
    return tuple(
        ChangeGroup(title, tuple(grouped[step]))
        for step, title in titles.items()
        if step in grouped
    )
