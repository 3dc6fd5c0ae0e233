"""The pages of gates: what they show, what they take, whom they refuse."""

import io
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from roadmap.models import StartOverride
from roadmap.services import approver_name, gate_ask, gate_confirm_item, gate_open
from roadmap.services.work.comments import comment_add
from roadmap.services.work.evidence import evidence_add_link
from tests.factories import make_member, make_organization
from tests.roadmap.factories import MONDAY, approved, make_roadmap

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization():
    return make_organization()


@pytest.fixture
def editor(organization, client):
    user = make_member(organization).user
    client.force_login(user)
    return user


@pytest.fixture
def gate(organization, editor):
    """Its checklist is met."""
    roadmap = make_roadmap(organization)
    roadmap.initiatives.exclude(kind="review").update(status="done", finished_on=MONDAY)
    gate_confirm_item(gate=roadmap.gates.get(), user=editor, item_id="G1-2", note="Minutes")
    return roadmap.gates.get()


def url(name, gate, *rest):
    slug, roadmap = gate.roadmap.organization.slug, gate.roadmap_id
    inner = [] if name in ("gates", "approvers", "approver_remove") else [gate.gate_id]
    return reverse(f"roadmap:{name}", args=[slug, roadmap, *inner, *rest])


def text(response):
    return unescape(response.content.decode())


def test_gate_is_decided_by_two_people_without_script(client, gate, editor, organization):
    viewer = make_member(organization, Role.VIEWER).user
    client.post(url("approvers", gate), {"role": gate.roles[0].id, "person": viewer.pk})
    asked = client.post(url("gate_ask", gate), {"note": "Please by Friday"}, follow=True)

    early = client.post(url("gate_open", gate), {"reason": "We are late"})
    client.force_login(viewer)
    page = text(client.get(url("gate", gate)))
    word = {"verdict": "approve", "round": 1, "reason": "Looks right"}
    said = client.post(url("gate_say", gate), word, follow=True)
    client.force_login(editor)
    opened = client.post(url("gate_open", gate), {"reason": "Agreed"}, follow=True)

    assert "The approvers are asked to decide." in text(asked)
    assert early.status_code == 422
    assert "The gate stays closed. Has not spoken yet: Executive sponsor." in text(early)
    assert "We are late" in text(early)
    assert "Your word is asked for" in page
    assert "Please by Friday" in page
    assert "Your approval is recorded." in text(said)
    for words in ("This gate is open", "Looks right", "Agreed", "Decision asked for"):
        assert words in text(opened)


def test_whoever_is_not_named_cannot_say_anything(client, gate, editor, organization):
    make_member(organization)
    gate_ask(gate=gate, user=editor)

    page = client.get(url("gate", gate))
    response = client.post(url("gate_say", gate), {"verdict": "approve", "round": 1})

    assert "Your word is asked for" not in text(page)
    assert response.status_code == 403
    assert gate.approvals.count() == 0


def test_verdict_for_a_round_that_is_over_is_told_and_kept(client, gate, editor):
    approver_name(roadmap=gate.roadmap, user=editor, role_id=gate.roles[0].id, person=editor)
    gate_ask(gate=gate, user=editor)
    client.post(url("gate_withdraw", gate), {"reason": "Too early"})
    gate.refresh_from_db()
    gate_ask(gate=gate, user=editor)

    stale = {"verdict": "refuse", "reason": "The lab is missing", "round": 1}
    response = client.post(url("gate_say", gate), stale)

    assert response.status_code == 409
    assert "Nothing was recorded" in text(response)
    assert "The lab is missing" in text(response)
    assert gate.approvals.count() == 0


def test_refusing_without_a_reason_is_refused_in_place(client, gate, editor):
    approver_name(roadmap=gate.roadmap, user=editor, role_id=gate.roles[0].id, person=editor)
    gate_ask(gate=gate, user=editor)

    response = client.post(url("gate_say", gate), {"verdict": "refuse", "round": 1})

    assert response.status_code == 422
    assert 'id="say-reason_error"' in text(response)


def test_decision_that_the_gate_stays_closed_is_shown_with_its_reason(client, gate, editor):
    gate_ask(gate=gate, user=editor)

    client.post(url("gate_refuse", gate), {"reason": "The board wants to see it"})

    page = text(client.get(url("gate", gate)))
    assert "The board wants to see it" in page
    assert "Ask for the decision" in page


def test_evidence_is_attached_to_an_item_as_link_or_file(client, gate, editor):
    item = url("gate_item_attach", gate, "G1-2")
    upload = io.BytesIO(b"Protocol of the trial deployment")
    upload.name = "protocol.txt"

    linked = client.post(item, {"url": "https://intranet.example/log", "title": "The log"})
    filed = client.post(item, {"file": upload})
    neither = client.post(item, {"url": ""})
    wrong = client.post(item, {"url": "ftp://intranet.example", "title": "Kept"})
    unknown = client.post(url("gate_item_attach", gate, "G9-9"), {"url": "https://a.example/"})

    assert (linked.status_code, filed.status_code, unknown.status_code) == (302, 302, 404)
    assert (neither.status_code, wrong.status_code) == (422, 422)
    assert 'id="proof-G1-2-url_error"' in text(wrong)
    assert "Kept" in text(wrong)
    page = text(client.get(url("gate", gate)))
    assert "The log" in page
    assert "protocol.txt" in page
    assert {piece.item_id for piece in gate.evidence.all()} == {"G1-2"}


def test_gate_says_what_has_to_be_shown(client, gate):
    gate.checklist[0]["needs_evidence"] = True
    gate.save()

    page = text(client.get(url("gate", gate)))
    refused = client.post(url("gate_ask", gate), {"note": ""})

    assert "Not shown yet" in page
    assert "A note alone does not open the gate." in page
    assert "still has to be shown with a file or link" in text(refused)


def test_gate_names_who_started_before_it_and_leads_to_the_crosswalk(client, gate, editor):
    StartOverride.objects.create(
        initiative=gate.roadmap.initiatives.get(initiative_id="A3"),
        gate=gate,
        reason="The vendor's date could not move",
        made_by=editor,
    )
    comment_add(roadmap=gate.roadmap, gate=gate, author=editor, text="See you on Monday")

    page = text(client.get(url("gate", gate)))

    assert "Started before this gate" in page
    assert "The vendor's date could not move" in page
    assert "See you on Monday" in page
    assessment = gate.roadmap.snapshot.assessment_id
    slug = gate.roadmap.organization.slug
    assert reverse("assessments:coverage_gate", args=[slug, assessment, "G1"]) in page


def test_single_member_is_told_what_to_do(client):
    owner = make_member(role=Role.OWNER)
    client.force_login(owner.user)
    gate = make_roadmap(owner.organization).gates.get()
    gate.roadmap.initiatives.update(status="done", finished_on=MONDAY)
    gate_confirm_item(gate=gate, user=owner.user, item_id="G1-2", note="Minutes")
    gate_ask(gate=gate, user=owner.user)

    page = text(client.get(url("gate", gate)))
    client.post(url("gate_attach", gate), {"url": "https://a.example/signed"})
    outside = {"outside": "Dr. Weiss, clinic", "reason": "She signed on Monday"}
    opened = client.post(url("gate_open", gate), outside, follow=True)

    assert "Nobody else is a member here" in page
    assert "Approved outside Waymark by Dr. Weiss, clinic" in text(opened)
    assert "You are the only member." in text(client.get(url("approvers", gate)))


def test_list_says_how_each_gate_stands(client, gate, editor, organization):
    make_member(organization)
    before = text(client.get(url("gates", gate)))
    approver_name(roadmap=gate.roadmap, user=editor, role_id=gate.roles[0].id, person=editor)
    gate_ask(gate=gate, user=editor)

    asked = text(client.get(url("gates", gate)))

    assert "Ready to be decided" in before
    assert "Vacant: Executive sponsor" in " ".join(before.split())
    assert "Your word is asked for" in asked
    assert "0 of 1 roles approved" in asked


def test_approver_is_named_and_taken_off(client, gate, editor, organization):
    person = make_member(organization, Role.VIEWER).user
    role = gate.roles[0].id

    named = client.post(url("approvers", gate), {"role": role, "person": person.pk}, follow=True)
    stranger = make_member().user
    refused = client.post(url("approvers", gate), {"role": role, "person": stranger.pk})
    found = gate.roadmap.approvers.get()
    gone = client.post(url("approver_remove", gate, found.pk), follow=True)

    assert f"{person} speaks for: Executive sponsor." in text(named)
    assert refused.status_code == 422
    assert "no longer speaks for this role" in text(gone)
    assert gate.roadmap.approvers.count() == 0


@pytest.mark.parametrize("name", ["gates", "gate", "approvers"])
def test_pages_cost_the_same_queries_for_a_little_and_for_much(client, organization, editor, name):
    def counted(many):
        roadmap = make_roadmap(organization, initiatives=3 + many)
        roadmap.initiatives.exclude(kind="review").update(status="done", finished_on=MONDAY)
        gate = roadmap.gates.get()
        gate_confirm_item(gate=gate, user=editor, item_id="G1-2", note="Minutes")
        for number in range(many):
            item = {"gate": gate, "item_id": "G1-2"}
            address = f"https://a.example/{number}"
            evidence_add_link(roadmap=roadmap, user=editor, url=address, **item)
            person = make_member(organization).user
            approver_name(roadmap=roadmap, user=editor, role_id=gate.roles[0].id, person=person)
        approved(gate)
        gate_open(gate=gate, user=editor)
        return gate

    def queries(gate):
        with CaptureQueriesContext(connection) as found:
            assert client.get(url(name, gate)).status_code == 200
        return len(found)

    assert queries(counted(1)) == queries(counted(6)) < 32


def test_list_says_why_a_review_is_planned_for_its_day(client, gate):
    review = gate.roadmap.initiatives.get(kind="review")
    before = gate.roadmap.initiatives.exclude(kind="review").first()
    waits = {"kind": "predecessor", "what": before.initiative_id}
    gate.roadmap.initiatives.filter(pk=review.pk).update(bound_by=waits)

    page = text(client.get(url("gates", gate)))

    assert f"It follows directly on {before.initiative_id} {before.title}, which it needs." in page
