"""The part of a trace that follows from guide, answers and plan alone. Pure."""

from __future__ import annotations

import gzip
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from assessments.domain.answers import UNANSWERED, AnswerSet
from assessments.domain.applicability import asked_questions
from assessments.domain.compliance import coverage, standing_of
from assessments.domain.wording import answer_in_words
from guide.compiled import dump_guide
from guide.model import Guide, Question
from guide.registry import releases
from reports.frozen.trace import (
    AnswerTrace,
    ControlTrace,
    Fingerprint,
    InitiativeTrace,
    SolverTrace,
    TraceEntry,
    WhyLine,
)

Document = Mapping[str, Any]


def trace_of(
    guide: Guide, answers: AnswerSet, plan: Document, schedule: Document, runs: int
) -> TraceEntry:
    """Answers, rules, initiatives and controls of a plan, each naming the others."""
    chain = _Chain(guide, answers, plan)
    return TraceEntry(
        fingerprints=(guide_fingerprint(guide),),
        solver=solver_trace(plan, schedule, runs),
        answers=tuple(chain.answers()),
        initiatives=tuple(chain.initiatives()),
        controls=tuple(chain.controls()),
    )


def control_traces(guide: Guide, answers: AnswerSet, plan: Document) -> tuple[ControlTrace, ...]:
    """Every control of the regimes that apply, with what speaks for it and what serves it."""
    return tuple(_Chain(guide, answers, plan).controls())


def guide_fingerprint(guide: Guide) -> Fingerprint:
    """SHA-256 of what its release unpacks to; of its compiled text while it is not released.

    Compiled anew, an older guide would carry the defaults that came since: another hash.
    """
    released = releases().get((guide.id, guide.version))
    text = gzip.decompress(released.read_bytes()) if released else dump_guide(guide).encode()
    return Fingerprint("guide", f"{guide.id} {guide.version}", hashlib.sha256(text).hexdigest())


def solver_trace(plan: Document, schedule: Document, runs: int) -> SolverTrace | None:
    engine = schedule.get("engine") or plan.get("engine")
    if not engine:
        return None
    parameters = schedule.get("parameters") or {}
    return SolverTrace(
        engine=f"{engine['name']} {engine['version']}",
        rule=str(schedule.get("rule") or engine.get("rule") or ""),
        is_searched=bool(schedule.get("is_searched")),
        solver=str(schedule.get("solver_version") or ""),
        seed=str(schedule.get("seed", "")),
        ended_by=str(schedule.get("ended_by") or ""),
        is_proven=bool(schedule.get("is_proven")),
        parameters=tuple((name, str(value)) for name, value in sorted(parameters.items())),
        runs=runs,
    )


class _Chain:
    def __init__(self, guide: Guide, answers: AnswerSet, plan: Document) -> None:
        self.guide, self.given = guide, answers
        self.planned: list[Document] = sorted(plan["initiatives"], key=lambda p: p["rank"])
        self.known = {initiative.id: initiative for initiative in guide.initiatives}
        self.regimes = coverage(guide, answers)
        self.binding = {c.control.id for regime in self.regimes for c in regime.controls}
        self.called: dict[str, list[str]] = defaultdict(list)
        for part in self.planned:
            for question in self._asked_for(part):
                self.called[question].append(part["id"])

    def _source(self, part: Document) -> Any:
        return self.known.get(part.get("wave_of") or part["id"])

    def _asked_for(self, part: Document) -> Iterable[str]:
        """The questions that the reasons and the rule of an initiative look at, each once."""
        why = [w["about"] for w in part.get("why", ()) if w.get("about") in self.guide.questions]
        return tuple(dict.fromkeys(why))

    def answers(self) -> Iterable[AnswerTrace]:
        asked = {question.id for question in asked_questions(self.guide, self.given)}
        for question in self.guide.questions.values():
            if question.id in asked or question.id in self.given:
                yield self._answer(question)

    def _answer(self, question: Question) -> AnswerTrace:
        answer = self.given.get(question.id, UNANSWERED)
        standing = standing_of(question, answer)
        return AnswerTrace(
            id=question.id,
            title=question.title,
            step=question.step,
            state=answer.state.value,
            answer=answer_in_words(question, answer),
            basis=answer.basis.value if answer.basis else "",
            note=answer.note,
            is_expired=answer.expired,
            standing=standing.value if standing else "",
            controls=tuple(c for c in question.controls if c in self.binding),
            initiatives=tuple(self.called.get(question.id, ())),
        )

    def initiatives(self) -> Iterable[InitiativeTrace]:
        for part in self.planned:
            source = self._source(part)
            yield InitiativeTrace(
                id=part["id"],
                title=part["title"],
                rule=str(source.when) if source else "",
                origin=part.get("origin", ""),
                why=tuple(
                    WhyLine(w["kind"], w["text"], w.get("about") or "") for w in part.get("why", ())
                ),
                answers=tuple(self._asked_for(part)),
                controls=tuple(c for c in source.controls if c in self.binding) if source else (),
                gate=part["gate"] or "",
            )

    def controls(self) -> Iterable[ControlTrace]:
        planned: dict[str, list[str]] = defaultdict(list)
        for part in self.planned:
            source = self._source(part)
            for control in source.controls if source else ():
                planned[control].append(part["id"])
        held = {part["id"] for part in self.planned}
        for regime in self.regimes:
            for found in regime.controls:
                control = found.control
                serving = (*found.called_for, *found.others)
                yield ControlTrace(
                    id=control.id,
                    regime=regime.regime.title,
                    cite=control.cite,
                    title=control.title,
                    designation=control.designation or "",
                    status=control.status,
                    checked_on=control.status_checked_on or "",
                    standing=found.standing.value,
                    answers=tuple(voice.question.id for voice in found.voices),
                    initiatives=tuple(planned.get(control.id, ())),
                    unplanned=tuple(i.id for i in serving if i.id not in held),
                )
