"""Ready-made questions about a plan: each one is a small change of its constraints.

"What if we had one more platform engineer?" becomes a new scenario with that one change, so that
the two can be laid side by side. How long hiring takes and how late vendors are, are Waymark's own
estimates, stated with the question; the constraints page can change them afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from guide.model import Guide
from roadmap.domain.constraints.stated import Constraints, Deadline, Staffing

# From the decision to a working colleague, and the time a partner needs to begin: estimates.
HIRING_WEEKS = 12
PARTNER_WEEKS = 4
PARTNER_STAYS_WEEKS = 26
VENDOR_WEEKS = 8
ENGINEER, PARTNER_ROLES = "PL", ("PL", "SEC", "QA")
NO_FREEZE = "There is no freeze to skip."


@dataclass(frozen=True)
class ReadyMade:
    """A question to pick. `needs_date`: it asks for a day. `because` says why it makes no sense
    here; empty when it does.
    """

    id: str
    title: str
    hint: str
    needs_date: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    because: str = ""


class ReadyMadeInvalid(ValueError):
    """The question cannot be asked like this; the message says what to do."""


def ready_made(
    guide: Guide, constraints: Constraints, plan: Mapping[str, Any]
) -> tuple[ReadyMade, ...]:
    """The questions for a plan. `plan` is its document."""
    roles = {role.id: role.title for role in guide.roles}
    engineer = roles.get(ENGINEER, "")
    freezes = tuple(
        (str(number), freeze.reason or f"{freeze.start} – {freeze.finish}")
        for number, freeze in enumerate(constraints.freezes)
    )
    return (
        ReadyMade(
            "engineer",
            f"One more {engineer}" if engineer else "One more engineer",
            f"Full time for good, {HIRING_WEEKS} weeks after the start: hiring takes time.",
            because="" if engineer else "The guide of this plan has no such role.",
        ),
        ReadyMade(
            "partner",
            "An external partner",
            f"One full-time person for each of {_named(PARTNER_ROLES, roles)}, for half a year, "
            f"from {PARTNER_WEEKS} weeks after the start.",
            because="" if any(r in roles for r in PARTNER_ROLES) else "The guide has no such role.",
        ),
        ReadyMade("half", "Half the budget", _half_hint(constraints, plan)),
        ReadyMade(
            "date",
            "Finished by a date",
            "What is worth least is left out, then the last gates, until the rest fits.",
            needs_date=True,
        ),
        ReadyMade(
            "freeze",
            "Without a freeze",
            "As if that freeze were lifted.",
            choices=freezes,
            because="" if freezes else NO_FREEZE,
        ),
        ReadyMade(
            "vendor",
            "Vendors answer late",
            f"Everything vendors have a part in takes {VENDOR_WEEKS} weeks longer.",
        ),
    )


def ask(
    question: str,
    guide: Guide,
    constraints: Constraints,
    plan: Mapping[str, Any],
    *,
    day: date | None = None,
    choice: str = "",
) -> Constraints:
    """The constraints with the change that a question stands for.

    Raises:
        ReadyMadeInvalid: the question is not there or cannot be asked like this.
    """
    known = {item.id: item for item in ready_made(guide, constraints, plan)}
    if question not in known:
        raise ReadyMadeInvalid("Choose one of the questions.")
    if known[question].because:
        raise ReadyMadeInvalid(known[question].because)
    start = constraints.start or date.fromisoformat(plan["start"])
    if question == "date":
        return _by(constraints, start, day)
    if question == "freeze":
        return _without_freeze(constraints, choice)
    if question == "half":
        return _half(constraints, plan)
    if question == "vendor":
        return replace(
            constraints, vendor_delay_weeks=constraints.vendor_delay_weeks + VENDOR_WEEKS
        )
    return replace(constraints, staffing=(*constraints.staffing, *_people(question, guide, start)))


def _people(question: str, guide: Guide, start: date) -> list[Staffing]:
    if question == "engineer":
        joins = start + timedelta(weeks=HIRING_WEEKS)
        return [Staffing(ENGINEER, 1.0, joins, reason="One more engineer")]
    roles = {role.id for role in guide.roles}
    begins = start + timedelta(weeks=PARTNER_WEEKS)
    ends = begins + timedelta(weeks=PARTNER_STAYS_WEEKS, days=-1)
    return [
        Staffing(role, 1.0, begins, ends, "External partner", is_partner=True)
        for role in PARTNER_ROLES
        if role in roles
    ]


def _by(constraints: Constraints, start: date, day: date | None) -> Constraints:
    if day is None:
        raise ReadyMadeInvalid("Give the day by which it should be finished.")
    if day <= start:
        raise ReadyMadeInvalid(f"Give a day after the start of the plan, {start}.")
    others = tuple(deadline for deadline in constraints.deadlines if deadline.about)
    return replace(constraints, deadlines=(*others, Deadline(day)), may_end_early=True)


def _without_freeze(constraints: Constraints, choice: str) -> Constraints:
    if not choice.isdecimal() or int(choice) >= len(constraints.freezes):
        raise ReadyMadeInvalid("Choose the freeze to skip.")
    kept = [f for number, f in enumerate(constraints.freezes) if number != int(choice)]
    return replace(constraints, freezes=tuple(kept))


def _half(constraints: Constraints, plan: Mapping[str, Any]) -> Constraints:
    if constraints.budget is not None:
        return replace(constraints, budget=constraints.budget / 2, may_end_early=True)
    return replace(constraints, budget_days=_days(constraints, plan) / 2, may_end_early=True)


def _half_hint(constraints: Constraints, plan: Mapping[str, Any]) -> str:
    if constraints.budget is not None:
        return f"{constraints.budget / 2:,.0f} {constraints.currency} instead of all of it.".strip()
    days = _days(constraints, plan)
    stated = "the budget" if constraints.budget_days is not None else "the work of this plan"
    return f"{days / 2:,.0f} person-days, half of {stated}: what is worth least is left out."


def _days(constraints: Constraints, plan: Mapping[str, Any]) -> float:
    if constraints.budget_days is not None:
        return constraints.budget_days
    total = plan.get("person_days")
    return float(total if total is not None else plan["effort_days"]["likely"])


def _named(roles: tuple[str, ...], titles: Mapping[str, str]) -> str:
    return ", ".join(titles[role] for role in roles if role in titles)
