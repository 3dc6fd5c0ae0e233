"""Geometry of the report's charts; the drawing is a template, the words are the caller's.

Lengths are CSS pixels at the printed size (the width of the text column), so a font size in a
chart is a font size on paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from roadmap.domain.forecasting.ranges import Range
from roadmap.reports.palette import PALETTE
from roadmap.reports.snapshot import (
    ChallengeResult,
    GateEntry,
    InitiativeEntry,
    PhaseEntry,
    ReportSnapshot,
    StepResult,
)

WIDTH = 658.0
BAR_LEFT = 196.0
BAR_WIDTH = 330.0
GANTT_LEFT = 246.0
GANTT_WIDTH = WIDTH - GANTT_LEFT
ROW = 17.0
NARROWEST_MONTH_LABEL = 21.0
LABEL_GAP = 24.0
FLAG_LEVELS = 4


@dataclass(frozen=True)
class ScoreBar:
    """One row of a bar chart: a value on 0..100 with its range, and perhaps a usual value."""

    id: str
    label: str
    y: float
    value: float | None
    width: float
    range_x: float
    range_width: float
    color: str
    band: str
    usual_x: float | None = None
    difference: float | None = None
    number: int | None = None


@dataclass(frozen=True)
class BarChart:
    rows: tuple[ScoreBar, ...]
    height: float
    limits: tuple[tuple[float, str], ...]
    """Band limits: x and the name of the band that begins there."""
    left: float = BAR_LEFT
    plot_width: float = BAR_WIDTH
    width: float = WIDTH

    @property
    def right(self) -> float:
        return self.left + self.plot_width


READINESS_LIMITS = ((0, "starting"), (25, "developing"), (50, "established"), (75, "leading"))
EXPOSURE_LIMITS = ((0, "low"), (30, "moderate"), (50, "high"), (70, "severe"))


def readiness_chart(steps: Sequence[StepResult]) -> BarChart:
    """A bar for each step's readiness."""
    rows = [
        _bar(step, index, step.title, PALETTE.band, number=step.number)
        for index, step in enumerate(steps)
    ]
    return _bar_chart(rows, READINESS_LIMITS)


def exposure_chart(challenges: Sequence[ChallengeResult]) -> BarChart:
    """A bar for each challenge's exposure, with the usual exposure as a mark."""
    rows = [
        _bar(
            challenge,
            index,
            challenge.short or challenge.title,
            PALETTE.exposure,
            usual=challenge.usual,
            difference=challenge.worse_than_usual,
            number=challenge.rank,
        )
        for index, challenge in enumerate(challenges)
    ]
    return _bar_chart(rows, EXPOSURE_LIMITS)


CHART_HEAD = 22.0
CHART_ROW = 27.0


def _bar_chart(rows: list[ScoreBar], limits: Iterable[tuple[float, str]]) -> BarChart:
    return BarChart(
        rows=tuple(rows),
        height=CHART_HEAD + CHART_ROW * len(rows) + 4,
        limits=tuple((_on_bar(value), name) for value, name in limits),
    )


def _bar(
    result: StepResult | ChallengeResult,
    index: int,
    label: str,
    colors: dict[str, str],
    *,
    usual: float | None = None,
    difference: float | None = None,
    number: int | None = None,
) -> ScoreBar:
    return ScoreBar(
        id=result.id,
        label=label,
        y=CHART_HEAD + CHART_ROW * index,
        value=result.score,
        width=_on_bar(result.score or 0) - BAR_LEFT,
        range_x=_on_bar(result.low or 0),
        range_width=max(0.0, _on_bar(result.high or 0) - _on_bar(result.low or 0)),
        color=colors.get(result.band, PALETTE.muted),
        band=result.band,
        usual_x=None if usual is None else _on_bar(usual),
        difference=difference,
        number=number,
    )


def _on_bar(value: float) -> float:
    return round(BAR_LEFT + BAR_WIDTH * value / 100, 2)


@dataclass(frozen=True)
class Month:
    x: float
    width: float
    first: date
    has_label: bool
    starts_year: bool


@dataclass(frozen=True)
class TimeScale:
    """Whole months from the first to the last day drawn, none empty at the ends."""

    first: date
    last: date
    left: float = GANTT_LEFT
    width: float = GANTT_WIDTH

    def x(self, day: date) -> float:
        """The left edge of a day."""
        return round(self.left + self.width * (day - self.first).days / self.days, 2)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def months(self) -> tuple[Month, ...]:
        starts = [self.first]
        while (following := _next_month(starts[-1])) <= self.last:
            starts.append(following)
        every = _label_every(len(starts), self.width)
        return tuple(
            Month(
                x=self.x(start),
                width=round(self.x(_next_month(start)) - self.x(start), 2),
                first=start,
                has_label=(start.month - 1) % every == 0 or (every == 1),
                starts_year=start.month == 1 or index == 0,
            )
            for index, start in enumerate(starts)
        )


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _label_every(months: int, width: float) -> int:
    for every in (1, 3, 6, 12):
        if width / months * every >= NARROWEST_MONTH_LABEL:
            return every
    return 12


def time_scale(
    snapshot: ReportSnapshot, left: float = GANTT_LEFT, width: float = GANTT_WIDTH
) -> TimeScale:
    """Covers the plan: from the month of its first day to the end of the month of its last."""
    starts = [item.start for item in snapshot.initiatives] or [snapshot.plan.start]
    ends = [item.finish for item in snapshot.initiatives] or [snapshot.plan.start]
    ends += [gate.planned_on for gate in snapshot.gates]
    ends += [item.likely.p95 for item in snapshot.initiatives if item.likely]
    first, last = min(starts).replace(day=1), _next_month(max(ends)) - timedelta(days=1)
    return TimeScale(first, last, left, width)


@dataclass(frozen=True)
class Flag:
    """A gate's diamond above the plan; `level` keeps close ones from covering each other."""

    gate: GateEntry
    x: float
    level: int
    is_last: bool = False
    """At the right edge: its name stands to the left."""


def gate_flags(gates: Iterable[GateEntry], scale: TimeScale) -> tuple[Flag, ...]:
    flags: list[Flag] = []
    last_on_level = [float("-inf")] * FLAG_LEVELS
    for gate in sorted(gates, key=lambda g: (g.planned_on, g.id)):
        x = scale.x(gate.planned_on)
        free = [level for level, taken in enumerate(last_on_level) if x - taken >= LABEL_GAP]
        level = free[0] if free else last_on_level.index(min(last_on_level))
        last_on_level[level] = x
        flags.append(Flag(gate, x, level, x + LABEL_GAP > scale.left + scale.width))
    return tuple(flags)


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


GANTT_HEAD = 74.0
FIRST_PAGE_ROWS = 46
PAGE_ROWS = 48
LABEL_CHARACTERS = 48
BOLD_LABEL_CHARACTERS = 45


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


@dataclass(frozen=True)
class PhaseBar:
    phase: PhaseEntry
    index: int
    x: float
    width: float
    y: float
    color: str


@dataclass(frozen=True)
class Overview:
    """The whole plan in a hand's breadth: a bar for each phase and a diamond for each gate."""

    scale: TimeScale
    bars: tuple[PhaseBar, ...]
    flags: tuple[Flag, ...]
    head: float
    height: float
    width: float = WIDTH


OVERVIEW_LEFT = 150.0
OVERVIEW_HEAD = 72.0
OVERVIEW_ROW = 22.0


def overview(snapshot: ReportSnapshot) -> Overview:
    scale = time_scale(snapshot, OVERVIEW_LEFT, WIDTH - OVERVIEW_LEFT)
    bars = []
    for index, phase in enumerate(snapshot.phases):
        x = scale.x(phase.start)
        right = scale.x(phase.finish + timedelta(days=1))
        y = OVERVIEW_HEAD + OVERVIEW_ROW * index
        bars.append(PhaseBar(phase, index, x, max(3.0, right - x), y, PALETTE.phase(index)))
    return Overview(
        scale=scale,
        bars=tuple(bars),
        flags=gate_flags(snapshot.gates, scale),
        head=OVERVIEW_HEAD,
        height=OVERVIEW_HEAD + OVERVIEW_ROW * len(bars) + 4,
    )
