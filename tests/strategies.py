"""Hypothesis strategies for guides and answers, shared by the property tests."""

from __future__ import annotations

import math
from typing import Any

from hypothesis import strategies as st

from assessments.domain.answers import Answer, AnswerState, Basis
from guide.model import AnswerField, CapLimit, Challenge, Guide, Question, Section, Step

LADDER = ("none", "some", "half", "most", "all")


def level_question(question_id: str, step: str, **extra: Any) -> Question:
    return Question(
        id=question_id,
        title=question_id,
        text="?",
        why="!",
        kind="level",
        levels=LADDER,
        step=step,
        **extra,
    )


def small_guide(steps: dict[str, list[Question]], challenges: list[Challenge]) -> Guide:
    """A guide of level questions, without a plan; references are not checked."""
    return Guide(
        id="small",
        version="1.0.0",
        title="Small",
        description="For tests",
        language="en",
        disclaimer="-",
        estimates_note="-",
        cap_limit=CapLimit(band="developing", level=1),
        proof_level=4,
        profile=(),
        steps=tuple(
            Step(
                id=step,
                number=n,
                title=step,
                weight=1,
                sections=(_section(f"S{n}", questions),),
            )
            for n, (step, questions) in enumerate(steps.items(), start=1)
        ),
        phases=(),
        challenges=tuple(challenges),
        initiatives=(),
        gates=(),
        roles=(),
        regimes=(),
        controls=(),
        concepts=(),
        sources=(),
    )


def _section(section_id: str, questions: list[Question]) -> Section:
    placed = tuple(q.model_copy(update={"section": section_id}) for q in questions)
    return Section(id=section_id, title="-", questions=placed)


def challenge(challenge_id: str, *, usual: float = 50, harm: float = 0) -> Challenge:
    return Challenge(
        id=challenge_id,
        title=challenge_id,
        short="-",
        description="-",
        mitigation="-",
        usual=usual,
        harm=harm,
    )


@st.composite
def guides(draw: st.DrawFn) -> Guide:
    """Random guides: weights, caps and links at will."""
    names = ["CHAL-A", "CHAL-B"]
    steps: dict[str, list[Question]] = {}
    for step in range(1, draw(st.integers(1, 3)) + 1):
        steps[f"STEP-{step}"] = [
            level_question(
                f"Q{step}.{number:02d}",
                f"STEP-{step}",
                weight=draw(st.sampled_from([0, 0.5, 1, 2.5])),
                cap=draw(st.booleans()),
                informs=[
                    {"challenge": name, "weight": draw(st.sampled_from([0.5, 1, 3]))}
                    for name in draw(st.sets(st.sampled_from(names)))
                ],
            )
            for number in range(1, draw(st.integers(1, 5)) + 1)
        ]
    return small_guide(steps, [challenge("CHAL-A", usual=40, harm=8), challenge("CHAL-B")])


def _numbers(least: float | None, most: float | None) -> st.SearchStrategy[Any]:
    """Whole numbers between the limits, or the lower limit where none lies between."""
    high = 1_000 if most is None else most
    low = min(0, high) if least is None else least
    first, last = math.ceil(low), math.floor(max(low, min(high, low + 1_000)))
    return st.integers(first, last) if first <= last else st.just(low)


def _field_value(field: AnswerField) -> st.SearchStrategy[Any]:
    ids = [option.id for option in field.options]
    if field.kind == "number":
        return _numbers(field.min, field.max)
    if field.kind == "choice":
        return st.sampled_from(ids)
    if field.kind == "choices":
        return st.lists(st.sampled_from(ids), unique=True)
    if field.kind == "date":
        return st.dates().map(str)
    return st.text("abc é", min_size=1, max_size=8).map(str.strip).filter(bool)


def _parts(fields: tuple[AnswerField, ...]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={f.id: _field_value(f) for f in fields})


def values(question: Question) -> st.SearchStrategy[Any]:
    """Raw values that the question accepts."""
    ids = [option.id for option in question.options if not option.exclusive]
    if question.kind == "level":
        return st.integers(0, 4)
    if question.kind == "choice":
        return st.sampled_from([option.id for option in question.options])
    if question.kind == "choices":
        chosen = st.lists(st.sampled_from(ids), unique=True)
        return st.builds(lambda c, f: {"choices": c, **f}, chosen, _parts(question.fields))
    if question.kind == "number":
        assert question.number
        return _numbers(question.number.min, question.number.max)
    if question.kind == "record":
        return _parts(question.fields)
    if question.kind == "table":
        return st.lists(_parts(question.columns), max_size=3)
    return st.text("abc ", max_size=10)


def answer(question: Question) -> st.SearchStrategy[Answer]:
    """Any answer, whatever its state."""
    from assessments.domain.answers import clean_value

    bases = st.sampled_from([None, *Basis])
    answered = st.builds(
        lambda raw, basis: Answer(AnswerState.ANSWERED, clean_value(question, raw), basis=basis),
        values(question),
        bases,
    )
    return st.one_of(
        answered,
        answered,
        st.just(Answer(AnswerState.UNKNOWN)),
        st.just(Answer(AnswerState.NOT_APPLICABLE, reason="not here")),
    )


@st.composite
def answer_sets(draw: st.DrawFn, guide: Guide, max_answers: int = 25) -> dict[str, Answer]:
    """Answers to some of the guide's questions."""
    ids = sorted(guide.questions)
    chosen = draw(st.lists(st.sampled_from(ids), unique=True, max_size=max_answers))
    return {i: draw(answer(guide.questions[i])) for i in chosen}
