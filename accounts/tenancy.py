"""The one place that decides who may see or do what.

A view never filters by organization by hand: it is decorated with `tenant_view`, receives an
`Access`, and gets its objects through `access.scope(Model)` or `access.get(Model, pk=…)`.
Someone else's organization does not exist for you (404); a role that is too low is told so (403).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.enums import REPORTS_ARE_MADE_FROM, Area, Role
from accounts.models import Engagement, Membership, Organization, User
from accounts.secret_addresses import nonce_from

P = ParamSpec("P")
M = TypeVar("M", bound=models.Model)


class Can(StrEnum):
    """What one may want to do in an organization."""

    VIEW = "view"
    # To see all answers of an assessment under way: what others said, and what follows from it.
    READ_ALL = "read_all"
    ANSWER = "answer"
    TRACK = "track"
    EDIT = "edit"
    MANAGE = "manage"


LOWEST_ROLE = {
    Can.VIEW: Role.VIEWER,
    Can.READ_ALL: Role.VIEWER,
    Can.ANSWER: Role.CONTRIBUTOR,
    Can.TRACK: Role.CONTRIBUTOR,
    Can.EDIT: Role.EDITOR,
    Can.MANAGE: Role.OWNER,
}
# The one place where roles are no ladder. Contributors are asked for what they know themselves:
# who sees what others answered leans towards it. A viewer answers nothing and may see it.
NOT_FOR = {Can.READ_ALL: frozenset({Role.CONTRIBUTOR})}


def role_allows(role: Role, need: Can) -> bool:
    return role.rank >= LOWEST_ROLE[need].rank and role not in NOT_FOR.get(need, ())


EVERY_AREA = frozenset(Area)
# What the views of an app show. An app that is not named shows no part of its own.
AREA_OF_APP = {
    "assessments": Area.ASSESSMENTS,
    "delivery": Area.ROADMAP,
    "roadmap": Area.ROADMAP,
    "reports": Area.REPORTS,
}


@dataclass(frozen=True)
class Access:
    """What one person may see and do in one organization.

    `engagement`: the one that lets a consultant in; None for members, who may see every area.
    """

    organization: Organization
    user: User
    role: Role
    areas: frozenset[Area] = EVERY_AREA
    engagement: Engagement | None = None

    def allows(self, need: Can) -> bool:
        return role_allows(self.role, need)

    def covers(self, area: Area | None) -> bool:
        return area is None or area in self.areas

    def require_area(self, area: Area | None) -> None:
        """Raise PermissionDenied, with words, unless the engagement covers it."""
        if not self.covers(area):
            raise PermissionDenied(
                _(
                    "%(client)s has not opened its %(part)s to you. An owner there can change "
                    "what the engagement covers."
                )
                % {"client": self.organization, "part": Area(area).label}
            )

    def require(self, need: Can) -> None:
        """Raise PermissionDenied (the 403 page) unless the role suffices."""
        if not self.allows(need):
            # Without words of its own: the page then tells the role and whom to ask.
            raise PermissionDenied

    def scope(self, model: type[M]) -> models.QuerySet[M]:
        """All rows of a tenant-owned model that belong to this organization."""
        path: str = model.TENANT_PATH  # type: ignore[attr-defined]
        return model._default_manager.filter(**{path: self.organization.pk})

    def get(self, model: type[M], **lookup: Any) -> M:
        """One row of this organization; 404 when it is missing or someone else's."""
        return get_object_or_404(self.scope(model), **lookup)

    @property
    def sees_assessments(self) -> bool:
        return self.covers(Area.ASSESSMENTS)

    @property
    def sees_roadmap(self) -> bool:
        return self.covers(Area.ROADMAP)

    @property
    def sees_reports(self) -> bool:
        return self.covers(Area.REPORTS)

    @property
    def can_make_reports(self) -> bool:
        """Whoever sees only the reports made so far may not ask for what they were not shown."""
        parts = (Area.REPORTS, *REPORTS_ARE_MADE_FROM)
        return self.can_edit and all(self.covers(part) for part in parts)

    @property
    def can_read_all(self) -> bool:
        return self.allows(Can.READ_ALL)

    @property
    def can_answer(self) -> bool:
        return self.allows(Can.ANSWER)

    @property
    def can_track(self) -> bool:
        return self.allows(Can.TRACK)

    @property
    def can_edit(self) -> bool:
        return self.allows(Can.EDIT)

    @property
    def can_manage(self) -> bool:
        return self.allows(Can.MANAGE)


def access_to(user: User, slug: str) -> Access:
    """The person's access to the organization; 404 when there is none or no such organization.

    Members by their role; people of an engaged consultancy by what the client granted.
    """
    rows = Membership.objects.select_related("organization")
    membership = rows.filter(organization__slug=slug, user=user).first()
    if membership is not None:
        return Access(membership.organization, user, Role(membership.role))
    granted = [
        access
        for engagement in open_engagements_of(user).filter(client__slug=slug)
        if (access := _engaged(engagement, user)) is not None
    ]
    if not granted:
        raise Http404("No such organization for this person.")
    return max(granted, key=_weight)


def accesses_of(user: User) -> dict[int, Access]:
    """What `access_to` gives for every organization of the person, by its id: two queries.

    Who decides for many at once asks this at the moment of acting, and keeps nothing of it.
    """
    found: dict[int, Access] = {}
    for engagement in open_engagements_of(user):
        access = _engaged(engagement, user)
        best = found.get(engagement.client_id)
        if access and (best is None or _weight(access) > _weight(best)):
            found[engagement.client_id] = access
    for membership in Membership.objects.filter(user=user).select_related("organization"):
        found[membership.organization_id] = Access(
            membership.organization, user, Role(membership.role)
        )
    return found


def _weight(access: Access) -> tuple[int, int]:
    return access.role.rank, len(access.areas)


def open_engagements_of(user: User) -> models.QuerySet[Engagement]:
    """The engagements through which the person may be let in, each with `member_role`, their role
    in the consultancy, and `has_owner`, whether the client has one of its own. Whether its last
    day has passed is for `Engagement.is_open` to say: days are the client's.
    """
    rows = Engagement.objects.filter(ended_at=None, consultancy__memberships__user=user)
    owners = Membership.objects.filter(organization=models.OuterRef("client"), role=Role.OWNER)
    return rows.annotate(
        member_role=models.F("consultancy__memberships__role"), has_owner=models.Exists(owners)
    ).select_related("client", "consultancy")


def _engaged(engagement: Engagement, user: User) -> Access | None:
    client = engagement.client
    if not engagement.is_open(timezone.localdate(timezone=client.zone)):
        return None
    member = Role(engagement.member_role)  # type: ignore[attr-defined]
    granted = Role(engagement.role)
    if engagement.is_founding and not engagement.has_owner:  # type: ignore[attr-defined]
        # Somebody has to keep the house, invite people and end the engagement.
        granted = Role.OWNER
    role = min(member, granted, key=lambda role: role.rank)
    return Access(client, user, role, engagement.granted_areas, engagement)


View = Callable[Concatenate[HttpRequest, Access, P], HttpResponseBase]


def area_of(part: Callable[..., Any]) -> Area | None:
    """The area that a view or a panel shows, by the app it stands in."""
    return AREA_OF_APP.get(part.__module__.partition(".")[0])


def tenant_view(
    need: Can, *, areas: Iterable[Area] = ()
) -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """Decorate `view(request, access, …)` of a URL with the slug `organization`.

    `areas`: what it shows beside the area of its app.
    """

    def decorate(view: View[P]) -> Callable[..., HttpResponseBase]:
        shown = (area_of(view), *areas)

        @wraps(view)
        def guarded(
            request: HttpRequest, organization: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            if not isinstance(request.user, User):
                return ask_to_sign_in(request)
            access = access_to(request.user, organization)
            request.access = access  # type: ignore[attr-defined]
            activate_locale(access)
            for area in shown:
                access.require_area(area)
            access.require(need)
            response = view(request, access, *args, **kwargs)
            # "Back" must not show a page from before the last save, whose version would be
            # refused, nor show anything after signing out.
            add_never_cache_headers(response)
            return response

        guarded.tenant_need = need  # type: ignore[attr-defined]
        guarded.tenant_areas = frozenset(shown) - {None}  # type: ignore[attr-defined]
        return guarded

    return decorate


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send an anonymous person to the login page and back to where they were.

    A request by script gets a 401 instead: swapping a login page into a form would destroy what
    was typed. After a POST one comes back to the page that held the form, not to its target.
    """
    if request.headers.get("HX-Request"):
        return render(request, "accounts/session_ended.html", status=401)
    if request.method in ("GET", "HEAD"):
        return redirect_to_login(request.get_full_path())
    return redirect_to_login(page_before(request))


def page_before(request: HttpRequest) -> str:
    """The path of the referring page of this site, else the organization list."""
    referer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(referer, {request.get_host()}, request.is_secure()):
        parts = urlsplit(referer)
        return parts.path + (f"?{parts.query}" if parts.query else "")
    return "/organizations/"


def activate_locale(access: Access) -> None:
    """Show times in the organization's zone; its language unless the person chose one.

    `accounts.middleware.LocaleMiddleware` undoes both when the response is made.
    """
    timezone.activate(access.organization.zone)
    if not access.user.language:
        translation.activate(access.organization.language)


def speak_as(organization: Organization) -> None:
    """The same for a reader without an account, whom a secret address let in."""
    timezone.activate(organization.zone)
    translation.activate(organization.language)


def by_secret(model: type[M], purpose: str, token: str, **lookup: Any) -> M:
    """The row a secret address stands for, whoever holds it; 404 for any other text.

    `lookup` says what must still hold, for instance that it was not revoked. The view answers for
    what it shows: no more than the secret was given out for.
    """
    nonce = nonce_from(purpose, token)
    if nonce is None:
        raise Http404("No such address.")
    return get_object_or_404(model._default_manager, nonce=nonce, **lookup)
