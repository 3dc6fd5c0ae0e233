"""Remarks on a question, and telling the people they name."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.enums import Role
from accounts.models import Membership, User
from accounts.tenancy import Access, Can
from assessments.domain.scope import question_ids_in
from assessments.models import Assessment, Assignment, Comment
from assessments.notices import MENTION
from assessments.remarks import (
    RemarkInvalid,
    clean_remark,
    require_editable,
    require_withdrawable,
    told_by,
)
from assessments.services.answers import AnswerInvalid, lock_draft
from guide.model import Question
from inbox.telling import notices_withdraw, notify


@dataclass(frozen=True)
class Member:
    """Someone of the organization, and whether the question is theirs to see."""

    user: User
    may_see: bool


def members_for(assessment: Assessment, question: Question) -> list[Member]:
    """All members: one query, and one more where the draft hides questions from contributors."""
    memberships = list(
        Membership.objects.filter(organization=assessment.organization).select_related("user")
    )
    hides = not assessment.is_submitted and not assessment.is_open_to_contributors
    hidden_from = {m.user.pk for m in memberships if hides and m.role == Role.CONTRIBUTOR}
    if hidden_from:
        hidden_from -= _asked_to_answer(assessment, question, hidden_from)
    return [Member(m.user, m.user.pk not in hidden_from) for m in memberships]


def _asked_to_answer(
    assessment: Assessment, question: Question, people: Collection[int]
) -> set[int]:
    parts: dict[int, list[tuple[str, str]]] = {}
    rows = Assignment.objects.filter(assessment=assessment, assignee__in=people).order_by()
    for person, scope, target in rows.values_list("assignee", "scope", "target"):
        parts.setdefault(person, []).append((scope, target))
    return {
        person
        for person, own in parts.items()
        if question.id in question_ids_in(assessment.guide, own)
    }


def comment_add(
    *,
    assessment: Assessment,
    author: User,
    question: Question,
    text: str,
    ticked: Collection[int] = (),
    site: str,
) -> Comment:
    """Keep the remark and ask for a mail to everyone it names or who is ticked.

    Raises:
        AnswerInvalid: it is empty or too long, or names someone who may not see the question.
        AssessmentClosed: the assessment is submitted.
    """
    text, told = _clean_and_told(assessment, author, question, text, ticked)
    with transaction.atomic():
        lock_draft(assessment)
        comment = Comment.objects.create(
            assessment=assessment, question_id=question.id, author=author, text=text
        )
        comment.mentions.set(told)
        _tell(comment, question, told, site)
    return comment


def comment_edit(
    *,
    comment: Comment,
    editor: User,
    question: Question,
    text: str,
    ticked: Collection[int] = (),
    site: str,
) -> Comment:
    """Change one's own remark; who is named for the first time is told.

    Raises:
        PermissionDenied: it is someone else's, or withdrawn.
        AnswerInvalid, AssessmentClosed: as for a new one.
    """
    require_editable(editor, comment)
    text, told = _clean_and_told(comment.assessment, editor, question, text, ticked)
    with transaction.atomic():
        lock_draft(comment.assessment)
        before = set(comment.mentions.values_list("pk", flat=True))
        if text != comment.text:
            comment.text, comment.edited_at = text, timezone.now()
            comment.save(update_fields=["text", "edited_at"])
        comment.mentions.set(told)
        _tell(comment, question, [user for user in told if user.pk not in before], site)
    return comment


def comment_withdraw(*, access: Access, comment: Comment) -> None:
    """Remove the text and keep the place.

    Owners may do so after submitting too: patient data must be removable on the day it is seen.

    Raises:
        PermissionDenied: it is someone else's.
        AssessmentClosed: the assessment is submitted, and the person is no owner.
    """
    require_withdrawable(access, comment)
    with transaction.atomic():
        if not access.allows(Can.MANAGE):
            lock_draft(comment.assessment)
        comment.text, comment.withdrawn_at = "", timezone.now()
        comment.save(update_fields=["text", "withdrawn_at"])
        comment.mentions.clear()
        notices_withdraw(organization=access.organization, key=_key(comment))
        if comment.author != access.user or comment.assessment.is_submitted:
            record(
                organization=access.organization,
                actor=access.user,
                verb="comment.withdrawn",
                target=comment.assessment,
                detail={"question": comment.question_id, "author": str(comment.author or "")},
            )


def _clean_and_told(
    assessment: Assessment, author: User, question: Question, text: str, ticked: Collection[int]
) -> tuple[str, list[User]]:
    """The text as it is stored, and whom it tells."""
    try:
        text = clean_remark(text)
        told = _told(assessment, author, question, text, ticked)
    except RemarkInvalid as invalid:
        raise AnswerInvalid([str(invalid)]) from None
    return text, told


def _told(
    assessment: Assessment,
    author: User,
    question: Question,
    text: str,
    ticked: Collection[int],
) -> list[User]:
    """The members the text names or that are ticked, the author left out."""
    members = members_for(assessment, question)
    told = told_by(text, ticked, author=author, members=[member.user for member in members])
    hidden_from = {member.user.pk for member in members if not member.may_see}
    refused = [str(person) for person in told if person.pk in hidden_from]
    if refused:
        raise AnswerInvalid(
            [
                _(
                    "%(name)s is a contributor and this question is not assigned to them, so they "
                    "could not read what you ask. An editor can assign it to them; or leave their "
                    "name out."
                )
                % {"name": name}
                for name in refused
            ]
        )
    return told


def _tell(comment: Comment, question: Question, people: Iterable[User], site: str) -> None:
    """In the inbox too the comment itself is not repeated: it can be changed and withdrawn."""
    organization = comment.assessment.organization
    page = reverse(
        "assessments:question", args=[organization.slug, comment.assessment.pk, question.id]
    )
    notify(
        organization=organization,
        people=people,
        kind=MENTION,
        title=_("%(who)s named you in a comment on %(question)s")
        % {"who": comment.author, "question": f"{question.id} {question.title}"},
        path=f"{page}#comment-{comment.pk}",
        actor=comment.author,
        key=_key(comment),
        template="mention",
        context={"comment": comment.pk, "site": site},
    )


def _key(comment: Comment) -> str:
    return f"{MENTION}:{comment.pk}"
