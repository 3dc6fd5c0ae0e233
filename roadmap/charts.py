"""Geometry of the Gantt chart; the drawing is `templates/charts/gantt.svg`.

Pixels, with the time axis in calendar days. The names of the rows stand in a column of their own
beside the drawing, so that they stay in view while it scrolls on a small screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

ROW_HEIGHT = 28
BAR_HEIGHT = 14
MONTHS_HEIGHT = 40
GATES_HEIGHT = 44
TARGET_WIDTH = 806
LEAST_PER_DAY, MOST_PER_DAY = 0.9, 12.0
NARROWEST_BAR = 4.0
# With less for a day, the names of months would touch: only the quarters are named.
ALL_MONTHS_PER_DAY = 1.0
GATE_NAME_WIDTH = 30
QUARTER_MONTHS = (1, 4, 7, 10)


@dataclass(frozen=True)
class Bar:
    """An initiative to draw. `is_review`: it holds a gate and is drawn as a diamond."""

    id: str
    title: str
    phase: str
    start: date
    finish: date
    status: str
    is_late: bool = False
    is_review: bool = False
    is_containment: bool = False


@dataclass(frozen=True)
class GateMark:
    id: str
    title: str
    day: date
    is_open: bool


@dataclass(frozen=True)
class Tick:
    """A month. `x` is where it begins, `label_x` where its name stands."""

    day: date
    x: float
    label_x: float
    has_name: bool
    has_year: bool


@dataclass(frozen=True)
class PlacedBar:
    bar: Bar
    phase_number: int
    x: float
    y: float
    width: float
    half: float
    note_x: float
    note_y: float
    check: str
    diamond: str = ""


@dataclass(frozen=True)
class PlacedPhase:
    """A heading row. `number` selects the colour."""

    id: str
    title: str
    number: int
    y: float


@dataclass(frozen=True)
class PlacedGate:
    gate: GateMark
    x: float
    y: float
    label_x: float
    label_y: float
    diamond: str


@dataclass(frozen=True)
class Gantt:
    width: float
    height: float
    plot_top: float
    ticks: tuple[Tick, ...]
    rows: tuple[PlacedPhase | PlacedBar, ...]
    gates: tuple[PlacedGate, ...]
    today_x: float | None
    row_height: int = ROW_HEIGHT
    bar_height: int = BAR_HEIGHT

    @property
    def bars(self) -> tuple[PlacedBar, ...]:
        return tuple(row for row in self.rows if isinstance(row, PlacedBar))

    @property
    def phases(self) -> tuple[PlacedPhase, ...]:
        return tuple(row for row in self.rows if isinstance(row, PlacedPhase))


def gantt(
    phases: Sequence[tuple[str, str]],
    bars: Iterable[Bar],
    gates: Sequence[GateMark],
    today: date,
) -> Gantt | None:
    """The chart, phase by phase in order of start. None when there is nothing to draw."""
    drawn = sorted(bars, key=lambda bar: (bar.start, bar.finish, bar.id))
    if not drawn:
        return None
    first = min(bar.start for bar in drawn).replace(day=1)
    last = _next_month(max([bar.finish for bar in drawn] + [gate.day for gate in gates]))
    days = (last - first).days
    scale = min(MOST_PER_DAY, max(LEAST_PER_DAY, TARGET_WIDTH / days))
    axis = _Axis(first, last, scale)
    top = MONTHS_HEIGHT + (GATES_HEIGHT if gates else 0)
    rows = tuple(_rows(phases, drawn, axis, top))
    return Gantt(
        width=_rounded(days * scale),
        height=top + ROW_HEIGHT * len(rows),
        plot_top=top,
        ticks=tuple(_ticks(axis)),
        rows=rows,
        gates=tuple(_gates(gates, axis)),
        today_x=axis.x(today) if first <= today < last else None,
    )


@dataclass(frozen=True)
class _Axis:
    first: date
    last: date
    scale: float

    def x(self, day: date) -> float:
        return _rounded((day - self.first).days * self.scale)


def _rows(
    phases: Sequence[tuple[str, str]], bars: Sequence[Bar], axis: _Axis, top: float
) -> Iterable[PlacedPhase | PlacedBar]:
    y = top
    for number, (phase, title) in enumerate(phases, start=1):
        members = [bar for bar in bars if bar.phase == phase]
        if not members:
            continue
        yield PlacedPhase(phase, title, number, y)
        y += ROW_HEIGHT
        for bar in members:
            yield _placed(bar, number, axis, y)
            y += ROW_HEIGHT


def _placed(bar: Bar, number: int, axis: _Axis, top: float) -> PlacedBar:
    start, end = axis.x(bar.start), axis.x(bar.finish + timedelta(days=1))
    width = max(NARROWEST_BAR, end - start)
    middle = top + ROW_HEIGHT / 2
    return PlacedBar(
        bar=bar,
        phase_number=number,
        x=start,
        y=middle - BAR_HEIGHT / 2,
        width=_rounded(width),
        half=_rounded(width / 2),
        note_x=_rounded(start + width + 6),
        note_y=middle + 4,
        check=f"M{_rounded(start + 4):g} {middle:g}l3 3 5-6",
        diamond=_diamond(end, middle, 8) if bar.is_review else "",
    )


def _gates(gates: Sequence[GateMark], axis: _Axis) -> Iterable[PlacedGate]:
    """Diamonds above the plot; the names of close neighbours take turns above and below."""
    row = MONTHS_HEIGHT + GATES_HEIGHT / 2
    previous, below = float("-inf"), False
    for gate in sorted(gates, key=lambda gate: (gate.day, gate.id)):
        x = axis.x(gate.day + timedelta(days=1))
        below = not below if x - previous < GATE_NAME_WIDTH else False
        previous = x
        width = axis.x(axis.last)
        yield PlacedGate(
            gate=gate,
            x=x,
            y=row,
            # A name at either edge would be cut off.
            label_x=min(max(x, GATE_NAME_WIDTH / 2), width - GATE_NAME_WIDTH / 2),
            label_y=row + 20 if below else row - 11,
            diamond=_diamond(x, row, 7),
        )


def _ticks(axis: _Axis) -> Iterable[Tick]:
    month, is_first = axis.first, True
    while month < axis.last:
        following = _next_month(month)
        has_name = axis.scale >= ALL_MONTHS_PER_DAY or month.month in QUARTER_MONTHS
        yield Tick(
            day=month,
            x=axis.x(month),
            label_x=axis.x(month) + 4,
            has_name=has_name,
            has_year=is_first or month.month == 1,
        )
        month, is_first = following, False


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _diamond(x: float, y: float, size: float) -> str:
    points = ((x, y - size), (x + size, y), (x, y + size), (x - size, y))
    return " ".join(f"{_rounded(px):g},{_rounded(py):g}" for px, py in points)


def _rounded(number: float) -> float:
    return round(number, 1)
