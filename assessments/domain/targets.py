"""Where an organization wants to be, and how far that is.

Pure. The guide proposes a target for each kind of organization; an organization's own targets
stand over the proposal, part by part.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from assessments.domain.scoring import Scorecard
from guide.model import Guide

# For a guide that proposes nothing: every answer at level 3 of 4, which is what plans aim at too.
USUAL_READINESS = 75.0
USUAL_EXPOSURE = 25.0
LOWEST, HIGHEST = 0.0, 100.0


@dataclass(frozen=True)
class TargetSet:
    """Readiness wanted of each step, exposure accepted from each challenge, 0-100."""

    steps: Mapping[str, float]
    challenges: Mapping[str, float]
    # Why the guide proposes it; empty where the guide proposes nothing.
    why: str = ""


@dataclass(frozen=True)
class StepDistance:
    """``gap``: points of readiness still missing to the target; None without a score."""

    step: str
    now: float | None
    target: float

    @property
    def gap(self) -> float | None:
        return None if self.now is None else max(0.0, self.target - self.now)


@dataclass(frozen=True)
class ExposureDistance:
    """``gap``: points of exposure above what is accepted; None without a score."""

    challenge: str
    now: float | None
    target: float

    @property
    def gap(self) -> float | None:
        return None if self.now is None else max(0.0, self.now - self.target)


@dataclass(frozen=True)
class TargetReading:
    """A scorecard held against a target. ``percent`` is of 0-100, None before any step scores."""

    percent: float | None
    steps: tuple[StepDistance, ...]
    challenges: tuple[ExposureDistance, ...]

    @property
    def steps_there(self) -> int:
        return sum(step.gap == 0 for step in self.steps)

    @property
    def above(self) -> tuple[ExposureDistance, ...]:
        """The challenges whose exposure is more than accepted, the farthest first."""
        over = [c for c in self.challenges if c.gap]
        return tuple(sorted(over, key=lambda c: -round(c.gap or 0, 9)))


def proposed(guide: Guide, kind: str | None) -> TargetSet:
    """The guide's proposal for a kind of organization; what it leaves out has a usual value."""
    fitting = [t for t in guide.targets if kind is not None and kind in t.kinds]
    general = [t for t in guide.targets if not t.kinds]
    found = next(iter(fitting + general), None)
    steps = found.steps if found else {}
    challenges = found.challenges if found else {}
    return TargetSet(
        steps={s.id: float(steps.get(s.id, USUAL_READINESS)) for s in guide.steps},
        challenges={c.id: float(challenges.get(c.id, USUAL_EXPOSURE)) for c in guide.challenges},
        why=found.why if found else "",
    )


def with_own(
    proposal: TargetSet, steps: Mapping[str, float], challenges: Mapping[str, float]
) -> TargetSet:
    """The proposal with the organization's own numbers over it; what it doesn't know is left."""
    return TargetSet(
        steps={key: _own(steps, key, number) for key, number in proposal.steps.items()},
        challenges={
            key: _own(challenges, key, number) for key, number in proposal.challenges.items()
        },
        why=proposal.why,
    )


def _own(own: Mapping[str, float], key: str, proposed_number: float) -> float:
    return min(HIGHEST, max(LOWEST, float(own.get(key, proposed_number))))


def read_against(card: Scorecard, targets: TargetSet) -> TargetReading:
    """percent = 1 − Σ max(0, target − now) / Σ target, over the steps that have a score."""
    steps = tuple(
        StepDistance(step.step, step.score, targets.steps[step.step])
        for step in card.steps
        if step.step in targets.steps
    )
    scored = [step for step in steps if step.now is not None]
    whole = math.fsum(step.target for step in scored)
    missing = math.fsum(step.gap or 0.0 for step in scored)
    return TargetReading(
        percent=100 * (1 - missing / whole) if whole > 0 else (100.0 if scored else None),
        steps=steps,
        challenges=tuple(
            ExposureDistance(e.challenge, e.score, targets.challenges[e.challenge])
            for e in card.exposures
            if e.challenge in targets.challenges
        ),
    )
