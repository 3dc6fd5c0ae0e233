"""The figures of one client in the list of clients, from facts. Pure: `today` is the client's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from assessments.domain.scoring import Scorecard
from assessments.domain.targets import TargetSet, read_against
from roadmap.domain.progress import Status, TrackedItem, progress

OPEN = (Status.NOT_STARTED, Status.IN_PROGRESS)


@dataclass(frozen=True)
class AssessmentFacts:
    """The newest assessment that was handed in. `expires`: the last days of its answers."""

    guide_id: str
    assessed_on: date
    card: Scorecard
    targets: TargetSet
    expires: Sequence[date] = ()


@dataclass(frozen=True)
class WorkFacts:
    """One initiative of the roadmap. `due_on`: the day agreed, or the earlier one planned."""

    id: str
    phase: str
    effort: float
    status: Status
    due_on: date
    is_blocked: bool = False


@dataclass(frozen=True)
class GateFacts:
    """`on`: the day forecast, else the day planned."""

    id: str
    title: str
    is_open: bool
    on: date


@dataclass(frozen=True)
class RoadmapFacts:
    """The roadmap adopted last. Chances and slip are those of its newest forecast."""

    id: int
    planned_on: date | None
    phases: Sequence[tuple[str, str]]
    work: Sequence[WorkFacts]
    gates: Sequence[GateFacts]
    p50_on: date | None = None
    p80_on: date | None = None
    finished_on: date | None = None
    slip: int | None = None


@dataclass(frozen=True)
class Facts:
    """`due_on`: the last days of what people were asked to fill and have not yet."""

    assessment: AssessmentFacts | None = None
    roadmap: RoadmapFacts | None = None
    has_draft: bool = False
    due_on: Sequence[date] = ()


@dataclass(frozen=True)
class Summary:
    """Named as the columns of `ClientSummary`."""

    guide_id: str = ""
    assessed_on: date | None = None
    readiness: float | None = None
    readiness_low: float | None = None
    readiness_high: float | None = None
    band: str = ""
    answered_percent: float | None = None
    target_percent: float | None = None
    high_risks: int = 0
    exposures: Mapping[str, float] = field(default_factory=dict)
    has_draft: bool = False
    overdue_reviews: int = 0
    overdue_assignments: int = 0
    roadmap_id: int | None = None
    phase: str = ""
    phase_title: str = ""
    progress: float | None = None
    planned_on: date | None = None
    p50_on: date | None = None
    p80_on: date | None = None
    finished_on: date | None = None
    slip: int | None = None
    late: int = 0
    blocked: int = 0
    gate_id: str = ""
    gate_title: str = ""
    gate_on: date | None = None


def summarize(facts: Facts, today: date) -> Summary:
    return Summary(
        has_draft=facts.has_draft,
        overdue_assignments=sum(1 for day in facts.due_on if day < today),
        **(_of_assessment(facts.assessment, today) if facts.assessment else {}),
        **(_of_roadmap(facts.roadmap, today) if facts.roadmap else {}),
    )


def _of_assessment(facts: AssessmentFacts, today: date) -> dict[str, object]:
    overall = facts.card.overall
    asked = sum(step.asked for step in facts.card.steps)
    answered = sum(step.answered for step in facts.card.steps)
    return {
        "guide_id": facts.guide_id,
        "assessed_on": facts.assessed_on,
        "readiness": overall.score,
        "readiness_low": overall.low,
        "readiness_high": overall.high,
        "band": overall.band or "",
        "answered_percent": 100 * answered / asked if asked else None,
        "target_percent": read_against(facts.card, facts.targets).percent,
        "high_risks": len(facts.card.high_risks),
        "exposures": {
            one.challenge: one.score for one in facts.card.exposures if one.score is not None
        },
        "overdue_reviews": sum(1 for day in facts.expires if day < today),
    }


def _of_roadmap(facts: RoadmapFacts, today: date) -> dict[str, object]:
    tracked = [TrackedItem(one.id, one.phase, one.effort, one.status) for one in facts.work]
    unfinished = [one for one in facts.work if one.status in OPEN]
    phase = _phase(facts.phases, {one.phase for one in unfinished})
    gate = min(
        (gate for gate in facts.gates if not gate.is_open),
        key=lambda gate: (gate.on, gate.id),
        default=None,
    )
    return {
        "roadmap_id": facts.id,
        "phase": phase[0],
        "phase_title": phase[1],
        "progress": progress(tracked).done,
        "planned_on": facts.planned_on,
        "p50_on": facts.p50_on,
        "p80_on": facts.p80_on,
        "finished_on": facts.finished_on,
        "slip": facts.slip,
        "late": sum(1 for one in unfinished if one.due_on < today),
        "blocked": sum(1 for one in unfinished if one.is_blocked),
        "gate_id": gate.id if gate else "",
        "gate_title": gate.title if gate else "",
        "gate_on": gate.on if gate else None,
    }


def _phase(phases: Sequence[tuple[str, str]], unfinished: set[str]) -> tuple[str, str]:
    """The first phase with work that is not finished; none once all is."""
    return next((phase for phase in phases if phase[0] in unfinished), ("", ""))
