from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delivery.domain.daily import (
    CoverageFact,
    DayFigures,
    DeploymentFact,
    Facts,
    count,
    from_plain,
    merge,
    to_plain,
)
from delivery.enums import LinkState, Origin
from delivery.models import DailyFigures, Deployment, Incident, StaleDay
from delivery.queries import metric_values
from delivery.services.daily import days_recount, rebuild
from delivery.services.linking import link_judge
from delivery.services.records import store
from delivery.services.systems import system_update
from delivery.tasks import count_days
from tests.delivery.drawn import drawn_records
from tests.delivery.factories import DAY, HOUR, NOON, change, deployment, incident, make_system
from tests.delivery.recount import as_recounted, differences, recount
from tests.factories import make_organization, make_user

START = datetime(2026, 1, 1, tzinfo=UTC)

deployments = st.lists(
    st.builds(
        DeploymentFact,
        at=st.integers(0, 20 * 86400).map(lambda second: START + timedelta(seconds=second)),
        is_failed=st.booleans(),
        is_rework=st.booleans(),
        committed_at=st.none() | st.just(START),
        is_by_ticket=st.booleans(),
        has_change=st.booleans(),
        failures=st.lists(st.just((START, START + HOUR)) | st.just((START, None)), max_size=2).map(
            tuple
        ),
    ),
    max_size=30,
)


@settings(max_examples=50, deadline=None)
@given(deployments)
def test_days_put_together_equal_one_count_of_all(facts):
    by_day = {}
    for fact in facts:
        by_day.setdefault(fact.at.date(), []).append(fact)

    together = merge(
        from_plain(to_plain(count(Facts(deployments=found)))) for found in by_day.values()
    )

    assert together == count(Facts(deployments=facts))


def test_a_day_without_anything_is_empty():
    assert to_plain(count(Facts())) == {}
    assert merge([]) == DayFigures()


def test_the_last_of_two_readings_of_a_moment_is_the_later_row():
    readings = [CoverageFact(START, 2, 70, 100), CoverageFact(START, 1, 60, 100)]

    assert count(Facts(coverage=readings)).coverage[2:] == [70, 100]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "is_vendor_managed"),
    [("UTC", False), ("America/New_York", True), ("Pacific/Auckland", False)],
)
def test_metrics_equal_a_recount_of_the_records(zone, is_vendor_managed):
    """Stored in batches in no order, with causes confirmed and denied on the way."""
    chance = Random(f"recount {zone}")
    organization = make_organization(time_zone=zone)
    system = make_system(organization, is_vendor_managed=is_vendor_managed)
    user = make_user()
    records = list(drawn_records(chance, 400, START, 300))
    chance.shuffle(records)
    for begin in range(0, len(records), 200):
        store(system, records[begin : begin + 200], origin=Origin.WEBHOOK)
        if begin:
            days_recount()
    for number, row in enumerate(Incident.objects.filter(link=LinkState.PROPOSED)):
        if number % 4:
            link_judge(incident=row, user=user, is_cause=number % 4 != 3)
    # Told again, otherwise: days move, results change.
    store(
        system,
        [
            deployment(f"d{one}", START + chance.randrange(300) * DAY, result="failed")
            for one in range(0, 60, 3)
        ],
        origin=Origin.WEBHOOK,
    )
    days_recount()

    for first, last in [
        (date(2026, 1, 1), date(2026, 12, 31)),
        (date(2026, 3, 8), date(2026, 4, 5)),
    ]:
        kept = as_recounted(metric_values(system, first, last))
        assert differences(kept, recount(system, first, last, organization.zone)) == []
        assert kept["deployments"] > 20


@pytest.mark.django_db
def test_counting_twice_changes_nothing():
    system = make_system()
    store(system, [deployment("d1"), deployment("d2", NOON + DAY)], origin=Origin.FILE)

    assert days_recount() == 2
    first = list(DailyFigures.objects.values_list("pk", "day", "figures"))
    StaleDay.objects.create(system=system, day=NOON.date())
    assert (days_recount(), days_recount()) == (1, 0)

    assert list(DailyFigures.objects.values_list("pk", "day", "figures")) == first


@pytest.mark.django_db
def test_a_day_that_lost_its_records_has_no_figures():
    system = make_system()
    store(system, [deployment("d1")], origin=Origin.FILE)
    days_recount()

    store(system, [deployment("d1", NOON + 40 * DAY)], origin=Origin.FILE)
    days_recount()

    assert [row.day for row in DailyFigures.objects.all()] == [(NOON + 40 * DAY).date()]


@pytest.mark.django_db
def test_days_with_a_change_of_clocks_hold_their_hours():
    """On 25 October 2026 the hour from two to three comes twice in Berlin."""
    system = make_system(make_organization(time_zone="Europe/Berlin"))
    since = datetime(2026, 10, 24, 22, tzinfo=UTC)
    hours = [since + number * HOUR for number in range(-1, 26)]
    store(system, [deployment(f"d{at:%d%H}", at) for at in hours], origin=Origin.FILE)
    days_recount()

    found = {row.day.day: row.figures["deployments"] for row in DailyFigures.objects.all()}

    assert found == {24: 1, 25: 25, 26: 1}


@pytest.mark.django_db
def test_another_zone_counts_all_days_anew():
    organization = make_organization(time_zone="UTC")
    system = make_system(organization)
    store(system, [deployment("d1", NOON)], origin=Origin.FILE)
    days_recount()

    organization.time_zone = "Pacific/Auckland"
    organization.save()
    days_recount()

    assert [row.day for row in DailyFigures.objects.all()] == [date(2026, 11, 3)]


@pytest.mark.django_db
def test_rebuilding_finds_every_day_again():
    system = make_system()
    records = list(drawn_records(Random(5), 40, START, 30))
    store(system, records, origin=Origin.FILE)
    days_recount()
    before = list(DailyFigures.objects.values_list("day", "figures"))

    rebuild(system)
    days_recount()

    assert list(DailyFigures.objects.values_list("day", "figures")) == before


@pytest.mark.django_db
def test_confirming_a_cause_moves_the_figures_of_the_deployments_day():
    system = make_system()
    end = NOON + DAY + HOUR
    told = [deployment("d1"), incident(at=NOON + DAY, deployment="d1", resolved_at=end)]
    store(system, told, origin=Origin.FILE)
    days_recount()
    window = (NOON.date(), NOON.date() + 5 * DAY)
    assert metric_values(system, *window)["change_fail_rate"].value == 0

    link_judge(incident=Incident.objects.get(), user=make_user(), is_cause=True)
    days_recount()

    metrics = metric_values(system, *window)
    assert metrics["change_fail_rate"].value == 100
    assert metrics["recovery_time"].value == 60
    assert Deployment.objects.get().result == "success"


@pytest.mark.django_db
def test_a_vendors_deployment_is_timed_by_its_first_ticket():
    system = make_system()
    told = [
        deployment("d1"),
        change("c1", opened_at=NOON - 10 * DAY, deployment="d1"),
        change("c2", opened_at=NOON - 30 * DAY, deployment="d1"),
    ]
    store(system, told, origin=Origin.FILE)
    days_recount()
    assert metric_values(system, NOON.date(), NOON.date())["lead_time"].value is None

    system_update(system=system, user=None, is_vendor_managed=True)
    days_recount()

    metric = metric_values(system, NOON.date(), NOON.date())["lead_time"]
    assert metric.value == 30 * 24
    assert [(note.code, note.number, note.other) for note in metric.notes] == [("by_ticket", 1, 1)]


@pytest.mark.django_db
@pytest.mark.parametrize(("origin", "hints"), [(Origin.FORM, 1), (Origin.WEBHOOK, 0)])
def test_workers_are_told_at_once_only_of_what_a_person_enters(
    origin, hints, django_capture_on_commit_callbacks
):
    system = make_system()

    with django_capture_on_commit_callbacks() as told:
        store(system, [deployment("d1")], origin=origin)

    assert len(told) == hints


@pytest.mark.django_db
def test_the_task_counts_and_may_run_twice():
    store(make_system(), [deployment("d1")], origin=Origin.WEBHOOK)

    count_days()
    count_days()

    assert DailyFigures.objects.count() == 1
    assert not StaleDay.objects.exists()
