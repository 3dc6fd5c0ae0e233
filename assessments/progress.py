"""How far an assessment is: per step, and what is still missing. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assessments.domain.answers import UNANSWERED, AnswerSet, AnswerState
from assessments.domain.applicability import Applicability, applicable
from guide.model import Guide, Question, Step


class StepState(StrEnum):
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"


@dataclass(frozen=True)
class Missing:
    """What a part of the assessment still lacks; each is a list of questions."""

    unanswered: tuple[Question, ...]
    unknown: tuple[Question, ...]
    without_reason: tuple[Question, ...]

    def __bool__(self) -> bool:
        return bool(self.unanswered or self.unknown or self.without_reason)


@dataclass(frozen=True)
class Progress:
    """Asked questions of a part of the assessment, and how many have an answer of any kind."""

    questions: tuple[Question, ...]
    answered: int
    missing: Missing

    @property
    def asked(self) -> int:
        return len(self.questions)

    @property
    def state(self) -> StepState:
        if self.answered == 0:
            return StepState.NOT_STARTED if self.asked else StepState.DONE
        return StepState.DONE if self.answered == self.asked else StepState.IN_PROGRESS


@dataclass(frozen=True)
class AssessmentProgress:
    profile: Progress
    steps: tuple[tuple[Step, Progress], ...]

    @property
    def asked(self) -> int:
        return self.profile.asked + sum(part.asked for _, part in self.steps)

    @property
    def answered(self) -> int:
        return self.profile.answered + sum(part.answered for _, part in self.steps)

    @property
    def without_reason(self) -> tuple[Question, ...]:
        parts = [self.profile, *(part for _, part in self.steps)]
        return tuple(question for part in parts for question in part.missing.without_reason)


def everything(question_id: str) -> bool:
    return True


def assessment_progress(
    guide: Guide, answers: AnswerSet, allows: Callable[[str], bool] = everything
) -> AssessmentProgress:
    """The progress of all questions, or of those that `allows` lets count."""
    switches = applicable(guide, answers)

    def part(questions: Sequence[Question]) -> Progress:
        counted = [question for question in questions if allows(question.id)]
        return part_progress(counted, answers, switches)

    return AssessmentProgress(
        profile=part(guide.profile_questions),
        steps=tuple((step, part(step.questions)) for step in guide.steps),
    )


def part_progress(
    questions: Sequence[Question], answers: AnswerSet, switches: Mapping[str, Applicability]
) -> Progress:
    """The progress of some questions; those not asked do not count."""
    asked = tuple(question for question in questions if switches[question.id].asked)

    def in_state(state: AnswerState) -> tuple[Question, ...]:
        return tuple(q for q in asked if answers.get(q.id, UNANSWERED).state is state)

    unanswered = in_state(AnswerState.UNANSWERED)
    without_reason = tuple(
        q for q in in_state(AnswerState.NOT_APPLICABLE) if not answers[q.id].reason
    )
    missing = Missing(unanswered, in_state(AnswerState.UNKNOWN), without_reason)
    return Progress(asked, len(asked) - len(unanswered), missing)
