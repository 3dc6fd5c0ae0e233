"""Gate G3 refuses until what has to be shown working is shown: as it is stored."""

import pytest

from roadmap.domain.document import checklist_document
from roadmap.domain.progress import ChecklistItem, ChecklistPart, PartState
from roadmap.domain.tracking.approving import Obstacle
from roadmap.services import GateNotApproved, GateNotReady, gate_ask, gate_confirm_item, gate_open
from roadmap.services.gates.reading import gate_results, judgement_of
from roadmap.services.work.evidence import evidence_add_link, evidence_remove
from tests.factories import make_member, make_organization
from tests.roadmap.factories import MONDAY, approved, make_roadmap, plan_roadmap

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization():
    return make_organization()


@pytest.fixture
def ann(organization):
    return make_member(organization).user


def obstacles(gate):
    with pytest.raises(GateNotApproved) as caught:
        gate_open(gate=gate, user=None)
    return list(caught.value.judgement.obstacles)


def shown_gate(organization, ann):
    """G3 in small: the three that must be shown working, with finished work behind them."""
    roadmap = make_roadmap(organization, initiatives=4)
    roadmap.initiatives.exclude(kind="review").update(status="done", finished_on=MONDAY)
    found = roadmap.gates.get()
    texts = {
        "G3-1": "Audit logging shown working",
        "G3-2": "Access management shown working",
        "G3-3": "Automated policy checks shown working",
    }
    found.checklist = checklist_document(
        ChecklistItem(
            id,
            text,
            (ChecklistPart(f"A{number}", text, PartState.PLANNED),),
            needs_evidence=True,
        )
        for number, (id, text) in enumerate(texts.items(), start=1)
    )
    found.save()
    return found


def test_g3_refuses_until_logging_access_and_policy_checks_are_shown_working(organization, ann):
    gate = shown_gate(organization, ann)
    roadmap = gate.roadmap

    def missing():
        with pytest.raises(GateNotReady) as caught:
            gate_ask(gate=gate, user=ann)
        with pytest.raises(GateNotReady):
            gate_open(gate=gate, user=ann)
        return [result.item.id for result in caught.value.missing]

    # All of its work is done, and someone vouches for an item: neither shows anything.
    gate_confirm_item(gate=gate, user=ann, item_id="G3-1", note="It works, I promise")
    assert missing() == ["G3-1", "G3-2", "G3-3"]
    evidence_add_link(
        roadmap=roadmap, user=ann, url="https://a.example/1", gate=gate, item_id="G3-1"
    )
    on_work = roadmap.initiatives.get(initiative_id="A2")
    piece = evidence_add_link(
        roadmap=roadmap, user=ann, url="https://a.example/2", initiative=on_work
    )
    assert missing() == ["G3-3"]
    evidence_remove(evidence=piece, user=ann)
    assert missing() == ["G3-2", "G3-3"]
    for item in ("G3-2", "G3-3"):
        evidence_add_link(
            roadmap=roadmap, user=ann, url=f"https://a.example/{item}", gate=gate, item_id=item
        )

    assert all(result.is_met for result in gate_results(gate))
    approved(gate)
    assert gate_open(gate=gate, user=ann).is_open


def test_evidence_removed_after_the_approvals_keeps_the_gate_closed(organization, ann):
    gate = shown_gate(organization, ann)
    pieces = [
        evidence_add_link(
            roadmap=gate.roadmap, user=ann, url=f"https://a.example/{i}", gate=gate, item_id=i
        )
        for i in ("G3-1", "G3-2", "G3-3")
    ]
    approved(gate)

    evidence_remove(evidence=pieces[2], user=ann)

    with pytest.raises(GateNotReady) as caught:
        gate_open(gate=gate, user=ann)
    assert [(r.item.id, r.to_show) for r in caught.value.missing] == [("G3-3", True)]


def test_evidence_exchanged_after_the_approvals_has_to_be_approved_anew(organization, ann):
    gate = shown_gate(organization, ann)
    pieces = [
        evidence_add_link(
            roadmap=gate.roadmap, user=ann, url=f"https://a.example/{i}", gate=gate, item_id=i
        )
        for i in ("G3-1", "G3-2", "G3-3")
    ]
    approved(gate)

    def attach(url):
        evidence_add_link(roadmap=gate.roadmap, user=ann, url=url, gate=gate, item_id="G3-3")

    attach("https://a.example/more")
    assert judgement_of(gate).may_open
    evidence_remove(evidence=pieces[2], user=ann)
    assert obstacles(gate) == [Obstacle.CHANGED]
    attach("https://a.example/G3-3")

    assert gate_open(gate=gate, user=ann).is_open


def test_real_plan_keeps_what_g3_has_to_show():
    gate = plan_roadmap().gates.get(gate_id="G3")

    strict = {item.id for item in gate.to_checklist() if item.needs_evidence and item.applies}

    assert strict >= {"G3-1", "G3-2"}
    assert [role.id for role in gate.roles] == ["SP", "CO", "SEC", "CMO"]
