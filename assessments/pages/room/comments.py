"""What the page of a question shows of the comments on it."""

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any

from accounts.tenancy import Access
from assessments.access import fillable
from assessments.models import Answer, Assessment, Comment
from assessments.remarks import LIMIT, Remark, ToTell, shown, to_tell
from assessments.services.comments import members_for
from guide.model import Question


class CommentsPart:
    """The comments on one question, read when the page asks for them."""

    limit = LIMIT

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
        return [shown(row, self.access, may_write=self.may_write) for row in rows]

    @cached_property
    def people(self) -> list[ToTell]:
        """Whom a comment can tell: the others who may see this question."""
        members = members_for(self.assessment, self.question)
        seeing = [member.user for member in members if member.may_see]
        return to_tell(seeing, self.access, self.ticked)


def comments_context(
    access: Access, assessment: Assessment, question: Question, row: Answer | None
) -> dict[str, Any]:
    return {"comments": CommentsPart(access, assessment, question)}
