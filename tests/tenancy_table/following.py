from typing import Any

from accounts.models import Organization
from accounts.tenancy import Can
from roadmap.models import Roadmap
from tests.roadmap.factories import make_roadmap, plan_roadmap
from tests.tenancy_table.rows import Page, TenantPage


def roadmap(organization: Organization) -> dict[str, Any]:
    return {"pk": make_roadmap(organization).pk}


def planned(organization: Organization) -> dict[str, Any]:
    made: Roadmap = plan_roadmap(organization)
    return {"pk": made.pk}


PAGES: dict[str, Page] = {
    "roadmap:progress": TenantPage(arguments=roadmap),
    "roadmap:forecast_now": TenantPage(get=None, post=Can.TRACK, arguments=roadmap),
    "roadmap:plan_again": TenantPage(get=None, post=Can.EDIT, arguments=planned),
}
