from typing import Any

from accounts.models import Organization
from accounts.tenancy import Can
from roadmap.models import Scenario
from roadmap.services.scenarios.making import Change, scenario_decide
from tests.roadmap.factories import make_scenario
from tests.tenancy_table.rows import Page, TenantPage

OWN = {
    "title": "Move the tape library",
    "phase": "PHASE-1",
    "step": "STEP-1",
    "roles": {"OPS": 1},
    "effort": {"low": 2, "likely": 3, "high": 5},
}


def scenario(organization: Organization) -> dict[str, Any]:
    return {"pk": make_scenario(organization).pk}


def initiative(organization: Organization) -> dict[str, Any]:
    made = make_scenario(organization)
    return {"pk": made.pk, "initiative_id": made.plan["initiatives"][0]["id"]}


def repeatable(organization: Organization) -> dict[str, Any]:
    """An initiative that can be done once more for further systems."""
    made = make_scenario(organization)
    actions = [i for i in made.plan["initiatives"] if i["id"].startswith("A3")]
    return {"pk": made.pk, "initiative_id": actions[0]["id"]}


def own_work(organization: Organization) -> dict[str, Any]:
    made = make_scenario(organization)
    change = Change("own_add", "", OWN)
    scenario_decide(scenario=made, user=None, version=0, change=change)
    return {"pk": made.pk, "initiative_id": "OWN-1"}


def newer_answers(arguments: dict[str, Any]) -> dict[str, Any]:
    made = Scenario.objects.get(pk=arguments["pk"])
    return {"name": "Anew", "snapshot": made.snapshot_id}


PAGES: dict[str, Page] = {
    "scenarios:list": TenantPage(Can.VIEW),
    # There is no assessment to plan from: those who may are asked for one.
    "scenarios:create": TenantPage(Can.EDIT, Can.EDIT, post_ok=422),
    "scenarios:detail": TenantPage(Can.VIEW, None, scenario),
    "scenarios:outlook": TenantPage(Can.VIEW, None, scenario),
    "scenarios:initiative": TenantPage(Can.VIEW, None, initiative),
    # Nothing is decided, which is told.
    "scenarios:decide": TenantPage(None, Can.EDIT, scenario, post_ok=422),
    "scenarios:undo": TenantPage(None, Can.EDIT, scenario, data={"version": 0}, post_ok=422),
    "scenarios:own_create": TenantPage(Can.EDIT, Can.EDIT, scenario, post_ok=422),
    "scenarios:own_edit": TenantPage(Can.EDIT, Can.EDIT, own_work, post_ok=422),
    "scenarios:wave": TenantPage(Can.EDIT, Can.EDIT, repeatable, post_ok=422),
    "scenarios:copy": TenantPage(None, Can.EDIT, scenario),
    "scenarios:rename": TenantPage(Can.EDIT, Can.EDIT, scenario, data={"name": "Other"}),
    "scenarios:delete": TenantPage(Can.EDIT, Can.EDIT, scenario),
    "scenarios:solve": TenantPage(None, Can.EDIT, scenario),
    "scenarios:cancel": TenantPage(None, Can.EDIT, scenario),
    "scenarios:refresh": TenantPage(Can.EDIT, Can.EDIT, scenario, data=newer_answers),
    "scenarios:diff": TenantPage(Can.VIEW, None, scenario),
    "scenarios:constraints": TenantPage(Can.VIEW, Can.EDIT, scenario, post_ok=422),
    "scenarios:constraints_file": TenantPage(Can.VIEW, None, scenario),
    "scenarios:compare": TenantPage(Can.VIEW),
    "scenarios:questions": TenantPage(Can.VIEW, None, scenario),
    "scenarios:ask": TenantPage(None, Can.EDIT, scenario, data={"question": "vendor"}),
    "scenarios:adopt": TenantPage(
        Can.EDIT, Can.EDIT, scenario, data={"name": "Agreed", "version": 0}
    ),
}
