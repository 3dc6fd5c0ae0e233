"""What the page of a question shows of the comments on it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from accounts.tenancy import Access
from assessments.access import fillable
from assessments.linked_text import linked
from assessments.models import Answer, Assessment, Comment
from assessments.patient_data import find_patient_data
from assessments.services.comments import COMMENT_LIMIT, members_for
from guide.model import Question


@dataclass(frozen=True)
class Remark:
    """One comment as it is shown."""

    row: Comment
    html: str
    told: Sequence[str]
    is_own: bool
    may_withdraw: bool
    seems_patient_data: bool


@dataclass(frozen=True)
class ToTell:
    pk: int
    name: str
    is_ticked: bool


class CommentsPart:
    """The comments on one question, read when the page asks for them."""

    limit = COMMENT_LIMIT

    def __init__(
        self,
        access: Access,
        assessment: Assessment,
        question: Question,
        *,
        text: str = "",
        ticked: Collection[int] = (),
        errors: Sequence[str] = (),
        is_unsaved: bool = False,
    ) -> None:
        self.access = access
        self.assessment = assessment
        self.question = question
        self.text = text
        self.ticked = ticked
        self.errors = errors
        self.is_unsaved = is_unsaved

    @cached_property
    def may_write(self) -> bool:
        return (
            self.access.can_answer
            and not self.assessment.is_submitted
            and fillable(self.access, self.assessment).allows(self.question.id)
        )

    @cached_property
    def remarks(self) -> list[Remark]:
        rows = (
            Comment.objects.filter(assessment=self.assessment, question_id=self.question.id)
            .select_related("author")
            .prefetch_related("mentions")
        )
        return [self._remark(row) for row in rows]

    def _remark(self, row: Comment) -> Remark:
        is_own = row.author is not None and row.author.pk == self.access.user.pk
        is_there = row.withdrawn_at is None
        may_change = self.may_write and is_there
        return Remark(
            row=row,
            html=linked(row.text),
            told=[str(person) for person in row.mentions.all()],
            is_own=is_own and may_change,
            may_withdraw=(is_own and may_change) or (is_there and self.access.can_manage),
            seems_patient_data=bool(find_patient_data([row.text])),
        )

    @cached_property
    def people(self) -> list[ToTell]:
        """Whom a comment can tell: the others who may see this question."""
        return [
            ToTell(member.user.pk, str(member.user), member.user.pk in self.ticked)
            for member in members_for(self.assessment, self.question)
            if member.may_see and member.user.pk != self.access.user.pk
        ]


def comments_context(
    access: Access, assessment: Assessment, question: Question, row: Answer | None
) -> dict[str, Any]:
    return {"comments": CommentsPart(access, assessment, question)}
