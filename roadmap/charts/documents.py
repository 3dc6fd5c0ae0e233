"""From stored documents (plan, forecast) to what the charts take.

Documents are plain data and older ones know less: whatever is not there is empty, never an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from roadmap.charts.gantt import Bar, Gantt, GateMark, gantt
from roadmap.charts.plan_axis import WIDE_TARGET, FreezeBand
from roadmap.domain.forecasting.ranges import Range

Document = Mapping[str, Any]


def plan_gantt(
    plan: Document,
    forecast: Document | None,
    today: date,
    href: Callable[[str], str] | None = None,
    *,
    with_arrows: bool = False,
) -> Gantt | None:
    """The calendar of a planned scenario. `href`: initiative id → its page."""
    chances = (forecast or {}).get("initiatives", {})
    chain = plan.get("critical_chain", [])
    bars = [
        Bar(
            id=item["id"],
            title=item["title"],
            phase=item["phase"],
            start=date.fromisoformat(item["start"]),
            finish=date.fromisoformat(item["finish"]),
            status="not_started",
            is_review=item["kind"] == "review",
            is_containment=item["kind"] == "containment",
            likely=to_range(chances.get(item["id"])),
            is_critical=bool(item.get("critical")),
            href=href(item["id"]) if href else "",
        )
        for item in plan.get("initiatives", [])
    ]
    return gantt(
        [(phase["id"], phase["title"]) for phase in plan.get("phases", [])],
        bars,
        gate_marks(plan, forecast),
        today,
        freezes=freeze_bands(plan),
        phase_ranges=phase_ranges(forecast),
        chain=chain if with_arrows else (),
        target=WIDE_TARGET,
    )


def gate_marks(plan: Document, forecast: Document | None) -> list[GateMark]:
    chances = (forecast or {}).get("gates", {})
    return [
        GateMark(
            gate["id"],
            gate["title"],
            date.fromisoformat(gate["date"]),
            is_open=False,
            likely=to_range(chances.get(gate["id"])),
        )
        for gate in plan.get("gates", [])
    ]


def freeze_bands(plan: Document) -> list[FreezeBand]:
    return [
        FreezeBand(
            date.fromisoformat(freeze["start"]),
            date.fromisoformat(freeze["finish"]),
            freeze["reason"],
            is_reduced=freeze["kind"] == "reduced_staff",
        )
        for freeze in plan.get("freezes", [])
    ]


def phase_ranges(forecast: Document | None) -> dict[str, Range]:
    found = {name: to_range(dates) for name, dates in (forecast or {}).get("phases", {}).items()}
    return {name: dates for name, dates in found.items() if dates}


def to_range(found: Document | None) -> Range | None:
    """The three dates of a forecast's entry, wherever it stands."""
    if not found:
        return None
    return Range(*(date.fromisoformat(found[name]) for name in ("p50", "p80", "p95")))
