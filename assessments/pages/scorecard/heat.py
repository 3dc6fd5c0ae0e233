"""Where each exposure comes from: the points that the answers of each step add to it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assessments.domain.scoring import Exposure
from assessments.pictures.charts import heat_shade
from guide.model import Challenge, Guide, Step


@dataclass(frozen=True)
class HeatCell:
    """``points`` is None where no answer of the step speaks about the challenge."""

    points: float | None
    shade: int


@dataclass(frozen=True)
class HeatRow:
    challenge: Challenge
    exposure: Exposure
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True)
class HeatMap:
    """A column for each step, and a last one for facts of the profile if they add anything."""

    steps: tuple[Step, ...]
    has_profile: bool
    rows: tuple[HeatRow, ...]


def heat_map(guide: Guide, exposures: Sequence[Exposure]) -> HeatMap:
    scored = [exposure for exposure in exposures if exposure.score is not None]
    sums = {exposure.challenge: _by_step(guide, exposure) for exposure in scored}
    has_profile = any("" in by_step for by_step in sums.values())
    columns = [step.id for step in guide.steps] + [""] * has_profile
    return HeatMap(
        steps=guide.steps,
        has_profile=has_profile,
        rows=tuple(
            HeatRow(
                guide.challenge(exposure.challenge),
                exposure,
                tuple(_cell(sums[exposure.challenge].get(column)) for column in columns),
            )
            for exposure in scored
        ),
    )


def _by_step(guide: Guide, exposure: Exposure) -> dict[str, float]:
    """Points by step; the profile's facts under no name."""
    known = {step.id for step in guide.steps}
    parts: dict[str, list[float]] = {}
    for contribution in exposure.contributions:
        step = guide.question(contribution.question).step
        parts.setdefault(step if step in known else "", []).append(contribution.points)
    return {step: math.fsum(points) for step, points in parts.items()}


def _cell(points: float | None) -> HeatCell:
    return HeatCell(points, 0 if points is None else heat_shade(points))
