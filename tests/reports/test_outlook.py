"""The forecast in a report: kept with it, drawn from it, and missed by none that has none."""

from dataclasses import replace
from datetime import date
from functools import cache

from assessments.domain.scoring import score
from guide.registry import current_guide
from reports.frozen import outlook
from reports.frozen.freeze import freeze
from reports.frozen.snapshot import ReportSnapshot, from_json, to_json
from reports.pictures.gantt import gantt_pages
from reports.pictures.scale import GANTT_LEFT, GANTT_WIDTH
from reports.printing.pdf import render_html
from roadmap.domain.constraints.stated import Constraints, Deadline, Freeze
from roadmap.domain.document import plan_document
from roadmap.domain.forecasting.forecast import make_forecast
from roadmap.domain.hand.decisions import Days, Decisions, OwnInitiative, Wave
from roadmap.domain.planning import finish, prepare
from roadmap.domain.scheduling import schedule
from tests.reports.samples import demo_answers, small_snapshot

START = date(2027, 1, 4)
FREEZE = Freeze(date(2027, 3, 1), date(2027, 4, 15), "New release of the EHR")
OWN = OwnInitiative(
    "OWN-1", "Move the data centre", "PHASE-2", "STEP-3", {"OPS": 1.0}, Days(5, 10, 20)
)


@cache
def simulated() -> ReportSnapshot:
    guide, answers = current_guide(), demo_answers("per-6.yaml")
    card = score(guide, answers)
    limits = Constraints(freezes=(FREEZE,), deadlines=(Deadline(date(2031, 1, 1)),))
    first = next(
        item.initiative
        for item in prepare(guide, answers, None, limits, Decisions(), START).selection.items
        if item.initiative.kind == "action"
    )
    decisions = Decisions(own=(OWN,), waves=(Wave(first.id, ("Laboratory",)),))
    ready = prepare(guide, answers, None, limits, decisions, START, card)
    planned = schedule(ready.problem)
    return freeze(
        guide=guide,
        answers=answers,
        scorecard=card,
        plan=plan_document(guide, finish(ready, planned)),
        organization="Demo",
        generated_on=START,
        forecast=make_forecast(ready, planned, runs=20),
    )


def test_report_keeps_the_forecast_and_comes_back_the_same() -> None:
    snapshot = simulated()

    assert snapshot.forecast and snapshot.forecast.runs == 20
    assert all(item.likely for item in snapshot.initiatives)
    assert any(item.is_critical for item in snapshot.initiatives)
    assert snapshot.freezes[0].reason == FREEZE.reason
    assert from_json(to_json(snapshot)) == snapshot


def test_report_knows_own_work_and_waves() -> None:
    snapshot = simulated()
    items = {item.id: item for item in snapshot.initiatives}

    assert items["OWN-1"].title == "Move the data centre"
    assert items["OWN-1"].roles[0].share == 1
    (wave,) = [item for name, item in items.items() if name.endswith(".W2")]
    assert wave.what


def test_report_frozen_before_there_were_forecasts_still_opens() -> None:
    new = ("forecast", "freezes", "load")
    data = {key: value for key, value in to_json(small_snapshot()).items() if key not in new}
    for key, fields in (("initiatives", ("likely", "is_critical")), ("gates", ("likely",))):
        data[key] = [
            {name: value for name, value in row.items() if name not in fields} for row in data[key]
        ]

    assert from_json(data) == small_snapshot()


def test_gantt_of_the_report_draws_ranges_and_freezes_inside() -> None:
    pages = gantt_pages(simulated())

    right = GANTT_LEFT + GANTT_WIDTH
    rows = [row for page in pages for row in page.rows]
    assert all(row.likely and row.likely.start <= row.likely.p95 <= right + 0.1 for row in rows)
    assert all(page.bands and page.bands[0].x >= GANTT_LEFT for page in pages)


def test_report_says_how_sure_it_is() -> None:
    html = " ".join(render_html(simulated()).split())

    assert "How sure this is" in html and "Four chances in five to be finished by" in html
    assert "more than 19 chances in 20" in html
    assert "if the work is done as described and lasts" in html
    assert "New release of the EHR" in html and "Load against capacity" in html
    assert "on the critical chain" in html


def test_report_without_a_forecast_says_nothing_of_it() -> None:
    html = render_html(replace(simulated(), forecast=None, load=(), freezes=()))

    assert "How sure this is" not in html
    assert "Load against capacity" not in html
    assert outlook.curve(None) is None and outlook.loads(()) == ()
