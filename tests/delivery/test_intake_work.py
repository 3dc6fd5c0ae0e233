"""Working events off: each once, in any order, none stopping the rest."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from delivery.models import Deployment, InboundEvent, Incident, RefusalCount, Source
from delivery.services import intake
from delivery.services.intake import events_prune, events_rework, events_work_off
from delivery.tasks import prune_events, work_off
from tests.delivery.intake_factories import deployment, make_source, make_system, numbers

pytestmark = pytest.mark.django_db


def arrive(source: Source, payload: Any, *, at: datetime | None = None) -> InboundEvent:
    return InboundEvent.objects.create(
        source=source,
        event_id=f"event-{next(numbers)}",
        body=payload if isinstance(payload, str) else json.dumps(payload),
        received_at=at or timezone.now(),
    )


def states() -> list[str]:
    return list(InboundEvent.objects.order_by("pk").values_list("state", flat=True))


def test_events_become_records_and_twice_changes_nothing():
    source = make_source()
    arrive(source, deployment(1, result="failed"))
    arrive(source, deployment(2))

    work_off()
    work_off()

    assert states() == ["taken", "taken"]
    found = Deployment.objects.order_by("external_id")
    assert [(each.external_id, each.result) for each in found] == [
        ("d1", "failed"),
        ("d2", "success"),
    ]
    assert {(each.origin, each.source) for each in found} == {("webhook", source)}
    event = InboundEvent.objects.earliest("pk")
    assert event.made == [["deployment", found[0].pk]]
    assert (event.attempts, event.worked_at is not None) == (1, True)


def test_poison_does_not_stop_the_rest(monkeypatch: pytest.MonkeyPatch):
    source, other = make_source(), make_source()
    arrive(source, "{broken")
    arrive(source, deployment(1, deployed_at="2199-01-01T00:00:00Z"))
    arrive(source, {"kind": "ping"})
    arrive(source, deployment(2))
    arrive(other, deployment(3))
    real = intake.store

    def store(system: Any, records: Any, **options: Any) -> Any:
        if any(record.external_id == "d2" for record in records):
            raise ValueError("A fault of ours")
        return real(system, records, **options)

    monkeypatch.setattr(intake, "store", store)

    events_work_off()

    assert states() == ["rejected", "rejected", "ignored", "rejected", "taken"]
    assert [each.external_id for each in Deployment.objects.all()] == ["d3"]
    assert "lies in the future" in InboundEvent.objects.order_by("pk")[1].reason


def test_one_that_cannot_be_stored_spoils_no_other_of_its_source(
    monkeypatch: pytest.MonkeyPatch,
):
    source = make_source()
    for number in (1, 2, 3):
        arrive(source, deployment(number))
    real = intake.store

    def store(system: Any, records: Any, **options: Any) -> Any:
        if any(record.external_id == "d2" for record in records):
            raise ValueError("A fault of ours")
        return real(system, records, **options)

    monkeypatch.setattr(intake, "store", store)
    events_work_off()
    assert states() == ["taken", "rejected", "taken"]

    monkeypatch.setattr(intake, "store", real)
    assert events_rework(source=source, user=None) == 1
    events_work_off()

    assert states() == ["taken", "taken", "taken"]
    assert Deployment.objects.count() == 3
    assert AuditEntry.objects.filter(verb="source.reworked").count() == 1


def test_late_messages_do_not_undo_newer_ones():
    source = make_source()
    opened = {"kind": "incident", "id": "i", "opened_at": "2026-11-01T10:00:00Z"}
    closed = opened | {"resolved_at": "2026-11-01T11:00:00Z", "told_at": "2026-11-01T11:00:00Z"}
    stale = opened | {"resolved_at": None, "told_at": "2026-11-01T10:05:00Z"}
    for payload in (closed, stale):
        arrive(source, payload)
        events_work_off()

    assert Incident.objects.get().resolved_at == datetime(2026, 11, 1, 11, tzinfo=UTC)


def test_what_nobody_dates_was_told_when_it_arrived():
    source = make_source()
    now = timezone.now()
    arrive(source, deployment(1, result="success"), at=now)
    arrive(source, deployment(1, result="failed"), at=now - timedelta(hours=1))

    events_work_off()

    assert Deployment.objects.get().result == "success"


def test_names_lead_to_systems_and_unknown_ones_are_rejected():
    portal = make_system(key="portal", name="Portal")
    lab = make_system(portal.organization, key="lab", name="Lab")
    source = make_source(portal.organization, system=None, systems={"Laboratory": "lab"})
    for number, system in enumerate(("portal", "LABORATORY", "pharmacy", None), 1):
        arrive(source, deployment(number, system=system))

    events_work_off()

    assert states() == ["taken", "taken", "rejected", "rejected"]
    assert portal.deployments.get().external_id == "d1"
    assert lab.deployments.get().external_id == "d2"
    reasons = InboundEvent.objects.order_by("pk").values_list("reason", flat=True)
    assert reasons[2] == "No system is named for “pharmacy”."


def test_systems_of_others_are_never_reached_by_name():
    theirs = make_system(key="theirs")
    source = make_source(system=None)
    arrive(source, deployment(1, system="theirs"))

    events_work_off()

    assert states() == ["rejected"]
    assert not theirs.deployments.exists()


def test_ended_systems_take_nothing():
    source = make_source()
    assert source.system is not None
    source.system.ended_at = timezone.now()
    source.system.save()
    arrive(source, deployment(1))

    events_work_off()

    assert states() == ["rejected"]


def test_devlake_close_finds_its_incident_in_the_same_batch_or_later():
    source = make_source(kind="devlake")
    issue = {"issueKey": "A", "createdDate": "2026-11-01T10:00:00Z", "status": "TODO"}
    arrive(source, {"issueKey": "A"})
    events_work_off()
    assert states() == ["rejected"]

    arrive(source, issue | {"updatedDate": "2026-11-01T10:00:00Z"})
    arrive(source, {"issueKey": "A", "resolutionDate": "2026-11-01T12:00:00Z"})
    events_work_off()

    # The first is tried again and is older than what was said since.
    assert states() == ["taken", "taken", "taken"]
    assert Incident.objects.get().resolved_at == datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("is_one_batch", [True, False])
def test_an_end_that_comes_before_its_incident_is_not_lost(is_one_batch: bool):
    source = make_source(kind="devlake")
    arrive(source, {"issueKey": "B", "resolutionDate": "2026-11-01T12:00:00Z"})
    arrive(source, {"issueKey": "other", "resolutionDate": "2026-11-01T12:00:00Z"})
    if not is_one_batch:
        events_work_off()
    arrive(
        source,
        {"issueKey": "B", "createdDate": "2026-11-01T10:00:00Z", "status": "TODO"}
        | {"updatedDate": "2026-11-01T10:00:00Z"},
    )

    events_work_off()

    assert states() == ["taken", "rejected", "taken"]
    assert Incident.objects.get().resolved_at == datetime(2026, 11, 1, 12, tzinfo=UTC)


def test_batches_work_all_off():
    source = make_source()
    for number in range(7):
        arrive(source, deployment(number))

    assert events_work_off(batch=3) == 7
    assert Deployment.objects.count() == 7


def test_old_bodies_go_and_waiting_ones_stay():
    source = make_source()
    old = timezone.now() - timedelta(days=31)
    done, waits = arrive(source, deployment(1), at=old), arrive(source, deployment(2), at=old)
    recent = arrive(source, deployment(3))
    gone = arrive(source, deployment(4), at=old - timedelta(days=400))
    InboundEvent.objects.filter(pk__in=[done.pk, recent.pk, gone.pk]).update(state="taken")
    RefusalCount.objects.create(source=source, reason="x", hour=gone.received_at, last_at=old)

    prune_events()

    bodies = dict(InboundEvent.objects.values_list("pk", "body"))
    assert bodies == {done.pk: "", waits.pk: waits.body, recent.pk: recent.body}
    assert not RefusalCount.objects.exists()
    assert events_prune() == 0


def test_events_without_a_body_are_not_tried_again():
    source = make_source()
    event = arrive(source, "")
    InboundEvent.objects.filter(pk=event.pk).update(state="rejected")

    assert events_rework(source=source, user=None) == 0


def test_working_off_makes_the_same_queries_for_many(django_assert_max_num_queries: Any):
    source = make_source()

    def count(number: int) -> int:
        for _n in range(number):
            arrive(source, deployment(next(numbers)))
        with django_assert_max_num_queries(200) as found:
            events_work_off()
        return sum("UPDATE" not in query["sql"] for query in found.captured_queries)

    count(1)
    assert count(2) == count(40)
