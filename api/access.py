"""Who calls, for which organization, and whether it is allowed: asked anew with each call."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from accounts.enums import Area
from accounts.tenancy import Access, Can, access_to, activate_locale
from api.models import ApiToken
from api.problems import Problem
from api.repeats import answer_again
from api.scopes import Scope
from api.tokens import token_of

WINDOW = 60


class TokenAuth(HttpBearer):
    """`Authorization: Bearer wmk_…`. No cookie is read, so no page can call with somebody's."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        found = token_of(token)
        if found is not None:
            count(request, found)
        return found


def count(request: HttpRequest, token: ApiToken) -> None:
    """Count the call; raise a Problem past the number of calls a minute.

    Without Redis each web process counts for itself: the limit then holds for each of them.
    """
    limit: int = settings.API_CALLS_PER_MINUTE
    now = int(time.time())
    key = f"api-calls:{token.pk}:{now // WINDOW}"
    cache.add(key, 0, WINDOW * 2)
    try:
        used = cache.incr(key)
    except ValueError:  # it ran out between the two
        used = 1
    left, resets = max(0, limit - used), WINDOW - now % WINDOW
    headers = {
        "RateLimit-Limit": str(limit),
        "RateLimit-Remaining": str(left),
        "RateLimit-Reset": str(resets),
        # The same as the newer draft of the IETF has it.
        "RateLimit-Policy": f'"minute";q={limit};w={WINDOW}',
        "RateLimit": f'"minute";r={left};t={resets}',
    }
    request.api_headers = headers  # type: ignore[attr-defined]
    if used > limit:
        raise Problem(
            429,
            _("Too many calls. Wait until the minute is over."),
            headers={**headers, "Retry-After": str(resets)},
        )


def reach(
    request: HttpRequest,
    slug: str,
    scope: Scope,
    need: Can = Can.VIEW,
    areas: tuple[Area, ...] = (),
) -> Access:
    """The caller's access to an organization; 404, or 403 with words.

    Of a consultancy's token: to the consultancy and to whom it advises, through no other
    organization of the same person.
    """
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    require(token, scope)
    access = access_to(token.person, slug)
    if not of_this_token(token, {access.organization.pk: access}):
        raise Http404("This token does not reach it.")
    activate_locale(access)
    for area in areas:
        access.require_area(area)
    if not access.allows(need):
        raise PermissionDenied(_("Your role in this organization does not allow this."))
    answer_again(request)
    return access


def of_this_token(token: ApiToken, accesses: Mapping[int, Access]) -> dict[int, Access]:
    """Those of the person's accesses that the token may use."""
    return {
        pk: access
        for pk, access in accesses.items()
        if token.organization_id
        == (access.engagement.consultancy_id if access.engagement else access.organization.pk)
    }


def require(token: ApiToken, scope: Scope) -> None:
    if scope.value not in token.scopes:
        raise PermissionDenied(
            _("This token is not made for this: it lacks the scope %s.") % scope.value
        )


def person_of(request: HttpRequest) -> Any:
    return request.auth.person  # type: ignore[attr-defined]


def is_head(request: HttpRequest) -> bool:
    """Whether only the headers are asked for (the middleware turns HEAD into GET)."""
    return bool(request.META.get("REQUEST_METHOD") == "HEAD")
