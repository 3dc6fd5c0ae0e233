"""The same initiative across clients: only of roadmaps that are open, counted as days pass."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.enums import Area, Role
from desk.domain.spread import Held, spread
from desk.services.summaries import summary_recount
from roadmap.domain.progress import Status
from roadmap.models import PlannedInitiative
from tests.factories import make_engagement, make_member, make_organization
from tests.roadmap.factories import make_roadmap

DAY = date(2027, 3, 1)


def held(status=Status.NOT_STARTED, started=None, finished=None):
    on = {name: DAY + timedelta(days=n) if n is not None else None
          for name, n in (("started_on", started), ("finished_on", finished))}  # fmt: skip
    return Held(status, DAY, DAY + timedelta(days=4), DAY + timedelta(days=4), **on)


@pytest.mark.parametrize(
    ("one", "actual", "slip"),
    [
        (held(), None, 6),
        (held(Status.IN_PROGRESS, started=0), None, 6),
        (held(Status.DONE, started=0, finished=4), 5, 0),
        (held(Status.DONE, started=2, finished=7), 6, 3),
        (held(Status.DONE, started=0, finished=1), 2, -3),
        (held(Status.DONE, finished=4), None, 0),
        (held(Status.DONE), None, None),
        (held(Status.DROPPED), None, None),
    ],
)
def test_days_it_took_and_days_after_the_one_agreed(one, actual, slip):
    assert (one.planned_days, one.actual_days) == (5, actual)
    assert one.slip(DAY + timedelta(days=10)) == slip


@given(st.lists(st.one_of(st.none(), st.integers(1, 999)), max_size=20))
@settings(max_examples=50)
def test_spread_is_in_order(days):
    found = spread(days)
    known = [day for day in days if day is not None]

    assert (found is None) == (not known)
    if found:
        assert found.number == len(known)
        assert min(known) == found.shortest <= found.median <= found.longest == max(known)


@pytest.fixture
def consultant(db):
    return make_member(make_organization(advises=True), Role.VIEWER)


def with_roadmap(consultant, **terms):
    house = make_engagement(consultancy=consultant.organization, **terms).client
    make_roadmap(house, initiatives=3)
    summary_recount(house)
    return house


def url(consultant, name, *args):
    return reverse(f"desk:{name}", args=[consultant.organization.slug, *args])


def test_only_open_roadmaps_are_counted(client, consultant):
    house = with_roadmap(consultant)
    with_roadmap(consultant, areas=(Area.ASSESSMENTS,))
    with_roadmap(consultant, until=date(2020, 1, 1))
    PlannedInitiative.objects.filter(roadmap__organization=house, initiative_id="A1").update(
        status="done", started_on=DAY, finished_on=DAY + timedelta(days=9)
    )
    client.force_login(consultant.user)

    shown = client.get(url(consultant, "initiatives")).context["shown"]
    one = client.get(url(consultant, "initiative", "A1")).context["shown"]

    assert shown.clients == 1
    assert [(row["initiative_id"], row["clients"], row["done"]) for row in shown.page] == [
        ("A1", 1, 1),
        ("A2", 1, 0),
    ]
    assert [line.client.name for line in one.lines] == [house.name]
    assert (one.actual.median, one.lines[0].held.actual_days) == (10, 10)
    assert client.get(url(consultant, "initiative", "A99")).status_code == 404


@pytest.mark.parametrize(("name", "args"), [("initiatives", []), ("initiative", ["A1"])])
def test_queries_stay_the_same(client, consultant, name, args):
    client.force_login(consultant.user)
    with_roadmap(consultant)

    def counted():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(consultant, name, *args)).status_code == 200
        return len(queries)

    counted()
    one = counted()
    for _ in range(3):
        with_roadmap(consultant)

    assert counted() == one
