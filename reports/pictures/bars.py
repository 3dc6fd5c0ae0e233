"""The report's bars: each step's readiness and each challenge's exposure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reports.frozen.snapshot import ChallengeResult, StepResult
from reports.pictures.palette import PALETTE
from reports.pictures.scale import WIDTH, shortened

BAR_LEFT = 196.0
BAR_WIDTH = 330.0
CHART_HEAD = 22.0
CHART_ROW = 27.0
LABEL_CHARACTERS = 38


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
    target_x: float | None = None
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


def readiness_chart(
    steps: Sequence[StepResult], targets: Mapping[str, float] | None = None
) -> BarChart:
    """A bar for each step's readiness, with its target as a mark."""
    rows = [
        _bar(
            step,
            index,
            step.title,
            PALETTE.band,
            number=step.number,
            target=(targets or {}).get(step.id),
        )
        for index, step in enumerate(steps)
    ]
    return _bar_chart(rows, READINESS_LIMITS)


def exposure_chart(
    challenges: Sequence[ChallengeResult], accepted: Mapping[str, float] | None = None
) -> BarChart:
    """A bar for each challenge's exposure, with what is usual and what is accepted as marks."""
    rows = [
        _bar(
            challenge,
            index,
            challenge.short or challenge.title,
            PALETTE.exposure,
            usual=challenge.usual,
            difference=challenge.worse_than_usual,
            number=challenge.rank,
            target=(accepted or {}).get(challenge.id),
        )
        for index, challenge in enumerate(challenges)
    ]
    return _bar_chart(rows, EXPOSURE_LIMITS)


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
    target: float | None = None,
) -> ScoreBar:
    return ScoreBar(
        id=result.id,
        label=shortened(label, LABEL_CHARACTERS),
        y=CHART_HEAD + CHART_ROW * index,
        value=result.score,
        width=_on_bar(result.score or 0) - BAR_LEFT,
        range_x=_on_bar(result.low or 0),
        range_width=max(0.0, _on_bar(result.high or 0) - _on_bar(result.low or 0)),
        color=colors.get(result.band, PALETTE.muted),
        band=result.band,
        usual_x=None if usual is None else _on_bar(usual),
        target_x=None if target is None else _on_bar(target),
        difference=difference,
        number=number,
    )


def _on_bar(value: float) -> float:
    return round(BAR_LEFT + BAR_WIDTH * value / 100, 2)
