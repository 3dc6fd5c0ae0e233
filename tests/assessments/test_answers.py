from __future__ import annotations

import pytest

from assessments.domain.answers import AnswerError, clean_value
from guide.registry import current_guide

SHARE = current_guide().question("Q1.11")  # % of the week, 0 to 100
STAFF = current_guide().question("P.04")  # a record of numbers


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0,5", 0.5),
        ("0.5", 0.5),
        ("1,234.5", 1234.5),
        ("30,000", 30000),
        ("1,5", 1.5),
        (" 12 ", 12),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, number: float) -> None:
    assert clean_value(STAFF, {"it_ops": typed}) == {"it_ops": number}


@pytest.mark.parametrize("typed", ["1,2,3", "1.234,5", "1,5,0", "many", "nan", "1e999", "--1", ","])
def test_what_may_mean_two_numbers_is_refused(typed: str) -> None:
    with pytest.raises(AnswerError):
        clean_value(STAFF, {"it_ops": typed})


def test_a_percent_sign_fits_a_percentage() -> None:
    assert clean_value(SHARE, "55 %") == 55
