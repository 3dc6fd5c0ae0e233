"""Records entered and changed by hand."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AuditEntry
from delivery.models import Deployment, Incident
from delivery.services.records import store
from tests.delivery.factories import deployment, incident
from tests.delivery.intake_factories import make_system
from tests.factories import make_member, make_organization

pytestmark = pytest.mark.django_db


class Desk:
    """Somebody with the forms of one system."""

    def __init__(self, **values: Any) -> None:
        self.organization = make_organization(time_zone="Europe/Berlin")
        self.system = make_system(self.organization, **values)
        self.client = Client()
        self.client.force_login(make_member(self.organization, Role.CONTRIBUTOR).user)

    def enter(self, kind: str, /, **data: Any) -> Any:
        slug = self.organization.slug
        url = reverse("delivery:record_create", args=[slug, self.system.pk, kind])
        return self.client.post(url, data) if data else self.client.get(url)

    def change(self, kind: str, row: Any, /, **data: Any) -> Any:
        url = reverse("delivery:record_edit", args=[self.organization.slug, kind, row.pk])
        return self.client.post(url, data) if data else self.client.get(url)


COMPLETE: list[tuple[str, dict[str, Any]]] = [
    ("deployment", {"deployed_at": "2026-11-01T10:00", "result": "failed"}),
    ("incident", {"opened_at": "2026-11-01T10:00", "severity": "high", "title": "Slow"}),
    ("change", {"deployed_at": "2026-11-01T10:00", "kind": "normal", "ticket": "CHG-1"}),
    ("vulnerability", {"found_at": "2026-11-01T10:00", "severity": "high"}),
    ("coverage", {"measured_at": "2026-11-01T10:00", "lines_covered": 7, "lines_total": 10}),
]


@pytest.mark.parametrize(("kind", "data"), COMPLETE)
def test_each_kind_is_entered_shown_and_changed(kind: str, data: dict[str, Any]):
    from delivery.services.entry import MODELS

    desk = Desk()
    assert desk.enter(kind).status_code == 200

    answer = desk.enter(kind, **data)

    assert answer.status_code == 302
    row = MODELS[kind].objects.get()
    assert (row.system, row.origin) == (desk.system, "form")
    assert row.entered_by is not None
    assert desk.change(kind, row).status_code == 200
    assert desk.change(kind, row, **data).status_code == 302
    assert MODELS[kind].objects.count() == 1
    assert AuditEntry.objects.filter(verb="record.entered").count() == 1


def test_times_are_the_organizations_and_skipped_hours_are_told():
    desk = Desk()

    skipped = desk.enter("deployment", deployed_at="2026-03-29T02:30", result="success")
    desk.enter("deployment", deployed_at="2026-03-29T03:30", result="success")

    assert skipped.status_code == 422
    assert "2026-03-29T02:30" in skipped.content.decode()
    assert Deployment.objects.get().deployed_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("deployment", {"deployed_at": "2090-01-01T10:00", "result": "success"}),
        ("deployment", {"deployed_at": "1990-01-01T10:00", "result": "success"}),
        ("deployment", {"deployed_at": "soon", "result": "success"}),
        ("deployment", {"deployed_at": "2026-11-01T10:00", "result": "perhaps"}),
        (
            "incident",
            {
                "opened_at": "2026-11-01T10:00",
                "resolved_at": "2026-11-01T09:00",
                "severity": "low",
            },
        ),
        ("coverage", {"measured_at": "2026-11-01T10:00", "lines_covered": 9, "lines_total": 3}),
        (
            "vulnerability",
            {
                "found_at": "2026-11-01T10:00",
                "dismissed_at": "2026-11-02T10:00",
                "severity": "low",
            },
        ),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(kind: str, data: dict[str, Any]):
    answer = Desk().enter(kind, **data)

    assert answer.status_code == 422
    assert str(next(iter(data.values()))) in answer.content.decode()


def test_emptied_end_opens_an_incident_again():
    desk = Desk()
    data = {"opened_at": "2026-11-01T10:00", "severity": "high"}
    desk.enter("incident", resolved_at="2026-11-01T11:00", **data)
    assert Incident.objects.get().resolved_at is not None

    desk.change("incident", Incident.objects.get(), **data)

    assert Incident.objects.get().resolved_at is None


def test_a_known_id_is_not_entered_over():
    desk = Desk()
    store(desk.system, [deployment("d1")], origin="webhook")

    answer = desk.enter(
        "deployment", external_id="d1", deployed_at="2026-11-01T10:00", result="failed"
    )

    assert answer.status_code == 422
    assert Deployment.objects.get().result == "success"


def test_vendor_managed_systems_are_timed_by_their_tickets():
    desk = Desk(is_vendor_managed=True)

    desk.enter(
        "deployment",
        deployed_at="2026-11-03T10:00",
        committed_at="2026-11-01T10:00",
        result="success",
    )

    assert Deployment.objects.get().is_by_ticket


def test_unknown_kinds_are_not_found():
    assert Desk().enter("patient").status_code == 404


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_the_ends_of_the_calendar_are_refused_in_forms(year: str):
    answer = Desk().enter("deployment", deployed_at=f"{year}-12-31T23:59", result="success")

    assert answer.status_code == 422


def test_what_a_form_cannot_show_of_a_moment_is_kept():
    """Seconds, and which of the two half past twos of the night when the clocks go back."""
    desk = Desk()
    began = datetime(2026, 10, 25, 0, 50, 37, tzinfo=UTC)
    over = datetime(2026, 10, 25, 1, 10, 12, tzinfo=UTC)
    store(desk.system, [incident("i1", began, resolved_at=over)], origin="webhook")
    row = Incident.objects.get()
    typed = {"opened_at": "2026-10-25T02:50", "resolved_at": "2026-10-25T02:10"}
    page = desk.change("incident", row).content.decode()
    assert all(f'value="{moment}"' in page for moment in typed.values())

    answer = desk.change("incident", row, **typed, severity="low", title="Slow")

    row.refresh_from_db()
    assert answer.status_code == 302
    assert (row.title, row.opened_at, row.resolved_at) == ("Slow", began, over)
