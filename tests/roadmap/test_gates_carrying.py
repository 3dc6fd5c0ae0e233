"""What was shown, said and decided at gates, on the roadmap that follows."""

import pytest

from roadmap.models import StartOverride
from roadmap.services import approver_name, gate_confirm_item, gate_open, gate_say
from roadmap.services.carrying_over import carry_over
from roadmap.services.gates.reading import judgement_of, proof_of
from roadmap.services.work.evidence import evidence_add_link
from tests.factories import make_member, make_organization
from tests.roadmap.factories import MONDAY, approved, make_roadmap

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization():
    return make_organization()


@pytest.fixture
def user(organization):
    return make_member(organization).user


@pytest.fixture
def before(organization, user):
    """Its gate was approved by another member, with evidence; it is not opened yet."""
    roadmap = make_roadmap(organization)
    roadmap.initiatives.exclude(kind="review").update(status="done", finished_on=MONDAY)
    gate = roadmap.gates.get()
    gate_confirm_item(gate=gate, user=user, item_id="G1-2", note="Minutes")
    on_work = roadmap.initiatives.get(initiative_id="A1")
    evidence_add_link(roadmap=roadmap, user=user, url="https://a.example/work", initiative=on_work)
    for item in ("G1-2", ""):
        address = f"https://a.example/{item}"
        evidence_add_link(roadmap=roadmap, user=user, url=address, gate=gate, item_id=item)
    approved(gate)
    return roadmap


def follow(before):
    after = make_roadmap(before.organization)
    carry_over(before, after)
    return after.gates.get()


def test_gate_that_is_open_stays_open_and_says_who_decided_it(before, user):
    opened = gate_open(gate=before.gates.get(), user=user, reason="Agreed")

    gate = follow(before)

    decision = gate.decisions.get(kind="opened")
    original = before.gates.get().decisions.get(kind="opened")
    assert (gate.is_open, gate.opened_at, gate.opened_by) == (True, opened.opened_at, user)
    assert (decision.reason, decision.decided_at) == ("Agreed", original.decided_at)
    assert decision.facts["carried_from"] == before.name
    assert [a.person_name for a in gate.approvals.all()] == [
        a.person_name for a in before.gates.get().approvals.all()
    ]


def test_decision_that_is_asked_for_goes_on_where_the_checklist_says_the_same(before, user):
    gate = follow(before)

    assert judgement_of(gate).may_open
    assert gate_open(gate=gate, user=user).is_open
    assert not before.gates.get().is_open


def test_decision_has_to_be_asked_for_again_where_the_checklist_says_something_else(before):
    after = make_roadmap(before.organization)
    gate = after.gates.get()
    gate.checklist[0]["text"] = "Something stricter"
    gate.save()

    carry_over(before, after)

    gate.refresh_from_db()
    assert (gate.asked_at, gate.approvals.count(), gate.decisions.count()) == (None, 0, 0)
    assert [c.item_id for c in gate.confirmations.all()] == ["G1-2"]


def test_evidence_goes_along_with_its_names_and_dates(before, user):
    gate = follow(before)

    def told(roadmap):
        return [
            (piece.url, piece.item_id, piece.added_by, piece.created_at)
            for piece in roadmap.evidence.order_by("url")
        ]

    assert told(gate.roadmap) == told(before)
    assert proof_of(gate.roadmap_id).initiatives == {"A1"}


def test_approvers_and_starts_before_the_gate_go_along(before, user):
    StartOverride.objects.create(
        initiative=before.initiatives.get(initiative_id="A2"),
        gate=before.gates.get(),
        reason="The vendor's date could not move",
        made_by=user,
    )

    gate = follow(before)

    assert [a.person for a in gate.roadmap.approvers.all()] == [
        a.person for a in before.approvers.all()
    ]
    assert [(o.initiative.initiative_id, o.made_by) for o in gate.overrides.all()] == [("A2", user)]


def test_refusal_goes_along_and_still_blocks(before, user):
    approver_name(roadmap=before, user=user, role_id=before.gates.get().roles[0].id, person=user)
    gate_say(gate=before.gates.get(), user=user, verdict="refuse", reason="Not yet")

    assert not judgement_of(follow(before)).may_open
