from typing import Any

from accounts.models import Organization
from accounts.tenancy import Can
from tests.roadmap.factories import make_roadmap
from tests.tenancy_table.rows import Page, TenantPage

MOVE = {"initiative": "A1", "status": "in_progress", "where": "last", "version": 0, "state": ""}


def roadmap(organization: Organization) -> dict[str, Any]:
    return {"pk": make_roadmap(organization).pk}


def file(organization: Organization) -> dict[str, Any]:
    return {**roadmap(organization), "kind": "csv"}


PAGES: dict[str, Page] = {
    "roadmap:board": TenantPage(Can.VIEW, None, roadmap),
    "roadmap:timeline": TenantPage(Can.VIEW, None, roadmap),
    "roadmap:table": TenantPage(Can.VIEW, None, roadmap),
    "roadmap:table_change": TenantPage(
        None, Can.TRACK, roadmap, data={"row": "A1@0", "status": "in_progress"}
    ),
    "roadmap:table_export": TenantPage(Can.VIEW, None, file),
    "roadmap:board_move": TenantPage(None, Can.TRACK, roadmap, data=MOVE),
    "roadmap:board_limits": TenantPage(None, Can.EDIT, roadmap, data={"all": "4"}),
}
