from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from reports.frozen.snapshot import Days, PhaseEntry, ReportSnapshot
from reports.pictures import bars, gantt, overview
from reports.pictures import scale as places
from tests.reports.samples import MONDAY, demo_snapshot, initiative, small_snapshot


def long_snapshot(count: int) -> ReportSnapshot:
    items = tuple(initiative(number) for number in range(1, count + 1))
    phase = PhaseEntry(
        "PHASE-1",
        "Assess",
        "",
        items[0].start,
        items[-1].finish,
        Days(1, 2, 3),
        tuple(item.id for item in items),
    )
    return replace(small_snapshot(), initiatives=items, phases=(phase,), gates=())


def test_time_scale_begins_and_ends_with_a_month_that_has_work() -> None:
    snapshot = small_snapshot()

    scale = places.time_scale(snapshot)

    assert scale.first == date(2026, 11, 1)
    assert scale.last == date(2026, 12, 31)
    assert [month.first for month in scale.months] == [date(2026, 11, 1), date(2026, 12, 1)]


def test_time_scale_months_fill_the_width() -> None:
    scale = places.time_scale(demo_snapshot("per-1.yaml"))

    assert sum(month.width for month in scale.months) == pytest.approx(scale.width, abs=1)
    assert scale.months[0].x == scale.left


@pytest.mark.parametrize(("months", "every"), [(12, 1), (19, 1), (24, 3), (60, 6), (240, 12)])
def test_time_scale_labels_months_as_often_as_they_fit(months: int, every: int) -> None:
    last = date(2026 + (months - 1) // 12, (months - 1) % 12 + 1, 28)
    scale = places.TimeScale(date(2026, 1, 1), last)

    labelled = [month for month in scale.months if month.has_label]

    assert len(scale.months) == months
    assert len(labelled) == -(-months // every)
    gaps = [b.x - a.x for a, b in pairwise(labelled)]
    assert min(gaps) >= 18
    assert labelled[-1].x + places.MONTH_NAME <= places.WIDTH


def test_month_that_is_cut_at_the_edge_has_no_name() -> None:
    months = places.TimeScale(date(2027, 1, 1), date(2030, 7, 31)).months

    assert (months[-1].first, months[-1].has_label) == (date(2030, 7, 1), False)
    assert months[-4].has_label


def test_gantt_bars_lie_inside_the_chart() -> None:
    for page in gantt.gantt_pages(demo_snapshot("per-4.yaml")):
        for row in page.rows:
            assert page.left <= row.x
            assert row.x + row.width <= page.width + 2.5
            assert row.width >= 2.5


def test_gantt_shows_every_initiative_once() -> None:
    snapshot = demo_snapshot("per-1.yaml")

    shown = [item.id for page in gantt.gantt_pages(snapshot) for item in page.items]

    assert sorted(shown) == sorted(item.id for item in snapshot.initiatives)


@pytest.mark.parametrize("count", [1, 45, 46, 47, 200])
def test_gantt_is_split_into_pages_that_name_their_phase(count: int) -> None:
    pages = gantt.gantt_pages(long_snapshot(count))

    assert sum(len(page.items) for page in pages) == count
    assert all(page.rows[0].kind == "phase" for page in pages)
    assert all(page.rows[-1].kind != "phase" for page in pages)
    assert all(len(page.rows) <= gantt.PAGE_ROWS for page in pages)
    assert [(page.number, page.of) for page in pages] == [
        (n, len(pages)) for n in range(1, len(pages) + 1)
    ]


def test_gantt_of_an_empty_plan_has_no_page() -> None:
    empty = replace(small_snapshot(), initiatives=(), phases=(), gates=())

    assert gantt.gantt_pages(empty) == ()
    assert overview.overview(empty).bars == ()


def test_gate_flags_close_to_each_other_stand_on_different_levels() -> None:
    gate = small_snapshot().gates[0]
    gates = [replace(gate, id=f"G{n}", planned_on=MONDAY + timedelta(days=n)) for n in range(4)]
    scale = places.time_scale(demo_snapshot("per-1.yaml"))

    flags = places.gate_flags(gates, scale)

    assert [flag.level for flag in flags] == [0, 1, 2, 3]


def test_gate_flag_at_the_right_edge_has_its_name_on_the_left() -> None:
    snapshot = small_snapshot()
    scale = places.time_scale(snapshot)
    gate = replace(snapshot.gates[0], planned_on=scale.last)

    assert places.gate_flags([gate], scale)[0].is_last


def test_readiness_chart_draws_nothing_where_nothing_is_assessed() -> None:
    chart = bars.readiness_chart(small_snapshot().steps)

    assert chart.rows[0].width == pytest.approx(0.314 * bars.BAR_WIDTH, abs=0.1)
    assert chart.rows[1].value is None
    assert chart.rows[1].width == 0


def test_exposure_chart_marks_what_is_usual() -> None:
    row = bars.exposure_chart(small_snapshot().challenges[:1]).rows[0]

    assert row.usual_x == pytest.approx(bars.BAR_LEFT + 0.6 * bars.BAR_WIDTH)
    assert row.difference == 28


def test_long_label_is_cut_between_words() -> None:
    title = "Take the shared account away from everyone who has ever had it"
    items = (initiative(1, title=title),)
    snapshot = replace(long_snapshot(1), initiatives=items)

    label = gantt.gantt_pages(snapshot)[0].rows[1].label

    assert label == "Take the shared account away from everyone who…"
