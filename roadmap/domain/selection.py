"""Which initiatives an organization needs, in order of priority, and why.

Rank is not the calendar: it says what matters most; the schedule says what can start when.
Class, severity and exposure are combined as the guide's paper prototype found best (see
``docs/planning.md``); the constants are Waymark's own estimates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assessments.domain.answers import UNANSWERED, Answer, AnswerSet, AnswerState
from assessments.domain.applicability import effective_answers
from assessments.domain.facts import AnswerFacts
from assessments.domain.scoring import Scorecard
from assessments.domain.values import value_of
from assessments.domain.wording import answer_in_words
from guide.model import MAX_LEVEL, Guide, Initiative, Question
from guide.rules import Comparison
from roadmap.domain.selected import (
    Excluded,
    FindOut,
    Reason,
    Satisfied,
    SelectedInitiative,
    Selection,
)

TARGET_LEVEL = 3
URGENT, CORE, REST = 3, 2, 1
OPEN_STATES = (AnswerState.UNKNOWN.value, AnswerState.UNANSWERED.value)
# Level 1 or below, where a cap holds its step's band too: a level 2 is no emergency.
LOW_VALUE = 0.25
# Below this an exposure says nothing bad, so it is no reason either.
TELLING_EXPOSURE = 50
SEVERITY_UNKNOWN = 0.5
SEVERITY_WITHOUT_ANSWER = 0.5


def select(
    guide: Guide,
    answers: AnswerSet,
    scorecard: Scorecard,
    targets: Mapping[str, int] | None = None,
) -> Selection:
    """Choose and rank the initiatives for these answers. Pure and deterministic.

    ``targets``: step → the level its questions shall reach, where it is not the usual one.
    """
    return _Selector(guide, effective_answers(guide, answers), scorecard, targets or {}).select()


class _Selector:
    def __init__(
        self,
        guide: Guide,
        answers: AnswerSet,
        scorecard: Scorecard,
        targets: Mapping[str, int],
    ) -> None:
        self.guide = guide
        self.answers = answers
        self.targets = targets
        self.facts = AnswerFacts(guide, answers)
        self.exposures = {e.challenge: e.score for e in scorecard.exposures}
        self.order = {initiative.id: n for n, initiative in enumerate(guide.initiatives)}
        self.barred = {
            i.id: i.excluded_because
            for i in guide.initiatives
            if i.applies is not None and i.applies.evaluate(self.facts) is False
        }

    def select(self) -> Selection:
        chosen = {i.id for i in self.guide.initiatives if self._is_called_for(i)}
        brought = self._bring_predecessors(chosen)
        selected = [i for i in self.guide.initiatives if i.id in chosen | set(brought)]
        ranked = sorted(selected, key=self._sort_key)
        items = tuple(
            self._item(initiative, rank, {i.id for i in selected}, brought)
            for rank, initiative in enumerate(ranked, start=1)
        )
        return Selection(
            items=items,
            excluded=tuple(Excluded(i, reason) for i, reason in self.barred.items()),
            find_out=self._find_out({i.id for i in selected}),
            settled=tuple(self._settled({i.id for i in selected})),
        )

    def _is_called_for(self, initiative: Initiative) -> bool:
        if initiative.id in self.barred or not initiative.when.holds(self.facts):
            return False
        if initiative.duty or initiative.kind != "action" or not initiative.lifts:
            return True
        return any(self._is_below_target(lift.question) for lift in initiative.lifts)

    def _is_below_target(self, question_id: str) -> bool:
        answer = self.answers.get(question_id, UNANSWERED)
        if answer.state is AnswerState.NOT_APPLICABLE:
            return False
        question = self.guide.question(question_id)
        if answer.state is AnswerState.ANSWERED and question.kind == "level":
            return int(answer.value) < self._target(question)
        return True

    def _target(self, question: Question) -> int:
        return self.targets.get(question.step, TARGET_LEVEL)

    def _bring_predecessors(self, chosen: set[str]) -> dict[str, str]:
        """Predecessors nobody asked for but that can't be taken as done: id → who needs it."""
        brought: dict[str, str] = {}
        waiting = [self.guide.initiative(i) for i in chosen]
        while waiting:
            waiting.sort(key=lambda i: self.order[i.id])
            initiative = waiting.pop(0)
            for needed in initiative.needs:
                known = needed in chosen or needed in brought
                # A review asks for proof: what nobody knows yet is found out, not started.
                ask = initiative.kind == "review" and self._is_undetermined(needed)
                if not known and not ask and self._why_satisfied(needed) is None:
                    brought[needed] = initiative.id
                    waiting.append(self.guide.initiative(needed))
        return brought

    def _why_satisfied(self, initiative_id: str) -> str | None:
        """Why a predecessor needs no work, or None when it does."""
        if initiative_id in self.barred:
            return self.barred[initiative_id]
        if self._is_undetermined(initiative_id):
            return None
        initiative = self.guide.initiative(initiative_id)
        levels = [self._standing(lift.question) for lift in initiative.lifts]
        stands = "; ".join(level for level in levels if level)
        return stands or "your answers do not call for it"

    def _settled(self, selected: set[str]) -> Iterable[Satisfied]:
        """What is in no plan because the answers settle it, not the profile."""
        for initiative in self.guide.initiatives:
            if initiative.id not in selected and initiative.id not in self.barred:
                reason = self._why_satisfied(initiative.id)
                if reason is not None:
                    shown = self._is_shown(initiative)
                    yield Satisfied(initiative.id, reason, shown)

    def _is_shown(self, initiative: Initiative) -> bool:
        """Whether every ladder it would lift stands at the target already."""
        ladders = [
            lift.question
            for lift in initiative.lifts
            if self.guide.question(lift.question).kind == "level"
        ]
        return bool(ladders) and all(self._stands(question) for question in ladders)

    def _stands(self, question_id: str) -> bool:
        answered = self.facts.state(question_id) == AnswerState.ANSWERED
        return answered and not self._is_below_target(question_id)

    def _is_undetermined(self, initiative_id: str) -> bool:
        return self.guide.initiative(initiative_id).when.evaluate(self.facts) is None

    def _standing(self, question_id: str) -> str:
        question = self.guide.question(question_id)
        answer = self.answers.get(question_id, UNANSWERED)
        if answer.state is AnswerState.NOT_APPLICABLE:
            return f"{question.id} {question.title} does not apply: {answer.reason}"
        if question.kind == "level" and self._stands(question_id):
            return f"{question.id} {question.title} already stands at level {answer.value}"
        return ""

    def _value(self, question_id: str) -> float | None:
        question = self.guide.question(question_id)
        answer = self.answers.get(question_id, UNANSWERED)
        return value_of(question, answer) if answer.state is AnswerState.ANSWERED else None

    def _class(self, initiative: Initiative) -> int:
        if initiative.kind == "review":
            return REST
        if initiative.duty or self._protects_now(initiative):
            return URGENT
        calling = self._calling(initiative)
        return CORE if any(q.cap and self._at_most(q, LOW_VALUE) for q in calling) else REST

    def _protects_now(self, initiative: Initiative) -> bool:
        """Whether patients or their data are at risk until it is done."""
        if initiative.kind == "containment":
            return True
        return any(q.safety and self._at_most(q, LOW_VALUE) for q in self._calling(initiative))

    def _calling(self, initiative: Initiative) -> list[Question]:
        """The questions whose answers call for it by being below the target.

        A trigger that would also hold at the target ("level 3 or less") is a wish for more.
        """
        found: list[Question] = []
        for comparison in initiative.when.comparisons():
            question = self.guide.questions.get(comparison.ref)
            if question is None or not comparison.evaluate(self.facts):
                continue
            if question.kind != "level" or not comparison.evaluate(self._facts_at_target(question)):
                found.append(question)
        return found

    def _facts_at_target(self, question: Question) -> AnswerFacts:
        answer = Answer(AnswerState.ANSWERED, self._target(question))
        return AnswerFacts(self.guide, {**self.answers, question.id: answer})

    def _at_most(self, question: Question, limit: float) -> bool:
        value = self._value(question.id)
        return value is not None and value <= limit

    def _severity(self, initiative: Initiative) -> float:
        """How bad the answers it mends are, 0-1; a review mends nothing itself."""
        if initiative.kind == "review":
            return 0.0
        if initiative.duty or initiative.kind == "containment":
            return 1.0
        found = []
        for lift in initiative.lifts:
            state = self.answers.get(lift.question, UNANSWERED).state
            value = self._value(lift.question)
            if value is not None:
                found.append(1 - value)
            elif state is AnswerState.UNKNOWN:
                found.append(SEVERITY_UNKNOWN)
        return max(found, default=SEVERITY_WITHOUT_ANSWER)

    def _challenges(self, initiative: Initiative) -> list[tuple[str, float]]:
        """The challenges it serves, worst exposure first."""
        served = set(initiative.addresses)
        for lift in initiative.lifts:
            served |= {i.challenge for i in self.guide.question(lift.question).informs}
        found = [
            (c.id, exposure)
            for c in self.guide.challenges
            if c.id in served and (exposure := self.exposures.get(c.id)) is not None
        ]
        return sorted(found, key=lambda pair: -pair[1])

    def _priority(self, initiative: Initiative) -> float:
        worst = [exposure / 100 for _, exposure in self._challenges(initiative)[:2]]
        mean = sum(worst) / len(worst) if worst else 0.0
        return self._severity(initiative) * (0.5 + 0.5 * mean)

    def _sort_key(self, initiative: Initiative) -> tuple[int, bool, bool, float, int]:
        return (
            -self._class(initiative),
            initiative.kind != "containment",
            not self._protects_now(initiative),
            -round(self._priority(initiative), 9),
            self.order[initiative.id],
        )

    def _item(
        self, initiative: Initiative, rank: int, selected: set[str], brought: Mapping[str, str]
    ) -> SelectedInitiative:
        needs = list(initiative.needs)
        if initiative.kind == "review":
            needs += [i.id for i in self.guide.initiatives if i.gate == initiative.gate]
        needs = [needed for needed in dict.fromkeys(needs) if needed != initiative.id]
        satisfied = (
            Satisfied(needed, reason)
            for needed in initiative.needs
            if needed not in selected and (reason := self._why_satisfied(needed)) is not None
        )
        return SelectedInitiative(
            initiative=initiative,
            rank=rank,
            klass=self._class(initiative),
            priority=self._priority(initiative),
            reasons=tuple(self._reasons(initiative, brought)),
            predecessors=self._predecessors(needs, selected),
            satisfied=tuple(satisfied),
        )

    def _predecessors(self, needs: Iterable[str], selected: set[str]) -> tuple[str, ...]:
        """The selected initiatives to wait for.

        Through one that needs no work, what it would have waited for still counts: otherwise
        work of a later step would jump the gates before it.
        """
        found: set[str] = set()
        seen: set[str] = set()
        waiting = list(needs)
        while waiting:
            needed = waiting.pop()
            if needed in seen:
                continue
            seen.add(needed)
            if needed in selected:
                found.add(needed)
            else:
                waiting += self.guide.initiative(needed).needs
        return tuple(sorted(found, key=self.order.__getitem__))

    def _reasons(self, initiative: Initiative, brought: Mapping[str, str]) -> Iterable[Reason]:
        if initiative.kind == "containment":
            yield Reason(
                "containment", "Patient data may be exposed now: this does not wait for gate G1."
            )
        if initiative.duty:
            yield Reason("duty", "It follows from what your organization is and does.")
        if initiative.kind == "action" and initiative.when.text == "always":
            yield Reason("always", "Every plan holds it, whatever the answers.")
        if initiative.kind == "review":
            gate = self.guide.gate(initiative.gate)
            yield Reason("gate", f"It holds gate {gate.id}: {gate.title}.", gate.id)
        yield from self._answer_reasons(initiative)
        for challenge_id, exposure in self._challenges(initiative)[:2]:
            if exposure < TELLING_EXPOSURE:
                continue
            title = self.guide.challenge(challenge_id).title
            yield Reason("challenge", f"{title}: exposure {exposure:.0f} of 100.", challenge_id)
        if initiative.id in brought:
            other = self.guide.initiative(brought[initiative.id])
            text = f"{other.id} {other.title} waits for it, and nothing shows that it is done."
            yield Reason("predecessor", text, other.id)

    def _answer_reasons(self, initiative: Initiative) -> Iterable[Reason]:
        """The answers it lifts, and those that make its trigger true."""
        lifted = (
            lift.question
            for lift in initiative.lifts
            if self.guide.question(lift.question).kind == "level"
            and self.facts.state(lift.question) not in OPEN_STATES
            and self._is_below_target(lift.question)
        )
        rule = initiative.when
        true = {c.ref: c for c in rule.comparisons() if c.evaluate(self.facts)}
        true_refs = [*true, *(t.ref for t in rule.state_tests() if t.evaluate(self.facts))]
        for question_id in dict.fromkeys((*lifted, *map(self.facts.question_id, true_refs))):
            question = self.guide.question(question_id)
            text = f"{question.id} {question.title}: {self._said(question, true.get(question_id))}"
            yield Reason("answer", text, question.id)

    def _said(self, question: Question, comparison: Comparison | None) -> str:
        answer = self.answers.get(question.id, UNANSWERED)
        said = answer_in_words(question, answer)
        if answer.state is not AnswerState.ANSWERED:
            return said or "not answered yet"
        if question.kind == "level":
            return f"level {answer.value} of {MAX_LEVEL}: {said}"
        if question.kind == "table" and comparison is not None and comparison.where:
            return f"{comparison.count(answer.value)} of {said} call for it"
        return said

    def _find_out(self, selected: set[str]) -> tuple[FindOut, ...]:
        waiting: dict[str, list[str]] = {}
        for initiative in self.guide.initiatives:
            if initiative.id in self.barred or initiative.id in selected:
                continue
            if self._is_undetermined(initiative.id):
                for question in self._missing(initiative):
                    waiting.setdefault(question, []).append(initiative.id)
        return tuple(
            FindOut(question, self._why_missing(question), tuple(waiting[question]))
            for question in self.guide.questions
            if question in waiting
        )

    def _missing(self, initiative: Initiative) -> list[str]:
        refs = [ref for ref in initiative.when.refs if self.facts.state(ref) in OPEN_STATES]
        found = [self.facts.question_id(ref) for ref in refs]
        return list(dict.fromkeys(question for question in found if question))

    def _why_missing(self, question_id: str) -> str:
        state = self.answers.get(question_id, UNANSWERED).state
        said = "was answered with “we don't know”"
        how = said if state is AnswerState.UNKNOWN else "has no answer yet"
        return f"{question_id} {self.guide.question(question_id).title} {how}."
