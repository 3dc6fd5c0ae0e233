"""Which organizations a token reaches: its own and, of a consultancy, its clients."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from accounts.models import Organization
from accounts.tenancy import accesses_of
from api.access import of_this_token, person_of, reach, require
from api.paging import Paging, page_of
from api.scopes import Scope

router = Router(tags=["organizations"])


class OrganizationOut(Schema):
    slug: str
    name: str
    kind: str
    time_zone: str
    language: str
    role: str
    areas: list[str]
    until: date | None


class OrganizationPage(Schema):
    items: list[OrganizationOut]
    next_cursor: str | None


@router.get("/organizations", response=OrganizationPage, summary="List organizations")
def list_organizations(request: HttpRequest, paging: Query[Paging]) -> Any:
    token = request.auth  # type: ignore[attr-defined]
    require(token, Scope.CLIENTS_READ)
    accesses = of_this_token(token, accesses_of(person_of(request)))
    rows, following = page_of(Organization.objects.filter(pk__in=accesses), paging)
    return {"items": [_out(accesses[row.pk]) for row in rows], "next_cursor": following}


@router.get("/organizations/{slug}", response=OrganizationOut, summary="One organization")
def organization(request: HttpRequest, slug: str) -> Any:
    return _out(reach(request, slug, Scope.CLIENTS_READ))


def _out(access: Any) -> dict[str, Any]:
    found = access.organization
    return {
        "slug": found.slug,
        "name": found.name,
        "kind": found.kind,
        "time_zone": found.time_zone,
        "language": found.language,
        "role": access.role.value,
        "areas": sorted(area.value for area in access.areas),
        "until": access.engagement.until if access.engagement else None,
    }
