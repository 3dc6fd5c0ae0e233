"""The way out of a band: the fewest better answers that bring an exposure into the next lower one.

Pure. A set is smallest because the answers that take most off come first; no answer in it is
higher than needed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assessments.domain.answers import UNANSWERED, Answer, AnswerSet
from assessments.domain.scoring import EXPOSURE_BANDS, Contribution, Scorecard
from assessments.domain.sensitivity import (
    Move,
    Rung,
    move_to,
    rungs_above,
    switching_questions,
)
from assessments.domain.values import value_of
from guide.model import Guide, Question

# What is asked of people first: level 3 of 4, the level plans aim at too. Level 4 comes after.
GOOD_ENOUGH = 0.75
# A sum of rounded parts may miss the score by so little.
CRUMB = 1e-6


@dataclass(frozen=True)
class WayOut:
    """The fewest answers that bring a challenge into the next lower band.

    Without ``moves`` better answers alone can't do it; ``after`` is then the best they reach.
    """

    challenge: str
    before: float
    after: float
    band: str
    next_band: str
    moves: tuple[Move, ...]

    @property
    def is_reachable(self) -> bool:
        return bool(self.moves)


def way_out(guide: Guide, answers: AnswerSet, card: Scorecard, challenge: str) -> WayOut | None:
    """The smallest set of better answers that moves the challenge under its band's lower limit.

    None where it has no band yet or is already in the lowest. Answers go to level 3 at most, to
    4 only where 3 is not enough, and never above what is needed. What decides which questions are
    asked stays as it is, and so do facts: nobody answers them better by wanting to.
    """
    exposure = card.exposure(challenge)
    names = [name for _, name in EXPOSURE_BANDS]
    if exposure.score is None or exposure.band is None or exposure.band == names[0]:
        return None
    position = names.index(exposure.band) - 1
    limit = EXPOSURE_BANDS[position][0]
    ladders = _ladders(guide, answers, exposure.contributions, challenge)
    best = exposure.score
    for top in (GOOD_ENOUGH, 1.0):
        chosen = _fewest(ladders, exposure.score, limit, top)
        if chosen:
            best = exposure.score - math.fsum(ladder.points(n) for ladder, n in chosen)
            break
    else:
        best -= math.fsum(ladder.points(len(ladder.rungs) - 1) for ladder in ladders)
    return WayOut(
        challenge=challenge,
        before=exposure.score,
        after=max(0.0, best),
        band=exposure.band,
        next_band=names[position],
        moves=tuple(
            move_to(ladder.question, ladder.answer, ladder.rungs[n]) for ladder, n in chosen
        ),
    )


@dataclass(frozen=True)
class _Ladder:
    """What one answer can still take off an exposure. ``full``: points for all of its weight."""

    question: Question
    answer: Answer
    now: float
    full: float
    rungs: tuple[Rung, ...]

    def points(self, rung: int) -> float:
        """Points of exposure off at that rung; none below the first."""
        return self.full * (self.rungs[rung][1] - self.now) if rung >= 0 else 0.0

    def move(self, rung: int) -> Move:
        return move_to(self.question, self.answer, self.rungs[rung])

    def highest(self, top: float) -> int:
        """The best rung worth no more than `top`; −1 when the first is above it already."""
        return sum(worth <= top for _, worth in self.rungs) - 1


def _ladders(
    guide: Guide, answers: AnswerSet, parts: Sequence[Contribution], challenge: str
) -> list[_Ladder]:
    whole = math.fsum(part.weight for part in parts)
    weights: dict[str, float] = {}
    for part in parts:
        weights[part.question] = weights.get(part.question, 0.0) + part.weight
    switches = switching_questions(guide)
    found = []
    for question_id, weight in weights.items():
        question = guide.question(question_id)
        is_fact = all(question.step != step.id for step in guide.steps)
        if is_fact or question_id in switches:
            continue
        answer = answers.get(question_id, UNANSWERED)
        rungs = rungs_above(question, answer)
        if rungs:
            now = value_of(question, answer) or 0.0
            found.append(_Ladder(question, answer, now, 100 * weight / whole, rungs))
    return found


def _fewest(
    ladders: Sequence[_Ladder], before: float, limit: float, top: float
) -> list[tuple[_Ladder, int]]:
    """The ladders to climb and their rungs; empty when climbing all of them is not enough."""

    def is_enough(chosen: Sequence[tuple[_Ladder, int]]) -> bool:
        after = before - math.fsum(ladder.points(rung) for ladder, rung in chosen)
        return math.floor(after + 0.5 + CRUMB) < limit

    reach = [(ladder, ladder.highest(top)) for ladder in ladders]
    # The largest first: then no smaller number of answers could do.
    reach.sort(key=lambda pair: -round(pair[0].points(pair[1]), 9))
    chosen: list[tuple[_Ladder, int]] = []
    for pair in reach:
        if pair[1] < 0:
            break
        chosen.append(pair)
        if is_enough(chosen):
            break
    else:
        return []
    if not is_enough(chosen):
        return []
    return _no_higher_than_needed(chosen, is_enough)


def _no_higher_than_needed(
    chosen: list[tuple[_Ladder, int]],
    is_enough: Callable[[Sequence[tuple[_Ladder, int]]], bool],
) -> list[tuple[_Ladder, int]]:
    """Take rungs back, the highest answers first, as long as what is left is still enough."""
    lowered = True
    while lowered:
        lowered = False
        highest_first = sorted(
            range(len(chosen)), key=lambda n: -chosen[n][0].rungs[chosen[n][1]][1]
        )
        for position in highest_first:
            ladder, rung = chosen[position]
            fewer = [*chosen[:position], (ladder, rung - 1), *chosen[position + 1 :]]
            if rung > 0 and is_enough(fewer):
                chosen, lowered = fewer, True
                break
    return chosen
