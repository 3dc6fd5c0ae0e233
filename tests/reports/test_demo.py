import hashlib
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.demo import DEMO_PASSWORD, DEMO_PEOPLE
from accounts.models import Membership, Organization, User
from assessments.models import PeerRelease
from jobs.models import Job
from reports.models import Report
from roadmap.models import PlannedInitiative, Roadmap, Scenario

DEMO = Path(settings.BASE_DIR) / "demo"
LONGEST_SECONDS = 8
# SHA-256 of what follows the header: the answers were given before any score was known.
ANSWERS = {
    "per-1.yaml": "724265dd1db3916e2992f0f9e996149bb5160447d11bd9ef752a226bba616151",
    "per-3.yaml": "f29c8bfcbb130ef9a001e9d62bc50ff525a5cd41a8f3329108fba74e70931132",
    "per-4.yaml": "b9ef09c7b51e472df44f8cf07a0b5d5425029c3ed623a722285f551bc64ac642",
    "per-6.yaml": "e7eebc13f62b8eb3d71d8d5f68f29ff1257d9892c9c1e88f290e368a59bb058e",
}


@pytest.mark.parametrize("name", ANSWERS)
def test_demo_answers_are_as_they_were_given(name: str) -> None:
    header, answers = (DEMO / name).read_text().split('(fictional)"\n')

    assert hashlib.sha256(answers.encode()).hexdigest() == ANSWERS[name]
    assert "organization:" in header


@pytest.mark.django_db
def test_load_demo_makes_organizations_under_way_and_logins_that_work(
    capsys: pytest.CaptureFixture[str],
) -> None:
    began = time.process_time()

    call_command("load_demo")

    assert time.process_time() - began < LONGEST_SECONDS
    assert Organization.objects.filter(name__endswith="(fictional)").count() == 8
    demo = Roadmap.objects.exclude(organization__slug="demo-device-maker")
    for roadmap in demo:
        statuses = set(roadmap.initiatives.values_list("status", flat=True))
        assert statuses >= {"done", "in_progress", "not_started"}
        assert roadmap.snapshot.created_at.date() <= roadmap.start_on
    # Two reports, two forecasts of what was adopted and two of the rest of it, one search for the
    # second plan on trial; and no mail.
    assert Report.objects.count() == demo.count() == 2
    assert Scenario.objects.exclude(roadmap=None).count() == 3
    assert Scenario.objects.filter(roadmap=None).count() == 2
    assert Job.objects.filter(state="queued").count() == 7
    told = capsys.readouterr().out
    assert all(email in told for email, _name, _role in DEMO_PEOPLE)
    assert "6 more: a consultancy" in told
    assert DEMO_PASSWORD in told
    # Loading costs more than looking: what else is there is looked at here too.
    hospital_has_passed_its_first_gate()
    assert len(PeerRelease.objects.get().members) == 5
    for email, _name, role in DEMO_PEOPLE:
        login_works_with_its_role(email, role)


def hospital_has_passed_its_first_gate() -> None:
    roadmap = Roadmap.objects.get(organization__slug="demo-rural-hospital")

    gate = roadmap.gates.get(gate_id="G1")
    assert gate.is_open
    assert roadmap.initiatives.get(initiative_id=gate.review).status == "done"


def login_works_with_its_role(email: str, role: str) -> None:
    client = Client()

    client.post(reverse("account_login"), {"login": email, "password": DEMO_PASSWORD})

    answer = client.get(reverse("roadmap:list", args=["demo-rural-hospital"]))
    assert answer.status_code == 200
    assert answer.context["access"].role == role


@pytest.mark.django_db
def test_load_demo_twice_changes_nothing() -> None:
    def counts() -> list[int]:
        models = (User, Organization, Membership, Roadmap, PlannedInitiative, Report, Job)
        return [model.objects.count() for model in models]

    call_command("load_demo")
    before = counts()
    Organization.objects.filter(slug="demo-rural-hospital").update(name="Renamed by a visitor")

    call_command("load_demo")

    assert counts() == before
    assert Organization.objects.filter(name="Renamed by a visitor").exists()


@pytest.mark.django_db
def test_load_demo_refuses_production(settings: Settings) -> None:
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="never created in production"):
        call_command("load_demo")

    assert User.objects.count() == 0


@pytest.mark.django_db
def test_load_demo_makes_nothing_when_the_demo_is_off(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.WAYMARK_DEMO = False

    call_command("load_demo")

    assert (User.objects.count(), capsys.readouterr().out) == (0, "")
