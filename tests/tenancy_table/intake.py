from typing import Any

from accounts.models import Organization
from accounts.tenancy import Can
from tests.delivery.intake_factories import make_source
from tests.tenancy_table.rows import Page, TenantPage


def source(organization: Organization) -> dict[str, Any]:
    return {"pk": make_source(organization).pk}


PAGES: dict[str, Page] = {
    "delivery:sources": TenantPage(Can.VIEW),
    "delivery:source_create": TenantPage(
        Can.EDIT, Can.EDIT, data={"name": "Pipeline", "kind": "own"}
    ),
    "delivery:source": TenantPage(Can.VIEW, None, source),
    "delivery:source_edit": TenantPage(Can.EDIT, Can.EDIT, source, data={"name": "Pipeline"}),
    "delivery:source_renew": TenantPage(None, Can.EDIT, source),
    "delivery:source_end": TenantPage(Can.EDIT, Can.EDIT, source),
    "delivery:source_rework": TenantPage(None, Can.EDIT, source),
}
