from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.domain.answers import Answer, AnswerState
from assessments.domain.applicability import effective_answers
from assessments.domain.facts import AnswerFacts
from assessments.domain.scoring import score
from guide.registry import current_guide
from roadmap.domain.selected import SelectedInitiative, Selection
from roadmap.domain.selection import select
from tests.strategies import answer_sets

GUIDE = current_guide()


def answered(value: object) -> Answer:
    return Answer(AnswerState.ANSWERED, value)


def choose(answers: Mapping[str, Answer]) -> Selection:
    return select(GUIDE, answers, score(GUIDE, answers))


def by_id(selection: Selection) -> dict[str, SelectedInitiative]:
    return {item.initiative.id: item for item in selection.items}


HOSTED = {
    "P.01": answered("hospital"),
    "P.02": answered({"choices": ["hipaa_covered_entity"]}),
    "P.05": answered("vendor_hosts"),
    "P.06": answered("config_and_scripts"),
    "P.08": answered("no"),
}
OWN = HOSTED | {"P.05": answered("we_onprem"), "P.06": answered("own_applications")}


def test_an_answer_below_its_trigger_brings_the_initiative_with_the_answer_as_reason() -> None:
    item = by_id(choose(OWN | {"Q1.01": answered(0)}))["A1-02"]

    reason = next(reason for reason in item.reasons if reason.kind == "answer")
    assert reason.question == "Q1.01"
    assert GUIDE.question("Q1.01").levels[0] in reason.text


def test_a_predecessor_whose_answer_already_stands_needs_no_work_and_says_why() -> None:
    item = by_id(choose(OWN | {"Q1.01": answered(3), "Q1.02": answered(0)}))["A1-03"]

    assert "A1-02" not in item.predecessors
    satisfied = {s.initiative: s.reason for s in item.satisfied}
    assert "already stands at level 3" in satisfied["A1-02"]


@pytest.mark.parametrize(
    ("answer", "shown"),
    [(answered(3), True), (Answer(AnswerState.NOT_APPLICABLE, reason="no clinic"), False)],
)
def test_only_an_answer_at_the_target_shows_that_work_stands(answer: Answer, shown: bool) -> None:
    settled = {s.initiative: s for s in choose(OWN | {"Q1.02": answer}).settled}

    assert settled["A1-03"].shown is shown


def test_an_action_brings_a_predecessor_of_unknown_state_along() -> None:
    items = by_id(choose(OWN | {"Q1.01": Answer(AnswerState.UNKNOWN), "Q1.02": answered(0)}))

    assert "A1-02" in items["A1-03"].predecessors
    assert "predecessor" in {reason.kind for reason in items["A1-02"].reasons}


def test_order_holds_through_a_predecessor_that_needs_no_work() -> None:
    # A2-04 is satisfied by level 3, but choosing the pilot (A2-02) still comes before A2-05.
    answers = OWN | {"Q2.09": answered(3), "Q2.07": answered(0), "Q2.02": answered("a")}

    assert "A2-02" in by_id(choose(answers))["A2-05"].predecessors


def test_an_unknown_answer_becomes_a_question_not_work() -> None:
    selection = choose(OWN | {"Q1.13": Answer(AnswerState.UNKNOWN)})

    waiting = {found.question: found.initiatives for found in selection.find_out}
    assert "A1-11" in waiting["Q1.13"]
    assert "A1-11" not in by_id(selection)


def test_a_hosted_organization_is_never_told_to_build_a_pipeline() -> None:
    levels = {q.id: answered(0) for q in GUIDE.questions.values() if q.kind == "level"}
    selection = choose(HOSTED | levels)

    pipeline = {"A3-02", "A3-03", "A3-11", "A3-12", "A3-17", "A5-03"}
    assert not pipeline & set(by_id(selection))
    assert pipeline <= {excluded.initiative for excluded in selection.excluded}
    assert {"AV-01", "AV-02", "AV-03"} <= set(by_id(selection))


def test_exposed_patient_data_is_contained_first_and_waits_for_nothing() -> None:
    selection = choose(OWN | {"Q3.06": answered(0), "Q1.04": answered("a")})

    first = selection.items[:2]
    assert {item.initiative.contains for item in first} == {"A3-08", "A1-13"}
    assert all(item.predecessors == () for item in first)
    assert {"A3-08", "A1-13"} <= set(by_id(selection))


@pytest.mark.parametrize(
    ("level", "klass"),
    [(0, 3), (1, 3), (2, 1)],
)
def test_a_low_answer_on_access_raises_its_class(level: int, klass: int) -> None:
    assert by_id(choose(OWN | {"Q3.06": answered(level)}))["A3-08"].klass == klass


@pytest.mark.parametrize(("level", "klass"), [(0, 2), (1, 2), (2, 1)])
def test_a_cap_that_holds_its_band_raises_the_class(level: int, klass: int) -> None:
    assert by_id(choose(OWN | {"Q4.01": answered(level)}))["A4-01"].klass == klass


def test_a_trigger_that_would_hold_at_the_target_does_not_raise_the_class() -> None:
    assert by_id(choose(OWN | {"Q3.06": answered(0)}))["A3-09"].klass == 1


def test_an_answer_to_a_question_that_is_not_asked_brings_no_work() -> None:
    # Q2.09 (team form) is not asked where others deploy and nothing is built.
    selection = choose(HOSTED | {"Q2.09": answered(0), "Q1.01": answered(0)})

    assert "A2-04" not in by_id(selection)


def test_device_work_is_for_device_makers_only() -> None:
    device = {"AD-01", "AD-02", "AD-03", "AD-04", "AD-05"}

    assert not device & set(by_id(choose(OWN)))
    assert device <= set(by_id(choose(OWN | {"P.08": answered("makes")})))


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_whatever_the_answers_the_plan_is_sound(data: st.DataObject) -> None:
    answers = data.draw(answer_sets(GUIDE, max_answers=60))
    facts = AnswerFacts(GUIDE, effective_answers(GUIDE, answers))
    selection = choose(answers)
    items = by_id(selection)
    open_questions = {i for found in selection.find_out for i in found.initiatives}

    assert [item.rank for item in selection.items] == list(range(1, len(items) + 1))
    assert [item.klass for item in selection.items] == sorted(
        (item.klass for item in selection.items), reverse=True
    )
    assert not set(items) & {excluded.initiative for excluded in selection.excluded}
    for item in selection.items:
        applies = item.initiative.applies
        assert applies is None or applies.evaluate(facts) is not False
        assert item.reasons
        assert set(item.predecessors) <= set(items)
        for needed in item.initiative.needs:
            settled = needed in items or needed in {s.initiative for s in item.satisfied}
            assert settled or (item.initiative.kind == "review" and needed in open_questions)
        if item.initiative.kind == "review":
            carried = {i for i, o in items.items() if o.initiative.gate == item.initiative.gate}
            assert carried - {item.initiative.id} <= set(item.predecessors)
    assert select(GUIDE, dict(reversed(answers.items())), score(GUIDE, answers)) == selection
