"""The timeline of a roadmap under way: what was agreed, what happened, what is expected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from roadmap.charts.documents import freeze_bands
from roadmap.charts.timeline import QUARTERS, Timeline, TimelineBar, TimelineGate, timeline
from roadmap.pages.finish import finish_sentence
from roadmap.pages.work_items import DROPPED, Document, Filters, Known, WorkItem


@dataclass(frozen=True)
class GateDay:
    """A gate as its row has it; `opened_on` is a day where the organization is."""

    id: str
    title: str
    planned_on: date
    opened_on: date | None


@dataclass(frozen=True)
class Finish:
    """When the whole is finished. `slip` in working days; None where no baseline was agreed."""

    expected: date | None
    p50: date | None
    p80: date | None
    agreed: date | None
    slip: int | None
    sentence: str


@dataclass(frozen=True)
class TimelinePage:
    chart: Timeline | None
    items: tuple[WorkItem, ...]
    finish: Finish
    shown: int
    total: int
    zoom: str


def timeline_page(
    items: Sequence[WorkItem],
    known: Known,
    gates: Sequence[GateDay],
    forecast: Document,
    freezes: Sequence[Mapping[str, Any]],
    filters: Filters,
    today: date,
    zoom: str = QUARTERS,
) -> TimelinePage:
    """What is dropped is not drawn unless it was asked for."""
    wanted = [
        item
        for item in items
        if filters.shows(item) and (item.status != DROPPED or filters.status == DROPPED)
    ]
    finish = _finish(forecast)
    marks = [("P50", finish.p50), ("P80", finish.p80)]
    chart = timeline(
        [*known.phases.items(), *_unknown_phases(wanted, known)],
        [_bar(item) for item in wanted],
        [_gate(gate, forecast) for gate in gates],
        today,
        freezes=freeze_bands({"freezes": freezes}),
        finishes=[(name, day) for name, day in marks if day],
        zoom=zoom,
    )
    ordered = {row.bar.id: at for at, row in enumerate(chart.bars)} if chart else {}
    return TimelinePage(
        chart=chart,
        items=tuple(sorted(wanted, key=lambda item: ordered[item.id])),
        finish=finish,
        shown=len(wanted),
        total=len(items),
        zoom=zoom,
    )


def gate_days(gates: Iterable[Any], zone: ZoneInfo) -> list[GateDay]:
    """Of rows of `GateState`."""
    return [
        GateDay(
            gate.gate_id,
            gate.title,
            gate.planned_on,
            gate.opened_at.astimezone(zone).date() if gate.is_open and gate.opened_at else None,
        )
        for gate in gates
    ]


def _unknown_phases(items: Sequence[WorkItem], known: Known) -> list[tuple[str, str]]:
    return [(name, name) for name in sorted({i.phase for i in items} - known.phases.keys())]


def _bar(item: WorkItem) -> TimelineBar:
    agreed = None
    if item.baseline_start and item.baseline_finish:
        agreed = (item.baseline_start, item.baseline_finish)
    return TimelineBar(
        id=item.id,
        title=item.title,
        phase=item.phase,
        status=item.status,
        start=item.expected_start,
        finish=item.expected_finish,
        agreed=agreed,
        percent=item.percent,
        likely=(item.p50, item.p80) if item.p50 and item.p80 else None,
        slip=item.slip,
        is_late=item.is_late,
        is_blocked=item.is_blocked,
        is_critical=item.is_critical and item.is_open,
        is_review=item.is_review,
        # From the timeline's own address.
        href=f"../initiatives/{quote(item.id)}/",
    )


def _gate(gate: GateDay, forecast: Document) -> TimelineGate:
    told = {} if gate.opened_on else forecast.get("gates", {}).get(gate.id, {})
    return TimelineGate(
        id=gate.id,
        title=gate.title,
        day=gate.opened_on or _day(told.get("on")) or gate.planned_on,
        agreed=gate.planned_on,
        is_open=gate.opened_on is not None,
        p80=_day(told.get("p80")),
    )


def _finish(forecast: Document) -> Finish:
    told = forecast.get("finish") or {}
    return Finish(
        expected=_day(told.get("expected")),
        p50=_day(told.get("p50")),
        p80=_day(told.get("p80")),
        agreed=_day(told.get("baseline")),
        slip=told.get("slip"),
        sentence=finish_sentence(told),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
