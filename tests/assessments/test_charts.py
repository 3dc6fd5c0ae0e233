from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from assessments.pictures.charts import (
    BarInput,
    Round,
    bar_chart,
    heat_shade,
    narrow_bar_chart,
    radar_chart,
    trend_chart,
)

ROW = BarInput(label="Audit", score=40, low=30, high=80, band="developing", marker=60)


@pytest.mark.parametrize("draw", [bar_chart, narrow_bar_chart])
def test_chart_places_scores_along_its_scale(draw):
    chart = draw([ROW, replace(ROW, score=100, low=0, high=100, marker=None)])

    first, second = chart.bars
    span = chart.plot_right - chart.plot_left
    assert first.width == pytest.approx(0.4 * span, abs=0.02)
    assert first.range_x == pytest.approx(chart.plot_left + 0.3 * span, abs=0.02)
    assert first.range_width == pytest.approx(0.5 * span, abs=0.03)
    assert first.marker_x == pytest.approx(chart.plot_left + 0.6 * span, abs=0.02)
    assert second.width == pytest.approx(span, abs=0.02)
    assert second.marker_x is None


@pytest.mark.parametrize("draw", [bar_chart, narrow_bar_chart])
def test_chart_keeps_every_part_inside(draw):
    chart = draw([replace(ROW, score=s, low=0, high=100) for s in (0, 1, 55.5, 99, 100)])

    for bar in chart.bars:
        assert 0 <= bar.label_y <= chart.plot_bottom
        assert chart.plot_top <= bar.bar_y <= bar.range_y + bar.range_height <= chart.plot_bottom
        assert chart.plot_left + bar.width <= chart.plot_right + 0.01
        assert bar.value_x < chart.width


def test_chart_without_a_score_draws_the_range_only():
    bar = bar_chart([replace(ROW, score=None, band=None, low=0, high=100)]).bars[0]

    assert (bar.width, bar.value_text, bar.band) == (0, "–", "none")
    assert bar.range_width > 0


def test_chart_without_a_range_draws_none():
    bar = bar_chart([replace(ROW, low=40, high=40)]).bars[0]

    assert bar.range_x is None


def test_chart_of_nothing_has_its_scale():
    chart = bar_chart([])

    assert [tick.text for tick in chart.ticks] == ["0", "25", "50", "75", "100"]
    assert chart.bars == ()


@pytest.mark.parametrize("draw", [bar_chart, narrow_bar_chart])
def test_target_stands_on_its_bar_and_clear_of_the_label(draw):
    chart = draw([replace(ROW, target=80)])

    bar = chart.bars[0]
    span = chart.plot_right - chart.plot_left
    assert bar.target_x == pytest.approx(chart.plot_left + 0.8 * span, abs=0.02)
    left, right, tip = (tuple(map(float, pair.split(","))) for pair in bar.target_flag.split())
    assert (left[0] + right[0]) / 2 == pytest.approx(tip[0], abs=0.02)
    assert left[1] < tip[1] <= bar.bar_y
    if draw is narrow_bar_chart:
        assert bar.label_y <= left[1]
    assert draw([ROW]).bars[0].target_flag == ""


def spot(points: str) -> list[tuple[float, float]]:
    return [tuple(map(float, pair.split(","))) for pair in points.split()]


def test_radar_puts_the_first_on_top_and_goes_clockwise():
    chart = radar_chart([replace(ROW, score=100, target=50)] * 4, reach=100)

    top, right, bottom, left = spot(chart.now)
    assert top == (chart.middle_x, chart.middle_y - 100)
    assert right == (chart.middle_x + 100, chart.middle_y)
    assert bottom == (chart.middle_x, chart.middle_y + 100)
    assert left == (chart.middle_x - 100, chart.middle_y)
    assert spot(chart.target)[0] == (chart.middle_x, chart.middle_y - 50)
    assert [spoke.anchor for spoke in chart.spokes] == ["middle", "start", "middle", "end"]


def test_radar_leaves_out_what_has_no_score():
    chart = radar_chart([ROW, replace(ROW, score=None), ROW])

    assert len(chart.dots) == len(spot(chart.now)) == 2
    assert len(chart.spokes) == 3


DAY = date(2026, 1, 1)


def rounds(*days: int) -> list[Round]:
    return [Round(DAY + timedelta(days=n), 40 + n / 10, 30, 60) for n in days]


def test_trend_keeps_the_distance_in_time():
    first, second, third = trend_chart(rounds(0, 100, 400)).points

    assert (second.x - first.x) / (third.x - first.x) == pytest.approx(0.25, abs=0.01)
    assert first.y > third.y  # more is higher
    assert first.high_y < first.y < first.low_y


@pytest.mark.parametrize("days", [(0, 0), (0, 1, 400), (5, 5, 5)])
def test_trend_spreads_rounds_that_would_cover_each_other(days):
    chart = trend_chart(rounds(*days), width=340)

    xs = [point.x for point in chart.points]
    steps = {round(after - before, 1) for before, after in pairwise(xs)}
    assert len(steps) == 1 and steps.pop() > 20
    assert all(chart.plot_left <= x <= chart.plot_right for x in xs)


def test_heat_grows_with_the_points():
    shades = [heat_shade(points) for points in (0, 0.4, 0.5, 10, 20, 40, 100)]

    assert shades == [0, 0, 1, 2, 3, 4, 4]
