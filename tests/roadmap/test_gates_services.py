"""Asking for a gate's decision, approving, refusing, opening, closing: as it is stored."""

import pytest

from accounts.enums import Role
from accounts.models import AuditEntry, Membership
from accounts.services import membership_remove
from inbox.models import Notice
from roadmap.domain.tracking.approving import Obstacle
from roadmap.models import GateApprover, GateDecision, PlannedInitiative
from roadmap.services import (
    GateNotApproved,
    GateNotReady,
    GateRoundOver,
    NotAnApprover,
    ProgressInvalid,
    approver_name,
    approver_remove,
    gate_ask,
    gate_close,
    gate_confirm_item,
    gate_open,
    gate_refuse,
    gate_say,
    gate_withdraw_request,
    initiative_update,
)
from roadmap.services.gates.reading import asked_of, authors_of, judgement_of
from roadmap.services.work.evidence import evidence_add_link, evidence_remove
from tests.factories import make_member, make_organization
from tests.roadmap.factories import MONDAY, make_initiative, make_roadmap

pytestmark = pytest.mark.django_db
ROLES = [{"id": "SP", "title": "Sponsor"}, {"id": "CO", "title": "Compliance"}]


@pytest.fixture
def organization():
    return make_organization()


@pytest.fixture
def ann(organization):
    return make_member(organization).user


@pytest.fixture
def ben(organization):
    """A viewer, as a compliance officer may be."""
    return make_member(organization, Role.VIEWER).user


@pytest.fixture
def gate(organization, ann, ben):
    """Its checklist is met, by Ann; she speaks for the sponsor and Ben for compliance."""
    roadmap = make_roadmap(organization)
    roadmap.initiatives.exclude(kind="review").update(
        status="done", finished_on=MONDAY, updated_by=ann
    )
    found = roadmap.gates.get()
    found.approver_roles = ROLES
    found.save()
    gate_confirm_item(gate=found, user=ann, item_id="G1-2", note="Minutes")
    approver_name(roadmap=roadmap, user=ann, role_id="SP", person=ann)
    approver_name(roadmap=roadmap, user=ann, role_id="CO", person=ben)
    return found


def asked(gate, user):
    gate_ask(gate=gate, user=user)
    gate.refresh_from_db()
    return gate


def says(gate, user, verdict="approve", **more):
    return gate_say(gate=gate, user=user, verdict=verdict, **more)


def obstacles(gate):
    with pytest.raises(GateNotApproved) as caught:
        gate_open(gate=gate, user=None)
    return list(caught.value.judgement.obstacles)


def verbs():
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


def told(user):
    return list(Notice.objects.filter(person=user).order_by("pk").values_list("kind", flat=True))


def test_gate_is_asked_for_approved_and_opened_with_its_facts(gate, ann, ben):
    asked(gate, ann)
    says(gate, ann)
    says(gate, ben, reason="I saw the minutes")

    opened = gate_open(gate=gate, user=ann, reason="Agreed on Monday")

    decision = gate.decisions.get(kind="opened")
    assert opened.is_open
    assert (decision.reason, decision.decider_name, decision.round) == (
        "Agreed on Monday",
        str(ann),
        1,
    )
    assert [(a["role"], a["person"], a["verdict"]) for a in decision.facts["approvals"]] == [
        ("SP", str(ann), "approve"),
        ("CO", str(ben), "approve"),
    ]
    assert decision.facts["items"][1]["confirmed"] == {"by": str(ann), "note": "Minutes"}
    assert verbs()[-5:] == [
        "gate.asked",
        "gate.approval_given",
        "gate.approval_given",
        "initiative.updated",
        "gate.opened",
    ]
    assert told(ben) == ["gate.asked", "gate.decided"]
    # Ann asked and opened herself; she is told that everyone approved.
    assert told(ann) == ["gate.decided"]


def test_decision_is_told_to_owners_of_work_behind_the_gate_alone(gate, ann, organization):
    behind, elsewhere = make_member(organization).user, make_member(organization).user
    later = make_initiative(gate.roadmap, 4)  # it follows the review of the gate
    later.owner, later.predecessors = behind, [gate.review]
    aside = make_initiative(gate.roadmap, 5)
    aside.owner, aside.predecessors = elsewhere, []
    PlannedInitiative.objects.bulk_create([later, aside])
    asked(gate, ann)

    gate_refuse(gate=gate, user=ann, reason="Not yet")

    assert (told(behind), told(elsewhere)) == (["gate.decided"], [])


def test_gate_waits_for_nobody_once_another_spoke_for_the_role(gate, ann, ben, organization):
    cleo = make_member(organization).user
    approver_name(roadmap=gate.roadmap, user=ann, role_id="CO", person=cleo)
    asked(gate, ann)
    assert asked_of(gate.roadmap, cleo) == (gate,)

    says(gate, ben)
    assert asked_of(gate.roadmap, cleo) == ()

    approver_remove(approver=GateApprover.objects.get(person=ben), user=ann)
    assert asked_of(gate.roadmap, cleo) == (gate,)


def test_gate_stays_closed_while_only_the_author_approves(gate, ann, organization):
    asked(gate, ann)
    approver_remove(approver=GateApprover.objects.get(role_id="CO"), user=ann)
    approver_name(roadmap=gate.roadmap, user=ann, role_id="CO", person=ann)
    says(gate, ann)

    assert obstacles(gate) == [Obstacle.ONLY_AUTHORS]


def test_gate_is_not_asked_for_before_its_checklist_is_met(organization, ann):
    gate = make_roadmap(organization).gates.get()

    with pytest.raises(GateNotReady):
        gate_ask(gate=gate, user=ann)

    assert GateDecision.objects.count() == 0


def test_asking_and_approving_twice_changes_nothing(gate, ann, ben):
    asked(gate, ann)
    gate_ask(gate=gate, user=ben)
    says(gate, ben)
    before = verbs()

    says(gate, ben)

    gate.refresh_from_db()
    assert gate.asked_by == ann
    assert gate.decisions.count() == 1
    assert verbs() == before
    assert told(ben) == ["gate.asked"]


def test_two_who_approve_one_after_the_other_are_both_recorded(gate, ann, ben):
    """Each holds the gate as they opened the page; neither save undoes the other's."""
    asked(gate, ann)
    seen_by_ann, seen_by_ben = type(gate).objects.get(), type(gate).objects.get()

    says(seen_by_ann, ann, round=1)
    says(seen_by_ben, ben, round=1)

    assert {a.role_id: a.person for a in gate.approvals.all()} == {"SP": ann, "CO": ben}
    assert judgement_of(gate).may_open


def test_refusal_blocks_until_whoever_gave_it_takes_it_back(gate, ann, ben, organization):
    cleo = make_member(organization).user
    approver_name(roadmap=gate.roadmap, user=ann, role_id="CO", person=cleo)
    asked(gate, ann)
    says(gate, ann)
    says(gate, ben, "refuse", reason="The list misses the lab")

    with pytest.raises(ProgressInvalid, match="refused for this role"):
        says(gate, cleo)
    assert obstacles(gate) == [Obstacle.REFUSED, Obstacle.ONLY_AUTHORS]
    says(gate, ben)

    assert gate_open(gate=gate, user=ann).is_open
    assert "gate.refusal_given" in verbs()


def test_refusing_needs_a_reason(gate, ann, ben):
    asked(gate, ann)

    with pytest.raises(ProgressInvalid) as caught:
        says(gate, ben, "refuse", reason=" ")

    assert list(caught.value.messages) == ["reason"]


def test_verdict_of_a_round_that_is_over_is_not_recorded(gate, ann, ben):
    asked(gate, ann)
    gate_withdraw_request(gate=gate, user=ann, reason="One paper is missing")
    with pytest.raises(GateRoundOver):
        says(gate, ben, round=1)
    asked(gate, ann)

    with pytest.raises(GateRoundOver):
        says(gate, ben, round=1)

    assert gate.approvals.count() == 0
    assert says(gate, ben, round=2)[0].round == 2


def test_asking_again_needs_everybody_again(gate, ann, ben):
    asked(gate, ann)
    says(gate, ann)
    says(gate, ben)
    gate_refuse(gate=gate, user=ann, reason="The board wants to see it first")

    asked(gate, ann)

    assert obstacles(gate) == [Obstacle.WAITING, Obstacle.ONE_PERSON]
    assert list(gate.decisions.values_list("kind", "round")) == [
        ("asked", 1),
        ("refused", 1),
        ("asked", 2),
    ]


def test_closing_begins_a_new_round_and_is_recorded(gate, ann, ben):
    asked(gate, ann)
    says(gate, ann)
    says(gate, ben)
    gate_open(gate=gate, user=ann)

    closed = gate_close(gate=gate, user=ben, reason="The inventory was wrong")

    assert (closed.is_open, closed.round, closed.asked_at) == (False, 2, None)
    assert gate.decisions.last().reason == "The inventory was wrong"
    assert gate.approvals.filter(round=1).count() == 2
    with pytest.raises(GateNotApproved):
        gate_open(gate=gate, user=ann)


def test_member_who_left_speaks_for_nobody(gate, ann, ben):
    asked(gate, ann)
    says(gate, ann)
    says(gate, ben)

    membership_remove(membership=Membership.objects.get(user=ben), user=ann)

    # Ann is alone now: nobody else could approve.
    assert obstacles(gate) == [Obstacle.NO_SECOND_MEMBER]
    make_member(gate.roadmap.organization)
    assert obstacles(gate) == [Obstacle.VACANT, Obstacle.ONLY_AUTHORS]
    with pytest.raises(NotAnApprover):
        says(gate, ben)


def test_whoever_is_not_named_does_not_approve(gate, ann, organization):
    asked(gate, ann)

    with pytest.raises(NotAnApprover):
        says(gate, make_member(organization, Role.OWNER).user)
    with pytest.raises(NotAnApprover):
        says(gate, ann, roles=["CO"])


def test_approver_is_a_member_and_speaks_for_a_role_of_the_gates(gate, ann, organization):
    stranger = make_member().user

    for role, person in (("SP", stranger), ("XX", ann)):
        with pytest.raises(ProgressInvalid):
            approver_name(roadmap=gate.roadmap, user=ann, role_id=role, person=person)

    assert GateApprover.objects.count() == 2


def test_whoever_is_named_while_a_decision_is_asked_for_is_told(gate, ann, organization):
    asked(gate, ann)
    late = make_member(organization).user

    approver_name(roadmap=gate.roadmap, user=ann, role_id="CO", person=late)
    approver_name(roadmap=gate.roadmap, user=ann, role_id="SP", person=late)

    assert told(late) == ["gate.asked"]


def test_authors_are_all_who_brought_the_proof_about(gate, ann, ben, organization):
    cleo, dora, eve = (make_member(organization).user for _ in range(3))
    roadmap = gate.roadmap
    evidence_add_link(roadmap=roadmap, user=cleo, url="https://a.example/", gate=gate)
    on_work = roadmap.initiatives.get(initiative_id="A1")
    evidence_add_link(roadmap=roadmap, user=dora, url="https://b.example/", initiative=on_work)
    removed = evidence_add_link(roadmap=roadmap, user=ben, url="https://c.example/", gate=gate)
    evidence_remove(evidence=removed, user=ben)
    done_by_eve = roadmap.initiatives.get(initiative_id="A2")
    done_by_eve.status = "in_progress"
    done_by_eve.save()
    report(done_by_eve, eve, "done")
    # A later note is no report of its being done.
    done_by_eve.refresh_from_db()
    report(done_by_eve, ben, "done", note="Well done")

    assert authors_of(gate) == {ann.pk, cleo.pk, dora.pk, eve.pk}


def report(initiative, user, status, note=""):
    initiative_update(
        initiative=initiative,
        user=user,
        status=status,
        finished_on=None,
        note=note,
        version=initiative.version,
    )


def test_gate_of_a_roadmap_made_before_approvals_goes_by_its_titles():
    gate = make_roadmap().gates.get()

    assert gate.approver_roles == []
    assert [(role.id, role.title) for role in gate.roles] == [
        ("Executive sponsor", "Executive sponsor")
    ]


def test_gate_without_roles_still_needs_a_second_person():
    gate = make_roadmap().gates.get()
    gate.approvers = []

    assert [role.id for role in gate.roles] == ["ANYBODY"]


def test_single_member_opens_a_gate_only_with_a_signed_word_from_outside():
    owner = make_member(role=Role.OWNER)
    gate = make_roadmap(owner.organization).gates.get()
    gate.roadmap.initiatives.update(status="done", finished_on=MONDAY)
    gate_confirm_item(gate=gate, user=owner.user, item_id="G1-2", note="Minutes")
    early = evidence_add_link(
        roadmap=gate.roadmap, user=owner.user, url="https://a.example/early", gate=gate
    )
    asked(gate, owner.user)
    outside = {"outside": "Dr. Weiss, clinic", "reason": "She signed on Monday"}

    assert obstacles(gate) == [Obstacle.NO_SECOND_MEMBER]
    with pytest.raises(GateNotApproved):  # What was attached before was not signed for this.
        gate_open(gate=gate, user=owner.user, **outside)
    evidence_add_link(
        roadmap=gate.roadmap, user=owner.user, url="https://a.example/signed", gate=gate
    )
    with pytest.raises(ProgressInvalid):
        gate_open(gate=gate, user=owner.user, outside="Dr. Weiss")
    with pytest.raises(ProgressInvalid):
        gate_open(gate=gate, user=None, **outside)
    gate_open(gate=gate, user=owner.user, **outside)

    assert early.removed_at is None
    assert gate.decisions.get(kind="opened").facts["outside"] == "Dr. Weiss, clinic"
    assert AuditEntry.objects.get(verb="gate.opened").detail["outside"] == "Dr. Weiss, clinic"


def test_nobody_outside_stands_in_where_there_is_a_second_member(gate, ann, ben):
    asked(gate, ann)

    with pytest.raises(ProgressInvalid) as caught:
        gate_open(gate=gate, user=ann, outside="Dr. Weiss", reason="She signed")

    assert list(caught.value.messages) == ["outside"]
