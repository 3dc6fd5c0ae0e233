"""Geometry of the small picture of seats along a ladder; the drawing is charts/seats.svg.

Pure: voices in, positions out. Each seat has a line of its own, since labels of five seats on
one axis would cover each other. Beyond level 4 stand those who gave no level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.domain.answers import AnswerState
from assessments.domain.divergence import Voice
from guide.model import LEVELS

WIDTH = 320
LEFT, STEP = 16, 52
TOP, LINE = 24, 34
RADIUS = 6
WITHOUT_LEVEL = LEFT + LEVELS * STEP


@dataclass(frozen=True)
class Tick:
    """A level's number; empty for the column of those who gave no level."""

    x: int
    text: str


@dataclass(frozen=True)
class Dot:
    """Where a seat's answers of one level stand; ``people`` is how many gave it."""

    x: int
    people: int
    is_level: bool


@dataclass(frozen=True)
class Line:
    """One seat: its label above, its dots, and the stretch between its own lowest and highest."""

    label: str
    label_y: int
    y: int
    dots: tuple[Dot, ...]
    from_x: int | None
    to_x: int | None


@dataclass(frozen=True)
class Strip:
    width: int
    height: int
    top: int
    bottom: int
    right: int
    radius: int
    ticks: tuple[Tick, ...]
    lines: tuple[Line, ...]
    # The stretch between the lowest and the highest of all, where there are two levels.
    band_x: int | None
    band_width: int


def seat_strip(voices: Sequence[Voice], titles: dict[str, str]) -> Strip:
    """The picture of the voices on one level question; ``titles`` name the seats."""
    by_seat: dict[str, list[Voice]] = {}
    for voice in voices:
        by_seat.setdefault(voice.seat, []).append(voice)
    lines = tuple(
        _line(number, titles.get(seat, seat), heard)
        for number, (seat, heard) in enumerate(by_seat.items())
    )
    dots = [dot for line in lines for dot in line.dots]
    spots = [dot.x for dot in dots if dot.is_level]
    ticks = [Tick(LEFT + level * STEP, str(level)) for level in range(LEVELS)]
    if any(not dot.is_level for dot in dots):
        ticks.append(Tick(WITHOUT_LEVEL, ""))
    bottom = TOP + LINE * len(lines)
    return Strip(
        width=WIDTH,
        height=bottom + 6,
        top=TOP - 6,
        bottom=bottom,
        right=ticks[-1].x,
        radius=RADIUS,
        ticks=tuple(ticks),
        lines=lines,
        band_x=min(spots) if spots and min(spots) != max(spots) else None,
        band_width=max(spots) - min(spots) if spots else 0,
    )


def _line(number: int, label: str, heard: Sequence[Voice]) -> Line:
    counted: dict[tuple[int, bool], int] = {}
    for voice in heard:
        is_level = voice.answer.state is AnswerState.ANSWERED
        x = LEFT + int(voice.answer.value) * STEP if is_level else WITHOUT_LEVEL
        counted[x, is_level] = counted.get((x, is_level), 0) + 1
    dots = tuple(Dot(x, people, is_level) for (x, is_level), people in sorted(counted.items()))
    spots = [dot.x for dot in dots if dot.is_level]
    y = TOP + number * LINE
    return Line(
        label=label,
        label_y=y + 10,
        y=y + 23,
        dots=dots,
        from_x=min(spots, default=None),
        to_x=max(spots, default=None),
    )
