"""The board paper: which decision it asks, what it counts, and that it never paints."""

import math
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.choices import Choices
from reports.documents.board import SECTIONS, risk
from reports.documents.decisions import decision_of
from reports.documents.half_years import half_years
from reports.documents.sections import document_html
from reports.frozen.board import AskedGate, BoardEntry, InitiativeCost, MoneyEntry
from reports.frozen.board_reading import board_entry
from reports.frozen.for_documents import freeze_for
from reports.frozen.going import GoingEntry, GoingGate
from reports.frozen.snapshot import Days, Ref, ReportSnapshot, Risk
from reports.frozen.working_time import CalendarEntry
from reports.pictures.board_line import board_line
from reports.pictures.scale import WIDTH
from reports.printing.pdf import render_document
from roadmap.domain.forecasting.ranges import Range
from roadmap.services.gates.opening import gate_confirm_item
from tests.factories import make_member
from tests.reports.factories import ONE_STEP, make_roadmap
from tests.reports.samples import demo_snapshot, initiative, progress_of, small_snapshot
from tests.roadmap.factories import approved
from tests.roadmap.factories import make_roadmap as small_roadmap

BOARD = Choices(document="board")
SMALL = small_snapshot()
EMPTY = small_snapshot(initiatives=(), phases=(), gates=(), risks=(), challenges=())
ASKED = AskedGate("G1", date(2026, 12, 1), 3, 4, ("Sponsor", "Clinical lead"), ("Sponsor",))
LONG = "Universitätsklinikum für Kinder- und Jugendmedizin " * 8


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.mark.parametrize(
    ("snapshot", "kind"),
    [
        (SMALL, "start"),
        (progress_of(SMALL, A1_01="done"), "release"),
        (replace(SMALL, board=BoardEntry(asked=(ASKED,))), "gate"),
        (replace(SMALL, gates=()), "rest"),
        (progress_of(SMALL, A1_01="done", A1_02="done", A1_03="dropped"), "note"),
        (EMPTY, "note"),
    ],
)
def test_the_decision_follows_from_where_the_roadmap_stands(
    snapshot: ReportSnapshot, kind: str
) -> None:
    decision = decision_of(snapshot)

    assert decision.kind == kind
    assert len(decision.options) == {"note": 0, "rest": 2}.get(kind, 3)


def test_a_gate_that_was_asked_for_says_who_still_has_to_speak() -> None:
    decision = decision_of(replace(SMALL, board=BoardEntry(asked=(ASKED,))))

    assert "3 of 4 lines" in decision.why
    assert "Still to speak: Clinical lead." in decision.why
    assert "cannot open before every line" in decision.options[0].text


def test_not_deciding_names_what_stays_and_says_containment_should_not_wait() -> None:
    urgent = initiative(1, kind="containment")
    waiting = Risk(Ref("Q3.05", "Log"), Ref("STEP-3", "Build"), "None.", (Ref("A1-02", "x"),))
    snapshot = replace(SMALL, initiatives=(urgent, *SMALL.initiatives[1:]), risks=(waiting,))

    later = decision_of(snapshot).options[-1].text

    assert "1 answer that is a high risk in itself waits" in later
    assert "1 urgent containment task should not wait" in later


DAYS = st.integers(min_value=0, max_value=900)


@given(st.lists(st.tuples(DAYS, st.integers(0, 400)), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_half_years_together_are_the_whole(spans: list[tuple[int, int]]) -> None:
    items = tuple(
        initiative(
            number,
            start=date(2026, 11, 23) + timedelta(days=first),
            finish=date(2026, 11, 23) + timedelta(days=first + length),
        )
        for number, (first, length) in enumerate(spans, 1)
    )
    costs = tuple(InitiativeCost(item.id, 100.0) for item in items)
    money = MoneyEntry("USD", 100.0 * len(items), 0, 100.0 * len(items), costs)
    snapshot = replace(
        SMALL,
        initiatives=items,
        board=BoardEntry(money=money),
        calendar=CalendarEntry(holidays=(date(2026, 12, 25), date(2027, 1, 1))),
    )

    halves = half_years(snapshot)

    for name, each in (("low", 1), ("likely", 2), ("high", 5.5)):
        found = math.fsum(getattr(half.effort, name) for half in halves)
        assert found == pytest.approx(each * len(items))
    assert math.fsum(half.cost or 0 for half in halves) == pytest.approx(money.own)
    assert [half.first for half in halves] == sorted(half.first for half in halves)


def test_dropped_work_costs_no_half_year_and_nothing_priced_is_no_zero() -> None:
    halves = half_years(progress_of(SMALL, A1_01="dropped"))

    assert sum((half.effort for half in halves), start=Days(0, 0, 0)).likely == pytest.approx(4)
    assert {half.cost for half in halves} == {None}


def test_the_paper_says_what_is_not_priced() -> None:
    money = MoneyEntry("USD", 1200, 0, 1200, (), ("Training",))
    priced = words_of(document_html(replace(SMALL, board=BoardEntry(money=money)), BOARD))

    assert "Not priced, because no day rate is stated: Training." in priced
    assert "Nothing is priced:" in words_of(document_html(SMALL, BOARD))


def test_risks_without_work_come_first_and_what_is_dealt_with_last() -> None:
    step = Ref("STEP-1", "Audit")
    risks = tuple(
        Risk(Ref(f"Q{number}", f"Risk {number}"), step, "None.", tuple(Ref(i, i) for i in ids))
        for number, ids in enumerate((("A1-01",), ("A1-02",), ()))
    )
    snapshot = replace(progress_of(SMALL, A1_01="done"), risks=risks)

    told = risk(snapshot, BOARD)["risks"]

    assert [line.question.id for line in told] == ["Q2", "Q1", "Q0"]


def test_dates_expected_now_stand_before_those_once_agreed() -> None:
    likely = Range(date(2028, 4, 12), date(2028, 7, 14), date(2028, 8, 17))
    gate = GoingGate("G1", date(2028, 4, 1), likely)
    going = GoingEntry(date(2026, 11, 16), 20, date(2028, 4, 12), likely, gates=(gate,))
    snapshot = replace(SMALL, going=going)

    said = words_of(document_html(snapshot, BOARD))

    assert "Apr 2028 – Jul 2028" in said
    assert "The plan itself says 18 Dec 2026." in said


def test_the_strip_reaches_as_far_as_gates_are_likely_to_go() -> None:
    likely = Range(date(2028, 4, 12), date(2028, 7, 14), date(2028, 8, 17))
    line = board_line(replace(SMALL, gates=(replace(SMALL.gates[0], likely=likely),)))

    drawn = line.gates[0].likely
    assert drawn is not None
    assert 0 <= drawn[0] <= drawn[1] <= WIDTH


@pytest.mark.parametrize("snapshot", [EMPTY, SMALL, small_snapshot(organization=LONG)])
@pytest.mark.parametrize("size", ["a4", "letter"])
def test_the_paper_has_few_pages(snapshot: ReportSnapshot, size: str) -> None:
    rendered = render_document(snapshot, replace(BOARD, page_size=size))

    assert 1 <= rendered.pages <= 4


@pytest.mark.parametrize("size", ["a4", "letter"])
def test_the_paper_of_a_whole_plan_has_few_pages_at_every_detail(size: str) -> None:
    """Letter is shorter: the strip of gates once stood with one line of its words overleaf."""
    rendered = render_document(
        demo_snapshot("per-4.yaml"), replace(BOARD, page_size=size, detail="everything")
    )

    assert 2 <= rendered.pages <= 4


def test_the_paper_never_promises() -> None:
    said = words_of(document_html(SMALL, BOARD)).lower()

    assert not re.search(r"\b(guarantees?|ensures?|will be compliant|risk-free|certified)\b", said)


def test_sections_can_be_chosen_in_another_order() -> None:
    html = document_html(SMALL, replace(BOARD, sections=("board-money", "board-summary")))

    assert html.index('id="board-money"') < html.index('id="board-summary"')
    assert 'id="board-safety"' not in html
    assert len({section.id for section in SECTIONS}) == len(SECTIONS)


@pytest.mark.django_db
def test_what_the_board_is_told_is_frozen_with_the_report() -> None:
    frozen = freeze_for(make_roadmap(constraints=ONE_STEP), BOARD)

    assert frozen.board is not None
    assert frozen.board.asked == ()
    assert frozen.trace is None
    assert "Decision asked" in document_html(frozen, BOARD)


@pytest.mark.django_db
def test_a_gate_that_was_asked_for_is_read_with_who_spoke_and_what_is_met() -> None:
    roadmap = small_roadmap()
    gate = roadmap.gates.get()
    roadmap.initiatives.exclude(initiative_id=gate.review).update(status="done")
    vouching = make_member(roadmap.organization).user
    gate_confirm_item(gate=gate, user=vouching, item_id="G1-2", note="Seen.")
    approved(gate)

    (asked,) = board_entry(roadmap).asked

    assert (asked.id, asked.met, asked.items) == ("G1", 2, 2)
    assert asked.approved == asked.roles == ("Executive sponsor",)
    assert asked.asked_on is not None
