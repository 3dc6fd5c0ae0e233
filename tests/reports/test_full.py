"""What each section of the full roadmap says, with much, little and nothing to say."""

import re
from dataclasses import replace
from datetime import date

import pytest

from reports.choices import Choices
from reports.documents import back, cards, showing, standing, timeline
from reports.documents.sections import document_html, sections_of
from reports.frozen.brand import BrandEntry
from reports.frozen.flows import FlowEntry, FlowsEntry, SystemEntry
from reports.frozen.going import GoingEntry, GoingGate
from reports.frozen.money import CostEntry, PhaseCost, RoleCost
from reports.frozen.prices import PricesEntry
from reports.frozen.snapshot import Progress, ReportSnapshot, from_json, to_json
from reports.frozen.standing import AnswerEntry, SinceFirstEntry, TargetLine, TargetsEntry
from reports.frozen.stated import (
    ComparedPlan,
    FigureEntry,
    MeasuredEntry,
    NoteEntry,
    PilotDecisionEntry,
    RemarkEntry,
    ReportedEntry,
    StatedLine,
)
from reports.frozen.trace import ApprovalTrace, ControlTrace, DecisionTrace, GateTrace, HandTrace
from roadmap.domain.forecasting.ranges import Range
from tests.reports.samples import MONDAY, demo_snapshot, initiative, small_snapshot

EVERYTHING = Choices(detail="everything")
LONG = "ו" * 200 + "w" * 200
DAY = date(2026, 11, 20)


def told_snapshot() -> ReportSnapshot:
    """One of everything that people type."""
    return small_snapshot(
        targets=TargetsEntry(27.4, (TargetLine("STEP-1", "Audit", 31.4, 60),), is_own=True),
        since_first=SinceFirstEntry("First", DAY, 6.6, 70, 80),
        answers=(AnswerEntry("Q1.01", "Inventory", "STEP-1", "answered", "A list", note="ANOTE"),),
        cost=CostEntry("EUR", (PhaseCost("Assess", 6, 900),), (RoleCost("OPS", "Ops", 6, 150),)),
        prices=PricesEntry("EUR", 900, 0, 900),
        flows=FlowsEntry(
            (SystemEntry("s0", "Lab", "1", True), SystemEntry("s1", "Ward")),
            (FlowEntry("f0", "AFLOW", "s0", "s1", phi="full", phi_label="full"),),
            count=1,
        ),
        controls=(ControlTrace("C1", "HIPAA", "164.308", "ACONTROL", standing="missing"),),
        stated=(StatedLine("Freeze", "ASTATED"),),
        reported=(
            ReportedEntry(
                "A1-01",
                "One",
                "in_progress",
                40,
                "Ann",
                notes=(NoteEntry("APROGRESS", "Ann", DAY),),
            ),
        ),
        remarks=(RemarkEntry("Q1.01", "Inventory", "AREMARK", "Bo", DAY),),
        measured=(
            MeasuredEntry(
                "Lab system",
                DAY,
                DAY,
                (FigureEntry("x", "Lead time", "3 days", True, "12 deploys"),),
            ),
        ),
        compared=(
            ComparedPlan("This", "A", is_this=True),
            ComparedPlan("Other", "B", differences=("ADIFFERENCE",)),
        ),
        gates_told=(
            GateTrace(
                "G1",
                "Baseline",
                approvals=(ApprovalTrace("Sponsor", 1, "Cy", "refuse", "AVERDICT", DAY),),
                decisions=(DecisionTrace("refused", 1, "Cy", DAY, "ADECISION"),),
            ),
        ),
        by_hand=(HandTrace(1, "AHAND", "Di", DAY), HandTrace(2, "UNDONE", "Di", DAY, True)),
        brand=BrandEntry(legal="ALEGAL"),
    )


def test_everything_typed_reaches_the_report() -> None:
    html = document_html(told_snapshot(), EVERYTHING)

    typed = "ANOTE AFLOW ACONTROL ASTATED APROGRESS AREMARK ADIFFERENCE AVERDICT ADECISION AHAND"
    assert [word for word in (*typed.split(), "ALEGAL") if word not in html] == []
    assert "UNDONE" not in html


def test_frozen_form_of_everything_typed_is_read_back() -> None:
    assert from_json(to_json(told_snapshot())) == told_snapshot()


@pytest.mark.parametrize("detail", ["short", "usual", "everything"])
@pytest.mark.parametrize("page_size", ["a4", "letter"])
def test_each_section_alone_is_a_document(detail: str, page_size: str) -> None:
    for section in sections_of("full"):
        choices = Choices(detail=detail, page_size=page_size, sections=(section.id,))
        html = document_html(told_snapshot(), choices)
        assert html.count("<h2>") >= 1
        assert "{{" not in html and "{%" not in html


def test_empty_plan_makes_a_document() -> None:
    nothing = small_snapshot()
    empty = replace(
        nothing,
        initiatives=(),
        phases=(),
        gates=(),
        risks=(),
        steps=(),
        challenges=(),
        plan=replace(nothing.plan, finish=None, notes=()),
    )

    html = document_html(empty, EVERYTHING)

    assert "The plan is empty" in html
    assert "No single answer is a high risk" in html
    assert 'id="initiatives"' not in html and 'href="#initiatives"' not in html


def test_summary_says_the_three_numbers() -> None:
    html = document_html(told_snapshot(), Choices(sections=("summary",)))

    figures = re.findall(r'<p class="figure">([^<]*)<', html)
    assert figures == ["31", "27", "+7"]
    assert "targets this organization set itself" in html


def test_summary_of_a_first_round_compares_with_nothing() -> None:
    html = document_html(small_snapshot(), Choices(sections=("summary",)))

    assert "This is the first assessment" in html


def test_biggest_moves_are_open_work_by_gain() -> None:
    items = (
        initiative(1, gain=2.0, progress=Progress("done")),
        initiative(2, gain=0.4),
        initiative(3, gain=1.5),
        initiative(4, gain=0.0),
    )

    moves = standing.summary(small_snapshot(initiatives=items), Choices())["moves"]

    assert [item.id for item in moves] == ["A1-03", "A1-02"]


def test_heat_map_adds_up_to_the_exposures_it_explains() -> None:
    snapshot = demo_snapshot("per-4.yaml")

    for row in standing.heat_rows(snapshot.heat):
        whole = sum(cell.points or 0 for cell in row.cells)
        assert whole == pytest.approx(row.score, abs=0.5)


def test_targets_stand_in_the_readiness_chart() -> None:
    context = standing.standing(told_snapshot(), Choices())

    assert context["readiness_chart"].rows[0].target_x == pytest.approx(196 + 330 * 0.6)
    assert context["readiness_chart"].rows[1].target_x is None


@pytest.mark.parametrize(
    ("answers_say", "has_work", "is_done", "state"),
    [
        ("shown", False, False, "shown"),
        ("claimed", True, False, "claimed"),
        ("missing", True, False, "planned"),
        ("missing", True, True, "done"),
        ("partly", False, False, "nothing"),
        ("not_asked", False, False, "nothing"),
    ],
)
def test_control_is_shown_by_answers_and_never_by_work(
    answers_say: str, has_work: bool, is_done: bool, state: str
) -> None:
    assert showing.state_of(answers_say, has_work, is_done) == state


def test_dropped_work_covers_no_control() -> None:
    control = ControlTrace("C", "HIPAA", "1", "One", standing="missing", initiatives=("A1-01",))
    items = (initiative(1, progress=Progress("dropped")),)

    context = showing.compliance(small_snapshot(initiatives=items, controls=(control,)), Choices())

    assert context is not None
    assert context["coverage"][0].lines.items[0].state == "nothing"


def test_no_document_says_compliant() -> None:
    html = document_html(demo_snapshot("per-4.yaml"), EVERYTHING)

    text = re.sub(r"<[^>]+>", " ", html)
    assert not re.search(r"\b(?:is|are|fully) compliant\b|guarantee", text, re.IGNORECASE)


def test_cards_beyond_the_limit_are_counted() -> None:
    groups = cards.phase_groups(small_snapshot(), most=1)

    assert [card.item.id for group in groups for card in group.cards] == ["A1-01"]
    assert [(group.more, group.count) for group in groups] == [(2, 3)]


def test_gantt_beyond_the_limit_keeps_what_matters_most() -> None:
    drawn, more = timeline.without_most(small_snapshot(), 2)

    assert [item.id for item in drawn.initiatives] == ["A1-01", "A1-02"]
    assert more == 1
    assert timeline.without_most(small_snapshot(), 3) == (small_snapshot(), 0)


def test_costs_name_what_is_not_priced() -> None:
    cost = CostEntry("EUR", (), (RoleCost("OPS", "Ops", 6, 150), RoleCost("SP", "Sponsor", 2)))
    html = document_html(replace(told_snapshot(), cost=cost), Choices(sections=("cost",)))

    assert "2 of 8 person-days are of roles without a day rate" in html
    assert "Sponsor (2)" in html


def test_glossary_holds_the_terms_the_report_uses() -> None:
    context = back.glossary(small_snapshot(), Choices())
    spoken = replace(small_snapshot(), initiatives=(initiative(1, what="List the SBOM."),))

    names = [str(term.name) for term in context["terms"]] if context else []
    assert "Gate" in names and "SBOM" not in names and "Four chances in five" not in names
    assert names == sorted(names, key=str.casefold)
    assert "SBOM" in [str(t.name) for t in (back.glossary(spoken, Choices()) or {})["terms"]]


def test_links_lead_somewhere_or_are_none() -> None:
    for sections in ((), ("risks", "summary", "compliance")):
        html = document_html(demo_snapshot("per-4.yaml"), Choices(sections=sections))
        known = set(re.findall(r'\bid="([^"]+)"', html))
        assert {link for link in re.findall(r'href="#([^"]+)"', html)} <= known
        assert len(re.findall(r'\bid="([^"]+)"', html)) == len(known)


def test_names_of_400_characters_are_shortened_in_drawings_and_kept_in_text() -> None:
    items = tuple(replace(item, title=LONG) for item in small_snapshot().initiatives)
    snapshot = replace(
        small_snapshot(),
        organization=LONG,
        initiatives=items,
        phases=(replace(small_snapshot().phases[0], title=LONG),),
    )

    html = document_html(snapshot)

    drawn = re.findall(r"<text[^>]*>([^<]*)</text>", html)
    assert max(len(text) for text in drawn) <= 60
    assert LONG in html


def test_markup_that_was_typed_stays_text() -> None:
    evil = "<script>alert(1)</script>"
    snapshot = replace(
        told_snapshot(),
        remarks=(RemarkEntry("Q1", evil, evil, evil, DAY),),
        stated=(StatedLine(evil, evil),),
        answers=(AnswerEntry("Q1", evil, "STEP-1", "answered", evil, note=evil, rows=(evil,)),),
        brand=BrandEntry(legal=evil),
        flows=FlowsEntry(
            (SystemEntry("s0", evil), SystemEntry("s1", '"];x[')),
            (FlowEntry("f0", evil, "s0", "s1"),),
            count=1,
        ),
    )

    html = document_html(snapshot, EVERYTHING)

    assert "<script" not in html


def test_decisions_about_the_pilot_stand_with_its_charter() -> None:
    from reports.frozen.charter import CharterEntry

    snapshot = replace(
        told_snapshot(),
        charter=CharterEntry("Lab", why="Small."),
        pilot_decisions=(PilotDecisionEntry("scale", "extend", "AREASON", "Ed", MONDAY),),
    )

    html = document_html(snapshot, Choices(sections=("charter",)))

    assert "AREASON" in html and "the numbers proposed: Extend" in html


def test_forecast_of_what_was_reported_is_told_without_one_of_the_plan() -> None:
    likely = Range(DAY, date(2027, 2, 1), date(2027, 3, 1))
    gates = (GoingGate("G1", DAY, likely), GoingGate("G2", DAY))
    going = GoingEntry(DAY, 300, DAY, likely, slip=4, gates=gates)

    html = document_html(small_snapshot(going=going), Choices(sections=("outlook",)))

    assert "4 working days later than agreed" in html
    assert "The table below" not in html
    assert document_html(small_snapshot(), Choices(sections=("outlook",))).count("<h2>") == 1
