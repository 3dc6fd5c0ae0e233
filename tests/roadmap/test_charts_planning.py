"""Load, readiness over time and finishes: their geometry, and that their pages hold together."""

import json
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from roadmap.charts.curve import NARROW, SMALL, WIDE, Point, curve_chart, readiness_charts
from roadmap.charts.curve import readiness_comparison as compare_readiness
from roadmap.charts.finish import LABEL_WIDTH, finish_chart, finish_comparison
from roadmap.charts.load import load_charts, load_comparison
from roadmap.charts.scale import MONTH_LABEL_WIDTH, fitted, named_months
from roadmap.templatetags.planning_charts import chance_words

START = date(2027, 1, 4)


def load(role, *months):
    return {
        "role": role,
        "title": f"Role {role}",
        "months": [
            {"month": month, "used": used, "capacity": capacity} for month, used, capacity in months
        ],
    }


def forecast(*, finish=("2028-03-01", "2028-05-14", "2028-08-01"), to=62.0):
    days = ["2027-01-04", "2027-06-30", "2028-01-31"]
    values = [39.0, 50.0, to]
    return {
        "runs": 100,
        "finish": dict(zip(("p50", "p80", "p95"), finish, strict=True)),
        "chance_as_planned": 0.1,
        "histogram": {"first": "2027-12-06", "days": 14, "counts": [1, 0, 9, 30, 40, 15, 5]},
        "deadlines": [{"about": "", "by": "2028-06-30", "chance": 0.9}],
        "readiness": {
            "from": 39.0,
            "to": to,
            "by": {"p50": "2027-12-01", "p80": "2028-01-31"},
            "titles": {"STEP-1": "1. Audit", "CH-1": "Silos"},
            "points": [
                {
                    "date": day,
                    "gate": "G1" if day == days[1] else None,
                    "overall": {"likely": v, "low": v - 5, "high": v + 5},
                    "steps": {"STEP-1": {"likely": v, "low": v, "high": v}},
                    "challenges": {"CH-1": {"likely": 100 - v, "low": 0, "high": 100}},
                }
                for day, v in zip(days, values, strict=True)
            ],
        },
    }


PLAN = {
    "finish": "2028-02-01",
    "load": [
        load("OPS", ("2027-01", 5.0, 20.0), ("2027-02", 10.0, 20.0)),
        load("SEC", ("2027-01", 4.0, 4.0), ("2027-02", 0.0, 4.0)),
    ],
}


# --- The time axis -----------------------------------------------------------------------------


@given(
    st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    st.integers(0, 5000),
    st.sampled_from([250, 330, 990]),
)
@settings(max_examples=50)
def test_named_months_never_touch_and_stay_inside(first, days, right):
    axis = fitted(first, first + timedelta(days=days), 4, right)

    ticks = named_months(axis)

    half = MONTH_LABEL_WIDTH / 2
    assert all(4 + half - 0.1 <= t.label_x <= right - half + 0.1 for t in ticks)
    assert all(b.label_x - a.label_x >= MONTH_LABEL_WIDTH * 0.9 for a, b in pairwise(ticks))


# --- Load --------------------------------------------------------------------------------------


def test_load_charts_put_the_role_with_least_to_spare_first():
    charts = load_charts(PLAN)

    assert [chart.id for chart in charts] == ["SEC", "OPS"]
    assert [len(chart.full_months) for chart in charts] == [1, 0]
    assert charts[1].share == pytest.approx(15 / 40)


def test_load_charts_draw_columns_under_the_line():
    ops = load_charts(PLAN)[1]

    first, second = ops.columns
    assert first.height == pytest.approx((ops.bottom - ops.top) / 4, abs=0.1)
    assert first.x < second.x and first.x + first.width <= second.x
    assert all(column.y >= ops.top for column in ops.columns)


def test_load_charts_of_plans_without_load_are_none():
    assert load_charts({}) == ()
    assert load_comparison("OPS", [("A", "Old", {})]) == ()


def test_load_comparison_uses_one_scale():
    other = {"load": [load("OPS", ("2027-03", 40.0, 40.0))]}

    one, two, none = load_comparison(
        "OPS", [("A", "Is", PLAN), ("B", "More", other), ("C", "", {})]
    )

    assert one.most == two.most == 40
    assert two.columns[0].x > one.columns[-1].x
    assert none.columns == ()


# --- Readiness ---------------------------------------------------------------------------------


def test_readiness_charts_mark_gates_and_say_where_they_begin_and_end():
    charts = readiness_charts(forecast(), {"G1": "Baseline"})

    assert [(gate.id, gate.title) for gate in charts.overall.gates] == [("G1", "Baseline")]
    assert charts.overall.end.text == "62"
    assert charts.done_late == date(2028, 1, 31)
    assert [c.title for c in charts.steps + charts.challenges] == ["1. Audit", "Silos"]


def test_readiness_charts_need_a_forecast():
    assert readiness_charts(None) is None
    assert readiness_charts({}) is None
    assert readiness_charts({"readiness": {"points": []}}) is None


@given(
    st.lists(st.tuples(st.integers(0, 90), st.floats(0, 100)), min_size=1, max_size=40),
    st.sampled_from([WIDE, NARROW, SMALL]),
)
@settings(max_examples=40)
def test_curve_chart_stays_inside_its_frame(rows, frame):
    day, points = START, []
    for days, value in rows:
        day += timedelta(days=days)
        points.append(Point(day, value, max(0.0, value - 9), min(100.0, value + 9), "G1"))

    chart = curve_chart("a", "A", points, frame, {"G1": "Gate"})

    places = [place.split(",") for place in f"{chart.line} {chart.band}".split()]
    assert all(frame.left <= float(x) <= frame.right + 0.1 for x, _ in places)
    assert all(frame.top <= float(y) <= frame.bottom for _, y in places)


def test_readiness_comparison_keeps_letters_and_moves_labels_apart():
    chart = compare_readiness([("Is", forecast()), ("Bare", None), ("Twin", forecast(to=62.4))])

    assert [(s.letter, s.number) for s in chart.series] == [("A", 1), ("C", 3)]
    assert abs(chart.series[0].end.y - chart.series[1].end.y) >= 14
    assert compare_readiness([("Bare", None)]) is None


# --- Finish ------------------------------------------------------------------------------------


def test_finish_chart_holds_all_marks_and_bars():
    chart = finish_chart(PLAN, forecast())

    assert [mark.kind for mark in chart.marks] == ["plan", "p50", "p80", "deadline", "p95"]
    assert sum(bar.count for bar in chart.bars) == 100
    assert all(chart.left <= bar.x and bar.x + bar.width <= chart.right for bar in chart.bars)
    assert finish_chart(PLAN, {}) is None


@given(
    st.lists(st.integers(0, 1500), min_size=4, max_size=4).map(sorted),
    st.integers(-300, 2000),
    st.sampled_from([1000, 340]),
)
@settings(max_examples=50)
def test_finish_chart_never_writes_a_name_on_another_line(days, due, width):
    dates = [START + timedelta(days=number) for number in days]
    found = forecast(finish=[day.isoformat() for day in dates[:3]])
    found["deadlines"][0]["by"] = (START + timedelta(days=due)).isoformat()

    chart = finish_chart({"finish": dates[3].isoformat()}, found, width)

    marks = chart.marks
    for mark in marks:
        assert mark.x + LABEL_WIDTH <= width + 0.2
        for other in marks:
            if other is not mark and mark.x <= other.x < mark.x + LABEL_WIDTH:
                assert other.label_y != mark.label_y
            if mark.x < other.x < mark.x + LABEL_WIDTH:
                assert other.label_y > mark.label_y


def test_finish_comparison_shows_what_has_no_forecast_by_its_plan():
    chart = finish_comparison([("Is", PLAN, forecast()), ("Bare", PLAN, None)], [date(2028, 6, 30)])

    assert [bool(strip.line) for strip in chart.strips] == [True, False]
    assert all(strip.planned for strip in chart.strips)
    assert chart.strips[0].y < chart.strips[1].y < chart.bottom
    assert finish_comparison([("Empty", {}, None)]) is None


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (1.0, "more than 19 chances in 20"),
        (0.8, "about four chances in five"),
        (0.5, "about an even chance"),
        (0.0, "less than one chance in 40"),
        (None, "not in the plan"),
    ],
)
def test_chance_words_never_promise(share, words):
    assert chance_words(share) == words


# --- The pieces of pages -----------------------------------------------------------------------


def test_chart_templates_say_what_they_show_and_carry_their_tables():
    found = forecast()
    readiness = readiness_charts(found, {"G1": "Baseline"})
    pages = {
        "load": {"charts": load_charts(PLAN)},
        "readiness": {"charts": readiness},
        "finish": {
            "chart": finish_chart(PLAN, found),
            "chart_narrow": finish_chart(PLAN, found, 340),
            "planned_chance": 0.1,
        },
        "compare_readiness": {"chart": compare_readiness([("Is", found), ("Twin", found)])},
        "compare_finish": {"chart": finish_comparison([("Is", PLAN, found), ("New", PLAN, None)])},
        "compare_load": {"charts": load_comparison("OPS", [("A", "Is", PLAN)])},
        "forecast_note": {"forecast": found},
    }

    html = {
        name: render_to_string(f"roadmap/charts/{name}.html", more) for name, more in pages.items()
    }

    assert "5 / 20" in html["load"] and "1 month full" in html["load"]
    assert "From 39 to 62 of 100 by 31 January 2028 (four chances in five)" in html["readiness"]
    assert "Four chances in five by" in html["finish"]
    assert "about nine chances in ten" in html["finish"]
    assert "not forecast yet" in html["compare_finish"]
    assert "100 times" in html["forecast_note"]
    assert all("style=" not in page for page in html.values())
    assert json.dumps(html).count("<title") >= 7
