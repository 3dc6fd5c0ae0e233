"""Constraints to begin with: what the profile and the answers say, and where each comes from.

Nothing here is stated by the organization; a plan that starts from it says so. What the profile
counts (people, size) is left out of the constraints, so that it follows the answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from assessments.domain.answers import AnswerSet, AnswerState
from guide.model import Guide
from guide.parts import MAX_LEVEL
from roadmap.domain.constraints.capacity import (
    STAFF_QUESTION,
    Origin,
    RoleCapacity,
    Size,
    organization_size,
    role_capacities,
)
from roadmap.domain.constraints.free_time import SET_ASIDE, UNPLANNED, FreeTime, free_time
from roadmap.domain.constraints.home_country import HomePlace, home_place
from roadmap.domain.constraints.public_holidays import countries, plan_holidays, working_weekdays
from roadmap.domain.constraints.ready_freezes import usual_freezes
from roadmap.domain.constraints.stated import WEEKDAYS, Constraints, Deadline, Freeze

KIND = "P.01"
USUAL_TARGET = 3
# With fewer people than this in IT, a plan that reaches further would be a guess.
VERY_SMALL = 10
MONTHS_OF_VERY_SMALL = 24
BECAUSE_SMALL = "So small a team cannot foresee more than two years: the rest would be a guess."


@dataclass(frozen=True)
class Because:
    """Where a proposal comes from, in words. `question`: the answer that says so."""

    text: str
    question: str = ""


@dataclass(frozen=True)
class Proposals:
    """`because` by the field of the constraints, `free_share` and `wip_limit` included although
    they stay empty there: planning takes both from the answers.
    """

    constraints: Constraints
    because: Mapping[str, Because]
    roles: Mapping[str, RoleCapacity]
    free: FreeTime
    size: Size
    kind: str


def propose(
    guide: Guide,
    answers: AnswerSet,
    today: date,
    *,
    start: date | None = None,
    zone: str = "",
    wanted: Mapping[str, float] | None = None,
) -> Proposals:
    """`zone`: the organization's time zone. `wanted`: readiness (0-100) per step it set itself."""
    first = start or next_monday(today)
    kind = _kind(answers)
    size = organization_size(answers)
    free = free_time(guide, answers, Constraints())
    place = home_place(answers, zone)
    country, part = (place.country, place.subdivision) if place else ("", "")
    usual = usual_freezes(kind, country)
    freezes = [f for ready in usual for f in ready.next_ones(first, _role_ids(guide))]
    levels = target_levels(guide, wanted or {})
    return Proposals(
        constraints=Constraints(
            start=first,
            country=country,
            subdivision=part,
            working_weekdays=working_weekdays(country) if country else WEEKDAYS,
            holidays=frozenset(plan_holidays(country, part, first)) if country else frozenset(),
            freezes=tuple(sorted(freezes, key=_in_order)),
            deadlines=_deadlines(size, first),
            may_end_early=_is_very_small(size),
            targets={step: level for step, level in levels.items() if level != USUAL_TARGET},
        ),
        because={
            "start": Because("the coming Monday" if start is None else "the day you gave"),
            "wip_limit": _because_limit(size),
            "free_share": _because_free(free),
            "freezes": _because_freezes(kind, [ready.title for ready in usual]),
            **_because_place(place),
            **({"deadlines": _because_deadline(size)} if _is_very_small(size) else {}),
            **{f"role_fte.{c.role.id}": because_role(c, free) for c in _roles(guide, answers)},
            **{f"targets.{step}": _because_target(step, wanted or {}) for step in levels},
        },
        roles={c.role.id: c for c in _roles(guide, answers)},
        free=free,
        size=size,
        kind=kind,
    )


def next_monday(today: date) -> date:
    """Today, when it is one."""
    return today + timedelta(days=-today.weekday() % 7)


def months_later(day: date, months: int) -> date:
    """The day before the same day so many months later, so that the span is whole months."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    return first + timedelta(days=min(day.day, _month_days(first)) - 2)


def target_levels(guide: Guide, wanted: Mapping[str, float]) -> dict[str, int]:
    """The lowest level that, held throughout a step, gives the readiness that is wanted of it."""
    return {
        step.id: _level(wanted[step.id]) if step.id in wanted else USUAL_TARGET
        for step in guide.steps
    }


def because_role(capacity: RoleCapacity, free: FreeTime) -> Because:
    role = capacity.role
    if capacity.origin in (Origin.PROFILE, Origin.FALLBACK):
        share = float(free.share_of(role)) * 100
        shared = ", shared with other roles that the same people fill" if _shares(capacity) else ""
        people = "your people" if capacity.origin is Origin.PROFILE else "those who stand in"
        return Because(f"{people} × {share:.3g} % of their week{shared} (estimate)", STAFF_QUESTION)
    if capacity.origin is Origin.NOBODY:
        return Because("nobody is counted, so someone covers it (estimate)", STAFF_QUESTION)
    return Because("the profile does not count these people (estimate)")


def _because_place(place: HomePlace | None) -> dict[str, Because]:
    if place is None:
        return {"country": Because("neither the profile nor your time zone names one")}
    title = next(p.title for p in countries() if p.code == place.country)
    return {
        "country": Because(place.because, place.question),
        "working_weekdays": Because(f"what is usual in {title}"),
        "holidays": Because(f"the public holidays of {title}"),
    }


def _because_limit(size: Size) -> Because:
    if size.wip_limit:
        return Because(f"a small team: fewer than 50 people, so {size.wip_limit}", STAFF_QUESTION)
    return Because("no limit, because the team is not small", STAFF_QUESTION)


def _because_freezes(kind: str, titles: list[str]) -> Because:
    text = f"usual for your kind of organization where you are: {', '.join(titles)} (estimate)"
    return Because(text, KIND if kind else "")


def _because_free(free: FreeTime) -> Because:
    said = []
    if free.unplanned is not None:
        said.append(f"{free.unplanned:g} % unplanned work")
    if free.level is not None:
        said.append(f"no protected time ({SET_ASIDE} at level {free.level}), so half of each share")
    if not said:
        return Because("the share the guide expects of each role (estimate)")
    return Because("; ".join(said), UNPLANNED if free.unplanned is not None else SET_ASIDE)


def _because_deadline(size: Size) -> Because:
    return Because(
        f"{size.staff:g} people in IT: a plan beyond {MONTHS_OF_VERY_SMALL} months would be a "
        "guess (estimate)",
        STAFF_QUESTION,
    )


def _because_target(step: str, wanted: Mapping[str, float]) -> Because:
    if step in wanted:
        return Because(f"your target of {wanted[step]:g} for this step")
    return Because("level 3, where a practice holds everywhere (estimate)")


def _deadlines(size: Size, start: date) -> tuple[Deadline, ...]:
    if not _is_very_small(size):
        return ()
    return (Deadline(months_later(start, MONTHS_OF_VERY_SMALL), "", BECAUSE_SMALL),)


def _is_very_small(size: Size) -> bool:
    return size.staff is not None and 0 < size.staff < VERY_SMALL


def _kind(answers: AnswerSet) -> str:
    answer = answers.get(KIND)
    answered = answer is not None and answer.state is AnswerState.ANSWERED
    return str(answer.value) if answer and answered else ""


def _role_ids(guide: Guide) -> list[str]:
    return [role.id for role in guide.roles]


def _roles(guide: Guide, answers: AnswerSet) -> list[RoleCapacity]:
    return list(role_capacities(guide, answers, Constraints()).values())


def _shares(capacity: RoleCapacity) -> bool:
    return bool(capacity.shared_with)


def _level(readiness: float) -> int:
    return max(1, min(MAX_LEVEL, -int(-readiness * MAX_LEVEL // 100)))


def _month_days(first: date) -> int:
    following = (first + timedelta(days=31)).replace(day=1)
    return (following - first).days


def _in_order(freeze: Freeze) -> tuple[date, date, str]:
    return freeze.start, freeze.finish, freeze.reason
