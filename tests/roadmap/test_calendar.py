import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadmap.domain.constraints.calendar import work_calendar
from roadmap.domain.problem import HORIZON_DAYS

FRIDAY = date(2026, 12, 18)
CHRISTMAS = date(2026, 12, 25)


@pytest.mark.parametrize(
    ("number", "day"),
    [
        (0, date(2026, 12, 18)),
        (1, date(2026, 12, 21)),
        (4, date(2026, 12, 24)),
        (5, date(2026, 12, 28)),
    ],
)
def test_calendar_counts_working_days_only(number, day):
    calendar = work_calendar(FRIDAY, [CHRISTMAS])

    assert calendar.day_to_date(number) == day


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2026, 12, 1), 0),
        (date(2026, 12, 19), 1),
        (date(2026, 12, 20), 1),
        (CHRISTMAS, 5),
        (date(2026, 12, 28), 5),
    ],
)
def test_calendar_free_day_counts_as_the_next_working_day(day, number):
    assert work_calendar(FRIDAY, [CHRISTMAS]).date_to_day(day) == number


def test_calendar_starting_on_a_free_day_begins_on_the_next_working_day():
    assert work_calendar(CHRISTMAS, [CHRISTMAS]).day_to_date(0) == date(2026, 12, 28)


def test_calendar_finish_date_is_the_last_day_worked():
    calendar = work_calendar(FRIDAY)

    assert calendar.finish_date(0, 2) == date(2026, 12, 21)
    assert calendar.finish_date(3, 3) == calendar.day_to_date(3)


def test_calendar_counts_working_days_between_two_dates():
    calendar = work_calendar(FRIDAY, [CHRISTMAS])

    assert calendar.working_days(FRIDAY, date(2026, 12, 27)) == 5


def test_calendar_refuses_days_before_the_start():
    with pytest.raises(ValueError, match="start at 0"):
        work_calendar(FRIDAY).day_to_date(-1)


@given(
    st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    st.sets(st.dates(date(2020, 1, 1), date(2040, 1, 1)), max_size=20),
    st.integers(0, 400),
)
def test_calendar_number_and_date_are_inverse(start, holidays, number):
    calendar = work_calendar(start, holidays)
    day = calendar.day_to_date(number)

    assert calendar.date_to_day(day) == number
    assert day.weekday() < 5
    assert day not in holidays


def test_calendar_with_other_working_weekdays_counts_those():
    sunday_to_thursday = work_calendar(FRIDAY, weekdays=[6, 0, 1, 2, 3])

    assert sunday_to_thursday.day_to_date(0) == date(2026, 12, 20)
    assert sunday_to_thursday.day_to_date(5) == date(2026, 12, 27)


def test_calendar_without_a_working_weekday_is_refused():
    with pytest.raises(ValueError, match="at least one working day"):
        work_calendar(FRIDAY, weekdays=[])


@pytest.mark.parametrize(
    ("first", "last", "numbers"),
    [
        (date(2026, 12, 21), date(2026, 12, 24), (1, 5)),
        # Christmas is free, and so is the weekend after it: the interval holds no working day.
        (CHRISTMAS, date(2026, 12, 27), (5, 5)),
        (date(2026, 1, 1), date(2026, 12, 17), (0, 0)),
        (date(2026, 1, 1), FRIDAY, (0, 1)),
        (date(2026, 12, 21), None, (1, 100)),
        (date(2098, 1, 1), date(2099, 1, 1), (100, 100)),
    ],
)
def test_calendar_interval_is_half_open_and_ends_where_planning_ends(first, last, numbers):
    calendar = work_calendar(FRIDAY, [CHRISTMAS])

    assert calendar.interval(first, last, 100) == numbers


def test_calendar_that_threads_grow_together_counts_no_day_twice():
    usual, threads, ready = sys.getswitchinterval(), 4, Barrier(4)
    expected = [work_calendar(FRIDAY).day_to_date(number) for number in range(2000)]

    def read(calendar):
        ready.wait()
        return [calendar.day_to_date(number) for number in range(2000)]

    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(threads) as pool:
            for _ in range(5):
                read_by = list(pool.map(read, [work_calendar(FRIDAY)] * threads))
                assert all(days == expected for days in read_by)
    finally:
        sys.setswitchinterval(usual)


def test_calendar_does_not_count_days_beyond_the_years_that_are_planned():
    calendar = work_calendar(FRIDAY)

    assert calendar.date_to_day(date.max) == HORIZON_DAYS
    assert calendar.interval(FRIDAY, date.max, HORIZON_DAYS) == (0, HORIZON_DAYS)
    assert calendar.interval(date.max, date.max, 100) == (100, 100)
    assert len(calendar._days) < 2 * HORIZON_DAYS
