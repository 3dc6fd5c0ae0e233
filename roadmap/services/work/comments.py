"""Remarks on initiatives and gates, and telling the people they name."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.audit import record
from accounts.models import Organization, User
from accounts.tenancy import Access, Can
from assessments.domain.mentions import named_in
from inbox.models import Notice
from inbox.telling import notify
from roadmap.models import GateState, PlannedInitiative, Roadmap, WorkComment
from roadmap.services.work.refusals import ProgressInvalid
from roadmap.services.work.rules import clean_text
from roadmap.services.work.telling import MENTIONED

COMMENT_LIMIT = 4_000
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
    text = _clean(text)
    told = _told(roadmap.organization, author, text, ticked)
    with transaction.atomic():
        Roadmap.objects.select_for_update().only("pk").get(pk=roadmap.pk)
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


def require_editable(user: User, comment: WorkComment) -> None:
    """Raise PermissionDenied unless it is one's own and not withdrawn."""
    if comment.author != user or comment.withdrawn_at:
        raise PermissionDenied(_("Only its author can change a comment, and not once withdrawn."))


def comment_edit(
    *, comment: WorkComment, editor: User, text: str, ticked: Collection[int] = ()
) -> WorkComment:
    """Change one's own remark; who is named for the first time is told.

    Raises:
        PermissionDenied: it is someone else's, or withdrawn.
        ProgressInvalid: as for a new one.
    """
    text = _clean(text)
    told = _told(comment.roadmap.organization, editor, text, ticked)
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


def require_withdrawable(access: Access, comment: WorkComment) -> None:
    """Raise PermissionDenied unless it is one's own, or one is an owner (patient data, say)."""
    if comment.author != access.user and not access.allows(Can.MANAGE):
        raise PermissionDenied(
            _("Only its author can withdraw a comment. Ask them, or an owner of the organization.")
        )


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
    Notice.objects.filter(
        organization=access.organization, key=_key(comment), read_at=None
    ).delete()
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


def _clean(text: str) -> str:
    text = clean_text(text)
    if not text:
        raise ProgressInvalid({"text": _("Write the comment first.")})
    if len(text) > COMMENT_LIMIT:
        message = _("Shorten the comment to %(limit)s characters; it has %(length)s.")
        values = {"limit": f"{COMMENT_LIMIT:,}", "length": f"{len(text):,}"}
        raise ProgressInvalid({"text": message % values})
    return text


def _told(
    organization: Organization, author: User, text: str, ticked: Collection[int]
) -> list[User]:
    """The members the text names or that are ticked, the author left out."""
    members = {person.pk: person for person in members_of(organization)}
    if not set(ticked) <= set(members):
        message = _("Someone you ticked is no longer a member. Open the page anew and tick again.")
        raise ProgressInvalid({"text": message})
    names = {pk: (person.name, person.email) for pk, person in members.items()}
    wanted = (set(ticked) | named_in(text, names)) - {author.pk}
    return [person for pk, person in members.items() if pk in wanted]


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
