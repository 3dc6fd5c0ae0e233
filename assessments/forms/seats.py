"""The forms of answers from seats and of their settlement: the questionnaire's, kept apart."""

import re
from collections.abc import Collection

from django.http import QueryDict

from assessments.forms.questions import QuestionForm
from assessments.models import Answer, SeatAnswer
from guide.model import Question, Seat


class SeatForm(QuestionForm):
    """A question as one person answers it from one seat."""

    def __init__(
        self,
        question: Question,
        seat: Seat,
        own: SeatAnswer | None = None,
        data: QueryDict | None = None,
    ) -> None:
        self.seat = seat
        self.own = own
        start = own.to_domain() if own and data is None else None
        super().__init__(question, data=data, start=start, prefix=f"seat-{question.id}")


class SettleForm(QuestionForm):
    """The answer people settle on, with who agreed and a note on the decision."""

    def __init__(
        self, question: Question, stored: Answer | None, data: QueryDict | None = None
    ) -> None:
        super().__init__(question, stored, data, prefix=f"settle-{question.id}")
        self.agreed: Collection[int] = ()
        self.also_agreed = ""
        self.decision_note = ""
        if data is not None:
            posted = data.getlist("agreed")
            self.agreed = {int(pk) for pk in posted if pk.isdecimal() and len(pk) < 18}
            self.also_agreed = data.get("also_agreed", "").replace("\x00", "")
            note = data.get("decision_note", "")
            self.decision_note = note.replace("\r\n", "\n").replace("\x00", "")

    @property
    def names(self) -> tuple[str, ...]:
        """Who agreed without an account here, as typed: by lines, commas or semicolons."""
        typed = (" ".join(part.split()) for part in re.split(r"[,;\n]", self.also_agreed))
        return tuple(dict.fromkeys(name for name in typed if name))
