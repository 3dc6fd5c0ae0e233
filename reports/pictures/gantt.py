"""The plan's bars in the report, split into pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from reports.frozen.snapshot import InitiativeEntry, PhaseEntry, ReportSnapshot
from reports.pictures.palette import PALETTE
from reports.pictures.scale import (
    GANTT_LEFT,
    WIDTH,
    Flag,
    TimeScale,
    gate_flags,
    shortened,
    time_scale,
)
from roadmap.domain.forecasting.ranges import Range

ROW = 17.0
GANTT_HEAD = 74.0
FIRST_PAGE_ROWS = 46
PAGE_ROWS = 48
LETTER_ROWS = (40, 42)
"""Of the first and each later page in Letter, which is wider and less high."""
LABEL_CHARACTERS = 48
BOLD_LABEL_CHARACTERS = 45


@dataclass(frozen=True)
class GanttRow:
    """A row of the plan: the head of a phase, an initiative, or a gate's review."""

    kind: str
    y: float
    x: float
    width: float
    color: str
    label: str
    id: str = ""
    status: str = ""
    phase: PhaseEntry | None = None
    item: InitiativeEntry | None = None
    likely: Whisker | None = None
    baseline: tuple[float, float] | None = None
    """Left and width of the dates agreed earlier."""
    done_width: float = 0.0
    """The reported part of a bar in progress."""


@dataclass(frozen=True)
class Whisker:
    """Where the runs of the forecast end: from the bar to P95, thick from P50 to P80."""

    start: float
    p50: float
    p80: float
    p95: float


@dataclass(frozen=True)
class Band:
    """A freeze across the chart."""

    x: float
    width: float
    is_reduced: bool


@dataclass(frozen=True)
class GanttPage:
    """As many rows as fit on one page, with their own head."""

    scale: TimeScale
    rows: tuple[GanttRow, ...]
    flags: tuple[Flag, ...]
    head: float
    height: float
    number: int
    of: int
    first: date
    last: date
    bands: tuple[Band, ...] = ()
    today_x: float | None = None
    width: float = WIDTH
    left: float = GANTT_LEFT

    @property
    def items(self) -> tuple[InitiativeEntry, ...]:
        return tuple(row.item for row in self.rows if row.item)


def gantt_pages(
    snapshot: ReportSnapshot, first_rows: int = FIRST_PAGE_ROWS, rows: int = PAGE_ROWS
) -> tuple[GanttPage, ...]:
    """The plan's bars in the order of phase and start, split into pages of so many rows."""
    scale = time_scale(snapshot)
    flags = gate_flags(snapshot.gates, scale)
    bands = tuple(_bands(snapshot, scale))
    today = snapshot.generated_on
    today_x = scale.x(today) if scale.first <= today <= scale.last else None
    chunks = _split(_gantt_lines(snapshot), first_rows, rows)
    pages = []
    for number, chunk in enumerate(chunks, start=1):
        drawn = tuple(
            _gantt_row(line, GANTT_HEAD + ROW * index, scale) for index, line in enumerate(chunk)
        )
        shown = [row.item for row in drawn if row.item]
        pages.append(
            GanttPage(
                scale=scale,
                rows=drawn,
                flags=flags,
                head=GANTT_HEAD,
                height=GANTT_HEAD + ROW * len(drawn) + 6,
                number=number,
                of=len(chunks),
                first=min((item.start for item in shown), default=scale.first),
                last=max((item.finish for item in shown), default=scale.last),
                bands=bands,
                today_x=today_x,
            )
        )
    return tuple(pages)


def without_most(snapshot: ReportSnapshot, most: int) -> tuple[ReportSnapshot, int]:
    """The snapshot with the first initiatives by priority alone, and how many are left out."""
    if len(snapshot.initiatives) <= most:
        return snapshot, 0
    ranked = sorted(snapshot.initiatives, key=lambda item: (item.rank, item.id))[:most]
    kept = {item.id for item in ranked}
    phases = tuple(
        replace(phase, initiatives=tuple(name for name in phase.initiatives if name in kept))
        for phase in snapshot.phases
    )
    drawn = replace(
        snapshot,
        initiatives=tuple(item for item in snapshot.initiatives if item.id in kept),
        phases=tuple(phase for phase in phases if phase.initiatives),
    )
    return drawn, len(snapshot.initiatives) - most


def _bands(snapshot: ReportSnapshot, scale: TimeScale) -> Iterable[Band]:
    for freeze in snapshot.freezes:
        if freeze.start <= scale.last and freeze.finish >= scale.first:
            x = scale.x(max(freeze.start, scale.first))
            right = scale.x(min(freeze.finish, scale.last) + timedelta(days=1))
            yield Band(x, round(max(1.0, right - x), 2), freeze.is_reduced)


def _whisker(likely: Range | None, planned: float, scale: TimeScale) -> Whisker | None:
    if likely is None:
        return None
    p50, p80, p95 = (
        scale.x(min(day, scale.last) + timedelta(days=1))
        for day in (likely.p50, likely.p80, likely.p95)
    )
    return Whisker(min(planned, p50), p50, max(p80, round(p50 + 0.8, 2)), p95)


Line = tuple[PhaseEntry, int, InitiativeEntry | None]


def _gantt_lines(snapshot: ReportSnapshot) -> list[Line]:
    by_id = {item.id: item for item in snapshot.initiatives}
    lines: list[Line] = []
    for index, phase in enumerate(snapshot.phases):
        lines.append((phase, index, None))
        items = sorted((by_id[i] for i in phase.initiatives), key=lambda i: (i.start, i.rank))
        lines += [(phase, index, item) for item in items]
    return lines


def _split(lines: list[Line], first: int, later: int) -> list[list[Line]]:
    """Pages of lines; a page begins with the head of its phase and never ends with one."""
    pages: list[list[Line]] = [[]]
    for line in lines:
        room = first if len(pages) == 1 else later
        is_head = line[2] is None
        if len(pages[-1]) + is_head >= room:
            pages.append([] if is_head else [(line[0], line[1], None)])
        pages[-1].append(line)
    return [page for page in pages if page]


def _gantt_row(line: Line, y: float, scale: TimeScale) -> GanttRow:
    phase, index, item = line
    start, finish = (item.start, item.finish) if item else (phase.start, phase.finish)
    x, right = scale.x(start), scale.x(finish + timedelta(days=1))
    kind = "phase" if item is None else "gate" if item.kind == "review" else item.kind
    return GanttRow(
        kind=kind,
        y=y,
        x=x,
        width=max(2.5, round(right - x, 2)),
        color=PALETTE.phase(index),
        label=shortened(
            item.title if item else phase.title,
            LABEL_CHARACTERS if kind != "gate" else BOLD_LABEL_CHARACTERS,
        ),
        id=item.id if item else phase.id,
        status=item.progress.status if item else "",
        phase=phase,
        item=item,
        likely=_whisker(item.likely if item else phase.likely, right, scale),
        baseline=_baseline(item, scale),
        done_width=round((right - x) * _percent(item) / 100, 2),
    )


def _percent(item: InitiativeEntry | None) -> int:
    running = item is not None and item.progress.status == "in_progress"
    return min(100, item.progress.percent) if item and running else 0


def _baseline(item: InitiativeEntry | None, scale: TimeScale) -> tuple[float, float] | None:
    """Where it was agreed to lie, as far as the chart reaches; None where it lies there still."""
    agreed = item.progress.baseline if item else None
    if item is None or agreed is None or agreed == (item.start, item.finish):
        return None
    first, last = max(agreed[0], scale.first), min(agreed[1], scale.last)
    if last < first:
        return None
    x = scale.x(first)
    return x, round(max(2.5, scale.x(last + timedelta(days=1)) - x), 2)
