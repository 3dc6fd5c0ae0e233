from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from roadmap.charts import Bar, FreezeBand, gantt
from roadmap.charts.documents import plan_gantt
from roadmap.charts.gantt import FREEZES_HEIGHT, MONTHS_HEIGHT
from roadmap.domain.forecasting.ranges import Range

PHASES = [("P1", "Assess"), ("P2", "Implement")]
TODAY = date(2027, 2, 15)
START = date(2027, 1, 4)


def bar(id, start, finish, phase="P1", **more):
    return Bar(id, f"Do {id}", phase, start, finish, "not_started", **more)


def numbers(path):
    return [float(part) for part in path.replace("M", " ").replace("H", " ").split()[:1]]


def ends(path):
    """The places along the time axis a path names, in order."""
    return [float(part.split("m")[0].split("v")[0].split("h")[0]) for part in path.split("H")[1:]]


def test_gantt_draws_the_range_of_a_finish_from_half_to_19_of_20():
    likely = Range(date(2027, 2, 1), date(2027, 2, 15), date(2027, 3, 15))

    chart = gantt(PHASES, [bar("a", START, date(2027, 1, 20), likely=likely)], [], TODAY)

    (row,) = chart.bars
    assert chart.has_ranges
    assert numbers(row.whisker.line) == [row.x + row.width]
    (p95,) = ends(row.whisker.line)
    (p80,) = ends(row.whisker.likely)
    assert numbers(row.whisker.likely)[0] < p80 < p95 <= chart.width


def test_gantt_begins_a_range_inside_the_bar_where_runs_end_sooner():
    likely = Range(date(2027, 2, 1), date(2027, 3, 1), date(2027, 3, 15))

    chart = gantt(PHASES, [bar("a", START, date(2027, 2, 20), likely=likely)], [], TODAY)

    assert numbers(chart.bars[0].whisker.line)[0] < chart.bars[0].x + chart.bars[0].width


def test_gantt_marks_the_critical_chain_and_joins_it():
    bars = [
        bar("a", START, date(2027, 1, 20), is_critical=True),
        bar("b", date(2027, 1, 21), date(2027, 2, 20), is_critical=True),
        bar("c", START, date(2027, 1, 10)),
    ]

    chart = gantt(PHASES, bars, [], TODAY, chain=["a", "b"])

    assert [bool(row.chain) for row in chart.bars] == [False, True, True]
    assert len(chart.arrows) == 1


def test_gantt_gives_freezes_a_row_of_their_own_and_leaves_distant_ones_out():
    near = FreezeBand(date(2027, 1, 10), date(2027, 1, 12), "New release of the EHR")
    far = FreezeBand(date(2030, 1, 1), date(2030, 1, 5), "Some day")

    chart = gantt(PHASES, [bar("a", START, date(2027, 3, 20))], [], TODAY, freezes=[far, near])
    without = gantt(PHASES, [bar("a", START, date(2027, 3, 20))], [], TODAY, freezes=[far])

    assert [row.freeze for row in chart.freezes] == [near]
    assert chart.plot_top == MONTHS_HEIGHT + FREEZES_HEIGHT
    assert without.plot_top == MONTHS_HEIGHT


def test_gantt_cuts_the_reason_of_a_freeze_short_before_the_next_one():
    first = FreezeBand(date(2027, 1, 10), date(2027, 1, 12), "A very long reason to change nothing")
    second = FreezeBand(date(2027, 1, 25), date(2027, 1, 30), "Survey")

    chart = gantt(PHASES, [bar("a", START, date(2027, 6, 20))], [], TODAY, freezes=[second, first])

    names = [row.name for row in chart.freezes]
    assert names[0].endswith("…") and names[1] == "Survey"


def test_gantt_tells_scripts_where_its_days_are():
    chart = gantt(PHASES, [bar("a", START, date(2027, 3, 20))], [], TODAY)

    days = (START - chart.first).days
    assert abs(chart.bars[0].x - days * chart.per_day) < 0.06


@given(
    st.lists(
        st.tuples(
            st.dates(date(2026, 1, 1), date(2032, 1, 1)),
            st.integers(0, 400),
            st.lists(st.integers(-200, 900), min_size=3, max_size=3).map(sorted),
        ),
        min_size=1,
        max_size=12,
    )
)
@settings(max_examples=30)
def test_gantt_keeps_every_range_inside_the_drawing(rows):
    bars = []
    for number, (start, days, slips) in enumerate(rows):
        finish = start + timedelta(days=days)
        dates = [max(start, finish + timedelta(days=slip)) for slip in slips]
        bars.append(bar(str(number), start, finish, likely=Range(*dates)))

    chart = gantt(PHASES, bars, [], TODAY)

    for row in chart.bars:
        places = [*numbers(row.whisker.line), *ends(row.whisker.line), *ends(row.whisker.likely)]
        assert all(0 <= place <= chart.width + 4.1 for place in places)


def test_plan_gantt_reads_an_old_plan_that_knows_no_ranges():
    plan = {
        "phases": [{"id": "P1", "title": "Assess"}],
        "initiatives": [
            {
                "id": "A",
                "title": "Do A",
                "phase": "P1",
                "kind": "action",
                "start": "2027-01-04",
                "finish": "2027-01-20",
            }
        ],
    }

    chart = plan_gantt(plan, None, TODAY, lambda name: f"/{name}/")

    assert not chart.has_ranges and not chart.has_chain and not chart.freezes
    assert chart.bars[0].bar.href == "/A/"
    assert plan_gantt({}, {}, TODAY) is None
