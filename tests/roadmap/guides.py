"""A guide small enough to reckon plans by hand."""

from guide.model import Guide

EMPTY = {
    part: ()
    for part in ("profile", "steps", "challenges", "regimes", "controls", "concepts", "sources")
}


def role(id, *, fte_from=None, fallback=None, share=0.5, default=0.1):
    return {
        "id": id,
        "title": f"Role {id}",
        "fte_from": fte_from,
        "fallback_fte_from": fallback,
        "share": share,
        "default_fte": default,
        "covered_by": f"whoever does the work of {id}",
    }


def initiative(id, *, needs=(), roles=None, days=5, **more):
    details = {
        "id": id,
        "kind": "action",
        "title": f"Do {id}",
        "what": f"What {id} is about.",
        "step": "STEP-1",
        "phase": "PHASE-1",
        "needs": needs,
        "roles": roles or {"OPS": 1},
        "effort_days": {"low": days / 2, "likely": days, "high": days * 2},
        "when": "always",
        "done": [f"{id} is done"],
    }
    return {**details, **more}


def small_guide(*, roles=(), initiatives=(), gates=()):
    return Guide(
        **EMPTY,
        id="small",
        version="1.0.0",
        title="Small guide",
        description="For tests",
        language="en",
        disclaimer="-",
        estimates_note="-",
        cap_limit={"band": "developing", "level": 1},
        phases=[{"id": "PHASE-1", "title": "First"}, {"id": "PHASE-2", "title": "Second"}],
        roles=roles or [role("OPS", fte_from="it_ops"), role("SEC", fte_from="security")],
        initiatives=initiatives,
        gates=gates,
    )
