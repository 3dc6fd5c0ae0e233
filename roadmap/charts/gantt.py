"""Geometry of the Gantt chart; the drawing is `templates/charts/gantt.svg`.

Pixels, with the time axis in calendar days. The names of the rows stand in a column of their own
beside the drawing, so that they stay in view while it scrolls on a small screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from roadmap.charts.plan_axis import (
    GATE_NAME_WIDTH,
    NARROWEST_BAR,
    TARGET_WIDTH,
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
from roadmap.domain.forecasting.ranges import Range

ROW_HEIGHT = 28
BAR_HEIGHT = 14
MONTHS_HEIGHT = 40
FREEZES_HEIGHT = 22
GATES_HEIGHT = 44


@dataclass(frozen=True)
class Bar:
    """An initiative to draw. `is_review`: it holds a gate and is drawn as a diamond.

    `likely`: when it is finished according to the forecast. `is_critical`: it is on the chain that
    holds the finish of the whole. `baseline`: where an earlier plan had it. `href`: its page.
    """

    id: str
    title: str
    phase: str
    start: date
    finish: date
    status: str
    is_late: bool = False
    is_review: bool = False
    is_containment: bool = False
    likely: Range | None = None
    is_critical: bool = False
    baseline: tuple[date, date] | None = None
    href: str = ""


@dataclass(frozen=True)
class GateMark:
    id: str
    title: str
    day: date
    is_open: bool
    likely: Range | None = None


@dataclass(frozen=True)
class Whisker:
    """Paths: `line` from the planned finish to P95 with a cap, `likely` from P50 to P80."""

    line: str
    likely: str


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
    span: str = ""
    whisker: Whisker | None = None
    chain: str = ""
    baseline: str = ""


@dataclass(frozen=True)
class PlacedPhase:
    """A heading row. `number` selects the colour, `span` goes from its first day to its last."""

    id: str
    title: str
    number: int
    y: float
    span: str = ""
    whisker: Whisker | None = None


@dataclass(frozen=True)
class PlacedGate:
    gate: GateMark
    x: float
    y: float
    label_x: float
    label_y: float
    diamond: str


@dataclass(frozen=True)
class Gantt(ShowsFreezes):
    """`first` and `per_day` (pixels) are what a script needs to turn places into dates."""

    width: float
    height: float
    plot_top: float
    ticks: tuple[Tick, ...]
    rows: tuple[PlacedPhase | PlacedBar, ...]
    gates: tuple[PlacedGate, ...]
    today_x: float | None
    first: date
    per_day: float
    freezes: tuple[PlacedFreeze, ...] = ()
    freezes_y: float = 0.0
    arrows: tuple[str, ...] = ()
    row_height: int = ROW_HEIGHT
    bar_height: int = BAR_HEIGHT

    @property
    def bars(self) -> tuple[PlacedBar, ...]:
        return tuple(row for row in self.rows if isinstance(row, PlacedBar))

    @property
    def phases(self) -> tuple[PlacedPhase, ...]:
        return tuple(row for row in self.rows if isinstance(row, PlacedPhase))

    @property
    def has_ranges(self) -> bool:
        return any(row.bar.likely for row in self.bars)

    @property
    def has_chain(self) -> bool:
        return any(row.bar.is_critical for row in self.bars)

    @property
    def has_baseline(self) -> bool:
        return any(row.baseline for row in self.bars)


def gantt(
    phases: Sequence[tuple[str, str]],
    bars: Iterable[Bar],
    gates: Sequence[GateMark],
    today: date,
    *,
    freezes: Sequence[FreezeBand] = (),
    phase_ranges: Mapping[str, Range] | None = None,
    chain: Sequence[str] = (),
    target: float = TARGET_WIDTH,
) -> Gantt | None:
    """The chart, phase by phase in order of start. None when there is nothing to draw.

    `chain`: initiatives one after the other, joined by arrows. `target`: the width to fill.
    """
    drawn = sorted(bars, key=lambda bar: (bar.start, bar.finish, bar.id))
    if not drawn:
        return None
    axis = _axis(drawn, gates, target)
    shown = shown_on(axis, freezes)
    layout = _Layout(axis, phases, phase_ranges or {}, bool(gates), bool(shown))
    rows = tuple(layout.rows(drawn))
    return Gantt(
        width=axis.right,
        height=layout.top + ROW_HEIGHT * len(rows),
        plot_top=layout.top,
        ticks=tuple(month_ticks(axis)),
        rows=rows,
        gates=tuple(_gates(gates, axis, MONTHS_HEIGHT + GATES_HEIGHT / 2)),
        today_x=axis.x(today) if axis.holds(today) else None,
        first=axis.first,
        per_day=axis.per_day,
        freezes=tuple(placed_freezes(shown, axis)),
        freezes_y=layout.top - FREEZES_HEIGHT,
        arrows=tuple(_arrows(chain, rows)),
    )


def _axis(bars: Sequence[Bar], gates: Sequence[GateMark], target: float) -> TimeScale:
    first = min(bar.start for bar in bars)
    first = min([first, *(bar.baseline[0] for bar in bars if bar.baseline)]).replace(day=1)
    ends = [bar.finish for bar in bars] + [gate.day for gate in gates]
    ends += [bar.likely.p95 for bar in bars if bar.likely]
    ends += [gate.likely.p95 for gate in gates if gate.likely]
    ends += [bar.baseline[1] for bar in bars if bar.baseline]
    last = next_month(max(ends))
    return TimeScale(first, last, per_day(first, last, target))


@dataclass(frozen=True)
class _Layout:
    axis: TimeScale
    phases: Sequence[tuple[str, str]]
    ranges: Mapping[str, Range]
    has_gates: bool
    has_freezes: bool

    @property
    def top(self) -> float:
        heads = GATES_HEIGHT * self.has_gates + FREEZES_HEIGHT * self.has_freezes
        return MONTHS_HEIGHT + heads

    def rows(self, bars: Sequence[Bar]) -> Iterable[PlacedPhase | PlacedBar]:
        y = self.top
        for number, (phase, title) in enumerate(self.phases, start=1):
            members = [bar for bar in bars if bar.phase == phase]
            if not members:
                continue
            yield self._phase(PlacedPhase(phase, title, number, y), members)
            y += ROW_HEIGHT
            for bar in members:
                yield _placed(bar, number, self.axis, y)
                y += ROW_HEIGHT

    def _phase(self, head: PlacedPhase, members: Sequence[Bar]) -> PlacedPhase:
        start = self.axis.x(min(bar.start for bar in members))
        end = self.axis.end(max(bar.finish for bar in members))
        middle = head.y + ROW_HEIGHT / 2
        return PlacedPhase(
            head.id,
            head.title,
            head.number,
            head.y,
            span=f"M{start:g} {middle - 4:g}v8m0-4H{end:g}m0-4v8",
            whisker=_whisker(self.ranges.get(head.id), end, middle, self.axis),
        )


def _placed(bar: Bar, number: int, axis: TimeScale, top: float) -> PlacedBar:
    start, end = axis.x(bar.start), axis.end(bar.finish)
    width = rounded(max(NARROWEST_BAR, end - start))
    middle = top + ROW_HEIGHT / 2
    y = middle - BAR_HEIGHT / 2
    # The words beside a bar stand after its whisker.
    note_from = max(start + width, axis.end(bar.likely.p95) if bar.likely else 0)
    return PlacedBar(
        bar=bar,
        phase_number=number,
        x=start,
        y=y,
        width=width,
        half=rounded(width / 2),
        note_x=rounded(note_from + 6),
        note_y=middle + 4,
        check=f"M{rounded(start + 4):g} {middle:g}l3 3 5-6",
        diamond=diamond(end, middle, 8) if bar.is_review else "",
        span=f"M{start:g} {middle:g}H{end:g}" if bar.is_review else "",
        whisker=_whisker(bar.likely, end + 8 if bar.is_review else start + width, middle, axis),
        chain=f"M{start:g} {y + BAR_HEIGHT + 3:g}h{width:g}" if bar.is_critical else "",
        baseline=agreed_line(bar.baseline, axis, y - 4),
    )


def _whisker(
    likely: Range | None, planned: float, middle: float, axis: TimeScale
) -> Whisker | None:
    if likely is None:
        return None
    p50, p80, p95 = (axis.end(day) for day in (likely.p50, likely.p80, likely.p95))
    # From the bar outwards; where the runs end sooner than planned it begins inside the bar.
    start = rounded(min(planned, p50))
    return Whisker(
        line=f"M{start:g} {middle:g}H{p95:g}m0-4v8",
        likely=f"M{p50:g} {middle:g}H{max(p80, rounded(p50 + 1)):g}",
    )


def _gates(gates: Sequence[GateMark], axis: TimeScale, row: float) -> Iterable[PlacedGate]:
    """Diamonds above the plot; the names of close neighbours take turns above and below."""
    ordered = sorted(gates, key=lambda gate: (gate.day, gate.id))
    places = [axis.end(gate.day) for gate in ordered]
    turns = take_turns(places, GATE_NAME_WIDTH)
    for gate, x, is_below in zip(ordered, places, turns, strict=True):
        yield PlacedGate(
            gate=gate,
            x=x,
            y=row,
            label_x=inside(x, axis),
            label_y=row + 20 if is_below else row - 11,
            diamond=diamond(x, row, 7),
        )


def _arrows(chain: Sequence[str], rows: Sequence[PlacedPhase | PlacedBar]) -> Iterable[str]:
    """From the end of each bar of the chain to the beginning of the next one."""
    places = {row.bar.id: row for row in rows if isinstance(row, PlacedBar)}
    drawn = [places[name] for name in chain if name in places]
    for before, after in pairwise(drawn):
        down = after.y > before.y
        x, to = rounded(before.x + before.width), after.x
        start = before.y + (BAR_HEIGHT if down else 0)
        end = after.y - 1 if down else after.y + BAR_HEIGHT + 1
        turn = end - 7 if down else end + 7
        x = rounded(x - 2)
        to = rounded(max(to + 2, x)) if after.width > NARROWEST_BAR else rounded(to + 2)
        head = f"m-3 {-4 if down else 4}l3 {4 if down else -4} 3 {-4 if down else 4}"
        yield f"M{x:g} {start:g}V{turn:g}H{to:g}V{end:g}{head}"
