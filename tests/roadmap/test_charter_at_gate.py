"""What a pilot's charter leaves open stands before those who decide on the pilot."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from roadmap.models import GateState, Roadmap
from roadmap.services.charters import charter_start
from tests.factories import make_member
from tests.roadmap.factories import make_pilot_snapshot, make_roadmap

pytestmark = pytest.mark.django_db
WORDS = "The pilot charter leaves open"


@pytest.fixture
def piloted(client):
    """An editor, signed in, with a charter and a roadmap that has the pilot's gate."""
    editor = make_member(role=Role.EDITOR)
    snapshot = make_pilot_snapshot(editor.organization)
    charter_start(snapshot=snapshot, user=editor.user, position=1)
    roadmap = make_roadmap(editor.organization)
    Roadmap.objects.filter(pk=roadmap.pk).update(snapshot=snapshot)
    GateState.objects.update(gate_id="G2")
    client.force_login(editor.user)
    return reverse("roadmap:gate", args=[editor.organization.slug, roadmap.pk, "G2"])


def test_gate_of_the_pilot_shows_what_its_charter_leaves_open(client, piloted):
    assert WORDS in client.get(piloted).content.decode()


def test_other_gates_and_open_ones_show_nothing_of_it(client, piloted):
    GateState.objects.update(is_open=True)
    assert WORDS not in client.get(piloted).content.decode()

    GateState.objects.update(is_open=False, gate_id="G1")
    assert WORDS not in client.get(piloted.replace("G2", "G1")).content.decode()
