from typing import Any

from accounts.models import Organization
from accounts.tenancy import Can
from roadmap.models import GateState, Roadmap
from roadmap.services import approver_name, gate_ask, gate_confirm_item, gate_open
from roadmap.services.charters import charter_start
from tests.assessments.factories import make_assessment
from tests.factories import make_member
from tests.roadmap.factories import (
    MONDAY,
    approved,
    make_pilot_snapshot,
    make_roadmap,
    plan_roadmap,
)
from tests.tenancy_table.rows import Page, TenantPage

CHARTER = {
    "version": 1,
    "scope": "The interface only",
    "criteria-TOTAL_FORMS": 0,
    "criteria-INITIAL_FORMS": 0,
    "team-TOTAL_FORMS": 0,
    "team-INITIAL_FORMS": 0,
}
LINK = {"url": "https://intranet.example/minutes"}
PROGRESS = {"status": "in_progress", "note": "", "version": 0}


def roadmap(organization: Organization) -> dict[str, Any]:
    return {"pk": make_roadmap(organization).pk}


def initiative(organization: Organization) -> dict[str, Any]:
    return {**roadmap(organization), "initiative_id": "A1"}


def gate(organization: Organization) -> dict[str, Any]:
    return {**roadmap(organization), "gate_id": "G1"}


def gate_item(organization: Organization) -> dict[str, Any]:
    return {**gate(organization), "item_id": "G1-2"}


def met_gate(organization: Organization) -> dict[str, Any]:
    """A gate whose checklist is met, and about which nobody was asked yet."""
    found = gate(organization)
    made = Roadmap.objects.get(pk=found["pk"])
    made.initiatives.update(status="done", finished_on=MONDAY)
    gate_confirm_item(gate=made.gates.get(), user=None, item_id="G1-2", note="Seen")
    return found


def asked_gate(organization: Organization) -> dict[str, Any]:
    """Every member speaks for its role."""
    found = met_gate(organization)
    made = Roadmap.objects.get(pk=found["pk"])
    for person in organization.members.all():
        role = made.gates.get().roles[0].id
        approver_name(roadmap=made, user=None, role_id=role, person=person)
    gate_ask(gate=made.gates.get(), user=None)
    return found


def approver(organization: Organization) -> dict[str, Any]:
    found = gate(organization)
    made = Roadmap.objects.get(pk=found["pk"])
    named = approver_name(
        roadmap=made,
        user=None,
        role_id=made.gates.get().roles[0].id,
        person=make_member(organization).user,
    )
    return {"pk": found["pk"], "approver_pk": named.pk}


def name_someone(arguments: dict[str, Any]) -> dict[str, Any]:
    made = Roadmap.objects.get(pk=arguments["pk"])
    person = make_member(made.organization).user
    return {"role": made.gates.get().roles[0].id, "person": person.pk}


def ready_gate(organization: Organization) -> dict[str, Any]:
    """A gate whose checklist is met and that everyone approved."""
    found = met_gate(organization)
    made = Roadmap.objects.get(pk=found["pk"])
    approved(made.gates.get())
    return found


def opened_gate(organization: Organization) -> dict[str, Any]:
    found = ready_gate(organization)
    gate_open(gate=GateState.objects.get(roadmap=found["pk"]), user=None)
    return found


def planned(organization: Organization) -> dict[str, Any]:
    return {"pk": plan_roadmap(organization).pk}


def assessment(organization: Organization) -> dict[str, Any]:
    return {"pk": make_assessment(organization=organization).pk}


def snapshot(organization: Organization) -> dict[str, Any]:
    return {"snapshot_pk": make_pilot_snapshot(organization).pk}


def charter(organization: Organization) -> dict[str, Any]:
    found = make_pilot_snapshot(organization)
    charter_start(snapshot=found, user=None, position=1)
    return {"snapshot_pk": found.pk}


PAGES: dict[str, Page] = {
    "pilots:list": TenantPage(Can.VIEW),
    "pilots:picker": TenantPage(Can.VIEW, None, snapshot),
    "pilots:choose": TenantPage(None, Can.EDIT, snapshot, data={"candidate": "1"}),
    "pilots:charter": TenantPage(Can.VIEW, None, charter),
    "pilots:charter_edit": TenantPage(Can.EDIT, Can.EDIT, charter, data=CHARTER),
    "pilots:outcome": TenantPage(
        Can.VIEW, Can.EDIT, charter, data={"decision": "extend", "reason": "Too early."}
    ),
    "what_if": TenantPage(Can.READ_ALL, None, assessment),
    "roadmap:list": TenantPage(Can.VIEW),
    # An old address: it leads to a new plan on trial.
    "roadmap:create": TenantPage(Can.EDIT, None, get_ok=302),
    "roadmap:detail": TenantPage(Can.VIEW, None, roadmap),
    "roadmap:outlook": TenantPage(Can.VIEW, None, roadmap),
    "roadmap:initiative": TenantPage(Can.VIEW, Can.TRACK, initiative, data=PROGRESS),
    "roadmap:gate": TenantPage(Can.VIEW, None, gate),
    "roadmap:gates": TenantPage(Can.VIEW, None, roadmap),
    "roadmap:approvers": TenantPage(Can.VIEW, Can.EDIT, roadmap, data=name_someone),
    "roadmap:approver_remove": TenantPage(None, Can.EDIT, approver),
    "roadmap:gate_ask": TenantPage(None, Can.EDIT, met_gate, data={"note": ""}),
    "roadmap:gate_withdraw": TenantPage(None, Can.EDIT, ready_gate, data={"reason": ""}),
    # Whoever is named says it, even a viewer; here everyone is. Who is not gets 403 (its own test).
    "roadmap:gate_say": TenantPage(
        None, Can.VIEW, asked_gate, data={"verdict": "approve", "round": 1}
    ),
    "roadmap:gate_open": TenantPage(None, Can.EDIT, ready_gate, data={"reason": "Agreed"}),
    "roadmap:gate_refuse": TenantPage(None, Can.EDIT, ready_gate, data={"reason": "Not yet"}),
    "roadmap:gate_close": TenantPage(None, Can.EDIT, opened_gate, data={"reason": "Wrong"}),
    "roadmap:gate_attach": TenantPage(None, Can.TRACK, gate, data=LINK),
    "roadmap:gate_item_attach": TenantPage(None, Can.TRACK, gate_item, data=LINK),
    "roadmap:gate_item_confirm": TenantPage(None, Can.EDIT, gate_item, data={"note": "Seen"}),
    "roadmap:gate_item_withdraw": TenantPage(None, Can.EDIT, gate_item),
}
