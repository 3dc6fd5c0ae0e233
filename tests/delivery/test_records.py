from datetime import date
from itertools import permutations

import pytest

from delivery.enums import LinkState, Origin
from delivery.models import Deployment, Incident, StaleDay
from delivery.services.daily import days_recount
from delivery.services.linking import NoSuchCause, link_judge
from delivery.services.records import store
from tests.delivery.factories import (
    DAY,
    HOUR,
    NOON,
    change,
    deployment,
    incident,
    make_system,
    reading,
    vulnerability,
)
from tests.factories import make_organization, make_user

pytestmark = pytest.mark.django_db


def tell(system, *records, origin=Origin.WEBHOOK):
    return store(system, records, origin=origin)


def test_store_keeps_one_row_for_each_id_and_counts_what_became_of_it():
    system = make_system()

    first = tell(system, deployment("d1"), deployment("d2"))
    again = tell(system, deployment("d1"), deployment("d2", version="2.1"), deployment("d3"))

    assert (first.created, first.updated, first.unchanged) == (2, 0, 0)
    assert (again.created, again.updated, again.unchanged) == (1, 1, 1)
    assert [row.external_id for row in again.rows] == ["d1", "d2", "d3"]
    assert [row.pk for row in again.rows][:2] == [row.pk for row in first.rows]
    assert Deployment.objects.get(external_id="d2").version == "2.1"


def test_store_takes_for_granted_what_nobody_said():
    row = tell(make_system(), deployment()).rows[0]

    assert (row.result, row.environment, row.is_production) == ("success", "production", True)
    assert row.is_rework is False


def test_a_partial_message_leaves_what_is_known():
    system = make_system()
    tell(
        system, deployment(result="failed", is_rework=True, version="2.0", committed_at=NOON - DAY)
    )

    tell(system, deployment(url="https://ci.example/7"))

    row = Deployment.objects.get()
    assert (row.result, row.is_rework, row.version) == ("failed", True, "2.0")
    assert (row.committed_at, row.url) == (NOON - DAY, "https://ci.example/7")


MESSAGES = (
    incident(told_at=NOON, severity="low"),
    incident(told_at=NOON + HOUR, resolved_at=NOON + HOUR, severity="high"),
    incident(told_at=NOON + 2 * HOUR, clears=frozenset({"resolved_at"})),
    incident(told_at=NOON + 5 * HOUR, resolved_at=NOON + 4 * HOUR, title="Login fails"),
)


@pytest.mark.parametrize("order", list(permutations(MESSAGES)))
def test_messages_in_any_order_end_in_the_same(order):
    system = make_system()

    for message in order:
        tell(system, message)

    row = Incident.objects.get()
    assert (row.severity, row.title) == ("high", "Login fails")
    assert row.resolved_at == NOON + 4 * HOUR


def test_a_late_older_message_reopens_nothing_and_a_newer_one_does():
    system = make_system()
    tell(system, MESSAGES[1])
    tell(system, MESSAGES[0])
    assert Incident.objects.get().resolved_at == NOON + HOUR

    tell(system, MESSAGES[2])
    tell(system, MESSAGES[1])

    assert Incident.objects.get().resolved_at is None


def test_a_clock_in_the_future_does_not_freeze_a_record():
    system = make_system()
    tell(system, incident(told_at=NOON.replace(year=2090), severity="low"))

    tell(system, incident(severity="high"))

    assert Incident.objects.get().severity == "high"


def test_a_batch_with_the_same_id_twice_is_heard_in_order_of_telling():
    stored = tell(make_system(), MESSAGES[1], MESSAGES[0])

    assert stored.created == 1
    assert [row.severity for row in stored.rows] == ["high", "high"]


@pytest.mark.parametrize("is_late", [False, True])
def test_an_incident_finds_the_deployment_it_names_whichever_comes_first(is_late):
    system = make_system()
    records = [deployment("d1"), incident(deployment="d1")]

    for record in reversed(records) if is_late else records:
        tell(system, record)

    row = Incident.objects.get()
    assert row.deployment == Deployment.objects.get()
    assert row.link == LinkState.PROPOSED


def test_an_incident_without_its_deployment_waits_with_the_name():
    row = tell(make_system(), incident(deployment="d1")).rows[0]

    assert (row.deployment, row.deployment_external_id, row.link) == (None, "d1", LinkState.NONE)


def test_a_deployment_of_another_system_is_no_cause():
    organization = make_organization()
    tell(make_system(organization), deployment("d1"))

    row = tell(make_system(organization), incident(deployment="d1")).rows[0]

    assert row.deployment is None


def test_a_change_finds_its_deployment_late_and_its_day_is_counted_anew():
    system = make_system()
    tell(system, change(at=NOON + DAY, deployment="d1"))
    days_recount()

    tell(system, deployment("d1"))

    assert set(StaleDay.objects.values_list("day", flat=True)) == {
        date(2026, 11, 2),
        date(2026, 11, 3),
    }


def test_a_moved_record_marks_its_old_and_its_new_day():
    system = make_system()
    tell(system, deployment())
    days_recount()

    tell(system, deployment(at=NOON + 3 * DAY))

    assert sorted(StaleDay.objects.values_list("day", flat=True)) == [
        date(2026, 11, 2),
        date(2026, 11, 5),
    ]


def test_days_are_the_organizations():
    system = make_system(make_organization(time_zone="Pacific/Auckland"))

    tell(system, deployment())

    assert StaleDay.objects.get().day == date(2026, 11, 3)


def test_a_confirmed_cause_stands_whatever_its_source_names_later():
    system = make_system()
    tell(system, deployment("d1"), deployment("d2"), incident(deployment="d1"))
    link_judge(incident=Incident.objects.get(), user=make_user(), is_cause=True)

    tell(system, incident(deployment="d2"))

    row = Incident.objects.get()
    assert (row.link, row.deployment.external_id) == (LinkState.CONFIRMED, "d1")


def test_a_denied_cause_is_not_proposed_again_but_another_is():
    system = make_system()
    tell(system, deployment("d1"), deployment("d2"), incident(deployment="d1"))
    link_judge(incident=Incident.objects.get(), user=make_user(), is_cause=False)

    tell(system, incident(deployment="d1", title="Still"))
    assert Incident.objects.get().link == LinkState.REJECTED
    tell(system, incident(deployment="d2"))

    row = Incident.objects.get()
    assert (row.link, row.deployment.external_id) == (LinkState.PROPOSED, "d2")


def test_nothing_is_confirmed_without_a_deployment():
    system = make_system()
    tell(system, incident())

    with pytest.raises(NoSuchCause):
        link_judge(incident=Incident.objects.get(), user=make_user(), is_cause=True)


def test_every_kind_is_stored_in_one_batch():
    stored = tell(make_system(), reading(), vulnerability(), change(), incident(), deployment())

    assert stored.created == 5
    assert [type(row).__name__ for row in stored.rows] == [
        "Coverage",
        "Vulnerability",
        "Change",
        "Incident",
        "Deployment",
    ]


def test_a_larger_batch_costs_no_further_queries(django_assert_max_num_queries):
    system = make_system()
    batch = [deployment(f"d{number}", NOON + number * HOUR) for number in range(30)]

    with django_assert_max_num_queries(12):
        store(system, batch, origin=Origin.FILE)


def test_an_id_too_long_to_keep_is_refused():
    with pytest.raises(ValueError, match="200"):
        tell(make_system(), deployment("x" * 201))
