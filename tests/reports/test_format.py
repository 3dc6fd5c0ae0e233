from datetime import date

import pytest
from django.utils import translation

from reports.frozen.snapshot import Days
from reports.templatetags import report_format as written
from tests.reports.samples import initiative


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, "0"), (0.6, "0.6"), (2, "2"), (2.25, "2.2"), (12.4, "12"), (1234, "1,234")],
)
def test_amount_is_as_exact_as_an_estimate_can_be(value: float, expected: str) -> None:
    assert written.amount(value) == expected


@pytest.mark.parametrize(
    ("effort", "expected"),
    [
        (Days(5, 12, 40), "5–40 person-days, likely 12"),
        (Days(2, 2, 2), "2 person-days"),
        (Days(0.3, 0.6, 1.8), "0.3–1.8 person-days, likely 0.6"),
    ],
)
def test_effort_is_a_range(effort: Days, expected: str) -> None:
    assert written.effort(effort) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(49.6, "+50"), (0.2, "0"), (-3.4, "−3"), (None, "–")]
)
def test_signed_always_shows_the_direction(value: float | None, expected: str) -> None:
    assert written.signed(value) == expected


@pytest.mark.parametrize(
    ("start", "finish", "expected"),
    [
        (date(2026, 11, 23), date(2026, 12, 4), "23 Nov – 4 Dec 2026"),
        (date(2026, 12, 23), date(2027, 1, 4), "23 Dec 2026 – 4 Jan 2027"),
        (date(2026, 11, 23), date(2026, 11, 23), "23 Nov 2026"),
    ],
)
def test_span_says_the_year_once(start: date, finish: date, expected: str) -> None:
    assert written.span(start, finish) == expected


@pytest.mark.parametrize(
    ("weeks", "expected"),
    [((1, 1), "1 week"), ((2, 2), "2 weeks"), ((1, 3), "1–3 weeks"), ((0.5, 2), "0.5–2 weeks")],
)
def test_weeks_are_a_range(weeks: tuple[float, float], expected: str) -> None:
    assert written.weeks(weeks) == expected


@pytest.mark.parametrize(
    ("bound_by", "expected"),
    [
        ("start", "as soon as the plan allows"),
        ("role", "when IT operations has time"),
        ("limit", "when fewer initiatives run at the same time"),
        ("something new", "something new"),
    ],
)
def test_held_by_says_why_not_earlier(bound_by: str, expected: str) -> None:
    assert written.held_by(initiative(1, bound_by=bound_by)) == expected


def test_add_number_never_writes_a_decimal_comma() -> None:
    with translation.override("de"):
        assert written.add_number(1.25, 2) == "3.25"


def test_named_leaves_unknown_codes_as_they_are() -> None:
    assert str(written.named("severe", "EXPOSURE_BANDS")) == "Severe"
    assert written.named("catastrophic", "EXPOSURE_BANDS") == "catastrophic"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Mercy", "ltr"), ("שערי צדק 2", "rtl"), ("3 مستشفى", "rtl"), ("", "ltr"), ("2027", "ltr")],
)
def test_name_runs_as_its_first_letter_does(name: str, expected: str) -> None:
    assert written.direction(name) == expected
