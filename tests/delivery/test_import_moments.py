"""Dates as files hold them: each read in one way, asked about, or refused."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delivery.domain.files.moments import (
    DMY,
    MDY,
    NotAMoment,
    TwoReadings,
    orders_in,
    read_moment,
)

BERLIN = ZoneInfo("Europe/Berlin")
UTC_ZONE = ZoneInfo("UTC")


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-12-31", at(2026, 12, 31)),
        ("2026-12-31 14:05", at(2026, 12, 31, 14, 5)),
        ("2026-12-31T14:05:06", at(2026, 12, 31, 14, 5, 6)),
        ("2026-12-31T14:05:06.123Z", at(2026, 12, 31, 14, 5, 6, 123000)),
        ("2026-12-31T14:05:06,5Z", at(2026, 12, 31, 14, 5, 6, 500000)),
        ("2026-12-31T14:05:06+01:00", at(2026, 12, 31, 13, 5, 6)),
        ("2026-12-31 14:05:06 +0530", at(2026, 12, 31, 8, 35, 6)),
        ("2026-12-31 14:05 UTC", at(2026, 12, 31, 14, 5)),
        ("2026-12-31 14:05 GMT-5", at(2026, 12, 31, 19, 5)),
        ("2026/12/31 14:05", at(2026, 12, 31, 14, 5)),
        ("20261231T140506Z", None),
        ("20261231", at(2026, 12, 31)),
        ("31.12.2026", at(2026, 12, 31)),
        ("31.12.2026 14:05", at(2026, 12, 31, 14, 5)),
        ("31.12.2026, 14:05 Uhr", at(2026, 12, 31, 14, 5)),
        ("1.2.26 7:05", at(2026, 2, 1, 7, 5)),
        ("12/31/2026", at(2026, 12, 31)),
        ("12/31/2026 2:05 PM", at(2026, 12, 31, 14, 5)),
        ("12/31/2026 12:05 am", at(2026, 12, 31, 0, 5)),
        ("31/12/2026 14:05", at(2026, 12, 31, 14, 5)),
        ("31-12-2026", at(2026, 12, 31)),
        ("4/4/2026", at(2026, 4, 4)),
        ("31 Dec 2026", at(2026, 12, 31)),
        ("31-Dec-2026 14:05", at(2026, 12, 31, 14, 5)),
        ("Dec 31, 2026 2:05 PM", at(2026, 12, 31, 14, 5)),
        ("December 31st, 2026", at(2026, 12, 31)),
        ("Thu, 31 Dec 2026 14:05:06 +0000", at(2026, 12, 31, 14, 5, 6)),
        ("31. Dezember 2026", at(2026, 12, 31)),
        ("46387", at(2026, 12, 31)),
        ("46387.5", at(2026, 12, 31, 12)),
        ("46387,25", at(2026, 12, 31, 6)),
        ("1798725906", at(2026, 12, 31, 14, 5, 6)),
        ("1798725906000", at(2026, 12, 31, 14, 5, 6)),
        (" 2026-12-31\u00a014:05 ", at(2026, 12, 31, 14, 5)),
    ],
)
def test_each_format_is_read(text: str, moment: datetime | None):
    if moment is None:
        with pytest.raises(NotAMoment):
            read_moment(text, UTC_ZONE)
    else:
        assert read_moment(text, UTC_ZONE).at == moment


@pytest.mark.parametrize(
    "text",
    [
        *("yesterday", "31.02.2026", "2026-13-01", "2026-12-31 25:00", "2026-12-31 14:61"),
        *("99999", "12345", "2026-12-31 14:05 CET", "31/13/2026", "0/1/2026", "2026-12-31 13 PM"),
        *("2026-12-31 14:05+19:00", "-", "12/2026", "१२/३१/२०२६ x", "2026-12-31 14"),
    ],
)
def test_what_is_no_moment_is_refused(text: str):
    with pytest.raises(NotAMoment):
        read_moment(text, UTC_ZONE)


def test_two_readings_are_asked_about_and_told():
    with pytest.raises(TwoReadings):
        read_moment("03/04/2026", UTC_ZONE)

    assert read_moment("03/04/2026", UTC_ZONE, DMY).at == at(2026, 4, 3)
    assert read_moment("03/04/2026", UTC_ZONE, MDY).at == at(2026, 3, 4)
    with pytest.raises(NotAMoment, match="other way round"):
        read_moment("12/31/2026", UTC_ZONE, DMY)


def test_orders_are_proven_by_cells_that_have_one_reading():
    assert orders_in(["03/04/2026", "25/03/2026"]) == ({DMY}, True)
    assert orders_in(["03/04/2026", "4/4/2026"]) == (set(), True)
    assert orders_in(["12/31/2026", "2026-01-02"]) == ({MDY}, False)
    assert orders_in(["12/31/2026", "31/12/2026"]) == ({DMY, MDY}, False)


@pytest.mark.parametrize(
    ("text", "moment", "note"),
    [
        ("2026-03-29 01:59", at(2026, 3, 29, 0, 59), ""),
        ("2026-03-29 02:30", at(2026, 3, 29, 1, 30), "gap"),
        ("2026-03-29 03:00", at(2026, 3, 29, 1, 0), ""),
        ("2026-10-25 02:30", at(2026, 10, 25, 0, 30), "fold"),
        ("2026-10-25 03:00", at(2026, 10, 25, 2, 0), ""),
        ("2026-10-25T02:30+01:00", at(2026, 10, 25, 1, 30), ""),
        ("2026-07-01", at(2026, 6, 30, 22), "no_time"),
    ],
)
def test_nights_when_the_clocks_change_are_read_and_told(text: str, moment: datetime, note: str):
    found = read_moment(text, BERLIN)

    assert (found.at, found.note) == (moment, note)


@settings(max_examples=50)
@given(st.text(max_size=40))
def test_any_text_is_a_moment_or_refused(text: str):
    try:
        found = read_moment(text, BERLIN, DMY)
    except NotAMoment:
        return
    assert found.at.tzinfo is UTC


@settings(max_examples=50)
@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2090, 1, 1)))
def test_iso_moments_come_back_as_they_were(moment: datetime):
    known = moment.replace(tzinfo=UTC)

    assert read_moment(known.isoformat(), BERLIN).at == known


@pytest.mark.parametrize("text", ["9999-12-31 23:59:59", "0001-01-01", "0001-01-01T00:00:00+05:00"])
@pytest.mark.parametrize("zone", [BERLIN, ZoneInfo("America/New_York")])
def test_the_ends_of_the_calendar_are_refused_with_a_word(text: str, zone: ZoneInfo):
    with pytest.raises(NotAMoment, match="never"):
        read_moment(text, zone)
