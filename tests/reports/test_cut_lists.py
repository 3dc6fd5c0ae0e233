"""What a document leaves out it counts, and a reason is cut where there is less detail only."""

from dataclasses import replace
from datetime import date

from django.template.loader import render_to_string

from reports.choices import Choices
from reports.documents import auditor, board
from reports.documents.sections import document_html
from reports.frozen.board import BoardEntry
from reports.frozen.snapshot import FindOut, GateEntry, Ref, ReportSnapshot, Risk, RoleShare
from reports.frozen.stated import DismissedEntry, MeasuredEntry
from reports.frozen.trace import DecisionTrace as Decided
from reports.frozen.trace import GateTrace, InitiativeTrace, OverrideTrace, TraceEntry, WhyLine
from tests.reports.samples import initiative, small_snapshot
from tests.reports.test_same_figures import words_of

BOARD = Choices(document="board")
LONG = "Because of the move. " * 60 + "The end of it."


def audited(**changes: object) -> ReportSnapshot:
    return small_snapshot(trace=TraceEntry(**changes))  # type: ignore[arg-type]


def test_board_counts_the_roles_gates_and_questions_it_does_not_name() -> None:
    roles = tuple(RoleShare(f"R{n}", f"Role {n}", 0.125) for n in range(8))
    items = (initiative(1, roles=roles), initiative(2, roles=roles))
    last = items[-1].finish
    gates = tuple(GateEntry(f"G{n}", "Gate", "", "", last) for n in range(1, 7))
    unknown = tuple(FindOut(Ref(f"Q{n}", f"Question {n}"), "") for n in range(5))

    snapshot = small_snapshot(initiatives=items, gates=gates, find_out=unknown)
    html = words_of(document_html(snapshot, BOARD))

    assert ", and 3 other roles together 1.5." in html
    assert "2 later gates stand in the full roadmap." in html
    assert "; and 2 more." in html


def test_work_that_deals_with_a_risk_is_said_to_be_blocked() -> None:
    risk = Risk(Ref("Q1", "Restore"), Ref("S", "Audit"), "Never", (Ref("A1-01", ""),))
    snapshot = small_snapshot(risks=(risk,), board=BoardEntry(blocked=("A1-01",)))

    (line,) = board.risk(snapshot, BOARD)["risks"]

    assert line.is_blocked
    assert "blocked , planned to be done by" in words_of(document_html(snapshot, BOARD))


def test_auditor_reads_reasons_and_rules_to_their_end_with_every_detail() -> None:
    decided = Decided("refused", reason=LONG)
    work = InitiativeTrace("A1-01", "One", rule=LONG, why=(WhyLine("a", "None of these"),) * 2)
    snapshot = audited(
        gates=(GateTrace("G1", "Baseline", decisions=(decided,)),),
        overrides=(OverrideTrace("A1-01", "One", "G1", LONG),),
        initiatives=(work,),
    )

    whole, usual = (
        words_of(document_html(snapshot, Choices(document="auditor", detail=detail)))
        for detail in ("everything", "usual")
    )

    assert whole.count("The end of it.") == 3
    assert "The end of it." not in usual
    assert "None of these. None of these." in whole


def test_trace_counts_questions_and_does_not_call_them_all_answers() -> None:
    choices = Choices(document="auditor")
    snapshot = audited()
    section = next(one for one in auditor.SECTIONS if one.id == "auditor-origin")

    found = section.context(snapshot, choices)

    assert found is not None
    html = render_to_string(section.template, {**found, "report": replace(snapshot)})
    assert "0 questions asked or answered" in words_of(html)


def test_system_without_figures_still_tells_what_people_wrote_about_it() -> None:
    day = date(2026, 11, 1)
    dismissed = tuple(DismissedEntry(f"CVE-{n}", "high", day, "Not reachable.") for n in range(12))
    entry = MeasuredEntry("Lab", day, day, fix_limits=(("high", 1),), dismissed=dismissed)

    html = words_of(document_html(small_snapshot(measured=(entry,)), Choices()))

    assert "to be fixed within: High 1 day" in html
    assert "CVE-9 (High, 1 Nov 2026): Not reachable. 2 more are not printed." in html
    assert "CVE-10" not in html
