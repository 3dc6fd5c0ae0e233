"""What would follow if some answers were others: scores and plan, before and after.

Pure, and on copies only: nothing here is ever stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from assessments.domain.answers import (
    UNANSWERED,
    Answer,
    AnswerError,
    AnswerSet,
    AnswerState,
    clean_value,
)
from assessments.domain.applicability import asked_questions
from assessments.domain.comparison import Comparison, compare
from assessments.domain.scoring import Scorecard, score
from assessments.domain.sensitivity import ladder_of, raised
from guide.model import Guide, Question
from roadmap.domain.constraints.stated import Constraints
from roadmap.domain.hand.decisions import Decisions
from roadmap.domain.plan import Estimate
from roadmap.domain.planning import plan_scored


@dataclass(frozen=True)
class PlanFigures:
    """A plan in a few numbers: what is in it, how much work, until when, which gates when.

    `titles` by id: own work and waves are in no guide.
    """

    initiatives: tuple[str, ...]
    titles: Mapping[str, str]
    effort: Estimate
    finish: date | None
    gates: Mapping[str, date]


@dataclass(frozen=True)
class Asked:
    """What someone asked to change. ``refused`` are the parts that make no sense here."""

    changes: Mapping[str, Answer]
    refused: tuple[str, ...]


@dataclass(frozen=True)
class WhatIf:
    scores: Comparison
    before: PlanFigures
    after: PlanFigures

    @property
    def left(self) -> tuple[str, ...]:
        """Initiatives that would no longer be in the plan."""
        return tuple(i for i in self.before.initiatives if i not in set(self.after.initiatives))

    @property
    def came(self) -> tuple[str, ...]:
        return tuple(i for i in self.after.initiatives if i not in set(self.before.initiatives))


def changeable(guide: Guide, answers: AnswerSet) -> tuple[Question, ...]:
    """The levels and scored choices of the steps: what an organization can do better or worse."""
    steps = {step.id for step in guide.steps}
    return tuple(
        question
        for question in asked_questions(guide, answers)
        if question.step in steps and ladder_of(question)
    )


def read_changes(guide: Guide, answers: AnswerSet, wanted: Mapping[str, str]) -> Asked:
    """Changes as they were asked for, by question id; one that changes nothing is left out."""
    known = {question.id: question for question in changeable(guide, answers)}
    changes: dict[str, Answer] = {}
    refused: list[str] = []
    for question_id, raw in wanted.items():
        question = known.get(question_id)
        try:
            value = clean_value(question, raw) if question else None
        except AnswerError:
            value = None
        if question is None or value not in [rung for rung, _ in ladder_of(question)]:
            refused.append(question_id)
            continue
        current = answers.get(question_id, UNANSWERED)
        if current.state is not AnswerState.ANSWERED or current.value != value:
            changes[question_id] = raised(current, value)
    in_order = {i: changes[i] for i in known if i in changes}
    return Asked(in_order, tuple(refused))


def next_rung(question: Question, answers: AnswerSet) -> object:
    """What "one better" would be; the best where it stands there already."""
    answer = answers.get(question.id, UNANSWERED)
    rungs = [value for value, _ in ladder_of(question)]
    if answer.state is not AnswerState.ANSWERED or answer.value not in rungs:
        return rungs[min(1, len(rungs) - 1)]
    return rungs[min(rungs.index(answer.value) + 1, len(rungs) - 1)]


def plan_figures(
    guide: Guide,
    answers: AnswerSet,
    card: Scorecard,
    constraints: Constraints,
    today: date,
    decisions: Decisions | None = None,
) -> PlanFigures:
    """The plan the preview engine makes of these answers, in numbers."""
    made = plan_scored(guide, answers, card, constraints, today, decisions)
    planned = [item.selected.initiative for item in made.items]
    return PlanFigures(
        initiatives=tuple(initiative.id for initiative in planned),
        titles={initiative.id: initiative.title for initiative in planned},
        effort=made.effort,
        finish=made.finish,
        gates=dict(made.gates),
    )


def what_if(
    guide: Guide,
    answers: AnswerSet,
    card: Scorecard,
    before: PlanFigures,
    changes: Mapping[str, Answer],
    constraints: Constraints,
    today: date,
    decisions: Decisions | None = None,
) -> WhatIf:
    """Everything with the changes, beside everything without.

    Decisions that the changed answers leave no sense are not planned.
    """
    changed = {**answers, **changes}
    card_after = score(guide, changed) if changes else card
    after = before
    if changes:
        after = plan_figures(guide, changed, card_after, constraints, today, decisions)
    return WhatIf(
        scores=compare(guide, answers, card, guide, changed, card_after),
        before=before,
        after=after,
    )
