import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delivery.domain.statistics import (
    XMR_POINTS,
    median,
    percentile,
    process_limits,
    signals,
    wilson,
)
from tests.delivery.recount import nearest_rank, wilson_by_roots


@pytest.mark.parametrize(
    ("values", "expected"),
    [([], None), ([4], 4), ([1, 9], 5), ([9, 1, 2], 2), ([1, 2, 3, 100], 2.5)],
)
def test_median_is_the_middle(values, expected):
    assert median(values) == expected


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([], 85, None),
        ([7], 85, 7),
        (list(range(1, 101)), 85, 85),
        (list(range(1, 101)), 90, 90),
        (list(range(1, 8)), 85, 6),
        ([1, 2], 50, 1),
        (list(range(1, 21)), 85, 17),
    ],
)
def test_percentile_is_by_nearest_rank(values, percent, expected):
    assert percentile(values, percent) == expected


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=60), st.sampled_from([85, 90]))
def test_percentile_occurred_and_is_passed_by_few(values, percent):
    found = percentile(values, percent)

    assert found in values
    assert found == nearest_rank(values, percent)


# R. G. Newcombe, "Two-sided confidence intervals for the single proportion" (1998), method 3.
@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_intervals(hits, of, low, high):
    found = wilson(hits, of)

    assert found == pytest.approx((low, high), abs=5e-5)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_wilson_holds_the_share_and_solves_its_equation(shares):
    hits, of = shares
    low, high = wilson(hits, of)

    assert 0 <= low <= hits / of <= high <= 1
    assert (100 * low, 100 * high) == pytest.approx(wilson_by_roots(hits, of), abs=1e-6)


def test_wilson_of_nothing_is_nothing():
    assert wilson(0, 0) is None


def test_limits_are_average_and_266_moving_ranges():
    limits = process_limits([10, 12, 11, 13, 10, 12, 11, 13])

    # Average 11.5; moving ranges 2 1 2 3 2 1 2 average 13/7.
    assert limits.average == 11.5
    assert limits.upper == pytest.approx(11.5 + 2.66 * 13 / 7)
    assert limits.lower == pytest.approx(11.5 - 2.66 * 13 / 7)


def test_limits_stop_at_what_is_possible():
    limits = process_limits([0, 90, 0, 100, 0, 95, 5, 100], 0, 100)

    assert (limits.lower, limits.upper) == (0, 100)


def test_too_few_points_give_no_limits():
    assert process_limits([1.0] * (XMR_POINTS - 1)) is None


def test_a_point_outside_is_a_signal_and_noise_is_not():
    calm = [10, 12, 11, 13, 10, 12, 11, 13]
    limits = process_limits(calm)

    assert signals(calm, limits) == ("",) * 8
    assert signals([*calm, 30], limits)[-1] == "outside"


def test_eight_in_a_row_on_one_side_are_a_signal_and_seven_are_not():
    limits = process_limits([10, 12, 11, 13, 10, 12, 11, 13])

    assert signals([12] * 8, limits) == ("run",) * 8
    assert signals([12] * 7, limits) == ("",) * 7
    # A point on the average ends a run.
    assert signals([12] * 4 + [11.5] + [12] * 4, limits) == ("",) * 9


def test_equal_points_are_no_signal_and_any_other_one_is():
    limits = process_limits([0.1 + 0.2] * 10)

    assert set(signals([0.3] * 10, limits)) == {""}
    assert signals([0.3, 0.4], limits) == ("", "outside")
