"""Once a week: where a roadmap stands, kept for its burn-up and for what was forecast when."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta

from roadmap.domain.tracking.burn import burn, burn_by_phase
from roadmap.domain.tracking.work import UnderWay
from roadmap.models import ProgressForecast, ProgressSnapshot, Roadmap


def week_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def snapshot_take(
    *, roadmap: Roadmap, facts: UnderWay, today: date, forecast: ProgressForecast | None
) -> ProgressSnapshot:
    """The first night of a week takes it, Monday's as a rule; it stays what it was then."""
    whole = burn(facts.items, today)
    phases = {phase: asdict(part) for phase, part in burn_by_phase(facts.items, today).items()}
    finish = (forecast.document.get("finish") or {}) if forecast else {}
    taken, _created = ProgressSnapshot.objects.get_or_create(
        roadmap=roadmap,
        week_on=week_of(today),
        defaults={
            "taken_on": today,
            "total_days": whole.total,
            "planned_days": whole.planned,
            "done_days": whole.done,
            "expected_on": forecast.expected_on if forecast else None,
            "p50_on": forecast.p50_on if forecast else None,
            "p80_on": forecast.p80_on if forecast else None,
            "figures": {
                "phases": phases,
                "slip": finish.get("slip"),
                "agreed": finish.get("baseline"),
            },
        },
    )
    return taken
