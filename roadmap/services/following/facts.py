"""A roadmap's rows as the forecast of the rest wants them.

Everything is read from what was stored when the plan was adopted and reported since. The guide of
that time says how an initiative's effort is shared between roles, and what goes live; where it is
gone, the plan's own document says the first, and the second counts as not so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet

from guide.model import Guide, Initiative
from guide.registry import GuideNotFound
from roadmap.domain.constraints.capacity import organization_size
from roadmap.domain.document import input_hash
from roadmap.domain.hand.adjusting import VENDOR_ROLE
from roadmap.domain.plan import Estimate
from roadmap.domain.problem import FULL_TIME
from roadmap.domain.progress import Status
from roadmap.domain.tracking.work import Reported, UnderWay, Work
from roadmap.models import PlannedInitiative, Roadmap

# Counts the changes that give other forecasts from the same facts.
FOLLOWING_VERSION = "2"
NOT_NEEDED = ("reasons", "satisfied", "note", "bound_by")


def under_way(roadmap: Roadmap) -> UnderWay:
    """Two queries, beside those for the roadmap's snapshot and its organization."""
    constraints = roadmap.to_constraints()
    known = _initiatives_of(roadmap)
    own = _own_of(roadmap)
    zone = roadmap.organization.zone
    items = []
    for row in roadmap.initiatives.defer(*NOT_NEEDED).order_by("rank", "initiative_id"):
        initiative = known.get(row.facts.get("wave_of") or row.initiative_id)
        blocked_on = row.blocked_at.astimezone(zone).date() if row.blocked_at else None
        items.append(_work(row, initiative, own.get(row.initiative_id, {}), blocked_on))
    gates = list(roadmap.gates.only("roadmap_id", "gate_id", "title", "is_open"))
    size = organization_size(roadmap.snapshot.answer_set())
    return UnderWay(
        start=roadmap.start_on,
        items=tuple(items),
        constraints=constraints,
        amounts={part["role"]: round(part["fte"] * FULL_TIME) for part in roadmap.plan["capacity"]},
        wip_limit=constraints.wip_limit or size.wip_limit,
        closed=frozenset(gate.gate_id for gate in gates if not gate.is_open),
        phases={phase["id"]: phase["title"] for phase in roadmap.plan["phases"]},
        gates={gate.gate_id: gate.title for gate in gates},
    )


def fingerprint(roadmap: Roadmap, facts: UnderWay, today: date) -> str:
    """Of all a forecast follows from; equal facts on the same day give the same forecast."""
    return input_hash(
        FOLLOWING_VERSION,
        today.isoformat(),
        roadmap.constraints,
        sorted(facts.amounts.items()),
        facts.wip_limit,
        sorted(facts.closed),
        [repr(work) for work in facts.items],
    )


def followed_roadmaps() -> QuerySet[Roadmap]:
    rows = Roadmap.objects.select_related("organization", "snapshot", "scenario")
    unread = ("scenario__plan", "scenario__forecast", "scenario__schedule", "snapshot__scorecard")
    return rows.defer(*unread)


def _work(
    row: PlannedInitiative,
    initiative: Initiative | None,
    own: Mapping[str, Any],
    blocked_on: date | None,
) -> Work:
    waits = row.details.get("elapsed_weeks") or {}
    held = row.facts.get("pinned") or row.facts.get("earliest")
    note = str(row.details.get("elapsed_note", "")).lower()
    return Work(
        id=row.initiative_id,
        title=row.title,
        phase=row.phase,
        kind=row.kind,
        rank=row.rank,
        start_on=row.start_on,
        finish_on=row.finish_on,
        working_days=row.working_days,
        effort=Estimate(row.effort["low"], row.effort["likely"], row.effort["high"]),
        shares=_shares(row, initiative),
        predecessors=tuple(row.predecessors),
        gate=row.gate,
        waits=(waits.get("low", 0.0), waits.get("high", 0.0)),
        has_vendor=VENDOR_ROLE in row.roles or "vendor" in note,
        go_live=initiative.go_live if initiative else bool(own.get("go_live")),
        not_before=date.fromisoformat(held) if held else None,
        baseline_start=row.baseline_start_on,
        baseline_finish=row.baseline_finish_on,
        reported=_reported(row, blocked_on),
    )


def _reported(row: PlannedInitiative, blocked_on: date | None) -> Reported:
    return Reported(
        status=Status(row.status),
        started_on=row.started_on,
        finished_on=row.finished_on,
        percent=min(100, row.percent),
        remaining_days=row.remaining_days,
        expected_on=row.expected_on,
        is_blocked=bool(row.blocked_because) and row.is_open,
        blocked_on=blocked_on,
    )


def _shares(row: PlannedInitiative, initiative: Initiative | None) -> dict[str, float]:
    """In a fixed order, for they are part of the fingerprint."""
    if initiative is not None and set(initiative.roles) == set(row.roles):
        return {role: float(initiative.roles[role]) for role in row.roles}
    days: Mapping[str, float] = row.facts.get("person_days") or {}
    if set(days) == set(row.roles) and any(days.values()):
        return {role: float(days[role]) for role in row.roles}
    return dict.fromkeys(row.roles, 1.0)


def _initiatives_of(roadmap: Roadmap) -> Mapping[str, Initiative]:
    try:
        guide: Guide = roadmap.snapshot.guide
    except GuideNotFound:
        return {}
    return {initiative.id: initiative for initiative in guide.initiatives}


def _own_of(roadmap: Roadmap) -> Mapping[str, Mapping[str, Any]]:
    if roadmap.scenario is None:
        return {}
    return {own["id"]: own for own in roadmap.scenario.decisions.get("own", [])}
