"""Remarks on initiatives and gates, and telling the people they name."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.audit import record
from accounts.models import Organization, User
from accounts.tenancy import Access
from assessments.remarks import (
    RemarkInvalid,
    clean_remark,
    require_editable,
    require_withdrawable,
    told_by,
)
from inbox.telling import notices_withdraw, notify
from roadmap.models import GateState, PlannedInitiative, Roadmap, WorkComment
from roadmap.services.present import hold
from roadmap.services.work.refusals import ProgressInvalid
from roadmap.services.work.telling import MENTIONED

# The same words from the same person on the same thing within a minute: a second press.
SENT_TWICE = timedelta(minutes=1)


def members_of(organization: Organization) -> list[User]:
    """Everyone who may read roadmaps here, and so may be named: one query."""
    people = User.objects.filter(memberships__organization=organization)
    return list(people.order_by("name", "email"))


def comment_add(
    *,
    roadmap: Roadmap,
    author: User,
    text: str,
    initiative: PlannedInitiative | None = None,
    gate: GateState | None = None,
    ticked: Collection[int] = (),
) -> WorkComment:
    """Keep the remark and tell everyone it names or who is ticked.

    Raises:
        ProgressInvalid: it is empty or too long, or someone ticked is no member.
    """
    text, told = _clean_and_told(roadmap.organization, author, text, ticked)
    with transaction.atomic():
        hold(roadmap.pk, initiative or gate)
        twice = roadmap.comments.filter(
            initiative=initiative,
            gate=gate,
            author=author,
            text=text,
            created_at__gt=timezone.now() - SENT_TWICE,
        ).first()
        if twice is not None:
            return twice
        comment = WorkComment.objects.create(
            roadmap=roadmap, initiative=initiative, gate=gate, author=author, text=text
        )
        comment.mentions.set(told)
        _tell(comment, told)
    return comment


def comment_edit(
    *, comment: WorkComment, editor: User, text: str, ticked: Collection[int] = ()
) -> WorkComment:
    """Change one's own remark; who is named for the first time is told.

    Raises:
        PermissionDenied: it is someone else's, or withdrawn.
        ProgressInvalid: as for a new one.
    """
    text, told = _clean_and_told(comment.roadmap.organization, editor, text, ticked)
    with transaction.atomic():
        current = WorkComment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
        require_editable(editor, current)
        before = set(current.mentions.values_list("pk", flat=True))
        if text != current.text:
            current.text, current.edited_at = text, timezone.now()
            current.save(update_fields=["text", "edited_at"])
        current.mentions.set(told)
        _tell(current, [person for person in told if person.pk not in before])
    return current


@transaction.atomic
def comment_withdraw(*, access: Access, comment: WorkComment) -> None:
    """Remove the text and keep the place; who was told of it is told no more.

    Raises:
        PermissionDenied: it is someone else's.
    """
    require_withdrawable(access, comment)
    if comment.withdrawn_at:
        return
    comment.text, comment.withdrawn_at = "", timezone.now()
    comment.save(update_fields=["text", "withdrawn_at"])
    comment.mentions.clear()
    notices_withdraw(organization=access.organization, key=_key(comment))
    record(
        organization=access.organization,
        actor=access.user,
        verb="comment.withdrawn",
        target=comment.initiative or comment.gate,
        detail={"roadmap": comment.roadmap_id, "author": str(comment.author or "")},
    )


def place_of(comment: WorkComment, slug: str) -> str:
    """The page with the remark, at the remark."""
    if comment.initiative is not None:
        names = [slug, comment.roadmap_id, comment.initiative.initiative_id]
        path = reverse("roadmap:initiative", args=names)
    else:
        assert comment.gate is not None  # the database holds one or the other
        path = reverse("roadmap:gate", args=[slug, comment.roadmap_id, comment.gate.gate_id])
    return f"{path}#comment-{comment.pk}"


def _clean_and_told(
    organization: Organization, author: User, text: str, ticked: Collection[int]
) -> tuple[str, list[User]]:
    """The text as it is stored, and whom it tells."""
    try:
        text = clean_remark(text)
        told = told_by(text, ticked, author=author, members=members_of(organization))
    except RemarkInvalid as invalid:
        raise ProgressInvalid({"text": str(invalid)}) from None
    return text, told


def _tell(comment: WorkComment, people: Iterable[User]) -> None:
    """Without the text: mailboxes are forwarded, and work speaks of open weaknesses."""
    organization = comment.roadmap.organization
    about = comment.initiative.title if comment.initiative else str(comment.gate)
    with override(organization.language):
        title = _("%(who)s names you in a comment on “%(about)s”")
        notify(
            organization=organization,
            people=people,
            kind=MENTIONED,
            title=title % {"who": comment.author, "about": about},
            path=place_of(comment, organization.slug),
            actor=comment.author,
            key=_key(comment),
        )


def _key(comment: WorkComment) -> str:
    return f"{MENTIONED}:{comment.pk}"
