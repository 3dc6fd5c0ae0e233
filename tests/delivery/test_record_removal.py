"""Records removed, and two people who change the same one."""

import json
import re

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from delivery.models import Change, DailyFigures, Deployment, Incident
from delivery.services.daily import system_recount
from delivery.services.linking import link_judge
from delivery.services.records import store
from delivery.services.systems import system_update
from tests.delivery.factories import change, deployment, incident
from tests.delivery.test_intake_entry import Desk

pytestmark = pytest.mark.django_db


def address(desk, row, kind="deployment"):
    return reverse("delivery:record_remove", args=[desk.organization.slug, kind, row.pk])


def seen(answer):
    return re.search(r'name="seen" value="(\w+)"', answer.content.decode()).group(1)


def test_a_removed_deployment_counts_no_more_and_leaves_what_named_it():
    desk = Desk()
    told = [deployment("d1"), incident("i1", deployment="d1"), change("c1", deployment="d1")]
    store(desk.system, told, origin="form")
    row = Deployment.objects.get()
    link_judge(incident=Incident.objects.get(), user=None, is_cause=True)
    system_recount(desk.system)
    before = DailyFigures.objects.get().figures

    asked = desk.client.get(address(desk, row))
    answer = desk.client.post(address(desk, row), {"seen": seen(asked)})
    system_recount(desk.system)

    assert (asked.status_code, answer.status_code) == (200, 302)
    assert not Deployment.objects.exists()
    left = Incident.objects.get()
    assert (left.deployment, left.deployment_external_id, left.link) == (None, "d1", "none")
    assert Change.objects.get().deployment is None
    assert DailyFigures.objects.get().figures != before
    entry = AuditEntry.objects.get(verb="record.removed")
    assert entry.detail["cause_of"] == ["i1"]
    assert entry.detail["deployed_at"].startswith("2026-11-02")

    store(desk.system, [deployment("d1")], origin="webhook")
    assert Incident.objects.get().link == "proposed"


def test_the_only_record_of_a_day_takes_its_figures_along():
    desk = Desk()
    store(desk.system, [deployment("d1")], origin="file")
    system_recount(desk.system)

    desk.client.post(address(desk, Deployment.objects.get()))
    system_recount(desk.system)

    assert not DailyFigures.objects.exists()


def test_what_a_tool_sent_may_come_back_and_the_page_says_so():
    desk = Desk()
    store(desk.system, [deployment("d1")], origin="webhook")

    page = desk.client.get(address(desk, Deployment.objects.get())).content.decode()

    assert "may send it again" in page


def test_what_changed_meanwhile_is_not_removed():
    desk = Desk()
    store(desk.system, [deployment("d1")], origin="form")
    row = Deployment.objects.get()
    opened = desk.client.get(address(desk, row))
    store(desk.system, [deployment("d1", result="failed")], origin="webhook")

    answer = desk.client.post(address(desk, row), {"seen": seen(opened)})

    assert answer.status_code == 409
    assert Deployment.objects.exists()


def test_the_second_of_two_who_change_a_record_is_shown_what_the_first_saved():
    desk = Desk()
    store(desk.system, [deployment("d1")], origin="form")
    row = Deployment.objects.get()
    mark = seen(desk.change("deployment", row))
    data = {"deployed_at": "2026-11-01T10:00", "result": "success", "is_production": "on"}
    desk.change("deployment", row, **data, version="theirs", seen=mark)

    answer = desk.change("deployment", row, **data, version="mine", seen=mark)

    assert answer.status_code == 409
    assert 'value="mine"' in answer.content.decode()
    assert "theirs" in answer.content.decode()
    assert Deployment.objects.get().version == "theirs"
    again = desk.change("deployment", row, **data, version="mine", seen=seen(answer))
    assert again.status_code == 302
    assert Deployment.objects.get().version == "mine"


WORDS = "Mrs Example, MRN 12345, could not be found"


def test_the_history_keeps_nobodys_own_words():
    """They may be the reason to remove a record, and what is appended cannot be removed."""
    desk = Desk()
    told = [deployment("d1"), incident("i1", title=WORDS, deployment="d1")]
    store(desk.system, told, origin="webhook")
    row = Incident.objects.get()

    link_judge(incident=row, user=None, is_cause=True)
    desk.change("incident", row, opened_at="2026-11-02T13:00", severity="low", title=f"{WORDS}!")
    desk.client.post(address(desk, row, "incident"))
    baseline = {"value": 1.0, "from": "", "until": "", "note": WORDS}
    aims = {"lead_time": baseline}
    system_update(system=desk.system, user=None, note=WORDS, baselines=aims)

    details = [entry.detail for entry in AuditEntry.objects.all()]
    assert WORDS not in json.dumps(details)
    removed = AuditEntry.objects.get(verb="record.removed").detail
    assert removed["title"] == {"characters": len(WORDS) + 1}
    changed = AuditEntry.objects.get(verb="system.changed").detail
    assert changed["note"] == ["", {"characters": len(WORDS)}]


def test_the_history_says_what_a_person_changed_of_a_record():
    desk = Desk()
    store(desk.system, [deployment("d1", version="7")], origin="webhook")
    values = {"deployed_at": "2026-11-02T13:00", "is_production": "on", "version": "8"}

    desk.change("deployment", Deployment.objects.get(), result="failed", **values)

    detail = AuditEntry.objects.get(verb="record.changed").detail
    assert detail == {
        "kind": "deployment",
        "system": desk.system.name,
        "result": ["success", "failed"],
        "release": ["7", "8"],
    }
