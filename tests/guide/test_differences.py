"""What moves between two versions of a guide, and what becomes of the answers given to the old."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.domain.answers import Answer, AnswerState, clean_value
from assessments.domain.guide_migration import Migration, migrate_answers
from guide.differences import compare_guides
from guide.loading import load_guide
from guide.model import Guide
from guide.registry import current_guide, get_guide
from tests import strategies
from tests.guide.sample import write_guide

MORE = """\
      - id: Q1.05
        title: Tests
        text: Which tests?
        why: Risk
        kind: choices
        options: [{id: unit, label: Unit}, {id: ui, label: Interface}]
        fields: [{id: count, label: How many, kind: number}]
      - id: Q1.06
        title: Share
        text: How much?
        why: Risk
        kind: number
        number: {max: 100}
      - id: Q1.12
"""


@pytest.fixture
def old(tmp_path: Path) -> Guide:
    return load_guide(
        write_guide(tmp_path / "old", {"steps/1.yaml": ("      - id: Q1.12\n", MORE)})
    )


def changed(tmp_path: Path, *changes: tuple[str, str, str]) -> Guide:
    folder = write_guide(tmp_path / "new", {"steps/1.yaml": ("      - id: Q1.12\n", MORE)})
    for file, before, after in changes:
        text = (folder / file).read_text()
        assert before in text
        (folder / file).write_text(text.replace(before, after, 1))
    return load_guide(folder)


def answered(value: Any, **extra: Any) -> Answer:
    return Answer(AnswerState.ANSWERED, value, **extra)


def move(old: Guide, new: Guide, question_id: str, value: Any) -> Migration:
    clean = clean_value(old.question(question_id), value)
    return migrate_answers(old, new, {question_id: answered(clean, confirmed=True)})


def test_a_diff_names_what_is_new_changed_and_gone(tmp_path: Path, old: Guide) -> None:
    new = changed(
        tmp_path,
        ("steps/1.yaml", "id: Q1.02", "id: Q1.22"),
        ("steps/1.yaml", "Is there a list?", "Is there one list?"),
        ("steps/1.yaml", "half, most", "some of it, most"),
        ("steps/1.yaml", "Which tests?", "Which tests run?"),
        ("initiatives/1.yaml", "when: Q1.01 <= 2", "when: Q1.01 <= 1"),
        ("gates.yaml", "The list stands", "The list is whole"),
    )

    diff = compare_guides(old, new)

    assert [q.id for q in diff.questions.new] == ["Q1.22"]
    assert [q.id for q in diff.questions.gone] == ["Q1.02"]
    assert [(c.new.id, c.parts, c.meaning) for c in diff.questions.changed] == [
        ("Q1.01", ("text", "levels"), True),
        ("Q1.05", ("text",), False),
    ]
    assert [(c.new.id, c.parts) for c in diff.initiatives.changed] == [("A1-01", ("when",))]
    assert [c.parts for c in diff.gates.changed] == [("passes_when",)]
    assert not diff.controls
    assert not diff.challenges
    assert diff


def test_a_guide_does_not_differ_from_itself(old: Guide) -> None:
    assert not compare_guides(old, old)


CASES = [
    # Question and change; then the answer given, what is kept, what to review, what is parked.
    ("Q1.01", ("half, most", "half or so, most"), 2, 2, ("levels",), ""),
    ("Q1.01", ("Is there a list?", "One list?"), 2, 2, (), ""),
    ("Q1.02", ("{id: a, label: Yes,", "{id: c, label: Maybe,"), "a", None, (), "Yes"),
    ("Q1.02", ("{id: a, label: Yes,", "{id: a, label: Maybe,"), "a", "a", ("options",), ""),
    ("Q1.02", ("aliases: [nope]", "aliases: [no]"), "b", "b", (), ""),
    ("Q1.02", ("kind: choice\n", "kind: choices\n"), "a", {"choices": ["a"]}, ("kind",), ""),
    ("Q1.06", ("{max: 100}", "{max: 10}"), 40, None, (), "40"),
    ("Q1.06", ("{max: 100}", "{max: 1000}"), 40, 40, ("number",), ""),
    # A number that looks like a level is none.
    (
        "Q1.06",
        (
            "kind: number\n        number: {max: 100}",
            "kind: level\n        levels: [a, b, c, d, e]",
        ),
        3,
        None,
        (),
        "3",
    ),
    (
        "Q1.05",
        ("{id: ui, label: Interface}", "{id: api, label: API}"),
        {"choices": ["unit", "ui"], "count": 7},
        {"choices": ["unit"], "count": 7},
        ("options",),
        "Unit, Interface; How many: 7",
    ),
    (
        "Q1.05",
        ("[{id: unit, label: Unit}, {id: ui, label: Interface}]", "[{id: x, label: X}]"),
        {"choices": ["unit"], "count": 7},
        None,
        (),
        "Unit; How many: 7",
    ),
    (
        "Q1.12",
        ("{id: vendor, label: Vendor}", "{id: firm, label: Firm}"),
        [{"vendor": "A", "notice": 7}, {"vendor": "B"}],
        [{"notice": 7}],
        ("columns",),
        "Vendor: A; Notice: 7\nVendor: B",
    ),
    # Renamed, with the old name as its alias.
    (
        "Q1.12",
        ("{id: vendor, label: Vendor}", "{id: firm, label: Firm, aliases: [vendor]}"),
        [{"vendor": "A", "notice": 7}],
        [{"firm": "A", "notice": 7}],
        ("columns",),
        "",
    ),
    # Two options that became one: the answer is kept, and so is what was told apart.
    (
        "Q1.05",
        (
            "[{id: unit, label: Unit}, {id: ui, label: Interface}]",
            "[{id: any, label: Any, aliases: [unit, ui]}]",
        ),
        {"choices": ["unit", "ui"]},
        {"choices": ["any"]},
        ("options",),
        "Unit, Interface",
    ),
]


@pytest.mark.parametrize(("question", "change", "given", "kept", "review", "words"), CASES)
def test_an_answer_is_kept_as_far_as_it_can_be_read(
    tmp_path: Path,
    old: Guide,
    question: str,
    change: tuple[str, str],
    given: Any,
    kept: Any,
    review: tuple[str, ...],
    words: str,
) -> None:
    new = changed(tmp_path, ("steps/1.yaml", *change))
    moved = move(old, new, question, given)

    assert (moved.kept[question].value if question in moved.kept else None) == kept
    # "kind" takes "options" along when both differ.
    assert moved.to_review.get(question, ())[: len(review)] == review
    assert bool(moved.to_review) == bool(review)
    assert [parked.words for parked in moved.parked] == ([words] if words else [])
    if question in moved.kept:
        assert moved.kept[question].confirmed is not bool(review)


def test_an_answer_to_a_question_that_is_gone_is_parked_with_its_question(
    tmp_path: Path, old: Guide
) -> None:
    new = changed(tmp_path, ("steps/1.yaml", "id: Q1.02", "id: Q1.22"))

    moved = migrate_answers(old, new, {"Q1.02": answered("a", note="ask Ann")})

    assert moved.kept == {}
    assert moved.parked[0].as_json() == {
        "question_id": "Q1.02",
        "title": "Copies",
        "question": "Live copies?",
        "words": "Yes",
        "why": "It is no longer asked.",
        "state": "answered",
        "value": "a",
        "reason": "",
        "note": "ask Ann",
        "basis": None,
    }


def test_unknown_and_not_applicable_stay_what_they_are(tmp_path: Path, old: Guide) -> None:
    new = changed(tmp_path, ("steps/1.yaml", "half, most", "half or so, most"))
    answers = {
        "Q1.01": Answer(AnswerState.UNKNOWN, note="ask"),
        "Q1.06": Answer(AnswerState.NOT_APPLICABLE, reason="none here"),
    }

    moved = migrate_answers(old, new, answers)

    assert (dict(moved.kept), moved.parked, dict(moved.to_review)) == (answers, (), {})


@given(st.data())
@settings(max_examples=30, deadline=None)
def test_moving_to_the_same_guide_changes_nothing(data: st.DataObject) -> None:
    guide = current_guide()
    answers = data.draw(strategies.answer_sets(guide))

    moved = migrate_answers(guide, guide, answers)

    assert (dict(moved.kept), moved.parked, dict(moved.to_review)) == (answers, (), {})


@st.composite
def guide_pairs(draw: st.DrawFn) -> tuple[Guide, Guide]:
    """A release and a guide in which some questions are gone or are asked like another one."""
    old = get_guide("healthcare-devops", "1.0.0")
    sections = []
    for section in old.steps[0].sections:
        questions = []
        for question in section.questions:
            what = draw(st.sampled_from(["keep", "drop", "swap"]))
            other = draw(st.sampled_from(list(old.questions.values())))
            place = {"id": question.id, "step": question.step, "section": question.section}
            if what != "drop":
                questions.append(other.model_copy(update=place) if what == "swap" else question)
        sections.append(section.model_copy(update={"questions": tuple(questions)}))
    step = old.steps[0].model_copy(update={"sections": tuple(sections)})
    return old, old.model_copy(update={"steps": (step, *old.steps[1:])})


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_every_answer_is_kept_or_parked_and_what_is_kept_can_be_read(data: st.DataObject) -> None:
    old, new = data.draw(guide_pairs())
    answers = data.draw(strategies.answer_sets(old))

    moved = migrate_answers(old, new, answers)

    assert set(moved.kept) | {parked.question_id for parked in moved.parked} == set(answers)
    for question_id, answer in moved.kept.items():
        given_before = answers[question_id]
        if answer.state is AnswerState.ANSWERED:
            assert clean_value(new.question(question_id), answer.value) == answer.value
        if answer != given_before:
            assert question_id in moved.to_review
    for parked in moved.parked:
        assert parked.answer == answers[parked.question_id]


def test_a_running_assessment_of_the_release_moves_without_loss() -> None:
    """From 1.0.0 to what ships now: no question is gone, so nothing may be parked whole."""
    old, new = get_guide("healthcare-devops", "1.0.0"), current_guide()
    answers = {question_id: Answer(AnswerState.UNKNOWN) for question_id in old.questions}

    moved = migrate_answers(old, new, answers)

    assert dict(moved.kept) == answers
    assert compare_guides(old, new).questions.gone == ()
