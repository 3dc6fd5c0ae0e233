"""The calendar feed, read back by the icalendar library."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from accounts.enums import Role
from roadmap.domain.constraints.stated import Constraints, Freeze, constraints_to_json
from roadmap.models import CalendarFeed, PlannedInitiative, ProgressForecast
from roadmap.services.sharing.feeds import feed_address, feed_make
from tests.factories import make_member, make_organization
from tests.roadmap.factories import MONDAY, make_roadmap

pytestmark = pytest.mark.django_db
NASTY = "Weigh A, B; then\nmove: 50 % done \\ “rest” 🚑 "


def make_feed(scope: str = "all", *, time_zone: str = "UTC", **more) -> CalendarFeed:
    member = make_member(make_organization(time_zone=time_zone), Role.VIEWER)
    make_roadmap(member.organization, **more)
    return feed_make(organization=member.organization, person=member.user, scope=scope)


def get(feed: CalendarFeed, **headers):
    return Client().get("/" + feed_address(feed).split("/", 3)[3], headers=headers)


def read(feed: CalendarFeed) -> Calendar:
    answer = get(feed)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(answer.content)


def events(feed: CalendarFeed) -> dict[str, tuple[date, date, str]]:
    """By what stands before the host in the UID, without the organization."""
    return {
        str(event["uid"]).split("@")[0].split("-", 1)[1]: (
            event.decoded("dtstart"),
            event.decoded("dtend"),
            str(event["summary"]),
        )
        for event in read(feed).events
    }


def test_finish_days_and_gates_are_whole_days() -> None:
    found = events(make_feed())
    assert set(found) == {"A1-finish", "A2-finish", "A3-finish", "gate-G1"}
    friday = date(2027, 1, 8)
    assert found["A1-finish"] == (
        friday,
        friday + timedelta(days=1),
        "To be finished: Do thing 1 (Not started)",
    )
    assert found["gate-G1"][2] == "Gate G1: Baseline agreed (closed)"
    assert all(type(start) is date and type(end) is date for start, end, _words in found.values())


@pytest.mark.parametrize(
    "zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Santiago", "Asia/Kathmandu"]
)
def test_days_are_the_same_in_every_time_zone(zone: str) -> None:
    feed = make_feed(time_zone=zone)
    planned = PlannedInitiative.objects.values_list("initiative_id", "finish_on")
    found = events(feed)
    assert {id: found[f"{id}-finish"][0] for id, _day in planned} == dict(planned)
    raw = get(feed).content.decode()
    assert "DTSTART;VALUE=DATE:20270108" in raw
    assert "DTEND;VALUE=DATE:20270109" in raw


def test_own_work_has_its_span_and_others_work_is_not_in_it() -> None:
    feed = make_feed("mine")
    PlannedInitiative.objects.filter(initiative_id="A2").update(owner=feed.person)
    found = events(feed)
    assert set(found) == {"A2-span", "A2-finish", "gate-G1"}
    start = MONDAY + timedelta(days=7)
    assert found["A2-span"][:2] == (start, start + timedelta(days=5))


def test_expected_days_of_the_forecast_and_what_happened_come_before_the_plan() -> None:
    feed = make_feed("mine")
    PlannedInitiative.objects.update(owner=feed.person)
    PlannedInitiative.objects.filter(initiative_id="A1").update(
        status="done", started_on=date(2027, 1, 5), finished_on=date(2027, 1, 12)
    )
    PlannedInitiative.objects.filter(initiative_id="A3").update(status="dropped")
    rows = {
        id: {"start": "2027-02-01", "finish": "2027-02-10", "slip": 9} for id in ("A1", "A2", "A3")
    }
    ProgressForecast.objects.create(
        roadmap=feed.organization.roadmaps.get(),
        as_of=date(2027, 1, 13),
        cause="night",
        input_hash="0" * 64,
        document={"initiatives": rows, "gates": {"G1": {"on": "2027-03-01"}}},
        made_at=datetime(2027, 1, 13, tzinfo=UTC),
    )
    found = events(feed)
    assert found["A1-finish"][0] == date(2027, 1, 12)
    assert found["A1-finish"][2].startswith("Finished: ")
    assert found["A2-span"][:2] == (date(2027, 2, 1), date(2027, 2, 11))
    assert found["gate-G1"][0] == date(2027, 3, 1)
    assert "A3-finish" not in found


def test_freeze_holds_its_last_day() -> None:
    feed = make_feed()
    freeze = Freeze(date(2027, 12, 20), date(2028, 1, 3), "Winter, holidays; no go-live")
    roadmap = feed.organization.roadmaps.get()
    roadmap.constraints = constraints_to_json(Constraints(freezes=(freeze,)))
    roadmap.save()
    [found] = [event for id, event in events(feed).items() if id.startswith("freeze")]
    assert found == (date(2027, 12, 20), date(2028, 1, 4), "Freeze: Winter, holidays; no go-live")


def test_commas_line_breaks_and_emoji_come_back_as_they_were() -> None:
    feed = make_feed()
    PlannedInitiative.objects.filter(initiative_id="A1").update(title=NASTY)
    assert events(feed)["A1-finish"][2] == f"To be finished: {NASTY} (Not started)"
    lines = get(feed).content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)


def test_calendar_says_its_name_how_often_to_look_and_where_things_stand() -> None:
    feed = make_feed()
    calendar = read(feed)
    assert str(calendar["x-wr-calname"]) == f"Roadmap of {feed.organization.name}"
    assert str(calendar["x-published-ttl"]) == "PT6H"
    assert calendar["refresh-interval"].to_ical() == b"PT6H"
    event = calendar.events[0]
    assert str(event["url"]).startswith(f"http://127.0.0.1:8000/o/{feed.organization.slug}/")
    assert event["last-modified"].dt.tzinfo is not None
    assert str(event["transp"]) == "TRANSPARENT"


def test_uid_stays_and_sequence_grows_when_something_changes() -> None:
    feed = make_feed()
    before = {str(event["uid"]): event["sequence"] for event in read(feed).events}
    later = datetime.now(UTC) + timedelta(minutes=5)
    PlannedInitiative.objects.update(finish_on=date(2027, 5, 5), updated_at=later)
    after = {str(event["uid"]): event["sequence"] for event in read(feed).events}
    assert set(after) == set(before)
    grown = {uid for uid in after if after[uid] > before[uid]}
    assert len(grown) == 3  # the gate did not change


def test_unchanged_calendar_is_not_sent_again() -> None:
    feed = make_feed()
    etag = get(feed)["ETag"]
    answer = get(feed, **{"if-none-match": etag})
    assert (answer.status_code, answer.content) == (304, b"")
    PlannedInitiative.objects.update(finish_on=date(2027, 5, 5))
    assert get(feed, **{"if-none-match": etag}).status_code == 200


def test_address_ends_with_membership_and_with_a_new_one() -> None:
    feed = make_feed()
    old = feed_address(feed)
    client = Client()
    client.force_login(feed.person)
    page = f"/o/{feed.organization.slug}/my-work/calendar/"
    assert old in client.get(page).content.decode()
    client.post(page, {"scope": "all", "do": "renew"})
    assert get(feed).status_code == 404
    feed.refresh_from_db()
    assert feed_address(feed) != old
    assert get(feed).status_code == 200
    feed.person.memberships.all().delete()
    assert get(feed).status_code == 404


def test_ended_address_shows_nothing_and_another_can_be_made() -> None:
    feed = make_feed("mine")
    client = Client()
    client.force_login(feed.person)
    page = f"/o/{feed.organization.slug}/my-work/calendar/"
    client.post(page, {"scope": "mine", "do": "end"})
    assert not CalendarFeed.objects.exists()
    assert get(feed).status_code == 404
    client.post(page, {"scope": "mine", "do": "make"})
    assert get(CalendarFeed.objects.get()).status_code == 200
    assert client.post(page, {"scope": "everything"}).status_code == 404


def test_organization_without_a_roadmap_has_an_empty_calendar() -> None:
    member = make_member()
    feed = feed_make(organization=member.organization, person=member.user, scope="all")
    assert read(feed).events == []


def test_feed_takes_the_same_queries_for_much_work(django_assert_max_num_queries) -> None:
    feed = make_feed(initiatives=40)
    with django_assert_max_num_queries(10):
        assert len(read(feed).events) == 41
