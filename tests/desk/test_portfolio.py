"""The list of clients: who fits, in which order, and nothing of what a client keeps closed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.enums import Area, Role
from accounts.models import Engagement, Organization
from desk.domain.portfolio import SORTS, Asked, ClientRow, asked_of, chosen
from desk.models import ClientSummary, DefaultView, SavedView
from guide.registry import current_guide
from tests.factories import make_engagement, make_member, make_organization, make_user

TODAY = date(2027, 3, 1)
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


def row(id, **values):
    usual = {"slug": f"c{id}", "name": f"Client {id}", "kind": "Hospital", "until": TODAY}
    return ClientRow(id=id, **{**usual, **values})


ROWS = [
    row(1, name="elm", readiness=40.0, band="developing", exposures={"C1": 80.0}, slip=4,
        has_roadmap=True, phase="P1", gate_on=TODAY + timedelta(days=3), last_activity=NOON),
    row(2, name="Ash", readiness=70.0, band="established", exposures={"C1": 20.0}, slip=0,
        planned_on=TODAY, p50_on=TODAY + timedelta(days=120),
        has_roadmap=True, phase="P2", gate_on=TODAY + timedelta(days=40),
        last_activity=NOON - timedelta(days=60)),
    row(3, name="Oak", has_roadmap=True, last_activity=None),
    row(4, name="Yew", sees_assessments=False, has_roadmap=False, last_activity=NOON),
    row(5, name="Fir", sees_roadmap=False, readiness=10.0, band="", last_activity=NOON),
]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, [2, 1, 5, 3, 4]),
        ({"q": "A"}, [2, 3]),
        ({"phase": "P1"}, [1]),
        ({"phase": "finished"}, [3]),
        ({"phase": "none"}, [4]),
        ({"band": "established"}, [2]),
        # A client that keeps its assessments closed is not among those without a band.
        ({"band": "none"}, [5, 3]),
        ({"slip": "late"}, [1]),
        ({"slip": "on_time"}, [2]),
        # Kept at likely efforts, and yet half of the runs end later.
        ({"slip": "even_late"}, [2]),
        ({"slip": "unknown"}, [3, 4]),
        ({"gate": "1"}, [1]),
        ({"gate": "8"}, [2, 1]),
        ({"quiet": "4"}, [2, 3]),
        ({"challenge": "C1"}, [1]),
        ({"challenge": "C1", "exposed": "low"}, [2, 1]),
        ({"challenge": "C9"}, []),
        ({"sort": "readiness"}, [5, 1, 2, 3, 4]),
        ({"sort": "-readiness"}, [2, 1, 5, 3, 4]),
        ({"sort": "-slip"}, [1, 2, 5, 3, 4]),
        ({"sort": "-exposure.C1"}, [1, 2, 5, 3, 4]),
        ({"sort": "exposure.C1"}, [2, 1, 5, 3, 4]),
        ({"sort": "-exposure.C9"}, [2, 1, 5, 3, 4]),
        ({"sort": "exposure."}, [2, 1, 5, 3, 4]),
        ({"sort": "password", "gate": "x", "band": "best"}, [2, 1, 5, 3, 4]),
    ],
)
def test_filters_and_order(query, found):
    assert [one.id for one in chosen(ROWS, asked_of(query), TODAY)] == found


@given(st.permutations(ROWS), st.sampled_from(sorted(SORTS)), st.booleans())
@settings(max_examples=50)
def test_order_does_not_depend_on_what_came_before_and_loses_nobody(rows, sort, is_down):
    asked = Asked(sort=f"-{sort}" if is_down else sort)

    found = chosen(rows, asked, TODAY)

    assert found == chosen(ROWS, asked, TODAY)
    assert {one.id for one in found} == {1, 2, 3, 4, 5}


@pytest.mark.parametrize(
    "asked",
    [
        Asked(),
        Asked(q="é & co", phase="P1", sort="-slip", gate=4),
        Asked(challenge="C1", exposed="severe", show="exposure", quiet=8, band="none"),
    ],
)
def test_address_says_what_was_asked(asked):
    assert asked_of(asked.to_query()) == asked


@pytest.fixture
def adviser(db):
    return make_member(make_organization(advises=True), Role.EDITOR)


def summarized(client, **values):
    return ClientSummary.objects.create(
        organization=client,
        as_of=TODAY,
        counted_at=NOON,
        readiness=63.0,
        readiness_low=60,
        readiness_high=80,
        answered_percent=90,
        target_percent=77,
        assessed_on=TODAY,
        gate_title="Closed gate",
        phase_title="Assess",
        **values,
    )


def page(client, member, **query):
    client.force_login(member.user)
    home = reverse("desk:clients", args=[member.organization.slug])
    return client.get(f"{home}?{urlencode(query)}")


@pytest.mark.parametrize(
    ("areas", "shown", "hidden"),
    [
        (tuple(Area), ["<strong>63</strong>", "77%"], []),
        ((Area.ROADMAP,), [], ["<strong>63</strong>", "77%"]),
    ],
)
def test_only_what_is_opened_is_shown(client, adviser, areas, shown, hidden):
    engagement = make_engagement(consultancy=adviser.organization, areas=areas)
    summarized(engagement.client)

    text = page(client, adviser).content.decode()

    assert [
        word for word in [*shown, *hidden] if f"{word}</" in text or f">{word}" in text
    ] == shown
    assert ("not opened to you" in text) == bool(hidden)


def test_clients_come_and_go_with_their_engagements(client, adviser):
    mine = make_engagement(consultancy=adviser.organization).client
    over = make_engagement(consultancy=adviser.organization, until=date(2020, 1, 1)).client
    others = make_engagement().client

    text = page(client, adviser).content.decode()

    assert [one.name in text for one in (mine, over, others)] == [True, False, False]

    Engagement.objects.filter(client=mine).update(ended_at=NOON)
    assert mine.name not in page(client, adviser).content.decode()


@pytest.mark.parametrize("show", ["list", "exposure"])
def test_queries_stay_the_same(client, adviser, show):
    def counted():
        with CaptureQueriesContext(connection) as queries:
            assert page(client, adviser, show=show).status_code == 200
        return len(queries)

    summarized(make_engagement(consultancy=adviser.organization).client, exposures={"CH-1": 4})
    counted()
    one = counted()
    for _ in range(12):
        summarized(make_engagement(consultancy=adviser.organization).client)

    assert counted() == one


def test_heat_map_is_ordered_by_a_challenge(client, adviser):
    guide = current_guide()
    challenge = guide.challenges[1]
    for score in (20.0, 80.0, 50.0):
        one = make_engagement(consultancy=adviser.organization).client
        summarized(one, exposures={challenge.id: score})

    found = page(client, adviser, show="exposure")
    link = next(c for c in found.context["portfolio"].heat_columns if c.title == challenge.title)
    again = client.get(f"{reverse('desk:clients', args=[adviser.organization.slug])}?{link.query}")

    shown = again.context["portfolio"]
    assert [row.cells[1].score for row in shown.heat] == [80, 50, 20]
    assert [one.order for one in shown.heat_columns if one.order] == ["descending"]


def test_quiet_and_late_are_told_by_the_days_of_those_they_concern(client, adviser):
    """Half past one in Kiritimati is the day before in UTC."""
    Organization.objects.filter(pk=adviser.organization.pk).update(time_zone="Pacific/Kiritimati")
    one = make_engagement(consultancy=adviser.organization).client
    summarized(one, last_activity=datetime(2027, 2, 28, 11, 30, tzinfo=UTC))

    (row,) = page(client, adviser).context["portfolio"].rows

    assert row.last_activity.date() == date(2027, 3, 1)
    assert row.today == timezone.localdate(timezone=one.zone)


def test_former_clients_with_who_ended_it(client, adviser):
    house = adviser.organization
    owner = make_user()
    owner.name = "Olivia Owner"
    owner.save()
    ended = make_engagement(consultancy=house)
    Engagement.objects.filter(pk=ended.pk).update(ended_at=timezone.now(), ended_by=owner)
    over = make_engagement(consultancy=house, until=date(2020, 1, 1))
    again = make_engagement(consultancy=house)
    Engagement.objects.filter(pk=again.pk).update(ended_at=NOON)
    make_engagement(again.client, house)
    strange = make_engagement(until=date(2020, 1, 1))
    client.force_login(adviser.user)
    url = reverse("desk:former", args=[house.slug])

    with CaptureQueriesContext(connection) as one:
        text = client.get(url).content.decode()
    named = [x.client.name in text for x in (ended, over, again, strange)]
    assert named == [True, True, False, False]
    assert "Olivia Owner" in text and "2020" in text
    for _ in range(5):
        make_engagement(consultancy=house, until=date(2020, 1, 1))
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) <= len(one)


@pytest.mark.parametrize(
    ("moment", "until", "day"),
    [
        (datetime(2026, 3, 1, 12, tzinfo=UTC), date(2026, 9, 1), "2 March 2026"),
        # Ended when it was over already.
        (datetime(2026, 3, 1, 12, tzinfo=UTC), date(2025, 9, 1), "1 September 2025"),
    ],
)
def test_end_of_an_engagement_is_the_clients_day(client, adviser, moment, until, day):
    engagement = make_engagement(consultancy=adviser.organization, until=until)
    Organization.objects.filter(pk=engagement.client_id).update(time_zone="Pacific/Kiritimati")
    Engagement.objects.filter(pk=engagement.pk).update(ended_at=moment, ended_by=make_user())
    client.force_login(adviser.user)

    text = client.get(reverse("desk:former", args=[adviser.organization.slug])).content.decode()

    assert f"ended on {day} by" in text


def test_hostile_address_is_passed_over(client, adviser):
    make_engagement(consultancy=adviser.organization)
    query = {"q": "<script>", "gate": "9" * 40, "sort": "__class__", "page": "-3", "show": "x"}

    found = page(client, adviser, **query)

    assert found.status_code == 200
    assert b"<script>alert" not in found.content


def test_view_is_kept_shared_and_opened_with(client, adviser):
    slug = adviser.organization.slug
    client.force_login(adviser.user)
    make_engagement(consultancy=adviser.organization)
    data = {"name": "Late ones", "query": "slip=late&sort=-slip", "is_shared": "on"}

    client.post(reverse("desk:view_save", args=[slug]), data)
    view = SavedView.objects.get()
    assert (view.query, view.is_shared) == ({"slip": "late", "sort": "-slip"}, True)

    client.post(reverse("desk:view_default", args=[slug]), {"view": view.pk})
    home = reverse("desk:clients", args=[slug])
    assert client.get(home).url == f"{home}?slip=late&sort=-slip"

    colleague = make_member(adviser.organization, Role.VIEWER)
    client.force_login(colleague.user)
    assert "Late ones" in client.get(home).content.decode()
    assert DefaultView.objects.count() == 1


def test_own_view_is_nobody_elses(client, adviser):
    view = SavedView.objects.create(
        organization=adviser.organization, person=adviser.user, name="Mine alone"
    )
    colleague = make_member(adviser.organization, Role.OWNER)
    client.force_login(colleague.user)
    slug = adviser.organization.slug

    assert "Mine alone" not in client.get(reverse("desk:clients", args=[slug])).content.decode()
    assert client.post(reverse("desk:view_delete", args=[slug, view.pk])).status_code == 404
    url = reverse("desk:view_default", args=[slug])
    assert client.post(url, {"view": view.pk}).status_code == 404


@pytest.mark.django_db
def test_who_advises_nobody_has_no_desk(client):
    member = make_member(role=Role.OWNER)

    assert page(client, member).status_code == 404


def test_filter_never_reads_a_closed_figure():
    open_row = ROWS[0]
    closed = replace(open_row, sees_assessments=False, readiness=None, band="", exposures={})

    for query in ({"band": "developing"}, {"band": "none"}, {"challenge": "C1"}):
        assert chosen([closed], asked_of(query), TODAY) == []
