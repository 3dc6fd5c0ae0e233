"""Sources: connecting, naming, renewing, ending, and what their pages show."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditEntry
from delivery.domain.payloads import own
from delivery.models import InboundEvent, RefusalCount, Source
from delivery.services.intake import events_work_off
from delivery.services.sources import source_end, source_renew, source_secret
from tests.delivery.intake_factories import (
    address,
    deployment,
    make_source,
    make_system,
    secret,
    signed,
)
from tests.factories import make_member, make_organization

pytestmark = pytest.mark.django_db


def client_of(source: Source, role: str = Role.EDITOR) -> Client:
    client = Client()
    client.force_login(make_member(source.organization, role).user)
    return client


def page_of(name: str, source: Source) -> str:
    return reverse(f"delivery:{name}", args=[source.organization.slug, source.pk])


def test_connecting_a_tool_leads_to_its_address_and_secret():
    organization = make_organization()
    system = make_system(organization)
    client = Client()
    client.force_login(make_member(organization, Role.EDITOR).user)

    answer = client.post(
        reverse("delivery:source_create", args=[organization.slug]),
        {"name": "CI", "kind": "github", "system": system.pk, "production": "Live, PROD"},
        follow=True,
    )

    made = Source.objects.get()
    assert (made.kind, made.system, made.production) == ("github", system, ["live", "prod"])
    shown = answer.content.decode()
    assert address(made) in shown
    assert source_secret(made) in shown
    assert AuditEntry.objects.filter(verb="source.created").count() == 1


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CONTRIBUTOR])
def test_secret_and_address_are_shown_to_editors_only(role: str):
    source = make_source()

    shown = client_of(source, role).get(page_of("source", source)).content.decode()

    assert secret(source) not in shown
    assert address(source) not in shown


def test_renewing_keeps_the_old_secret_for_a_day_and_can_drop_it(
    django_capture_on_commit_callbacks: Any,
):
    source = make_source()
    old = signed(source, deployment())
    client = client_of(source)

    client.post(page_of("source_renew", source))

    assert Client().post(address(source), **old).status_code == 202
    source.refresh_from_db()
    later = signed(source, deployment(2))
    assert Client().post(address(source), **later).status_code == 202

    with django_capture_on_commit_callbacks(execute=True):
        client.post(page_of("source_renew", source), {"drop_old": "1"})

    assert Client().post(address(source), **old).status_code == 401


def test_ending_and_renewing_are_recorded(django_capture_on_commit_callbacks: Any):
    source = make_source()
    with django_capture_on_commit_callbacks(execute=True):
        source_renew(source=source, user=None)
        source_end(source=source, user=None)
        source_end(source=source, user=None)

    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs[-2:] == ["source.renewed", "source.ended"]
    assert Client().post(address(source), **signed(source, deployment())).status_code == 410


def test_naming_a_project_lets_rejected_events_be_taken():
    source = make_source(kind="gitlab", system=None)
    system = make_system(source.organization, name="Portal", key="portal")
    body = (
        '{"object_kind": "deployment", "status": "success", "deployment_id": 7, "environment":'
        ' "production", "status_changed_at": "2026-11-20 10:00:00 +0100",'
        ' "project": {"path_with_namespace": "clinic/Portal-Web"}}'
    )
    InboundEvent.objects.create(source=source, event_id="1", body=body, received_at=timezone.now())
    events_work_off()
    client = client_of(source)
    assert (
        "No system is named for “clinic/Portal-Web”."
        in client.get(page_of("source", source)).content.decode()
    )

    wrong = client.post(
        page_of("source_edit", source), {"name": "x", "systems": "clinic/portal-web = portl"}
    )
    right = client.post(
        page_of("source_edit", source), {"name": "x", "systems": "clinic/portal-web = portal"}
    )
    client.post(page_of("source_rework", source))
    events_work_off()

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert InboundEvent.objects.get().state == "taken"
    assert system.deployments.get().external_id == "7"


def test_page_of_a_source_makes_the_same_queries_for_many_events(
    django_assert_max_num_queries: Any,
):
    source = make_source()
    client = client_of(source)

    def count(number: int) -> int:
        for n in range(number):
            InboundEvent.objects.create(
                source=source,
                event_id=f"{number}-{n}",
                body="{}",
                received_at=timezone.now(),
                state="rejected" if n % 2 else "taken",
                reason="No.",
            )
            RefusalCount.objects.create(
                source=source, reason="not_json", hour=timezone.now(), last_at=timezone.now()
            )
        with django_assert_max_num_queries(40) as found:
            assert client.get(page_of("source", source)).status_code == 200
        return len(found.captured_queries)

    count(1)
    assert count(2) == count(60)


def test_list_of_sources_makes_the_same_queries_for_many(django_assert_max_num_queries: Any):
    source = make_source()
    client = client_of(source)
    url = reverse("delivery:sources", args=[source.organization.slug])

    def count() -> int:
        with django_assert_max_num_queries(40) as found:
            assert client.get(url).status_code == 200
        return len(found.captured_queries)

    count()
    one = count()
    for _n in range(5):
        make_source(source.organization)
    assert count() == one


def test_page_of_own_json_names_every_header_and_field_it_reads():
    source = make_source()

    shown = client_of(source).get(page_of("source", source)).content.decode()

    for kind, (_reader, fields) in own._READERS.items():
        row = shown.split(f'<th scope="row"><code>{kind}</code>')[1].split("</tr>")[0]
        assert set(re.findall(r"<code>(\w+)</code>", row)) == fields | {"id"}
    for header in ("webhook-id", "webhook-timestamp", "webhook-signature"):
        assert f"<code>{header}</code>" in shown
    assert "docs/" not in shown
