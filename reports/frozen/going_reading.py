"""Reads the newest forecast of a roadmap under way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from reports.frozen.going import GoingEntry, GoingGate, GoingPhase, GoingWork
from reports.frozen.outlook import chance_entries
from roadmap.domain.forecasting.ranges import Range
from roadmap.models import ProgressForecast, Roadmap


def going_entry(roadmap: Roadmap) -> GoingEntry | None:
    """One query; None before the first forecast, and when everything is done."""
    row = ProgressForecast.objects.filter(roadmap=roadmap).values_list("as_of", "document").first()
    if row is None:
        return None
    as_of, document = row
    finish: Mapping[str, Any] = document.get("finish") or {}
    likely = _range(finish)
    if likely is None or finish.get("actual"):
        return None
    return GoingEntry(
        as_of=as_of,
        runs=document.get("runs") or 0,
        expected=date.fromisoformat(finish["expected"]),
        likely=likely,
        agreed=date.fromisoformat(finish["baseline"]) if finish.get("baseline") else None,
        slip=finish.get("slip") or 0,
        gates=tuple(
            GoingGate(
                name,
                date.fromisoformat(part["actual"] or part["on"]),
                None if part.get("actual") else _range(part),
            )
            for name, part in (document.get("gates") or {}).items()
        ),
        work=tuple(
            GoingWork(
                name,
                date.fromisoformat(part["start"]),
                date.fromisoformat(part["finish"]),
                _range(part),
            )
            for name, part in (document.get("initiatives") or {}).items()
            if not part.get("actual")
        ),
        phases=tuple(
            GoingPhase(name, None if part.get("actual") else _range(part))
            for name, part in (document.get("phases") or {}).items()
        ),
        deadlines=chance_entries(roadmap.plan, document),
    )


def _range(part: Mapping[str, Any]) -> Range | None:
    if not all(part.get(name) for name in ("p50", "p80", "p95")):
        return None
    return Range(*(date.fromisoformat(part[name]) for name in ("p50", "p80", "p95")))
