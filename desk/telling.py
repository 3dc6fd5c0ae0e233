"""Who hears that a client let a consultancy in, changed what it may do, or ended it."""

from __future__ import annotations

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Role
from accounts.models import Engagement, Organization, User
from inbox.kinds import NoticeKind
from inbox.telling import notify

ENGAGEMENT = NoticeKind(
    "engagement.moved",
    gettext_lazy("Access of a consultancy"),
    gettext_lazy(
        "A client let its consultancy in, changed what it may do, or it ended. Goes to the "
        "client's owners, and to editors and owners of the consultancy."
    ),
    mailed=True,
    text_mailed=True,
)


def engagement_moved(engagement: Engagement, user: User, verb: str) -> None:
    """Within the transaction of what it tells. A client one started oneself is no news."""
    if engagement.is_founding and verb == "engagement.granted":
        return
    client, consultancy = engagement.client, engagement.consultancy
    names = {"client": client.name, "consultancy": consultancy.name}
    terms = _what_ended() if verb == "engagement.ended" else _terms(engagement)
    _tell(
        consultancy,
        (Role.EDITOR, Role.OWNER),
        title=_to_consultancy(verb) % names,
        path=reverse("desk:client", args=[consultancy.slug, client.slug]),
        text=terms,
        actor=user,
    )
    _tell(
        client,
        (Role.OWNER,),
        title=_to_client(verb) % names,
        path=reverse("advisers:list", args=[client.slug]),
        text=terms,
        actor=user,
    )


def _to_consultancy(verb: str) -> str:
    return {
        "engagement.granted": _("%(client)s has let you in"),
        "engagement.changed": _("%(client)s changed what you may see and do"),
        "engagement.ended": _("The engagement with %(client)s has ended"),
    }[verb]


def _to_client(verb: str) -> str:
    return {
        "engagement.granted": _("%(consultancy)s was let in"),
        "engagement.changed": _("What %(consultancy)s may see and do was changed"),
        "engagement.ended": _("%(consultancy)s no longer gets in"),
    }[verb]


def _what_ended() -> str:
    return _(
        "Addresses that the consultancy’s people gave out here, mails they planned and webhooks "
        "they added have ended with it."
    )


def _terms(engagement: Engagement) -> str:
    return _("%(role)s · %(areas)s · until %(day)s") % {
        "role": engagement.get_role_display(),
        # A part's name may hold a comma.
        "areas": "; ".join(engagement.area_labels),
        "day": date_format(engagement.until, "DATE_FORMAT"),
    }


def _tell(
    organization: Organization,
    roles: tuple[Role, ...],
    *,
    title: str,
    path: str,
    text: str,
    actor: User,
) -> None:
    people = User.objects.filter(
        memberships__organization=organization, memberships__role__in=roles
    )
    notify(
        organization=organization,
        people=people,
        kind=ENGAGEMENT.id,
        title=title,
        path=path,
        text=text,
        actor=actor,
    )
