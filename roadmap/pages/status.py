"""What a status report tells people without an account: where the roadmap stands, and no more.

No names, no reasons, no notes, no answers: whoever is given the address sees dates and progress.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count

from roadmap.domain.progress import Progress, progress
from roadmap.enums import InitiativeStatus
from roadmap.models import PlannedInitiative, ProgressForecast, Roadmap
from roadmap.pages.finish import finish_sentence
from roadmap.queries import phase_views
from roadmap.services.following.asking import latest_forecast

RECENT = timedelta(days=28)
SOON = timedelta(days=28)
SHOWN = 12
COLUMNS = (
    "roadmap_id",
    "initiative_id",
    "title",
    "phase",
    "rank",
    "kind",
    "status",
    "effort",
    "start_on",
    "finish_on",
    "finished_on",
    "baseline_finish_on",
    "blocked_because",
    "predecessors",
)


@dataclass(frozen=True)
class PhaseStatus:
    title: str
    progress: Progress
    agreed: date
    expected: date | None
    slip: int | None


@dataclass(frozen=True)
class GateStatus:
    id: str
    title: str
    is_open: bool
    agreed: date
    expected: date | None
    started_before: int = 0
    """Initiatives behind it that were started while it was closed, as somebody decided."""


@dataclass(frozen=True)
class WorkStatus:
    """`on`: when it was finished, or is expected to be."""

    title: str
    on: date
    is_late: bool = False
    is_blocked: bool = False


@dataclass(frozen=True)
class Finish:
    """`expected` and after: by the newest forecast; None where there is none yet."""

    agreed: date | None
    expected: date | None
    p50: date | None
    p80: date | None
    slip: int | None
    as_of: date | None
    sentence: str


@dataclass(frozen=True)
class Status:
    organization: str
    roadmap: str
    as_of: date
    progress: Progress
    finish: Finish
    phases: tuple[PhaseStatus, ...]
    gates: tuple[GateStatus, ...]
    recent: tuple[WorkStatus, ...]
    running: tuple[WorkStatus, ...]
    soon: tuple[WorkStatus, ...]
    late: int
    blocked: int


def status_of(roadmap: Roadmap, today: date) -> Status:
    """Three queries: initiatives, gates, the newest forecast."""
    items = list(roadmap.initiatives.only(*COLUMNS))
    forecast = latest_forecast(roadmap)
    told = _Told(forecast)
    open_items = [item for item in items if item.is_open]
    running = [item for item in open_items if item.status == InitiativeStatus.IN_PROGRESS]
    waiting = [item for item in open_items if item.status == InitiativeStatus.NOT_STARTED]
    return Status(
        organization=roadmap.organization.name,
        roadmap=roadmap.name,
        as_of=today,
        progress=progress(item.to_tracked() for item in items),
        finish=_finish(roadmap, items, forecast),
        phases=_phases(roadmap, items, told),
        gates=_gates(roadmap, told),
        recent=_recent(items, today),
        running=tuple(_work(i, told.finish(i), today) for i in running)[:SHOWN],
        soon=tuple(
            WorkStatus(item.title, told.start(item))
            for item in sorted(waiting, key=told.start)
            if told.start(item) <= today + SOON
        )[:SHOWN],
        late=sum(1 for item in open_items if _agreed(item) < today),
        blocked=sum(1 for item in open_items if item.blocked_because),
    )


class _Told:
    """The dates a forecast gives, or the plan's own where there is none."""

    def __init__(self, forecast: ProgressForecast | None) -> None:
        document: dict[str, Any] = forecast.document if forecast else {}
        self._initiatives = document.get("initiatives", {})
        self.phases = document.get("phases", {})
        self.gates = document.get("gates", {})

    def start(self, item: PlannedInitiative) -> date:
        found = self._initiatives.get(item.initiative_id, {}).get("start")
        return date.fromisoformat(found) if found else item.start_on

    def finish(self, item: PlannedInitiative) -> date:
        found = self._initiatives.get(item.initiative_id, {}).get("finish")
        return date.fromisoformat(found) if found else item.finish_on


def _agreed(item: PlannedInitiative) -> date:
    return item.baseline_finish_on or item.finish_on


def _finish(
    roadmap: Roadmap, items: Sequence[PlannedInitiative], forecast: ProgressForecast | None
) -> Finish:
    document: dict[str, Any] = forecast.document if forecast else {}
    whole = document.get("finish") or {}
    agreed = _day(whole.get("baseline")) or max(
        (_agreed(item) for item in items), default=roadmap.finish_on
    )
    return Finish(
        agreed=agreed,
        expected=forecast.expected_on if forecast else None,
        p50=forecast.p50_on if forecast else None,
        p80=forecast.p80_on if forecast else None,
        slip=whole.get("slip"),
        as_of=forecast.as_of if forecast else None,
        sentence=finish_sentence(whole),
    )


def _phases(
    roadmap: Roadmap, items: Sequence[PlannedInitiative], told: _Told
) -> tuple[PhaseStatus, ...]:
    views = phase_views(roadmap, items, [item.to_tracked() for item in items])
    return tuple(
        PhaseStatus(
            title=view.title,
            progress=view.progress,
            agreed=max(_agreed(item) for item in view.items),
            expected=_day(told.phases.get(view.id, {}).get("finish")),
            slip=told.phases.get(view.id, {}).get("slip"),
        )
        for view in views
    )


def _gates(roadmap: Roadmap, told: _Told) -> tuple[GateStatus, ...]:
    rows = roadmap.gates.only("roadmap_id", "gate_id", "title", "is_open", "planned_on").annotate(
        started_before=Count("overrides__initiative", distinct=True)
    )
    return tuple(
        GateStatus(
            row.gate_id,
            row.title,
            row.is_open,
            row.planned_on,
            _day(told.gates.get(row.gate_id, {}).get("on")),
            0 if row.is_open else row.started_before,
        )
        for row in rows
    )


def _recent(items: Sequence[PlannedInitiative], today: date) -> tuple[WorkStatus, ...]:
    done = [i for i in items if i.is_done and i.finished_on and i.finished_on >= today - RECENT]
    done.sort(key=lambda item: (item.finished_on, -item.rank), reverse=True)
    return tuple(WorkStatus(item.title, item.finished_on) for item in done if item.finished_on)[
        :SHOWN
    ]


def _work(item: PlannedInitiative, finish: date, today: date) -> WorkStatus:
    return WorkStatus(item.title, finish, _agreed(item) < today, bool(item.blocked_because))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
