"""What differs between two sets of constraints, in sentences a reader of the plan understands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from roadmap.domain.constraints.stated import Constraints, Deadline, Freeze, FreezeKind, Staffing
from roadmap.domain.fitting.limits import in_words

MOST_DAYS_NAMED = 5


@dataclass(frozen=True)
class Names:
    """Titles by id, for what constraints name by id."""

    roles: Mapping[str, str]
    steps: Mapping[str, str]
    others: Mapping[str, str]


def constraints_diff(before: Constraints, after: Constraints, names: Names) -> tuple[str, ...]:
    """One sentence for each difference; empty when both say the same."""
    return tuple(_sentences(before, after, names))


def _sentences(before: Constraints, after: Constraints, names: Names) -> Iterable[str]:
    if before.start != after.start:
        yield f"It starts on {_said(after.start)} instead of {_said(before.start)}."
    yield from _calendar(before, after)
    yield from _people(before, after, names)
    yield from _money(before, after, names)
    yield from _entries("Freeze", before.freezes, after.freezes, _freeze, names)
    yield from _entries("Deadline", before.deadlines, after.deadlines, _deadline, names)
    yield from _value("Limit of initiatives at the same time", before.wip_limit, after.wip_limit)
    for step in sorted({*before.targets, *after.targets}):
        title = names.steps.get(step, step)
        yield from _value(
            f"Target level of {title}", before.targets.get(step, 3), after.targets.get(step, 3)
        )
    yield from _value(
        "Weeks that vendors answer later than usual",
        before.vendor_delay_weeks,
        after.vendor_delay_weeks,
    )
    if before.may_end_early != after.may_end_early:
        yield (
            "Where time or money do not reach, the last gates may be left out."
            if after.may_end_early
            else "No gate may be left out, whatever time and money there are."
        )


def _calendar(before: Constraints, after: Constraints) -> Iterable[str]:
    yield from _value("Public holidays of", _place(before), _place(after))
    added = sorted(after.holidays - before.holidays)
    gone = sorted(before.holidays - after.holidays)
    if added:
        yield f"Free days added: {_days(added)}."
    if gone:
        yield f"Free days taken away: {_days(gone)}."
    if before.working_weekdays != after.working_weekdays:
        yield "Other days of the week are worked."


def _place(constraints: Constraints) -> str | None:
    return " ".join(filter(None, (constraints.country, constraints.subdivision))) or None


def _people(before: Constraints, after: Constraints, names: Names) -> Iterable[str]:
    for role in sorted({*before.role_fte, *after.role_fte}):
        title = names.roles.get(role, role)
        yield from _value(
            f"FTE of {title}",
            before.role_fte.get(role),
            after.role_fte.get(role),
            absent="as the profile says",
        )
    yield from _entries("People", before.staffing, after.staffing, _staffing, names)
    if before.free_share != after.free_share:
        shares = [
            "as the answers say" if c.free_share is None else f"{c.free_share:.0%}"
            for c in (after, before)
        ]
        yield f"Share of the week that is free: {shares[0]} instead of {shares[1]}."


def _money(before: Constraints, after: Constraints, names: Names) -> Iterable[str]:
    yield from _value("Budget", _amount(before), _amount(after))
    yield from _value("Budget in person-days", before.budget_days, after.budget_days)
    for role in sorted({*before.day_rates, *after.day_rates}):
        title = names.roles.get(role, role)
        yield from _value(
            f"Day rate of {title}", before.day_rates.get(role), after.day_rates.get(role)
        )


def _value(what: str, before: Any, after: Any, absent: str = "none") -> Iterable[str]:
    if before != after:
        yield f"{what}: {_said(after, absent)} instead of {_said(before, absent)}."


def _entries(
    kind: str, before: Sequence[Any], after: Sequence[Any], say: Any, names: Names
) -> Iterable[str]:
    for entry in after:
        if entry not in before:
            yield f"{kind} added: {say(entry, names)}."
    for entry in before:
        if entry not in after:
            yield f"{kind} taken away: {say(entry, names)}."


def _freeze(freeze: Freeze, names: Names) -> str:
    what = "nothing goes live"
    if freeze.kind is FreezeKind.REDUCED_STAFF:
        whose = ", ".join(names.roles.get(role, role) for role in freeze.roles) or "everyone"
        what = f"{freeze.capacity:.0%} of the time of {whose}"
    reason = f"{freeze.reason}, " if freeze.reason else ""
    return f"{reason}{in_words(freeze.start)} to {in_words(freeze.finish)} ({what})"


def _deadline(deadline: Deadline, names: Names) -> str:
    about = names.others.get(deadline.about, deadline.about) or "the whole plan"
    reason = f" ({deadline.reason})" if deadline.reason else ""
    return f"{about} by {in_words(deadline.by)}{reason}"


def _staffing(people: Staffing, names: Names) -> str:
    title = names.roles.get(people.role, people.role)
    sign = "+" if people.fte > 0 else "−"
    until = f" to {in_words(people.finish)}" if people.finish else " on"
    partner = ", external partner" if people.is_partner else ""
    return f"{sign}{abs(people.fte):g} FTE {title} from {in_words(people.start)}{until}{partner}"


def _amount(constraints: Constraints) -> str | None:
    if constraints.budget is None:
        return None
    return f"{constraints.budget:,.0f} {constraints.currency}".strip()


def _days(days: Sequence[date]) -> str:
    named = ", ".join(in_words(day) for day in days[:MOST_DAYS_NAMED])
    more = len(days) - MOST_DAYS_NAMED
    return f"{named} and {more} more" if more > 0 else named


def _said(value: Any, absent: str = "none") -> str:
    if value is None:
        return absent
    if isinstance(value, date):
        return in_words(value)
    return f"{value:g}" if isinstance(value, float) else str(value)
