"""Reading roadmaps, so that a page costs the same number of queries whatever their size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from django.db.models import QuerySet

from assessments.models import Snapshot
from roadmap.charts import Bar, Gantt, GateMark, gantt
from roadmap.charts.documents import freeze_bands, phase_ranges, to_range
from roadmap.domain.progress import ItemResult, Progress, TrackedItem, progress
from roadmap.domain.progress import phase_progress as progress_by_phase
from roadmap.enums import InitiativeStatus
from roadmap.models import GateState, PlannedInitiative, ProgressForecast, Roadmap
from roadmap.services.gates.reading import Proof, proof_of, results_of

# Long texts that only the initiative's own page shows.
LONG_COLUMNS = ("details", "reasons", "satisfied", "note")
NEXT_INITIATIVES = 5


@dataclass(frozen=True)
class PhaseView:
    id: str
    title: str
    number: int
    items: tuple[PlannedInitiative, ...]
    progress: Progress

    @property
    def start(self) -> date:
        return min(item.start_on for item in self.items)

    @property
    def finish(self) -> date:
        return max(item.finish_on for item in self.items)


@dataclass(frozen=True)
class GateView:
    state: GateState
    results: tuple[ItemResult, ...]
    review: PlannedInitiative | None = None

    @property
    def met(self) -> int:
        return sum(1 for result in self.results if result.is_met)

    @property
    def missing(self) -> tuple[ItemResult, ...]:
        return tuple(result for result in self.results if not result.is_met)

    @property
    def is_ready(self) -> bool:
        return not self.state.is_open and not self.missing

    @property
    def has_lapsed(self) -> bool:
        """It was opened, and something it rests on no longer holds."""
        return self.state.is_open and bool(self.missing)


@dataclass(frozen=True)
class Overview:
    """Everything the roadmap's page shows."""

    roadmap: Roadmap
    items: tuple[PlannedInitiative, ...]
    progress: Progress
    phases: tuple[PhaseView, ...]
    gates: tuple[GateView, ...]
    next_items: tuple[PlannedInitiative, ...]
    late: int
    chart: Gantt | None
    finish_p80: date | None


@dataclass(frozen=True)
class RoadmapRow:
    roadmap: Roadmap
    progress: Progress


def roadmap_rows(roadmaps: QuerySet[Roadmap]) -> list[RoadmapRow]:
    """Roadmaps with their progress: two queries."""
    found = list(
        roadmaps.select_related("snapshot__assessment").defer(
            "plan", "constraints", "snapshot__answers", "snapshot__scorecard"
        )
    )
    tracked: dict[int, list[TrackedItem]] = defaultdict(list)
    rows = PlannedInitiative.objects.filter(roadmap__in=[roadmap.pk for roadmap in found])
    for row in rows.only("roadmap_id", "initiative_id", "phase", "effort", "status"):
        tracked[row.roadmap_id].append(row.to_tracked())
    return [RoadmapRow(roadmap, progress(tracked[roadmap.pk])) for roadmap in found]


def submitted_snapshots(snapshots: QuerySet[Snapshot]) -> QuerySet[Snapshot]:
    """What a roadmap can be made from, newest first, without the answers themselves."""
    return snapshots.select_related("assessment").defer("answers", "scorecard")


def overview(roadmap: Roadmap, today: date) -> Overview:
    """Five queries: initiatives, gates, confirmations, evidence, the newest forecast."""
    items = tuple(roadmap.initiatives.defer(*LONG_COLUMNS))
    tracked = [item.to_tracked() for item in items]
    phases = phase_views(roadmap, items, tracked)
    gates = gate_views(roadmap.gates.all(), items)
    for item in items:
        item.late = item.is_late(today)  # type: ignore[attr-defined]
    rows = ProgressForecast.objects.filter(roadmap=roadmap)
    forecast = rows.values_list("document", flat=True).first() or roadmap.forecast
    finish = to_range(forecast.get("finish"))
    return Overview(
        roadmap=roadmap,
        items=items,
        progress=progress(tracked),
        phases=phases,
        gates=gates,
        next_items=next_items(items),
        late=sum(1 for item in items if item.is_late(today)),
        chart=_chart(roadmap, phases, gates, forecast, today),
        finish_p80=finish.p80 if finish else None,
    )


def phase_views(
    roadmap: Roadmap, items: Sequence[PlannedInitiative], tracked: Sequence[TrackedItem]
) -> tuple[PhaseView, ...]:
    known = [(phase["id"], phase["title"]) for phase in roadmap.plan["phases"]]
    by_phase = progress_by_phase(tracked, [phase for phase, _ in known])
    found = []
    for number, (phase, title) in enumerate(known, start=1):
        members = sorted(
            (item for item in items if item.phase == phase),
            key=lambda item: (item.start_on, item.finish_on, item.rank),
        )
        if members:
            found.append(PhaseView(phase, title, number, tuple(members), by_phase[phase]))
    return tuple(found)


def gate_views(
    gates: QuerySet[GateState], items: Iterable[PlannedInitiative]
) -> tuple[GateView, ...]:
    """Gates of one roadmap, with three queries: gates, confirmations, evidence."""
    by_id = {item.initiative_id: item for item in items}
    statuses = {initiative: item.status for initiative, item in by_id.items()}
    found = list(gates.prefetch_related("confirmations"))
    proof = proof_of(found[0].roadmap_id) if found else Proof()
    return tuple(
        GateView(
            state=gate,
            results=results_of(
                gate, statuses, [c.item_id for c in gate.confirmations.all()], proof
            ),
            review=by_id.get(gate.review),
        )
        for gate in found
    )


def next_items(items: Iterable[PlannedInitiative]) -> tuple[PlannedInitiative, ...]:
    """What runs, then what can start because all it waits for is finished; a few, soonest first."""
    known = list(items)
    pending = {item.initiative_id for item in known if item.is_open}
    running = [item for item in known if item.status == InitiativeStatus.IN_PROGRESS]
    startable = [
        item
        for item in known
        if item.status == InitiativeStatus.NOT_STARTED and pending.isdisjoint(item.predecessors)
    ]
    soonest = sorted(startable, key=lambda item: (item.start_on, item.rank))
    running.sort(key=lambda item: (item.finish_on, item.rank))
    return tuple([*running, *soonest][:NEXT_INITIATIVES])


def neighbours(
    initiative: PlannedInitiative,
) -> tuple[list[PlannedInitiative], list[PlannedInitiative]]:
    """What it waits for and what waits for it: one query."""
    others = initiative.roadmap.initiatives.only(
        "roadmap_id", "initiative_id", "title", "status", "finish_on", "start_on", "predecessors"
    ).order_by("start_on", "rank")
    before = [o for o in others if o.initiative_id in initiative.predecessors]
    after = [o for o in others if initiative.initiative_id in o.predecessors]
    return before, after


def role_titles(roadmap: Roadmap) -> dict[str, str]:
    return {part["role"]: part["title"] for part in roadmap.plan["capacity"]}


def effort_of(items: Iterable[PlannedInitiative]) -> dict[str, float]:
    """The sum of the estimates of what is not dropped."""
    total = {"low": 0.0, "likely": 0.0, "high": 0.0}
    for item in items:
        if item.status != InitiativeStatus.DROPPED:
            for part in total:
                total[part] += item.effort[part]
    return total


def _chart(
    roadmap: Roadmap,
    phases: Sequence[PhaseView],
    gates: Sequence[GateView],
    forecast: Mapping[str, Any],
    today: date,
) -> Gantt | None:
    """The dates agreed, with the freezes and the chain of the plan they come from, and the ranges
    of a forecast: the newest, as on every other page."""
    likely = {name: to_range(f) for name, f in forecast.get("initiatives", {}).items()}
    passed = {name: to_range(f) for name, f in forecast.get("gates", {}).items()}
    critical = {i["id"] for i in roadmap.plan.get("initiatives", []) if i.get("critical")}
    bars = [
        Bar(
            id=item.initiative_id,
            title=item.title,
            phase=item.phase,
            start=item.start_on,
            finish=item.finish_on,
            status=item.status,
            is_late=item.is_late(today),
            is_review=item.kind == "review",
            is_containment=item.kind == "containment",
            # What is finished is no longer uncertain.
            likely=likely.get(item.initiative_id) if item.is_open else None,
            is_critical=item.initiative_id in critical,
            # From the roadmap's own address, where this chart stands.
            href=f"initiatives/{quote(item.initiative_id)}/",
        )
        for phase in phases
        for item in phase.items
    ]
    marks = [
        GateMark(
            g.state.gate_id,
            g.state.title,
            _gate_day(g.state, roadmap),
            g.state.is_open,
            None if g.state.is_open else passed.get(g.state.gate_id),
        )
        for g in gates
    ]
    return gantt(
        [(phase.id, phase.title) for phase in phases],
        bars,
        marks,
        today,
        freezes=freeze_bands(roadmap.plan),
        phase_ranges=phase_ranges(forecast),
    )


def _gate_day(gate: GateState, roadmap: Roadmap) -> date:
    """Where its diamond stands: on the day it was opened, before that on the planned one."""
    if gate.is_open and gate.opened_at:
        return gate.opened_at.astimezone(roadmap.organization.zone).date()
    return gate.planned_on


def stated_constraints(roadmap: Roadmap) -> dict[str, Any]:
    """What it was planned with beside the start, as far as it reaches; empty when nothing was."""
    stated, last = roadmap.to_constraints(), roadmap.finish_on or roadmap.start_on
    shown = {
        "wip_limit": stated.wip_limit,
        "holidays": [day for day in sorted(stated.holidays) if roadmap.start_on <= day <= last],
        "role_fte": sorted(stated.role_fte.items()),
        "staffing": [s for s in stated.staffing if s.start <= last],
        "freezes": [f for f in stated.freezes if f.start <= last and f.finish >= roadmap.start_on],
        "deadlines": stated.deadlines,
    }
    return shown if any(shown.values()) else {}


def home_overview(roadmap: Roadmap) -> dict[str, Any]:
    """Progress and the next initiatives of one roadmap: one query."""
    items = list(roadmap.initiatives.defer(*LONG_COLUMNS))
    return {
        "progress": progress(item.to_tracked() for item in items),
        "next_items": next_items(items)[:3],
    }
