"""Geometry of the timeline of a roadmap under way; the drawing is `templates/charts/timeline.svg`.

Each row holds what was agreed (a thin line below) and what is expected or happened (the bar, filled
as far as it is done). The names of the rows stand in a column of their own beside the drawing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from roadmap.charts.plan_axis import (
    GATE_NAME_WIDTH,
    NARROWEST_BAR,
    WIDE_TARGET,
    FreezeBand,
    PlacedFreeze,
    ShowsFreezes,
    Tick,
    agreed_line,
    inside,
    month_ticks,
    per_day,
    placed_freezes,
    shown_on,
)
from roadmap.charts.scale import TimeScale, diamond, next_month, rounded, take_turns

QUARTERS, MONTHS = "quarters", "months"
ZOOMS = (QUARTERS, MONTHS)
# A month is then about as wide as a thumb.
MONTHS_PER_DAY = 4.0
ROW_HEIGHT, BAR_HEIGHT, BASELINE_HEIGHT = 30, 12, 4
HEAD_HEIGHT, FINISH_HEIGHT, GATES_HEIGHT, FREEZES_HEIGHT = 40, 22, 40, 22


@dataclass(frozen=True)
class TimelineBar:
    """An initiative. `start`, `finish`: as it happened, else as expected. `agreed`: the baseline.

    `percent`: how much is done. `likely`: finished in half, and in four of five runs, by.
    """

    id: str
    title: str
    phase: str
    status: str
    start: date
    finish: date
    agreed: tuple[date, date] | None = None
    percent: int = 0
    likely: tuple[date, date] | None = None
    slip: int | None = None
    is_late: bool = False
    is_blocked: bool = False
    is_critical: bool = False
    is_review: bool = False
    href: str = ""


@dataclass(frozen=True)
class TimelineGate:
    """`day`: when it was opened, else when it is expected; `agreed`: as planned."""

    id: str
    title: str
    day: date
    agreed: date
    is_open: bool
    p80: date | None = None


@dataclass(frozen=True)
class PlacedRow:
    """`filled`: how much of the bar is done, in pixels. Shapes that are not there are empty."""

    bar: TimelineBar
    number: int
    x: float
    y: float
    width: float
    filled: float
    agreed: str
    whisker: str
    likely: str
    chain: str
    diamond: str
    note_x: float
    note_y: float


@dataclass(frozen=True)
class PlacedHead:
    id: str
    title: str
    number: int
    y: float


@dataclass(frozen=True)
class PlacedMark:
    """A gate, or a day on which the whole is finished. `label_y` keeps names from touching."""

    id: str
    title: str
    day: date
    x: float
    y: float
    label_x: float
    label_y: float
    diamond: str = ""
    is_open: bool = False
    p80: date | None = None


@dataclass(frozen=True)
class Timeline(ShowsFreezes):
    width: float
    height: float
    plot_top: float
    freezes_y: float
    ticks: tuple[Tick, ...]
    rows: tuple[PlacedHead | PlacedRow, ...]
    gates: tuple[PlacedMark, ...]
    finishes: tuple[PlacedMark, ...]
    freezes: tuple[PlacedFreeze, ...]
    today: date
    today_x: float | None
    row_height: int = ROW_HEIGHT
    bar_height: int = BAR_HEIGHT

    @property
    def heads(self) -> tuple[PlacedHead, ...]:
        return tuple(row for row in self.rows if isinstance(row, PlacedHead))

    @property
    def bars(self) -> tuple[PlacedRow, ...]:
        return tuple(row for row in self.rows if isinstance(row, PlacedRow))

    @property
    def has_ranges(self) -> bool:
        return any(row.whisker for row in self.bars)

    @property
    def has_chain(self) -> bool:
        return any(row.chain for row in self.bars)

    @property
    def has_agreed(self) -> bool:
        return any(row.agreed for row in self.bars)


def timeline(
    phases: Sequence[tuple[str, str]],
    bars: Sequence[TimelineBar],
    gates: Sequence[TimelineGate],
    today: date,
    *,
    freezes: Sequence[FreezeBand] = (),
    finishes: Sequence[tuple[str, date]] = (),
    zoom: str = QUARTERS,
    target: float = WIDE_TARGET,
) -> Timeline | None:
    """The chart, phase by phase in order of start; none when there is nothing to draw.

    `finishes`: name → day by which the whole is finished, drawn across all rows.
    """
    if not bars:
        return None
    axis = _axis(bars, gates, [day for _name, day in finishes], today, zoom, target)
    shown = shown_on(axis, freezes)
    finish_y = HEAD_HEIGHT + FINISH_HEIGHT / 2
    gates_y = HEAD_HEIGHT + FINISH_HEIGHT * bool(finishes) + GATES_HEIGHT / 2
    freezes_y = HEAD_HEIGHT + FINISH_HEIGHT * bool(finishes) + GATES_HEIGHT * bool(gates)
    top = freezes_y + FREEZES_HEIGHT * bool(shown)
    rows = tuple(_rows(phases, bars, axis, top))
    return Timeline(
        width=axis.right,
        height=top + ROW_HEIGHT * len(rows),
        plot_top=top,
        freezes_y=freezes_y,
        ticks=tuple(month_ticks(axis)),
        rows=rows,
        gates=tuple(_gates(gates, axis, gates_y)),
        finishes=tuple(_finishes(finishes, axis, finish_y)),
        freezes=tuple(placed_freezes(shown, axis)),
        today=today,
        today_x=axis.x(today) if axis.holds(today) else None,
    )


def _axis(
    bars: Sequence[TimelineBar],
    gates: Sequence[TimelineGate],
    finishes: Sequence[date],
    today: date,
    zoom: str,
    target: float,
) -> TimeScale:
    """Whole months that hold everything drawn, and today if it is near."""
    starts = [bar.start for bar in bars] + [bar.agreed[0] for bar in bars if bar.agreed]
    ends = [bar.finish for bar in bars] + [bar.agreed[1] for bar in bars if bar.agreed]
    ends += [bar.likely[1] for bar in bars if bar.likely]
    ends += [*finishes, *(gate.day for gate in gates)]
    first, last = min([*starts, *(gate.day for gate in gates)]).replace(day=1), max(ends)
    if first <= today <= next_month(next_month(last)):
        last = max(last, today)
    last = next_month(last)
    fitting = per_day(first, last, target)
    return TimeScale(first, last, max(fitting, MONTHS_PER_DAY) if zoom == MONTHS else fitting)


def _rows(
    phases: Sequence[tuple[str, str]], bars: Sequence[TimelineBar], axis: TimeScale, top: float
) -> Iterable[PlacedHead | PlacedRow]:
    ordered = sorted(bars, key=lambda bar: (bar.start, bar.finish, bar.id))
    for number, (phase, title) in enumerate(phases, start=1):
        members = [bar for bar in ordered if bar.phase == phase]
        if members:
            yield PlacedHead(phase, title, number, top)
            top += ROW_HEIGHT
        for bar in members:
            yield _placed(bar, number, axis, top)
            top += ROW_HEIGHT


def _placed(bar: TimelineBar, number: int, axis: TimeScale, top: float) -> PlacedRow:
    start, end = axis.x(bar.start), axis.end(bar.finish)
    width = rounded(max(NARROWEST_BAR, end - start))
    y = top + 5
    middle = y + BAR_HEIGHT / 2
    whisker = likely = ""
    furthest = start + width
    if bar.likely:
        p50, p80 = axis.end(bar.likely[0]), axis.end(bar.likely[1])
        whisker = f"M{rounded(min(start + width, p50)):g} {middle:g}H{p80:g}m0-4v8"
        likely = f"M{p50:g} {middle - 4:g}v8"
        furthest = max(furthest, p80)
    share = min(max(bar.percent, 0), 100) / 100
    return PlacedRow(
        bar=bar,
        number=number,
        x=start,
        y=y,
        width=width,
        filled=rounded(width * share),
        agreed=agreed_line(bar.agreed, axis, y + BAR_HEIGHT + 4),
        whisker=whisker,
        likely=likely,
        chain=f"M{start:g} {y - 3:g}h{width:g}" if bar.is_critical else "",
        diamond=diamond(end, middle, 8) if bar.is_review else "",
        note_x=rounded(furthest + (12 if bar.is_review else 6)),
        note_y=middle + 4,
    )


def _gates(gates: Sequence[TimelineGate], axis: TimeScale, row: float) -> Iterable[PlacedMark]:
    """Diamonds above the plot; the names of close neighbours take turns above and below."""
    ordered = sorted(gates, key=lambda gate: (gate.day, gate.id))
    places = [axis.end(gate.day) for gate in ordered]
    turns = take_turns(places, GATE_NAME_WIDTH)
    for gate, x, is_below in zip(ordered, places, turns, strict=True):
        yield PlacedMark(
            id=gate.id,
            title=gate.title,
            day=gate.day,
            x=x,
            y=row,
            label_x=inside(x, axis),
            label_y=row + 19 if is_below else row - 10,
            diamond=diamond(x, row, 7),
            is_open=gate.is_open,
            p80=gate.p80,
        )


def _finishes(
    finishes: Sequence[tuple[str, date]], axis: TimeScale, row: float
) -> Iterable[PlacedMark]:
    """Their names stand to the left of the line, and the later one's to its right if need be."""
    for name, day in finishes:
        x = axis.end(day)
        yield PlacedMark(name, name, day, x, row, rounded(x - 4), row + 4)
