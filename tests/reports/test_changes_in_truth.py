"""What changed is told as it was: begun is not taken back, and a new plan takes nothing away."""

from dataclasses import replace
from datetime import date

import pytest

from reports.choices import Choices
from reports.documents.sections import document_html
from reports.frozen.changes import compare
from reports.frozen.snapshot import GateEntry
from reports.frozen.trace import ProofEntry
from tests.reports.samples import initiative, progress_of, small_snapshot
from tests.reports.test_same_figures import words_of

LATER = date(2026, 12, 24)
OLD = small_snapshot(assessed_on=date(2026, 11, 1))
NEW = replace(OLD, generated_on=LATER)


@pytest.mark.parametrize("before", ["done", "dropped"])
def test_work_that_goes_on_again_is_not_said_to_have_begun(before: str) -> None:
    found = compare(progress_of(OLD, A1_01=before), progress_of(NEW, A1_01="in_progress"))

    assert [told.id for told in found.reopened] == ["A1-01"]
    assert found.started == ()


def test_begun_work_is_told_with_the_day_it_began() -> None:
    (item,) = (one for one in NEW.initiatives if one.id == "A1-01")
    going = replace(item.progress, status="in_progress", started_on=date(2026, 12, 1))

    found = compare(OLD, replace(NEW, initiatives=(initiative(1, progress=going),)))

    assert [told.on for told in found.started] == [date(2026, 12, 1)]


def test_gate_that_the_new_plan_lacks_was_closed_by_nobody() -> None:
    opened = tuple(replace(gate, is_open=True) for gate in OLD.gates)
    other = GateEntry("G9", "Another", "", "", LATER)

    assert compare(replace(OLD, gates=opened), replace(NEW, gates=(other,))).gates_closed == ()
    assert compare(replace(OLD, gates=opened), NEW).gates_closed


def test_evidence_carried_into_a_new_assessment_is_neither_new_nor_gone() -> None:
    def piece(key: str, sha256: str) -> ProofEntry:
        return ProofEntry(key, "Q1.01", "Minutes", sha256=sha256)

    before = replace(OLD, proofs=(piece("a1", "aa"), piece("a2", "bb")))
    again = replace(
        NEW, assessed_on=LATER, proofs=(piece("a7", "aa"), piece("a8", "cc")), roadmap="Next"
    )

    found = compare(before, again)

    assert [told.id for told in found.proofs_new] == ["a8"]
    assert [told.id for told in found.proofs_gone] == ["a2"]
    # Of one assessment each piece stands for itself, even with the same content.
    same = replace(NEW, proofs=(piece("a1", "aa"), piece("a2", "bb"), piece("a3", "aa")))
    assert [told.id for told in compare(before, same).proofs_new] == ["a3"]


def test_that_nothing_changed_is_claimed_of_what_was_compared_only() -> None:
    html = words_of(
        document_html(replace(NEW, changes=compare(OLD, NEW)), Choices(sections=("changes",)))
    )

    assert "No score, target, high risk, status, gate, date, price" in html
    assert "Nothing that the report shows" not in html
