"""The what-if page in words and lines. Its state is the address; nothing is stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.tenancy import Access
from assessments.answer_text import answer_lines
from assessments.domain.answers import UNANSWERED, Answer, AnswerSet
from assessments.domain.comparison import ScoreChange
from assessments.domain.scoring import Scorecard
from assessments.domain.sensitivity import Lift, ladder_of, lifts
from assessments.models import Assessment
from assessments.pages.scorecard.words import rung_meaning, rung_name
from assessments.services.assessments import input_hash
from guide.model import Guide, Question, Step
from roadmap.domain.constraints.stated import (
    Constraints,
    constraints_from_json,
    constraints_to_json,
)
from roadmap.domain.hand.decisions import Decisions, decisions_to_json
from roadmap.domain.what_if import (
    Asked,
    PlanFigures,
    WhatIf,
    changeable,
    next_rung,
    plan_figures,
    read_changes,
    what_if,
)
from roadmap.models import Roadmap

SUGGESTED = 6
# How long the plan without changes is kept; it is found by its input, so it can't grow stale.
KEPT_SECONDS = 3600
ADD, DROP = "add", "drop"


@dataclass(frozen=True)
class Rung:
    value: Any
    text: str
    is_chosen: bool


@dataclass(frozen=True)
class ChangeLine:
    """One changed answer: what it was, and what it could be instead."""

    question: Question
    before: str
    rungs: tuple[Rung, ...]


@dataclass(frozen=True)
class PickLine:
    """A question to change, as it stands now."""

    question: Question
    now: str
    is_changed: bool


@dataclass(frozen=True)
class PickStep:
    step: Step
    questions: tuple[PickLine, ...]


@dataclass(frozen=True)
class SuggestionLine:
    lift: Lift
    question: Question
    before: str
    after: str


@dataclass(frozen=True)
class NamedChange:
    title: str
    change: ScoreChange


@dataclass(frozen=True)
class GateLine:
    """A gate's review before and after; None where the plan has none."""

    title: str
    before: date | None
    after: date | None

    @property
    def days(self) -> int | None:
        return (self.after - self.before).days if self.before and self.after else None


@dataclass(frozen=True)
class WhatIfPage:
    query: str
    asked: Asked
    found: WhatIf
    changes: tuple[ChangeLine, ...]
    steps: tuple[NamedChange, ...]
    challenges: tuple[NamedChange, ...]
    gates: tuple[GateLine, ...]
    left: tuple[str, ...]
    came: tuple[str, ...]
    limits: Roadmap | None
    is_by_hand: bool

    @property
    def finish_days(self) -> int | None:
        before, after = self.found.before.finish, self.found.after.finish
        return (after - before).days if before and after else None

    @property
    def risk_difference(self) -> int:
        scores = self.found.scores
        return len(scores.high_risks_now) - len(scores.high_risks_then)

    @property
    def initiative_difference(self) -> int:
        return len(self.found.after.initiatives) - len(self.found.before.initiatives)

    @property
    def effort_difference(self) -> float:
        return self.found.after.effort.likely - self.found.before.effort.likely


def wanted_changes(guide: Guide, answers: AnswerSet, query: QueryDict) -> dict[str, str]:
    """The changes an address or a form asks for: one for each question, and no more than there are.

    `add` takes a question in at one level more, `drop` takes it out again.
    """
    known = {question.id: question for question in changeable(guide, answers)}
    wanted = {name: query[name] for name in query if name not in (ADD, DROP) and query[name]}
    wanted = dict(list(wanted.items())[: len(known)])
    for name in query.getlist(ADD)[: len(known)]:
        if name in known:
            wanted[name] = str(next_rung(known[name], answers))
    for name in query.getlist(DROP):
        wanted.pop(name, None)
    return wanted


def canonical(asked: Asked) -> str:
    """The changes as the query of the page's address."""
    return urlencode({name: answer.value for name, answer in asked.changes.items()})


def what_if_page(
    access: Access,
    assessment: Assessment,
    answers: AnswerSet,
    card: Scorecard,
    wanted: Mapping[str, str],
    today: date,
) -> WhatIfPage:
    guide = assessment.guide
    asked = read_changes(guide, answers, wanted)
    limits = _newest_roadmap(access, guide)
    constraints = _constraints(limits, today)
    decisions = _decisions(limits)
    before = _kept_figures(guide, answers, card, constraints, decisions, today)
    found = what_if(guide, answers, card, before, asked.changes, constraints, today, decisions)
    return WhatIfPage(
        query=canonical(asked),
        asked=asked,
        found=found,
        changes=tuple(_change(guide, answers, i, a) for i, a in asked.changes.items()),
        steps=tuple(
            NamedChange(f"{guide.step(c.about).number}. {guide.step(c.about).title}", c)
            for c in found.scores.steps
        ),
        challenges=tuple(
            NamedChange(guide.challenge(c.about).title, c)
            for c in found.scores.challenges
            if c.then.score is not None or c.now.score is not None
        ),
        gates=tuple(_gates(guide, found)),
        left=tuple(found.before.titles[i] for i in found.left),
        came=tuple(found.after.titles[i] for i in found.came),
        limits=limits,
        is_by_hand=decisions != Decisions(),
    )


def picks(guide: Guide, answers: AnswerSet, asked: Asked) -> tuple[PickStep, ...]:
    """Every question that can be changed, step by step."""
    questions = changeable(guide, answers)
    return tuple(
        PickStep(
            step,
            tuple(
                PickLine(q, _now(q, answers.get(q.id, UNANSWERED)), q.id in asked.changes)
                for q in questions
                if q.step == step.id
            ),
        )
        for step in guide.steps
    )


def suggestions(guide: Guide, answers: AnswerSet, card: Scorecard) -> tuple[SuggestionLine, ...]:
    """The answers where one level more does most."""
    return tuple(
        SuggestionLine(
            lift,
            guide.question(lift.move.question),
            rung_name(guide.question(lift.move.question), lift.move.from_value),
            rung_name(guide.question(lift.move.question), lift.move.to_value),
        )
        for lift in lifts(guide, answers, card)[:SUGGESTED]
    )


def _newest_roadmap(access: Access, guide: Guide) -> Roadmap | None:
    """Whose calendar, people and decisions the plan is made with, if there are any."""
    return (
        access.scope(Roadmap)
        .select_related("scenario")
        .only("name", "constraints", "created_at", "scenario__decisions")
        .filter(snapshot__guide_id=guide.id)
        .order_by("-created_at", "-pk")
        .first()
    )


def _constraints(limits: Roadmap | None, today: date) -> Constraints:
    """Those of the newest roadmap; what lies before today can't be worked any more."""
    stated = constraints_from_json(limits.constraints) if limits else Constraints()
    return replace(stated, start=max(stated.start or today, today))


def _decisions(limits: Roadmap | None) -> Decisions:
    """What was decided by hand there; the planner leaves aside what makes no sense here."""
    return limits.scenario.to_decisions() if limits and limits.scenario else Decisions()


def _kept_figures(
    guide: Guide,
    answers: AnswerSet,
    card: Scorecard,
    constraints: Constraints,
    decisions: Decisions,
    today: date,
) -> PlanFigures:
    """The plan without changes is the same for every change that is tried."""
    given = (constraints_to_json(constraints), decisions_to_json(decisions))
    limits = repr([sorted(part.items()) for part in given])
    key = f"what-if:{input_hash(guide, answers)}:{sha256(limits.encode()).hexdigest()}:{today}"
    return cache.get_or_set(
        key, lambda: plan_figures(guide, answers, card, constraints, today, decisions), KEPT_SECONDS
    )


def _change(guide: Guide, answers: AnswerSet, question_id: str, answer: Answer) -> ChangeLine:
    question = guide.question(question_id)
    return ChangeLine(
        question,
        _now(question, answers.get(question_id, UNANSWERED)),
        tuple(
            Rung(value, _rung_text(question, value), value == answer.value)
            for value, _worth in ladder_of(question)
        ),
    )


def _rung_text(question: Question, value: Any) -> str:
    meaning = rung_meaning(question, value)
    if not meaning:
        return rung_name(question, value)
    return _("Level %(level)s: %(meaning)s") % {"level": value, "meaning": meaning}


def _now(question: Question, answer: Answer) -> str:
    if question.kind == "level" and answer.state.value == "answered":
        return rung_name(question, answer.value)
    return "; ".join(answer_lines(question, answer))


def _gates(guide: Guide, found: WhatIf) -> Iterable[GateLine]:
    for gate in guide.gates:
        before, after = found.before.gates.get(gate.id), found.after.gates.get(gate.id)
        if before or after:
            yield GateLine(f"{gate.id} {gate.title}", before, after)
