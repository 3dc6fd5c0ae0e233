"""Everything as one archive: handover/urls.py."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.models import Organization
from accounts.tenancy import Can
from handover import storage
from handover.models import Archive, Arrival
from tests.tenancy_table.rows import Page, TenantPage


def with_archive(organization: Organization) -> dict[str, Any]:
    name = f"out-{uuid4().hex}.zip"
    storage.path_of(name).write_bytes(b"zip")
    later = timezone.now() + timedelta(days=1)
    return {"pk": Archive.objects.create(organization=organization, file=name, kept_until=later).pk}


def with_arrival(organization: Organization) -> dict[str, Any]:
    return {"pk": Arrival.objects.create(organization=organization, found={"name": "Old"}).pk}


PAGES: dict[str, Page] = {
    "handover:index": TenantPage(get=Can.MANAGE, post=Can.MANAGE),
    "handover:download": TenantPage(get=Can.MANAGE, arguments=with_archive),
    "handover:stop": TenantPage(get=None, post=Can.MANAGE, arguments=with_archive),
    "handover:import": TenantPage(get=Can.MANAGE, post=Can.MANAGE, post_ok=422),
    "handover:arrival": TenantPage(get=Can.MANAGE, post=Can.MANAGE, arguments=with_arrival),
    "handover:discard": TenantPage(get=None, post=Can.MANAGE, arguments=with_arrival),
}
