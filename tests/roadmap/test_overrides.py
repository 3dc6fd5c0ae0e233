"""Work that begins behind a closed gate: who may, and where it stands afterwards."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AuditEntry
from inbox.models import Notice
from roadmap.models import PlannedInitiative, ProgressEntry, StartOverride
from roadmap.services import approver_name
from tests.factories import make_member, make_organization, make_user
from tests.roadmap.factories import make_roadmap

pytestmark = pytest.mark.django_db

WHY = "The server must go before the lease ends."


@pytest.fixture
def roadmap():
    """B1 follows the review A2 of the closed gate G1."""
    made = make_roadmap(make_organization(), initiatives=2)
    behind = made.initiatives.get(initiative_id="A1")
    behind.pk, behind.initiative_id, behind.rank = None, "B1", 9
    behind.predecessors = ["A2"]
    behind.save()
    return made


def start(client, roadmap, role, **said):
    member = make_member(roadmap.organization, role=role)
    client.force_login(member.user)
    where = reverse("roadmap:initiative", args=[roadmap.organization.slug, roadmap.pk, "B1"])
    reasons = {"reason_gate": WHY, "reason_predecessor": WHY}
    return member.user, client.post(where, {"status": "in_progress", "version": 0, **reasons})


def test_a_contributor_starts_nothing_behind_a_closed_gate(client, roadmap):
    make_member(roadmap.organization, role=Role.EDITOR, user=make_user(name="Eva Decider"))

    _user, answer = start(client, roadmap, Role.CONTRIBUTOR)

    assert answer.status_code == 409
    assert "To start it before the gate opens, ask Eva Decider." in answer.content.decode()
    assert roadmap.initiatives.get(initiative_id="B1").status == "not_started"
    assert not StartOverride.objects.exists()
    assert not ProgressEntry.objects.exists()


def test_an_editors_override_stands_wherever_it_is_looked_for(client, roadmap):
    speaker = make_member(roadmap.organization, role=Role.VIEWER).user
    owner = make_member(roadmap.organization, role=Role.OWNER).user
    gate = roadmap.gates.get()
    approver_name(roadmap=roadmap, user=owner, role_id=gate.roles[0].id, person=speaker)

    editor, _answer = start(client, roadmap, Role.EDITOR)

    where = [roadmap.organization.slug, roadmap.pk]
    page = client.get(reverse("roadmap:gate", args=[*where, "G1"])).content.decode()
    own_page = client.get(reverse("roadmap:initiative", args=[*where, "B1"])).content.decode()
    kept = StartOverride.objects.get()
    assert PlannedInitiative.objects.get(initiative_id="B1").status == "in_progress"
    assert (kept.gate, kept.reason, kept.made_by) == (gate, WHY, editor)
    assert "Started before this gate" in page
    assert WHY in page
    assert "Started although:" in own_page
    assert WHY in own_page
    assert AuditEntry.objects.get(verb="initiative.overridden").detail["reason"] == WHY
    notice = Notice.objects.get(kind="gate.decided")
    assert (notice.person, notice.text) == (speaker, WHY)
    assert notice.title.startswith("Started before gate G1 is open")
