"""One question on the projector: where it stands in its step, and who stands on which level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assessments.domain import answers as domain
from assessments.domain.applicability import asked_questions
from assessments.domain.divergence import can_be_seated
from assessments.models import Assessment
from assessments.pages.room.seats import Said, SeatsPart, seat_title
from guide.model import Question, Step

# With two, each of them knows what the other said. From three on nobody does.
FEWEST_TOLD = 3


@dataclass(frozen=True)
class Rung:
    """A level, how many stand on it, and from which seats."""

    level: int
    text: str
    number: int
    seats: Sequence[str]
    people: Sequence[str]


def talkable(
    assessment: Assessment, step: Step, answers: Mapping[str, domain.Answer]
) -> list[Question]:
    """The questions of the step that apply and that a room can settle."""
    asked = {question.id for question in asked_questions(assessment.guide, answers)}
    return [q for q in step.questions if q.id in asked and can_be_seated(q)]


@dataclass(frozen=True)
class Showing:
    step: Step
    questions: Sequence[Question]
    question: Question
    seats: SeatsPart
    is_parked: bool

    @property
    def is_told(self) -> bool:
        """Whether the answers may stand there without names and tell of nobody."""
        return len({row.user_id for row in self.seats.rows}) >= FEWEST_TOLD

    fewest = FEWEST_TOLD

    @property
    def said_by_nobody(self) -> list[Said]:
        """What was said, in an order that does not follow the seats."""
        return sorted(self.seats.said, key=lambda one: (list(one.lines), one.note))

    @property
    def place(self) -> int:
        return self.questions.index(self.question) + 1

    @property
    def before(self) -> Question | None:
        return self.questions[self.place - 2] if self.place > 1 else None

    @property
    def after(self) -> Question | None:
        return self.questions[self.place] if self.place < len(self.questions) else None

    @property
    def ladder(self) -> list[Rung]:
        """The levels from the lowest; none for other kinds of questions."""
        found = []
        for level, text in enumerate(self.question.levels):
            here = [v for v in self.seats.voices if _is_on(v.answer, level)]
            found.append(
                Rung(
                    level,
                    text,
                    len(here),
                    [seat_title(self.seats.guide, v.seat) for v in here],
                    [v.person for v in here],
                )
            )
        return found


def _is_on(answer: domain.Answer, level: int) -> bool:
    return answer.state is domain.AnswerState.ANSWERED and answer.value == level
