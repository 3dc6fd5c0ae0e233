"""Deadlines with the chance to keep them, as it is known now; and of when a readiness is."""

from dataclasses import replace
from datetime import date

from reports.choices import Choices
from reports.documents.sections import document_html
from reports.documents.timeline import progress
from reports.frozen.going import GoingEntry, GoingGate
from reports.frozen.outlook import ChanceEntry, ForecastEntry, chance_entries
from reports.frozen.stated import ReportedEntry
from roadmap.domain.forecasting.ranges import Range
from tests.reports.samples import small_snapshot
from tests.reports.test_same_figures import words_of

BY = date(2028, 2, 1)
LIKELY = Range(date(2028, 4, 12), date(2028, 7, 14), date(2028, 9, 1))
GOING = GoingEntry(
    date(2026, 11, 16), 200, BY, LIKELY, deadlines=(ChanceEntry("The whole plan", BY, 0.2),)
)
ADOPTED = ForecastEntry(200, LIKELY, 0.5, deadlines=(ChanceEntry("The whole plan", BY, 0.8),))


def test_deadlines_of_the_plan_get_the_chances_of_the_forecast() -> None:
    plan = {"deadlines": [{"about": "", "by": "2028-02-01", "title": "The whole plan"}]}
    known = {"about": "", "by": "2028-02-01", "chance": 0.2}
    strange = {"about": "G9", "by": "2028-02-01", "chance": 0.9}

    assert chance_entries(plan, {"deadlines": [known, strange]}) == GOING.deadlines
    assert chance_entries(plan, {}) == ()


def test_board_and_full_roadmap_tell_the_chance_by_what_was_reported() -> None:
    snapshot = small_snapshot(going=GOING, forecast=ADOPTED)

    for document in ("board", "full"):
        html = words_of(document_html(snapshot, Choices(document=document)))
        assert "The whole plan, 1 Feb 2028: about one chance in five" in html
    board = words_of(document_html(small_snapshot(forecast=ADOPTED), Choices(document="board")))
    assert "The whole plan, 1 Feb 2028: about four chances in five" in board


def test_readiness_is_of_the_day_it_was_assessed_and_not_of_today() -> None:
    assessed = replace(small_snapshot(), assessed_on=date(2026, 1, 29))

    for document in ("board", "full"):
        html = words_of(document_html(assessed, Choices(document=document)))
        assert "Readiness on 29 Jan 2026" in html
        assert "Readiness today" not in html


def test_days_spent_are_reason_enough_to_be_told() -> None:
    one = ReportedEntry("A1-01", "One", "not_started", spent_days=2.5)
    snapshot = small_snapshot(reported=(one, ReportedEntry("A1-02", "Two", "not_started")))

    found = progress(snapshot, Choices())

    assert found is not None
    assert found["reported"].items == (one,)
    html = words_of(document_html(snapshot, Choices(sections=("progress",))))
    assert "2.5 person-days spent so far, as reported." in html


def test_open_gate_is_told_with_the_day_it_opened_everywhere() -> None:
    """The forecast counts from the work's end; people opened the gate on another day."""
    gates = tuple(
        replace(gate, is_open=True, opened_on=date(2026, 11, 20)) for gate in small_snapshot().gates
    )
    going = replace(GOING, gates=(GoingGate("G1", date(2026, 9, 11)),))

    html = words_of(document_html(small_snapshot(gates=gates, going=going), Choices()))

    assert "open since 20 Nov 2026" in html
    assert "11 Sep 2026" not in html


def test_gate_that_nobody_agreed_to_is_not_printed_as_agreed() -> None:
    html = words_of(document_html(small_snapshot(), Choices(sections=("gates",))))

    assert "Who has to agree: Sponsor" in html
    assert "Agreed by" not in html
