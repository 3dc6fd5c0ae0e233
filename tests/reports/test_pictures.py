"""Geometry of what the full roadmap draws beside its bars: baseline, progress, today, radar."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from reports.choices import Choices
from reports.documents import standing, timeline
from reports.frozen.snapshot import PhaseEntry, Progress, StepResult
from reports.pictures import gantt, overview
from reports.pictures.scale import shortened, time_scale
from roadmap.domain.forecasting.ranges import Range
from tests.reports.samples import MONDAY, initiative, small_snapshot

WEEK = timedelta(weeks=1)


def bars(item, **changes):
    snapshot = small_snapshot()
    phase = replace(snapshot.phases[0], initiatives=(item.id,))
    snapshot = replace(snapshot, initiatives=(item,), phases=(phase,), **changes)
    return gantt.gantt_pages(snapshot)[0]


def test_dates_agreed_earlier_lie_under_the_bar_that_moved() -> None:
    agreed = (MONDAY + 2 * WEEK, MONDAY + 2 * WEEK + timedelta(days=4))

    row = bars(initiative(3, progress=Progress(baseline=agreed))).rows[1]

    assert row.baseline is not None
    assert row.baseline[0] < row.x
    assert row.baseline[1] == pytest.approx(row.width, abs=0.1)


def test_bar_that_did_not_move_has_no_second_line() -> None:
    item = initiative(2)

    row = bars(replace(item, progress=Progress(baseline=(item.start, item.finish)))).rows[1]

    assert row.baseline is None


def test_dates_agreed_before_the_chart_begins_are_not_drawn() -> None:
    long_ago = (MONDAY - 60 * WEEK, MONDAY - 59 * WEEK)

    assert bars(initiative(2, progress=Progress(baseline=long_ago))).rows[1].baseline is None


@pytest.mark.parametrize(("status", "share"), [("in_progress", 0.4), ("done", 0), ("dropped", 0)])
def test_only_work_in_progress_shows_its_percent(status: str, share: float) -> None:
    row = bars(initiative(2, progress=Progress(status, percent=40))).rows[1]

    assert row.done_width == pytest.approx(row.width * share, abs=0.01)


def test_today_is_drawn_while_the_plan_runs_and_not_after() -> None:
    page = bars(initiative(2), generated_on=MONDAY + 2 * WEEK)
    after = bars(initiative(2), generated_on=MONDAY + 50 * WEEK)

    assert page.today_x == page.scale.x(MONDAY + 2 * WEEK)
    assert after.today_x is None


def test_letter_has_fewer_bars_on_a_page() -> None:
    items = tuple(initiative(n) for n in range(1, 90))
    ids = tuple(item.id for item in items)
    phase = PhaseEntry("P", "Assess", "", MONDAY, MONDAY, items[0].effort, ids)
    snapshot = replace(small_snapshot(), initiatives=items, phases=(phase,))

    a4 = timeline.plan(snapshot, Choices())["gantt_pages"]
    letter = timeline.plan(snapshot, Choices(page_size="letter"))["gantt_pages"]

    assert len(a4[0].rows) > len(letter[0].rows)
    assert sum(len(page.items) for page in letter) == 89


def test_radar_needs_three_steps_with_a_score() -> None:
    steps = tuple(
        StepResult(f"S{n}", n, f"Step {n}", 50.0, 40, 60, "established", 1) for n in range(1, 4)
    )

    assert standing.radar(small_snapshot()) is None
    assert standing.radar(small_snapshot(steps=steps)) is not None


def test_long_phase_titles_are_shortened_in_the_overview() -> None:
    snapshot = small_snapshot()
    snapshot = replace(snapshot, phases=(replace(snapshot.phases[0], title="w" * 400),))

    assert len(overview.overview(snapshot).bars[0].label) <= overview.LABEL_CHARACTERS


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("short", "short"),
        ("one two three", "one two…"),
        ("x" * 20, "x" * 9 + "…"),
        ("one, two three", "one, two…"),
    ],
)
def test_shortened_cuts_between_words_where_it_can(text: str, cut: str) -> None:
    assert shortened(text, 10) == cut


def test_scale_of_a_plan_without_work_is_one_month() -> None:
    scale = time_scale(replace(small_snapshot(), initiatives=(), gates=()))

    assert len(scale.months) == 1


def test_years_are_not_written_over_each_other() -> None:
    last = initiative(2, start=MONDAY + 150 * WEEK, finish=MONDAY + 151 * WEEK)
    snapshot = replace(small_snapshot(), initiatives=(initiative(1), last), gates=())

    scale = time_scale(snapshot)

    named = [month.x for month in scale.months if month.starts_year]
    assert min(b - a for a, b in pairwise(named)) >= 28


def test_overview_ends_with_the_plan_and_not_with_its_ranges() -> None:
    far = Range(MONDAY + 90 * WEEK, MONDAY + 95 * WEEK, MONDAY + 99 * WEEK)
    snapshot = replace(small_snapshot(), initiatives=(initiative(1, likely=far),), gates=())

    assert overview.overview(snapshot).scale.last < MONDAY + 20 * WEEK
    assert time_scale(snapshot).last > MONDAY + 98 * WEEK
