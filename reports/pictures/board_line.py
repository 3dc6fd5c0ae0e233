"""Phases and gates of a plan in one narrow strip, with the days gates are likely to open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from reports.frozen.snapshot import GateEntry, PhaseEntry, ReportSnapshot
from reports.pictures.palette import PALETTE
from reports.pictures.scale import WIDTH, TimeScale, time_scale
from roadmap.charts.scale import next_month

HEAD = 24.0
PHASE_ROW = 13.0
GATE_ROW = 15.0
NAME_ROOM = 150.0


@dataclass(frozen=True)
class LinePhase:
    """`label_x`: where the name stands, inside the bar or beside it."""

    phase: PhaseEntry
    x: float
    width: float
    y: float
    color: str
    label_x: float
    is_inside: bool
    anchor: str


@dataclass(frozen=True)
class LineGate:
    """`likely`: from P50 to P80, None where nothing was simulated or it is open already."""

    gate: GateEntry
    x: float
    y: float
    likely: tuple[float, float] | None
    text_x: float
    anchor: str


@dataclass(frozen=True)
class BoardLine:
    scale: TimeScale
    phases: tuple[LinePhase, ...]
    gates: tuple[LineGate, ...]
    head: float
    height: float
    width: float = WIDTH


def board_line(snapshot: ReportSnapshot) -> BoardLine:
    scale = _scale(snapshot)
    phases = tuple(_phase(phase, n, scale) for n, phase in enumerate(snapshot.phases))
    top = HEAD + PHASE_ROW * len(phases) + 6
    ordered = sorted(snapshot.gates, key=lambda g: (g.planned_on, g.id))
    gates = tuple(_gate(gate, top + GATE_ROW * n, scale) for n, gate in enumerate(ordered))
    return BoardLine(scale, phases, gates, HEAD, top + GATE_ROW * len(gates) + 2)


def _scale(snapshot: ReportSnapshot) -> TimeScale:
    """Of the plan, and as far beyond as gates and the finish are likely to go."""
    scale = time_scale(snapshot, 0, WIDTH)
    ends = [gate.likely.p80 for gate in snapshot.gates if gate.likely and not gate.is_open]
    if snapshot.going:
        ends.append(snapshot.going.likely.p80)
    last = max((scale.last, *(next_month(end) - timedelta(days=1) for end in ends)))
    return replace(scale, last=last)


def _phase(phase: PhaseEntry, number: int, scale: TimeScale) -> LinePhase:
    x = scale.x(phase.start)
    width = max(3.0, scale.x(phase.finish + timedelta(days=1)) - x)
    inside = width >= NAME_ROOM
    after = x + width + NAME_ROOM <= WIDTH
    return LinePhase(
        phase=phase,
        x=x,
        width=round(width, 2),
        y=HEAD + PHASE_ROW * number,
        color=PALETTE.phase(number),
        label_x=x + 5 if inside else x + width + 5 if after else x - 5,
        is_inside=inside,
        anchor="start" if inside or after else "end",
    )


def _gate(gate: GateEntry, y: float, scale: TimeScale) -> LineGate:
    x = scale.x(gate.planned_on)
    likely = None
    if gate.likely and not gate.is_open:
        likely = (scale.x(gate.likely.p50), scale.x(gate.likely.p80))
    right = max(x, likely[1] if likely else 0) + 9
    fits = right + NAME_ROOM + 90 <= WIDTH
    left = min(x, likely[0] if likely else x) - 9
    return LineGate(gate, x, y, likely, right if fits else left, "start" if fits else "end")
