"""Makes the snapshot of a report out of a guide, answers, their scorecard and a plan. Pure.

The plan comes as its document (`roadmap.domain.document.plan_document`), which is what a roadmap
stores: a report made now and one made from a stored plan go the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from assessments.domain.answers import UNANSWERED, AnswerSet
from assessments.domain.applicability import applicable_regimes
from assessments.domain.facts import AnswerFacts
from assessments.domain.scoring import Contribution, Scorecard
from assessments.domain.wording import answer_in_words
from guide.model import Gate, Guide, Initiative
from roadmap.charts.documents import to_range
from roadmap.domain.forecasting.ranges import Range
from roadmap.reports.outlook import forecast_entry, freeze_entries, role_entries
from roadmap.reports.snapshot import (
    ChallengeResult,
    Citation,
    Days,
    Fact,
    FindOut,
    GateEntry,
    GateItem,
    GuideRef,
    InitiativeEntry,
    LeftOut,
    Loss,
    Overall,
    PhaseEntry,
    PlanSummary,
    Progress,
    Ref,
    Regime,
    ReportSnapshot,
    Risk,
    RoleShare,
    Satisfied,
    SourceEntry,
    StepResult,
)

PlanDocument = Mapping[str, Any]
LOSSES_SHOWN = 6
DECIMALS = 4
LONGEST_ANSWER = 160


@dataclass(frozen=True)
class GateProgress:
    """How a gate stands: what the tracking side of a roadmap knows."""

    is_open: bool = False
    opened_on: date | None = None
    met: frozenset[str] = frozenset()
    """Ids of checklist items that are met."""


@dataclass(frozen=True)
class Tracking:
    """Progress at the moment of freezing. Absent for a plan that nobody tracks yet."""

    initiatives: Mapping[str, Progress] = field(default_factory=dict)
    gates: Mapping[str, GateProgress] = field(default_factory=dict)


def freeze(
    *,
    guide: Guide,
    answers: AnswerSet,
    scorecard: Scorecard,
    plan: PlanDocument,
    organization: str,
    generated_on: date,
    roadmap: str = "",
    assessed_on: date | None = None,
    language: str = "en",
    tracking: Tracking | None = None,
    forecast: PlanDocument | None = None,
) -> ReportSnapshot:
    """Everything the report will say, in order; the same input gives the same snapshot."""
    builder = _Builder(guide, answers, scorecard, plan, tracking or Tracking(), forecast or {})
    initiatives = builder.initiatives()
    return ReportSnapshot(
        organization=organization,
        generated_on=generated_on,
        guide=GuideRef(guide.id, guide.version, guide.title),
        overall=builder.overall(),
        plan=builder.summary(),
        language=language,
        roadmap=roadmap,
        assessed_on=assessed_on,
        profile=builder.profile(),
        steps=builder.steps(),
        challenges=builder.challenges(),
        risks=builder.risks(),
        phases=builder.phases(initiatives),
        initiatives=initiatives,
        gates=builder.gates(),
        left_out=tuple(
            LeftOut(part["id"], part["title"], part["reason"])
            for part in (*plan.get("left_out", ()), *plan["excluded"])
        ),
        find_out=tuple(builder.find_out()),
        regimes=tuple(Regime(r.id, r.title, r.note) for r in builder.regimes.values()),
        sources=builder.sources(),
        disclaimer=guide.disclaimer,
        estimates_note=guide.estimates_note,
        has_progress=tracking is not None,
        forecast=forecast_entry(plan, forecast or {}),
        freezes=freeze_entries(plan),
        load=role_entries(plan),
    )


class _Builder:
    def __init__(
        self,
        guide: Guide,
        answers: AnswerSet,
        scorecard: Scorecard,
        plan: PlanDocument,
        tracking: Tracking,
        forecast: PlanDocument,
    ) -> None:
        self.guide = guide
        self.answers = answers
        self.scorecard = scorecard
        self.plan = plan
        self.tracking = tracking
        self.forecast = forecast
        self.facts = AnswerFacts(guide, answers)
        self.regimes = {regime.id: regime for regime in applicable_regimes(guide, answers)}
        self.known = {initiative.id: initiative for initiative in guide.initiatives}
        self.planned = {part["id"]: part for part in plan["initiatives"]}
        # Work of one's own and waves stand in the plan only.
        parts = (*plan["initiatives"], *plan.get("left_out", ()))
        self.titles = {i.id: i.title for i in guide.initiatives}
        self.titles |= {part["id"]: part["title"] for part in parts}

    def overall(self) -> Overall:
        overall = self.scorecard.overall
        return Overall(
            score=_rounded(overall.score),
            low=_rounded(overall.low),
            high=_rounded(overall.high),
            band=overall.band or "",
            confidence=round(overall.confidence, DECIMALS),
            answered=sum(step.answered for step in self.scorecard.steps),
            asked=sum(step.asked for step in self.scorecard.steps),
        )

    def summary(self) -> PlanSummary:
        return PlanSummary(
            start=date.fromisoformat(self.plan["start"]),
            finish=date.fromisoformat(self.plan["finish"]) if self.plan["finish"] else None,
            effort=Days(**self.plan["effort_days"]),
            notes=tuple(self.plan["notes"]),
        )

    def profile(self) -> tuple[Fact, ...]:
        said = (
            (question.title, answer_in_words(question, self.answers.get(question.id, UNANSWERED)))
            for question in self.guide.profile_questions
        )
        return tuple(Fact(label, value) for label, value in said if value)

    def steps(self) -> tuple[StepResult, ...]:
        return tuple(
            StepResult(
                id=step.id,
                number=step.number,
                title=step.title,
                score=_rounded(result.score),
                low=_rounded(result.low),
                high=_rounded(result.high),
                band=result.band or "",
                confidence=round(result.confidence, DECIMALS),
                capped_by=tuple(self._question(q) for q in result.capped_by),
                losses=self._losses(result.contributions),
            )
            for step in self.guide.steps
            for result in (self.scorecard.step(step.id),)
        )

    def challenges(self) -> tuple[ChallengeResult, ...]:
        return tuple(
            ChallengeResult(
                id=challenge.id,
                title=challenge.title,
                short=challenge.short,
                description=challenge.description,
                score=_rounded(result.score),
                low=_rounded(result.low),
                high=_rounded(result.high),
                band=result.band or "",
                usual=result.usual,
                worse_than_usual=_rounded(result.worse_than_usual),
                rank=result.rank,
                confidence=round(result.confidence, DECIMALS),
                mitigation=challenge.mitigation,
                reasons=self._losses(result.contributions),
            )
            for result in self.scorecard.exposures
            for challenge in (self.guide.challenge(result.challenge),)
        )

    def _losses(self, contributions: Iterable[Contribution]) -> tuple[Loss, ...]:
        worst = sorted(contributions, key=lambda c: (-round(c.points, DECIMALS), c.question))
        return tuple(
            Loss(self._question(c.question), round(c.points, DECIMALS), self._answer(c.question))
            for c in worst[:LOSSES_SHOWN]
            if round(c.points, DECIMALS) > 0
        )

    def risks(self) -> tuple[Risk, ...]:
        return tuple(
            Risk(
                question=self._question(risk.question),
                step=self._step_of(risk.question),
                reason=risk.reason,
                initiatives=tuple(
                    self._initiative(part["id"])
                    for part in self.plan["initiatives"]
                    if any(why["about"] == risk.question for why in part["why"])
                ),
            )
            for risk in self.scorecard.high_risks
        )

    def initiatives(self) -> tuple[InitiativeEntry, ...]:
        parts = sorted(self.plan["initiatives"], key=lambda part: part["rank"])
        return tuple(self._entry(part) for part in parts)

    def _entry(self, part: Mapping[str, Any]) -> InitiativeEntry:
        initiative = self._source(part)
        if initiative is None:
            # Work that people added by hand: all that is known of it stands in the plan.
            roles = part.get("person_days") or dict.fromkeys(part["roles"], 1.0)
            return InitiativeEntry(**self._planned(part), what="", roles=self._shares(roles))
        elapsed = initiative.elapsed_weeks
        return InitiativeEntry(
            **self._planned(part),
            what=initiative.what,
            elapsed_weeks=(elapsed.low, elapsed.high) if elapsed else None,
            elapsed_note=initiative.elapsed_note,
            roles=self._shares(initiative.roles),
            challenges=tuple(
                Ref(c, self.guide.challenge(c).title)
                for c in initiative.addresses
                if c.startswith("CHAL-")
            ),
            satisfied=tuple(
                Satisfied(self._initiative(other["id"]), other["reason"])
                for other in part["satisfied"]
            ),
            gate=Ref(part["gate"], self.guide.gate(part["gate"]).title) if part["gate"] else None,
            done=tuple(initiative.done),
            citations=tuple(self._citations(initiative.controls)),
            sources=tuple(initiative.sources),
        )

    def _planned(self, part: Mapping[str, Any]) -> dict[str, Any]:
        """What the plan says about an initiative, wherever it comes from."""
        bound = part.get("bound_by", {"kind": "start", "what": ""})
        return {
            "id": part["id"],
            "title": part["title"],
            "kind": part["kind"],
            "step": Ref(part["step"], self.guide.step(part["step"]).title),
            "phase": part["phase"],
            "rank": part["rank"],
            "klass": part["class"],
            "start": date.fromisoformat(part["start"]),
            "finish": date.fromisoformat(part["finish"]),
            "effort": Days(**part["effort_days"]),
            "reasons": tuple(part["reasons"]),
            "predecessors": tuple(self._initiative(other) for other in part["predecessors"]),
            "bound_by": bound["kind"],
            "bound_what": self._bound_what(bound["kind"], bound["what"]),
            "progress": self.tracking.initiatives.get(part["id"], Progress()),
            "likely": self._likely("initiatives", part["id"]),
            "is_critical": bool(part.get("critical")),
        }

    def _source(self, part: Mapping[str, Any]) -> Initiative | None:
        """What the guide says about it; a wave is the same work once more, own work has nothing."""
        return self.known.get(part.get("wave_of") or part["id"])

    def _shares(self, roles: Mapping[str, float]) -> tuple[RoleShare, ...]:
        whole = sum(roles.values()) or 1
        return tuple(
            RoleShare(role, self.guide.role(role).title, round(share / whole, DECIMALS))
            for role, share in roles.items()
        )

    def _likely(self, kind: str, name: str) -> Range | None:
        return to_range(self.forecast.get(kind, {}).get(name))

    def _bound_what(self, kind: str, what: str) -> Ref | None:
        if kind == "predecessor":
            return self._initiative(what)
        return Ref(what, self.guide.role(what).title) if kind == "role" else None

    def _citations(self, controls: Iterable[str]) -> Iterable[Citation]:
        for control in (self.guide.control(control_id) for control_id in controls):
            if control.regime in self.regimes:
                yield Citation(
                    id=control.id,
                    regime=self.regimes[control.regime].title,
                    cite=control.cite,
                    title=control.title,
                    designation=control.designation or "",
                    status=control.status,
                )

    def phases(self, initiatives: tuple[InitiativeEntry, ...]) -> tuple[PhaseEntry, ...]:
        found = []
        for phase in self.guide.phases:
            items = [item for item in initiatives if item.phase == phase.id]
            if items:
                found.append(
                    PhaseEntry(
                        id=phase.id,
                        title=phase.title,
                        text=phase.summary,
                        start=min(item.start for item in items),
                        finish=max(item.finish for item in items),
                        effort=_total(item.effort for item in items),
                        initiatives=tuple(item.id for item in items),
                        likely=self._likely("phases", phase.id),
                    )
                )
        return tuple(found)

    def gates(self) -> tuple[GateEntry, ...]:
        return tuple(
            self._gate(self.guide.gate(part["id"]), date.fromisoformat(part["date"]))
            for part in self.plan["gates"]
        )

    def _gate(self, gate: Gate, planned_on: date) -> GateEntry:
        progress = self.tracking.gates.get(gate.id, GateProgress())
        return GateEntry(
            id=gate.id,
            title=gate.title,
            passes_when=gate.passes_when,
            blocks=gate.blocks,
            planned_on=planned_on,
            checklist=tuple(
                GateItem(
                    text=item.text,
                    is_met=item.id in progress.met,
                    initiatives=tuple(
                        self._initiative(i) for i in item.initiatives if i in self.planned
                    ),
                )
                for item in gate.checklist
                if item.applies is None or item.applies.evaluate(self.facts) is not False
            ),
            approvers=tuple(self.guide.role(role).title for role in gate.approvers),
            is_open=progress.is_open,
            opened_on=progress.opened_on,
            likely=self._likely("gates", gate.id),
        )

    def find_out(self) -> Iterable[FindOut]:
        for part in self.plan["find_out"]:
            yield FindOut(
                question=self._question(part["question"]),
                reason=part["reason"],
                initiatives=tuple(self._initiative(i) for i in part["initiatives"]),
            )

    def sources(self) -> tuple[SourceEntry, ...]:
        """Those that something in the report rests on, in the guide's order."""
        found = [self._source(part) for part in self.planned.values()]
        used = {source for initiative in found if initiative for source in initiative.sources}
        used |= {s for part in self.plan["gates"] for s in self.guide.gate(part["id"]).sources}
        used |= {s for challenge in self.guide.challenges for s in challenge.sources}
        return tuple(
            SourceEntry(
                id=source.id,
                author=source.author,
                title=source.title,
                year=str(source.year or ""),
                url=source.url or "",
                note=source.note,
            )
            for source in self.guide.sources
            if source.id in used
        )

    def _question(self, question_id: str) -> Ref:
        return Ref(question_id, self.guide.question(question_id).title)

    def _answer(self, question_id: str) -> str:
        question = self.guide.question(question_id)
        answer = self.answers.get(question_id, UNANSWERED)
        return answer_in_words(question, answer, LONGEST_ANSWER).rstrip(".")

    def _step_of(self, question_id: str) -> Ref:
        step_id = self.guide.question(question_id).step
        known = {step.id: step.title for step in self.guide.steps}
        return Ref(step_id, known.get(step_id, ""))

    def _initiative(self, initiative_id: str) -> Ref:
        if initiative_id in self.planned:
            return Ref(initiative_id, self.planned[initiative_id]["title"])
        return Ref(initiative_id, self.titles.get(initiative_id, initiative_id))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS)


def _total(efforts: Iterable[Days]) -> Days:
    total = sum(efforts, start=Days(0, 0, 0))
    return Days(round(total.low, 1), round(total.likely, 1), round(total.high, 1))
