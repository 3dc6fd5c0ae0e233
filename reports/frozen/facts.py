"""What a report is frozen from, and what things are called in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from assessments.domain.answers import AnswerSet
from assessments.domain.applicability import applicable_regimes
from assessments.domain.scoring import Scorecard
from guide.model import Guide
from reports.frozen.snapshot import Progress, Ref

PlanDocument = Mapping[str, Any]
DECIMALS = 4


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


class Facts:
    """All that a report follows from, with the titles of what it speaks of."""

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
        self.regimes = {regime.id: regime for regime in applicable_regimes(guide, answers)}
        self.planned = {part["id"]: part for part in plan["initiatives"]}
        # Work of one's own and waves stand in the plan only.
        parts = (*plan["initiatives"], *plan.get("left_out", ()))
        self.titles = {i.id: i.title for i in guide.initiatives}
        self.titles |= {part["id"]: part["title"] for part in parts}

    def question(self, question_id: str) -> Ref:
        return Ref(question_id, self.guide.question(question_id).title)

    def initiative(self, initiative_id: str) -> Ref:
        if initiative_id in self.planned:
            return Ref(initiative_id, self.planned[initiative_id]["title"])
        return Ref(initiative_id, self.titles.get(initiative_id, initiative_id))
