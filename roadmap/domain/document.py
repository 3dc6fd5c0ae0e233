"""A plan as plain data: what is stored with a roadmap and what `evaluate` prints.

`docs/evaluate-schema.json` describes it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from assessments.domain.answers import AnswerSet
from assessments.domain.applicability import applicable_regimes
from guide.model import Guide, Initiative
from guide.work import says_shown_working
from roadmap.domain.plan import Cost, Estimate, LeftOut, Plan, PlannedItem, ReadinessFigures
from roadmap.domain.progress import ChecklistItem, ChecklistPart, PartState
from roadmap.domain.scheduling import ENGINE, ENGINE_VERSION

Document = dict[str, Any]


def plan_document(guide: Guide, plan: Plan) -> Document:
    """The plan with the names it needs to be read without the guide."""
    return {
        "start": plan.start.isoformat(),
        "finish": plan.finish.isoformat() if plan.finish else None,
        "engine": {"name": ENGINE, "version": ENGINE_VERSION, "rule": plan.rule},
        "effort_days": estimate_document(plan.effort),
        "initiatives": [_initiative(item) for item in plan.items],
        "gates": [
            {"id": gate, "title": guide.gate(gate).title, "date": day.isoformat()}
            for gate, day in plan.gates
        ],
        "excluded": [
            {
                "id": e.initiative,
                "title": guide.initiative(e.initiative).title,
                "reason": e.reason,
            }
            for e in plan.excluded
        ],
        "find_out": [
            {"question": f.question, "reason": f.reason, "initiatives": list(f.initiatives)}
            for f in plan.find_out
        ],
        "capacity": [
            {"role": c.role.id, "title": c.role.title, "fte": c.fte, "origin": c.origin.value}
            for c in plan.capacities
        ],
        "phases": [{"id": phase.id, "title": phase.title} for phase in guide.phases],
        "notes": list(plan.notes),
        **_consequences(plan),
    }


def _consequences(plan: Plan) -> Document:
    """What the plan costs, keeps and leaves out."""
    return {
        "left_out": [_left_out(row) for row in plan.left_out],
        "critical_chain": list(plan.critical_chain),
        "deadlines": [
            {
                "about": d.about,
                "title": d.title,
                "by": d.by.isoformat(),
                "planned": _iso(d.planned),
                "is_met": d.is_met,
                "reason": d.reason,
            }
            for d in plan.deadlines
        ],
        "cost": _cost(plan.cost),
        "person_days": plan.effort.likely,
        "load": [
            {
                "role": load.role,
                "title": load.title,
                "months": [
                    {"month": m.month, "used": m.used, "capacity": m.capacity} for m in load.months
                ],
            }
            for load in plan.load
        ],
        "freezes": [
            {
                "start": freeze.start.isoformat(),
                "finish": freeze.finish.isoformat(),
                "reason": freeze.reason,
                "kind": freeze.kind,
                "roles": list(freeze.roles),
            }
            for freeze in plan.freezes
        ],
        "holidays": [day.isoformat() for day in plan.holidays],
        "working_weekdays": sorted(plan.working_weekdays),
        "conflicts": [
            {"kind": c.kind, "text": c.text, "about": list(c.about)} for c in plan.conflicts
        ],
        "readiness": {
            "now": _readiness(plan.readiness_now),
            "after": _readiness(plan.readiness_after),
        },
    }


def estimate_document(estimate: Estimate) -> Document:
    return {"low": estimate.low, "likely": estimate.likely, "high": estimate.high}


def initiative_details(guide: Guide, answers: AnswerSet, initiative: Initiative) -> Document:
    """What the guide says about an initiative, with the controls of this profile's regimes only.

    It is stored with the roadmap, so that a newer guide never rewrites a plan already agreed.
    """
    regimes = {regime.id: regime for regime in applicable_regimes(guide, answers)}
    controls = [guide.control(control) for control in initiative.controls]
    elapsed = initiative.elapsed_weeks
    return {
        "what": initiative.what,
        "done": list(initiative.done),
        "elapsed_note": initiative.elapsed_note,
        "elapsed_weeks": elapsed.model_dump() if elapsed else None,
        "contains": initiative.contains,
        "controls": [
            {
                "id": control.id,
                "regime": regimes[control.regime].title,
                "cite": control.cite,
                "title": control.title,
                "text": control.text,
                "status": control.status,
                "url": control.url,
            }
            for control in controls
            if control.regime in regimes
        ],
        "sources": [guide.source(source).model_dump() for source in initiative.sources],
        "roles": [
            {"id": role, "title": guide.role(role).title, "covered_by": guide.role(role).covered_by}
            for role in initiative.roles
        ],
    }


def checklist_document(items: Iterable[ChecklistItem]) -> list[Document]:
    return [
        {
            "id": item.id,
            "text": item.text,
            "applies": item.applies,
            "needs_evidence": item.needs_evidence,
            "parts": [
                {
                    "initiative": part.initiative,
                    "title": part.title,
                    "state": part.state.value,
                    "reason": part.reason,
                }
                for part in item.parts
            ],
        }
        for item in items
    ]


def checklist_from_document(data: Iterable[Mapping[str, Any]]) -> tuple[ChecklistItem, ...]:
    return tuple(
        ChecklistItem(
            id=item["id"],
            text=item["text"],
            applies=item["applies"],
            # Stored before it was recorded: then the item's words decide, as in an older guide.
            needs_evidence=item.get("needs_evidence", says_shown_working(item["text"])),
            parts=tuple(
                ChecklistPart(
                    part["initiative"], part["title"], PartState(part["state"]), part["reason"]
                )
                for part in item["parts"]
            ),
        )
        for item in data
    )


def input_hash(*parts: Any) -> str:
    """A fingerprint of plain data: equal input gives equal text, whatever the order of keys."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _initiative(item: PlannedItem) -> Document:
    selected, initiative = item.selected, item.selected.initiative
    return {
        "id": initiative.id,
        "title": initiative.title,
        "kind": initiative.kind,
        "rank": selected.rank,
        "class": selected.klass,
        "phase": initiative.phase,
        "step": initiative.step,
        "gate": initiative.gate or None,
        "start": item.start.isoformat(),
        "finish": item.finish.isoformat(),
        "working_days": item.days,
        "predecessors": list(selected.predecessors),
        "roles": list(item.roles),
        "effort_days": estimate_document(item.effort),
        "reasons": [reason.text for reason in selected.reasons],
        "why": [{"kind": r.kind, "text": r.text, "about": r.about} for r in selected.reasons],
        "satisfied": [{"id": s.initiative, "reason": s.reason} for s in selected.satisfied],
        "bound_by": {
            "kind": item.bound_by.kind.value,
            "what": item.bound_by.what,
            "until": _iso(item.bound_until),
            "holders": list(item.bound_by.holders),
        },
        "float": item.total_float,
        "free_float": item.free_float,
        "critical": item.is_critical,
        "lifts": [
            {"question": lift.question, "title": lift.title, "from": lift.before, "to": lift.after}
            for lift in item.lifts
        ],
        "gain": item.gain,
        "person_days": dict(item.person_days),
        "cost": item.cost,
        **_by_hand(item),
    }


def _by_hand(item: PlannedItem) -> Document:
    hand = item.by_hand
    return {
        "origin": hand.origin,
        # Of the others the guide says it.
        "what": item.selected.initiative.what if hand.origin == "own" else "",
        "pinned": _iso(hand.pinned),
        "earliest": _iso(hand.earliest),
        "effort_changed": hand.is_effort_changed,
        "people": list(hand.people),
        "wave_of": hand.wave_of,
        "systems": list(hand.systems),
    }


def _left_out(row: LeftOut) -> Document:
    return {
        "id": row.initiative.id,
        "title": row.initiative.title,
        "kind": row.kind,
        "reason": row.reason,
        "gain": row.gain,
        "person_days": row.person_days,
        "cost": row.cost,
    }


def _cost(cost: Cost | None) -> Document | None:
    if cost is None:
        return None
    return {
        "own": cost.own,
        "partner": cost.partner,
        "total": cost.total,
        "currency": cost.currency,
    }


def _readiness(figures: ReadinessFigures | None) -> Document | None:
    if figures is None:
        return None
    return {"overall": figures.overall, "steps": dict(figures.steps)}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
