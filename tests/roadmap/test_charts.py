from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadmap.charts import Bar, GateMark, gantt
from roadmap.charts.gantt import ROW_HEIGHT

PHASES = [("P1", "Assess"), ("P2", "Implement")]
TODAY = date(2027, 2, 15)


def bar(id, start, finish, phase="P1", **more):
    return Bar(id, f"Do {id}", phase, start, finish, "not_started", **more)


def test_gantt_of_nothing_is_nothing():
    assert gantt(PHASES, [], [], TODAY) is None


def test_gantt_places_bars_by_day_and_rows_by_phase_and_start():
    chart = gantt(
        PHASES,
        [
            bar("late", date(2027, 2, 1), date(2027, 2, 28), "P2"),
            bar("second", date(2027, 1, 11), date(2027, 1, 20)),
            bar("first", date(2027, 1, 1), date(2027, 1, 10)),
        ],
        [],
        TODAY,
    )

    scale = chart.width / 59
    assert [row.bar.id for row in chart.bars] == ["first", "second", "late"]
    assert [phase.title for phase in chart.phases] == ["Assess", "Implement"]
    assert [row.x for row in chart.bars] == pytest.approx([0, 10 * scale, 31 * scale], abs=0.1)
    assert [row.width for row in chart.bars] == pytest.approx(
        [10 * scale, 10 * scale, 28 * scale], abs=0.15
    )
    assert chart.height == chart.plot_top + 5 * ROW_HEIGHT
    assert chart.today_x == pytest.approx(45 * scale, abs=0.1)


def test_gantt_leaves_empty_phases_and_a_distant_today_out():
    chart = gantt(PHASES, [bar("a", date(2028, 1, 1), date(2028, 1, 2))], [], TODAY)

    assert [phase.id for phase in chart.phases] == ["P1"]
    assert chart.today_x is None


def test_gantt_names_every_month_of_a_short_plan_and_the_quarters_of_a_long_one():
    short = gantt(PHASES, [bar("a", date(2027, 1, 5), date(2027, 6, 5))], [], TODAY)
    long = gantt(PHASES, [bar("a", date(2027, 1, 5), date(2031, 6, 5))], [], TODAY)

    assert all(tick.has_name for tick in short.ticks)
    assert {tick.day.month for tick in long.ticks if tick.has_name} == {1, 4, 7, 10}
    assert [tick.day.year for tick in long.ticks if tick.has_year] == [2027, 2028, 2029, 2030, 2031]


def test_gantt_names_of_neighbouring_gates_take_turns():
    gates = [
        GateMark("G4", "Four", date(2027, 3, 1), False),
        GateMark("G5", "Five", date(2027, 3, 2), False),
        GateMark("G8", "Eight", date(2027, 12, 1), True),
    ]

    chart = gantt(PHASES, [bar("a", date(2027, 1, 1), date(2027, 12, 31))], gates, TODAY)

    four, five, eight = chart.gates
    assert five.label_y > four.label_y == eight.label_y


@given(
    st.lists(
        st.tuples(st.dates(date(2026, 1, 1), date(2032, 1, 1)), st.integers(0, 400)),
        min_size=1,
        max_size=20,
    )
)
def test_gantt_keeps_every_bar_inside_the_drawing(intervals):
    bars = [
        bar(str(n), start, date.fromordinal(start.toordinal() + length))
        for n, (start, length) in enumerate(intervals)
    ]

    chart = gantt(PHASES, bars, [], TODAY)

    assert all(row.x >= 0 and row.x + row.width <= chart.width + 4.1 for row in chart.bars)
    assert all(row.y >= 0 and row.y < chart.height for row in chart.bars)
