from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.domain.answers import Answer, AnswerState, Basis
from assessments.domain.answers_file import AnswersFileError, dump_answers, parse_answers
from guide.loading import load_guide
from guide.model import Guide
from guide.registry import current_guide
from tests.guide.sample import write_guide
from tests.strategies import answer_sets


@pytest.fixture
def guide(tmp_path: Path) -> Guide:
    return load_guide(write_guide(tmp_path))


def problems(text: str, guide: Guide) -> list[str]:
    with pytest.raises(AnswersFileError) as caught:
        parse_answers(text, guide, "a.yaml")
    return [str(problem) for problem in caught.value.problems]


def test_every_form_of_answer_is_read(guide: Guide) -> None:
    text = """
organization: Example
profile: {P.01: {ops: 2.5}}
answers:
  Q1.01: {value: 3, note: "seen", basis: document}
  Q1.02: NOPE
  Q1.12: table
tables:
  Q1.12: [{vendor: A, notice: 7}, {vendor: null}]
"""
    file = parse_answers(text, guide, "a.yaml")

    answered = AnswerState.ANSWERED
    assert file.organization == "Example"
    assert file.answers == {
        "P.01": Answer(answered, {"ops": 2.5}),
        "Q1.01": Answer(answered, 3, note="seen", basis=Basis.DOCUMENT),
        "Q1.02": Answer(answered, "b"),
        "Q1.12": Answer(answered, [{"vendor": "A", "notice": 7}]),
    }


@pytest.mark.parametrize("word", ["unknown", "Unknown", "do_not_know", "'?'"])
def test_we_do_not_know_may_be_said_in_several_ways(guide: Guide, word: str) -> None:
    answers = parse_answers(f"answers: {{Q1.01: {word}}}", guide, "a.yaml").answers

    assert answers["Q1.01"] == Answer(AnswerState.UNKNOWN)


def test_unknown_and_not_applicable_are_states(guide: Guide) -> None:
    text = "answers: {Q1.01: unknown, Q1.02: {na: no copies}, Q1.12: null}"

    answers = parse_answers(text, guide, "a.yaml").answers

    assert answers["Q1.01"].state is AnswerState.UNKNOWN
    assert answers["Q1.02"] == Answer(AnswerState.NOT_APPLICABLE, reason="no copies")
    assert "Q1.12" not in answers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "answers:\n  Q1.01: 7",
            "a.yaml:2: Q1.01: choose a level from 0 to 4, or say 'unknown'; '7'",
        ),
        ("answers:\n  Q1.01: true", "a.yaml:2: Q1.01: choose a level"),
        ("answers:\n  Q1.01: 1.5", "a.yaml:2: Q1.01: choose a level"),
        ("answers:\n  Q9.99: 1", "a.yaml:2: there is no question 'Q9.99'"),
        ("answers:\n  Q1.12: 3", "a.yaml:2: Q1.12: give a list of rows"),
        ("answers:\n  Q1.12: table", "a.yaml:2: its rows are missing"),
        ("answers:\n  Q1.02: z", "'z' is not an option; choose one of: a, b"),
        ("answers:\n  Q1.01: n/a", 'a.yaml:2: Q1.01: say why it does not apply, as in {na: "rea'),
        ("answers:\n  Q1.01: {na: ''}", "say why it does not apply"),
        ("answers:\n  Q1.01: {value: 1, basis: rumour}", "'rumour' is no basis; use one of"),
        ("answers:\n  Q1.01: 1\n  Q1.01: 2", "a.yaml:3: 'Q1.01' is given twice"),
        ("profile:\n  P.01: {cooks: 1}", "'cooks' is not a part of this answer (it has: ops)"),
        ("profile:\n  P.01: {ops: many}", "ops: give a number; 'many' is not one"),
        ("profile:\n  P.01: {ops: .nan}", "ops: give a number"),
        ("tables:\n  Q1.12:\n    - {notice: x}", "a.yaml:3: Q1.12, row 1: notice: give a number"),
        ("tables: {Q1.01: []}", "Q1.01 is not a table"),
        ("tables: {T9: []}", "there is no question 'T9'"),
        ("anwsers: {}", "'anwsers' is not a key of an answers file"),
        ("guide: other", "not to 'sample'"),
        ("- 1", "an answers file has the keys"),
        ("", "an answers file has the keys"),
        ("answers: [1]", "lists ids with their answers"),
        ("a: [", "this is not valid YAML"),
        ("\x00", "not a text file"),
    ],
)
def test_each_mistake_is_named_with_its_line(guide: Guide, text: str, expected: str) -> None:
    found = problems(text, guide)

    assert any(expected in problem for problem in found), found


def test_all_mistakes_are_told_at_once(guide: Guide) -> None:
    text = "answers: {Q1.01: 9, Q1.02: z, Q8.88: 1}\ntables: {T9: []}"

    assert len(problems(text, guide)) == 4


def test_a_note_that_is_too_long_is_refused(guide: Guide) -> None:
    long = "x" * 10_001

    found = problems(f"answers: {{Q1.01: {{value: 1, note: {long}}}}}", guide)

    assert found == ["a.yaml:1: shorten the note to 10,000 characters"]


def test_a_reason_that_is_too_long_is_refused(guide: Guide) -> None:
    found = problems(f"answers: {{Q1.01: {{na: {'x' * 2_001}}}}}", guide)

    assert found == ["a.yaml:1: shorten the reason to 2,000 characters"]


@pytest.mark.parametrize(
    "text", ["a\x01b", "tab\tand bell\x07", "\u202eright to left 😀", "'\"#: {"]
)
def test_any_text_a_form_takes_survives_export_and_import(guide: Guide, text: str) -> None:
    answers = {"Q1.01": Answer(AnswerState.ANSWERED, 2, note=text)}

    assert parse_answers(dump_answers(guide, answers), guide, "a.yaml").answers == answers


def test_note_without_an_answer_survives_export_and_import(guide: Guide) -> None:
    answers = {
        "Q1.01": Answer(AnswerState.UNANSWERED, note="ask Bo", basis=Basis.INTERVIEW),
        "Q1.12": Answer(AnswerState.UNANSWERED, note="list them"),
    }

    text = dump_answers(guide, answers)

    assert parse_answers(text, guide, "a.yaml").answers == answers


def test_dates_up_to_which_answers_are_valid_survive(guide: Guide) -> None:
    answers = {
        "Q1.01": Answer(AnswerState.ANSWERED, 2),
        "Q1.02": Answer(AnswerState.UNKNOWN),
        "Q1.12": Answer(AnswerState.ANSWERED, [{"vendor": "A"}]),
    }
    until = {question_id: date(2027, 1, 31) for question_id in answers}

    file = parse_answers(dump_answers(guide, answers, until=until), guide, "a.yaml")

    assert (file.answers, file.until) == (answers, until)
    assert problems("answers: {Q1.01: {value: 1, until: soon}}", guide) == [
        "a.yaml:1: write the date as YYYY-MM-DD; 'soon' is not one"
    ]


def test_version_of_the_guide_is_read(guide: Guide) -> None:
    assert parse_answers('version: "0.9.0"', guide, "a.yaml").version == "0.9.0"
    assert parse_answers("answers: {}", guide, "a.yaml").version == ""


@pytest.mark.parametrize("title", ["Log 2026", "a\nanswers: {}", "x\u2028y\x85z\x00"])
def test_evidence_is_listed_as_comments_and_never_read(guide: Guide, title: str) -> None:
    answers = {"Q1.01": Answer(AnswerState.ANSWERED, 2)}

    text = dump_answers(guide, answers, evidence={"Q1.01": [f"{title} (https://x.example)"]})

    assert "https://x.example" in text
    assert parse_answers(text, guide, "a.yaml").answers == answers


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_what_is_written_reads_back_the_same(data: st.DataObject) -> None:
    guide = current_guide()
    answers = data.draw(answer_sets(guide))
    ordered = {i: answers[i] for i in guide.questions if i in answers}

    text = dump_answers(guide, answers, "Żółć & Söhne 🏥")

    assert parse_answers(text, guide, "a.yaml").answers == ordered
