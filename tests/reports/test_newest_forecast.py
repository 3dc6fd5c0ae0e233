"""A report of work under way names the dates of one forecast, the newest, everywhere."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from accounts.enums import Role
from reports.choices import Choices
from reports.documents.sections import document_html
from reports.frozen.for_documents import freeze_for
from reports.frozen.going import GoingEntry, GoingGate, GoingPhase, GoingWork
from reports.frozen.newest import with_newest_ranges
from reports.frozen.snapshot import Progress
from roadmap.domain.forecasting.ranges import Range
from roadmap.enums import ForecastCause
from roadmap.models import ProgressForecast
from tests.factories import make_member, make_organization
from tests.reports.samples import small_snapshot
from tests.reports.test_same_figures import forecast_roadmap

ADOPTED = Range(date(2027, 1, 4), date(2027, 2, 1), date(2027, 3, 1))
NEWEST = Range(date(2028, 4, 3), date(2028, 5, 1), date(2028, 6, 5))
SMALL = small_snapshot()
FIRST, GATE, PHASE = SMALL.initiatives[0], SMALL.gates[0], SMALL.phases[0]
GOING = GoingEntry(
    date(2026, 11, 16),
    20,
    date(2028, 4, 3),
    NEWEST,
    gates=(GoingGate(GATE.id, date(2028, 4, 3), NEWEST),),
    work=(GoingWork(FIRST.id, date(2028, 1, 3), date(2028, 4, 3), NEWEST),),
    phases=(GoingPhase(PHASE.id, NEWEST),),
)
UNDER_WAY = small_snapshot(
    initiatives=tuple(replace(item, likely=ADOPTED) for item in SMALL.initiatives),
    gates=tuple(replace(gate, likely=ADOPTED) for gate in SMALL.gates),
    phases=tuple(replace(phase, likely=ADOPTED) for phase in SMALL.phases),
    going=GOING,
)


def test_ranges_are_those_of_the_newest_forecast() -> None:
    found = with_newest_ranges(UNDER_WAY)

    for parts in (found.initiatives, found.gates, found.phases):
        # The others are unknown to it.
        assert [part.likely for part in parts] == [NEWEST] + [None] * (len(parts) - 1)


def test_a_plan_without_reports_keeps_its_own() -> None:
    fresh = replace(UNDER_WAY, going=None)

    assert with_newest_ranges(fresh) is fresh


@pytest.mark.parametrize("status", ["done", "dropped"])
def test_what_is_over_is_no_longer_uncertain(status: str) -> None:
    over = replace(UNDER_WAY.initiatives[0], progress=Progress(status))
    opened = replace(UNDER_WAY.gates[0], is_open=True)

    found = with_newest_ranges(replace(UNDER_WAY, initiatives=(over,), gates=(opened,)))

    assert (found.initiatives[0].likely, found.gates[0].likely) == (None, None)


@pytest.mark.parametrize("document", ["full", "board"])
def test_no_document_names_a_date_of_the_forecast_before(document: str) -> None:
    html = document_html(with_newest_ranges(UNDER_WAY), Choices(document=document))

    assert "May 2028" in html
    assert "Feb 2027" not in html


@pytest.mark.django_db
def test_freezing_takes_the_newest_forecast_of_a_roadmap() -> None:
    roadmap = forecast_roadmap(make_member(make_organization(), Role.OWNER).user)
    dates = {"p50": "2031-01-06", "p80": "2031-02-03", "p95": "2031-03-03", "actual": None}
    work, gate, phase = (roadmap.plan[part][0]["id"] for part in ("initiatives", "gates", "phases"))
    ProgressForecast.objects.create(
        roadmap=roadmap,
        as_of=date(2031, 1, 1),
        cause=ForecastCause.NIGHT,
        made_at=datetime(2031, 1, 1, 3, tzinfo=UTC),
        document={
            "runs": 20,
            "finish": {**dates, "expected": "2031-01-06"},
            "initiatives": {work: {**dates, "start": "2031-01-02", "finish": "2031-01-06"}},
            "gates": {gate: {**dates, "on": "2031-01-06"}},
            "phases": {phase: dates},
        },
    )

    frozen = freeze_for(roadmap, Choices())

    newest = Range(date(2031, 1, 6), date(2031, 2, 3), date(2031, 3, 3))
    told = {item.id: item.likely for item in frozen.initiatives if item.likely}
    assert told == {work: newest}
    assert {item.id: item.likely for item in frozen.gates if item.likely} == {gate: newest}
    assert {item.id: item.likely for item in frozen.phases if item.likely} == {phase: newest}
