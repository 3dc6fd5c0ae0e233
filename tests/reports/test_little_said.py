"""What documents say where there is little or nothing: no claim that nobody could check."""

from dataclasses import replace

import pytest

from reports.choices import Choices
from reports.documents.sections import document_html
from reports.frozen.snapshot import Days, Overall, PlanSummary, Ref, ReportSnapshot, Risk
from tests.reports.samples import MONDAY, progress_of, small_snapshot
from tests.reports.test_same_figures import words_of

NOTHING = Overall(None, None, None, "", 0, answered=0, asked=80)


def printed(snapshot: ReportSnapshot, document: str = "full", *sections: str) -> str:
    return words_of(document_html(snapshot, Choices(document=document, sections=sections)))


def empty() -> ReportSnapshot:
    return small_snapshot(
        overall=NOTHING,
        initiatives=(),
        phases=(),
        gates=(),
        risks=(),
        plan=PlanSummary(MONDAY, None, Days(0, 0, 0)),
    )


@pytest.mark.parametrize(("document", "claim"), [("full", "Every question"), ("board", "any more")])
def test_nothing_answered_is_not_everything_answered(document: str, claim: str) -> None:
    html = printed(empty(), document)

    assert claim not in html
    assert "Nothing that is scored was answered yet." in html
    assert "That says nothing about what was not asked or not answered." in html


def test_range_without_width_does_not_say_that_all_was_answered() -> None:
    narrow = replace(small_snapshot().overall, low=31.4, high=31.4)

    assert "Every question that applies was answered" not in printed(
        small_snapshot(overall=narrow), "full", "summary"
    )
    whole = replace(narrow, answered=80)
    assert "Every question that applies was answered" in printed(
        small_snapshot(overall=whole), "full", "summary"
    )


def test_plan_without_gates_is_not_said_to_have_opened_them() -> None:
    assert "The plan has no gates." in printed(empty(), "board")
    opened = tuple(replace(gate, is_open=True) for gate in small_snapshot().gates)
    assert "Every gate of the plan is open." in printed(small_snapshot(gates=opened), "board")


def test_clinicians_are_not_told_of_changes_that_nobody_planned() -> None:
    html = printed(empty(), "clinician")

    assert "No change to our computer systems is planned" in html
    assert "It begins with one trial" not in html


def test_risk_names_what_is_done_or_dropped_of_the_work_on_it() -> None:
    risk = Risk(Ref("Q1", "R"), Ref("S", "T"), "Never", (Ref("A1-01", "One"), Ref("A1-02", "Two")))
    snapshot = progress_of(small_snapshot(risks=(risk,)), A1_01="done", A1_02="dropped")

    html = printed(snapshot, "full", "risks")

    assert "One (done)" in html
    assert "Two (dropped)" in html


def test_stage_without_a_score_is_left_unsaid() -> None:
    assert "stands at –" not in printed(small_snapshot(), "full", "standing")
