"""How much of a week daily work leaves, as the answers on unplanned work and set-aside time say.

The guide gives each role a share of its week that a programme can realistically have. Where
unplanned work takes most of the week there is less than that, and where nobody has named hours
the share is a hope: it then counts half. Both are Waymark's own estimates.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from assessments.domain.answers import AnswerSet, AnswerState
from guide.model import Guide, Role
from roadmap.domain.constraints.stated import Constraints

SET_ASIDE = "Q1.10"
UNPLANNED = "Q1.11"
# Nobody has named hours, or somebody works in the evenings out of goodwill.
NOT_SET_ASIDE = 1
HALF = Fraction(1, 2)


@dataclass(frozen=True)
class FreeTime:
    """`most`: the part of a week that is left at most. `factor`: what a role's share is worth.

    `unplanned` and `level` are the answers behind them, None where they do not count: not known,
    not asked by this guide, or outdone by what the constraints state.
    """

    most: Fraction = Fraction(1)
    factor: Fraction = Fraction(1)
    stated: float | None = None
    unplanned: float | None = None
    level: int | None = None

    def share_of(self, role: Role) -> Fraction:
        return min(Fraction(str(role.share)) * self.factor, self.most)


def free_time(guide: Guide, answers: AnswerSet, constraints: Constraints) -> FreeTime:
    """What the constraints state outdoes the answers."""
    if constraints.free_share is not None:
        return FreeTime(most=Fraction(str(constraints.free_share)), stated=constraints.free_share)
    unplanned, level = _unplanned(guide, answers), _level(guide, answers)
    is_hope = level is not None and level <= NOT_SET_ASIDE
    return FreeTime(
        most=Fraction(1) if unplanned is None else 1 - Fraction(str(unplanned)) / 100,
        factor=HALF if is_hope else Fraction(1),
        unplanned=unplanned,
        level=level if is_hope else None,
    )


def free_time_notes(free: FreeTime, roles: Iterable[Role]) -> Iterable[str]:
    """What it means for a plan that needs these roles from the profile; nothing where nothing."""
    lessened = [role for role in roles if free.share_of(role) < Fraction(str(role.share))]
    if not lessened:
        return
    if free.level is not None:
        yield (
            f"Nobody has protected time for this work ({SET_ASIDE} at level {free.level}): every "
            "role is planned with half the share of its week that is usual (estimate)."
        )
    caps = [role for role in lessened if Fraction(str(role.share)) * free.factor > free.most]
    if caps and free.stated is not None:
        percent = f"{free.stated * 100:.3g}"
        yield f"At most {percent} % of a week is free for the programme, as you stated."
    elif caps:
        yield (
            f"Unplanned work takes {free.unplanned:g} % of the week ({UNPLANNED}): no role is "
            f"planned with more than {float(free.most) * 100:.3g} % of its week."
        )


def _unplanned(guide: Guide, answers: AnswerSet) -> float | None:
    """Percent of the week; other guides may ask something else under this id."""
    question = guide.questions.get(UNPLANNED)
    number = question.number if question else None
    if number is None or (number.min, number.max) != (0, 100) or "%" not in (number.unit or ""):
        return None
    value = _value(answers, UNPLANNED)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number and 0 <= value <= 100 else None  # type: ignore[operator, arg-type]


def _level(guide: Guide, answers: AnswerSet) -> int | None:
    question = guide.questions.get(SET_ASIDE)
    if question is None or question.kind != "level":
        return None
    value = _value(answers, SET_ASIDE)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _value(answers: AnswerSet, question: str) -> object:
    answer = answers.get(question)
    return answer.value if answer and answer.state is AnswerState.ANSWERED else None
