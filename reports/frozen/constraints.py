"""What was stated for a plan about calendar, people, money and dates, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.dates import WEEKDAYS as WEEKDAY_NAMES
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guide.model import Guide
from reports.frozen.stated import StatedLine
from roadmap.domain.constraints.differences import Names
from roadmap.domain.constraints.stated import WEEKDAYS, Constraints, FreezeKind, Staffing

Line = tuple[str, str]


def _names(guide: Guide) -> Names:
    return Names(
        roles={role.id: role.title for role in guide.roles},
        steps={step.id: step.title for step in guide.steps},
        others={
            **{gate.id: f"{gate.id} {gate.title}" for gate in guide.gates},
            **{item.id: f"{item.id} {item.title}" for item in guide.initiatives},
        },
    )


def stated_lines(guide: Guide, stated: Constraints) -> tuple[StatedLine, ...]:
    """The constraints in words; what was left to the guide's proposal is not listed."""
    names = _names(guide)
    found = (
        *_calendar(stated, names),
        *_people(stated, names),
        *_money(stated, names),
        *_limits(stated, names),
    )
    return tuple(StatedLine(label, text) for label, text in found)


def _calendar(stated: Constraints, names: Names) -> Iterable[Line]:
    if stated.start:
        yield _("Start"), _day(stated.start)
    if stated.country:
        place = " ".join(filter(None, (stated.country, stated.subdivision)))
        yield _("Public holidays of"), place
    if stated.working_weekdays != WEEKDAYS:
        days = ", ".join(str(WEEKDAY_NAMES[day]) for day in sorted(stated.working_weekdays))
        yield _("Working days"), days
    if stated.holidays:
        free = sorted(stated.holidays)
        yield (
            _("Free days"),
            _("%(n)s, from %(first)s to %(last)s")
            % {"n": len(free), "first": _day(free[0]), "last": _day(free[-1])},
        )
    for freeze in stated.freezes:
        words = (
            _("%(share)s%% of the usual time") % {"share": round(100 * freeze.capacity)}
            if freeze.kind is FreezeKind.REDUCED_STAFF
            else _("nothing goes live")
        )
        span = f"{_day(freeze.start)} – {_day(freeze.finish)}"
        whom = ", ".join(names.roles.get(role, role) for role in freeze.roles)
        yield _("Freeze"), "; ".join(filter(None, (freeze.reason, span, words, whom)))


def _people(stated: Constraints, names: Names) -> Iterable[Line]:
    for role, fte in sorted(stated.role_fte.items()):
        yield names.roles.get(role, role), _("%(fte)s full-time equivalents") % {"fte": f"{fte:g}"}
    for people in stated.staffing:
        yield _("Joins or leaves"), _staffing(people, names, stated.currency)
    if stated.free_share is not None:
        share = _("%(share)s%% of the week") % {"share": round(100 * stated.free_share)}
        yield _("Time that unplanned work leaves"), share


def _staffing(people: Staffing, names: Names, currency: str) -> str:
    sign = "+" if people.fte > 0 else "−"
    until = _day(people.finish) if people.finish else _("for good")
    parts = [
        f"{sign}{abs(people.fte):g} {_('FTE')} {names.roles.get(people.role, people.role)}",
        f"{_day(people.start)} – {until}",
        _("external partner") if people.is_partner else "",
        ""
        if people.day_rate is None
        else _("day rate %s") % f"{people.day_rate:,.0f} {currency}".strip(),
        people.reason,
    ]
    return "; ".join(part for part in parts if part)


def _money(stated: Constraints, names: Names) -> Iterable[Line]:
    if stated.budget is not None:
        yield _("Budget"), f"{stated.budget:,.0f} {stated.currency}".strip()
    if stated.budget_days is not None:
        yield _("Budget in person-days"), f"{stated.budget_days:g}"
    for role, rate in sorted(stated.day_rates.items()):
        title = names.roles.get(role, role)
        yield _("Day rate of %s") % title, f"{rate:,.0f} {stated.currency}".strip()


def _limits(stated: Constraints, names: Names) -> Iterable[Line]:
    for deadline in stated.deadlines:
        about = names.others.get(deadline.about, deadline.about) or _("the whole plan")
        text = f"{about}: {_day(deadline.by)}"
        yield _("Deadline"), "; ".join(filter(None, (text, deadline.reason)))
    if stated.wip_limit is not None:
        yield _("Initiatives at the same time"), _("at most %s") % stated.wip_limit
    for step, level in sorted(stated.targets.items()):
        title = names.steps.get(step, step)
        yield _("Level aimed at in %s") % title, _("%s of 4") % level
    if stated.vendor_delay_weeks:
        weeks = stated.vendor_delay_weeks
        said = ngettext("%s week", "%s weeks", 1 if weeks == 1 else 2) % f"{weeks:g}"
        yield _("Vendors answer later than usual by"), said
    if stated.may_end_early:
        yield _("Gates"), _("where time or money do not reach, the last ones may be left out")


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")
