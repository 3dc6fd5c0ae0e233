from dataclasses import replace

import pytest

from assessments.charts import BarInput, bar_chart, narrow_bar_chart

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
