"""Quiet hours and digest times on the wall clocks of many places, also when the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.quiet import Quiet, digest_day, digest_since, may_go_at

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = Quiet(time(19), time(7), weekends=True)
ZONES = st.sampled_from(
    [
        ZoneInfo(name)
        for name in (
            "UTC",
            "Europe/Berlin",
            "America/New_York",
            "America/Santiago",  # changes at midnight
            "Australia/Lord_Howe",  # by half an hour
            "Asia/Kathmandu",
            "Pacific/Apia",
            "Africa/Cairo",
        )
    ]
)
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
MOMENTS = st.datetimes(
    min_value=datetime(2026, 1, 1), max_value=datetime(2028, 12, 31), timezones=st.just(UTC)
)


def goes(local: str, quiet: Quiet = NIGHT, zone: ZoneInfo = BERLIN) -> str:
    now = datetime.fromisoformat(local).replace(tzinfo=zone)
    return may_go_at(now, quiet, zone).astimezone(zone).strftime("%a %d %H:%M")


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-24T12:00", "Tue 24 12:00"),
        ("2026-11-24T18:59", "Tue 24 18:59"),
        ("2026-11-24T19:00", "Wed 25 07:00"),
        ("2026-11-25T06:59", "Wed 25 07:00"),
        ("2026-11-25T07:00", "Wed 25 07:00"),
        ("2026-11-27T20:00", "Mon 30 07:00"),  # Friday evening, over the weekend
        ("2026-11-29T12:00", "Mon 30 07:00"),
    ],
)
def test_what_comes_in_quiet_hours_waits_for_their_end(now: str, then: str) -> None:
    assert goes(now) == then


def test_quiet_hours_of_one_day_and_none_at_all() -> None:
    assert goes("2026-11-24T12:30", Quiet(time(12), time(13), False)) == "Tue 24 13:00"
    assert goes("2026-11-28T23:30", Quiet(None, None, False)) == "Sat 28 23:30"
    assert goes("2026-11-28T23:30", Quiet(time(8), time(8), True)) == "Mon 30 00:00"


def test_end_in_the_hour_that_does_not_exist_comes_after_it() -> None:
    # 28 March 2027: from 2:00 straight to 3:00.
    assert goes("2027-03-28T01:30", Quiet(time(19), time(2, 30), False)) == "Sun 28 03:30"


def test_end_in_the_hour_that_comes_twice_is_the_second() -> None:
    # 25 October 2026: 3:00 is followed by 2:00 again.
    first = datetime(2026, 10, 25, 2, 45, tzinfo=BERLIN)
    goes_at = may_go_at(first, Quiet(time(19), time(2, 30), False), BERLIN)
    assert goes_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@settings(max_examples=50, deadline=None)
@given(MOMENTS, ZONES, TIMES, TIMES, st.booleans())
def test_mail_goes_at_the_first_moment_that_is_not_quiet(
    now: datetime, zone: ZoneInfo, begins: time, ends: time, weekends: bool
) -> None:
    quiet = Quiet(begins, ends, weekends)
    then = may_go_at(now, quiet, zone)
    assert then >= now
    assert then - now < timedelta(days=4)
    assert may_go_at(then, quiet, zone) == then
    local = then.astimezone(zone)
    assert not (weekends and local.weekday() >= 5)
    clock = local.time().replace(tzinfo=None)
    if begins < ends:
        assert not begins <= clock < ends
    elif ends < begins:
        assert ends <= clock < begins
    if then > now:
        just_before = then - timedelta(seconds=1)
        assert may_go_at(just_before, quiet, zone) == then


def test_digest_is_due_from_its_hour_on_its_own_day() -> None:
    def due(local: str, weekday: int | None) -> date | None:
        return digest_day(
            datetime.fromisoformat(local).replace(tzinfo=BERLIN), BERLIN, time(7), weekday
        )

    assert due("2026-11-24T06:59", None) is None
    assert due("2026-11-24T07:00", None) == date(2026, 11, 24)
    assert due("2026-11-24T23:59", None) == date(2026, 11, 24)
    assert due("2026-11-28T09:00", None) is None  # Saturday
    assert due("2026-11-23T07:00", 0) == date(2026, 11, 23)
    assert due("2026-11-24T06:00", 0) == date(2026, 11, 23)  # a day late
    assert due("2026-11-25T09:00", 0) is None


@pytest.mark.parametrize(
    ("day", "weekday", "since"),
    [
        ("2026-11-24", None, "2026-11-23T07:00+01:00"),
        ("2026-11-23", None, "2026-11-20T07:00+01:00"),  # Monday's also tells of the weekend
        ("2026-11-23", 0, "2026-11-16T07:00+01:00"),
        ("2026-10-26", 0, "2026-10-19T07:00+02:00"),  # the clocks were put back in between
    ],
)
def test_digest_tells_of_all_that_came_after_the_one_before(
    day: str, weekday: int | None, since: str
) -> None:
    found = digest_since(date.fromisoformat(day), BERLIN, time(7), weekday)

    assert found == datetime.fromisoformat(since)


@settings(max_examples=50, deadline=None)
@given(st.dates(date(2026, 1, 5), date(2028, 12, 1)), ZONES, TIMES)
def test_every_working_day_has_its_digest_once_whatever_the_clocks_do(
    day: date, zone: ZoneInfo, at: time
) -> None:
    start = datetime.combine(day, time(12), UTC) - timedelta(hours=38)
    days = [
        digest_day(start + timedelta(minutes=15 * step), zone, at, None) for step in range(4 * 76)
    ]
    if day.weekday() < 5 and not (zone.key == "Pacific/Apia" and day.year == 2011):
        assert day in days
    assert all(found is None or found.weekday() < 5 for found in days)
