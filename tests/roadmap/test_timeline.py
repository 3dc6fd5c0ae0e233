from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.enums import Role
from accounts.tenancy import Access
from roadmap.charts.gantt import FreezeBand
from roadmap.charts.timeline import MONTHS, TimelineBar, TimelineGate, timeline
from roadmap.models import ProgressForecast
from roadmap.work_reading import day_in, read_work
from tests.factories import make_member, make_organization
from tests.roadmap.test_board import make_many

FIRST = date(2027, 1, 4)
PHASES = [("P1", "Assess"), ("P2", "Introduce")]


def bar(name="A1", start=FIRST, days=5, **more):
    more = {"phase": "P1", "status": "not_started", **more}
    return TimelineBar(name, f"Do {name}", start=start, finish=start + timedelta(days - 1), **more)


def draw(*bars, gates=(), today=FIRST, **more):
    return timeline(PHASES, bars, gates, today, **more)


def test_nothing_to_draw():
    assert draw() is None


def test_bar_reaches_from_the_morning_of_its_first_day_to_the_evening_of_its_last():
    chart = draw(bar(days=31, start=date(2027, 1, 1)))
    placed = chart.bars[0]

    assert placed.x == 0
    assert placed.x + placed.width == chart.width


def test_bar_is_filled_as_far_as_it_is_done():
    half, done = draw(bar(percent=50), bar("A2", percent=100)).bars

    assert half.filled == pytest.approx(half.width / 2, abs=0.1)
    assert done.filled == done.width


def test_baseline_stays_where_it_was_agreed_when_the_work_moves():
    moved = draw(bar(start=date(2027, 3, 1), agreed=(FIRST, date(2027, 1, 8)))).bars[0]

    x = float(moved.agreed.split()[0][1:])
    assert x < moved.x


def test_critical_chain_ranges_and_review_have_their_shapes():
    likely = (date(2027, 1, 12), date(2027, 1, 20))
    plain, marked = draw(bar(), bar("A2", is_critical=True, likely=likely, is_review=True)).bars

    assert not (plain.chain or plain.whisker or plain.diamond)
    assert marked.chain and marked.whisker and marked.likely and marked.diamond
    assert marked.note_x > marked.x + marked.width


def test_months_are_wider_than_quarters():
    long = bar(days=900)

    assert draw(long, zoom=MONTHS).width > draw(long).width


def test_freeze_and_finish_are_placed_on_their_days():
    freeze = FreezeBand(date(2027, 1, 10), date(2027, 1, 12), "Year end")
    chart = draw(bar(days=20), freezes=[freeze], finishes=[("P80", date(2027, 1, 31))])

    assert chart.freezes[0].width == pytest.approx(3 * chart.width / 31, abs=0.2)
    assert chart.finishes[0].x == chart.width


def test_open_gate_stands_on_its_day():
    gate = TimelineGate("G1", "Baseline", date(2027, 1, 15), FIRST, is_open=True)

    placed = draw(bar(days=28), gates=[gate]).gates[0]

    assert placed.is_open
    assert placed.day == date(2027, 1, 15)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 700), st.integers(1, 400), st.integers(-40, 1200))
def test_today_is_right_of_all_that_ended_before_and_left_of_all_that_starts_later(
    begin, days, today
):
    """Whatever months and leap days lie between: no day is drawn one off."""
    item = bar(start=date(2027, 11, 1) + timedelta(begin), days=days)
    chart = draw(item, today=date(2027, 11, 1) + timedelta(today))
    placed = chart.bars[0]
    if chart.today_x is None:
        return
    if item.finish < chart.today:
        assert chart.today_x >= placed.x + min(placed.width, 4) - 0.2
    if item.start > chart.today:
        assert chart.today_x < placed.x
    if item.start == chart.today:
        assert chart.today_x == placed.x


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("Pacific/Kiritimati", datetime(2027, 1, 9, 10, 0, tzinfo=UTC), date(2027, 1, 10)),
        ("America/Los_Angeles", datetime(2027, 1, 9, 7, 59, tzinfo=UTC), date(2027, 1, 8)),
        ("America/Los_Angeles", datetime(2027, 1, 9, 8, 0, tzinfo=UTC), date(2027, 1, 9)),
        # Half an hour off: 18:30 UTC is midnight.
        ("Asia/Kolkata", datetime(2027, 1, 9, 18, 29, tzinfo=UTC), date(2027, 1, 9)),
        ("Asia/Kolkata", datetime(2027, 1, 9, 18, 30, tzinfo=UTC), date(2027, 1, 10)),
        # The nights the clocks change: an hour that is not there, and one that comes twice.
        ("America/Los_Angeles", datetime(2027, 3, 14, 9, 59, tzinfo=UTC), date(2027, 3, 14)),
        ("America/Los_Angeles", datetime(2027, 3, 15, 6, 59, tzinfo=UTC), date(2027, 3, 14)),
        ("America/Los_Angeles", datetime(2027, 3, 15, 7, 0, tzinfo=UTC), date(2027, 3, 15)),
        ("America/Los_Angeles", datetime(2027, 11, 8, 7, 59, tzinfo=UTC), date(2027, 11, 7)),
        ("America/Los_Angeles", datetime(2027, 11, 8, 8, 0, tzinfo=UTC), date(2027, 11, 8)),
    ],
)
def test_day_of_a_moment_is_the_organizations(zone, moment, day):
    assert day_in(ZoneInfo(zone), moment) == day


def address(roadmap):
    return reverse("roadmap:timeline", args=[roadmap.organization.slug, roadmap.pk])


@pytest.fixture
def member(db):
    return make_member(role=Role.VIEWER)


@pytest.fixture
def client(client, member):
    client.force_login(member.user)
    return client


def test_timeline_costs_the_same_queries_for_3_and_300(client, member):
    few, many = make_many(member.organization, 3), make_many(member.organization, 300)
    client.get(address(few))
    costs = []
    for roadmap in (few, many):
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address(roadmap)).content.decode()
        assert page.count("rm-gantt__name") > roadmap.initiatives.count()
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 12


@pytest.mark.django_db
@pytest.mark.parametrize(
    "zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Los_Angeles", "Asia/Kolkata"]
)
def test_line_of_today_is_the_organizations_day(client, zone):
    member = make_member(make_organization(time_zone=zone))
    client.force_login(member.user)
    here = datetime.now(ZoneInfo(zone)).date()
    roadmap = make_many(member.organization, 2, start_on=here, finish_on=here)

    page = client.get(address(roadmap)).content.decode()

    assert f'data-day="{here.isoformat()}"' in page
    assert "rm-chart__note" not in page
    roadmap.initiatives.update(finish_on=here - timedelta(days=1))
    assert "rm-chart__note" in client.get(address(roadmap)).content.decode()


def test_expected_dates_come_from_the_newest_forecast(client, member):
    roadmap = make_many(member.organization, 2)
    finish = {"expected": "2096-06-01", "p50": "2096-06-03", "p80": "2096-06-20", "actual": None}
    told = {"start": "2096-05-03", "finish": "2096-05-28", "p50": "2096-06-01", "p80": "2096-06-18"}
    ProgressForecast.objects.create(
        roadmap=roadmap,
        as_of=date(2027, 1, 4),
        cause="night",
        input_hash="0",
        made_at=timezone.now(),
        document={
            "initiatives": {"A1": {**told, "critical": True}},
            "finish": {**finish, "baseline": "2096-05-25", "slip": 5},
            "critical_chain": ["A1"],
        },
    )

    page = client.get(address(roadmap)).content.decode()

    assert "3 May 2096 – 28 May 2096" in page
    assert "1 June 2096, 5 working days later than agreed" in page
    assert "An even chance to end by 3 June 2096, four chances in five by 20 June 2096" in page
    assert client.get(address(roadmap), {"critical": "1"}).content.decode().count("rm-row--") == 1


@pytest.mark.django_db
def test_what_is_not_done_is_never_expected_in_the_past():
    today = date(2028, 5, 2)
    member = make_member()
    roadmap = make_many(member.organization, 3)
    roadmap.initiatives.filter(initiative_id="A2").update(status="in_progress", started_on=FIRST)
    roadmap.initiatives.filter(initiative_id="A3").update(status="done", finished_on=FIRST)
    access = Access(member.organization, member.user, Role.EDITOR)

    waiting, begun, done = read_work(access, roadmap.pk, today).items

    assert (waiting.expected_start, waiting.expected_finish) == (today, today)
    assert (begun.expected_start, begun.expected_finish) == (FIRST, today)
    assert done.expected_finish == FIRST
    assert [item.is_late for item in (waiting, begun, done)] == [True, True, False]


def test_timeline_without_a_match_says_so(client, member):
    roadmap = make_many(member.organization, 1)

    page = client.get(address(roadmap), {"q": "nothing like it", "zoom": "years"}).content.decode()

    assert "Nothing fits these filters" in page
