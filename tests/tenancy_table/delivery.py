from typing import Any

from accounts.models import Organization
from accounts.tenancy import Can
from delivery.enums import Origin
from delivery.services.records import store
from tests.delivery.factories import deployment, incident, make_system
from tests.tenancy_table.rows import Page, TenantPage


def system(organization: Organization) -> dict[str, Any]:
    return {"pk": make_system(organization).pk}


def records(organization: Organization) -> dict[str, Any]:
    return {**system(organization), "kind": "deployments"}


def cause(organization: Organization) -> dict[str, Any]:
    """Of an incident that names its deployment."""
    found = make_system(organization)
    told = [deployment("d1"), incident("i1", deployment="d1")]
    stored = store(found, told, origin=Origin.FORM)
    return {"pk": found.pk, "incident_pk": stored.rows[1].pk}


PAGES: dict[str, Page] = {
    "delivery:metrics": TenantPage(Can.VIEW),
    # A POST without a name is refused with the reason.
    "delivery:system_create": TenantPage(Can.EDIT, Can.EDIT, post_ok=422),
    "delivery:system": TenantPage(Can.VIEW, None, system),
    "delivery:system_edit": TenantPage(Can.EDIT, Can.EDIT, system, post_ok=422),
    "delivery:system_end": TenantPage(None, Can.EDIT, system),
    "delivery:records": TenantPage(Can.VIEW, None, records),
    "delivery:cause": TenantPage(Can.TRACK, Can.TRACK, cause, data={"verdict": "no"}),
}
