"""The plan's bars in the report, split into pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from reports.frozen.snapshot import InitiativeEntry, PhaseEntry, ReportSnapshot
from reports.pictures.palette import PALETTE
from reports.pictures.scale import (
    GANTT_LEFT,
    WIDTH,
    Flag,
    TimeScale,
    gate_flags,
    time_scale,
)
from roadmap.domain.forecasting.ranges import Range

ROW = 17.0
GANTT_HEAD = 74.0
FIRST_PAGE_ROWS = 46
PAGE_ROWS = 48
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
    width: float = WIDTH
    left: float = GANTT_LEFT

    @property
    def items(self) -> tuple[InitiativeEntry, ...]:
        return tuple(row.item for row in self.rows if row.item)


def gantt_pages(snapshot: ReportSnapshot) -> tuple[GanttPage, ...]:
    """The plan's bars in the order of phase and start, split into pages."""
    scale = time_scale(snapshot)
    flags = gate_flags(snapshot.gates, scale)
    bands = tuple(_bands(snapshot, scale))
    chunks = _split(_gantt_lines(snapshot), FIRST_PAGE_ROWS, PAGE_ROWS)
    pages = []
    for number, chunk in enumerate(chunks, start=1):
        rows = tuple(
            _gantt_row(line, GANTT_HEAD + ROW * index, scale) for index, line in enumerate(chunk)
        )
        shown = [row.item for row in rows if row.item]
        pages.append(
            GanttPage(
                scale=scale,
                rows=rows,
                flags=flags,
                head=GANTT_HEAD,
                height=GANTT_HEAD + ROW * len(rows) + 6,
                number=number,
                of=len(chunks),
                first=min((item.start for item in shown), default=scale.first),
                last=max((item.finish for item in shown), default=scale.last),
                bands=bands,
            )
        )
    return tuple(pages)


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
        label=_shorten(
            item.title if item else phase.title,
            LABEL_CHARACTERS if kind != "gate" else BOLD_LABEL_CHARACTERS,
        ),
        id=item.id if item else phase.id,
        status=item.progress.status if item else "",
        phase=phase,
        item=item,
        likely=_whisker(item.likely if item else phase.likely, right, scale),
    )


def _shorten(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    return text[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:-") + "…"
