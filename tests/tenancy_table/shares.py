"""Shared reports and plans: reports/share_urls.py and reports/link_urls.py."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Organization
from accounts.tenancy import Can
from reports.models import ShareLink
from reports.services.shares import share_token
from tests.roadmap.factories import make_roadmap
from tests.tenancy_table.rows import OpenPage, Page, TenantPage

TOMORROW = timezone.localdate() + timedelta(days=1)
SENT = {"what": "plan", "name": "Press office", "expires_on": TOMORROW, "password": ""}


def made(organization: Organization) -> ShareLink:
    return ShareLink.objects.create(
        organization=organization,
        roadmap=make_roadmap(organization),
        name="Board",
        expires_on=timezone.localdate() + timedelta(days=5),
    )


def roadmap(organization: Organization) -> dict[str, Any]:
    return {"pk": make_roadmap(organization).pk}


def link(organization: Organization) -> dict[str, Any]:
    found = made(organization)
    return {"pk": found.roadmap_id, "link": found.pk}


def address(organization: Organization) -> dict[str, Any]:
    return {"token": share_token(made(organization))}


PAGES: dict[str, Page] = {
    "shares:list": TenantPage(Can.EDIT, Can.EDIT, roadmap, data=SENT),
    "shares:end": TenantPage(None, Can.EDIT, link),
    "links:shared": OpenPage(get=(200, 200), post=(422, 422), arguments=address),
    "links:file": OpenPage(get=(404, 404), post=(405, 405), arguments=address),
}
