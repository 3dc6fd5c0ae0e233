"""The whole plan of a report in a hand's breadth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from reports.frozen.snapshot import PhaseEntry, ReportSnapshot
from reports.pictures.palette import PALETTE
from reports.pictures.scale import (
    WIDTH,
    Flag,
    TimeScale,
    gate_flags,
    shortened,
    time_scale,
)

OVERVIEW_LEFT = 150.0
OVERVIEW_HEAD = 72.0
OVERVIEW_ROW = 22.0
LABEL_CHARACTERS = 28


@dataclass(frozen=True)
class PhaseBar:
    phase: PhaseEntry
    index: int
    x: float
    width: float
    y: float
    color: str

    @property
    def label(self) -> str:
        return shortened(self.phase.title, LABEL_CHARACTERS)


@dataclass(frozen=True)
class Overview:
    """The whole plan in a hand's breadth: a bar for each phase and a diamond for each gate."""

    scale: TimeScale
    bars: tuple[PhaseBar, ...]
    flags: tuple[Flag, ...]
    head: float
    height: float
    width: float = WIDTH


def overview(snapshot: ReportSnapshot) -> Overview:
    scale = time_scale(snapshot, OVERVIEW_LEFT, WIDTH - OVERVIEW_LEFT, has_ranges=False)
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
