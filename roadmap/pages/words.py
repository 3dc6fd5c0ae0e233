"""Sentences about one initiative of a plan: why it starts when it does, how far it can slip."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from roadmap.pages.plan_items import PlanItem

# From an initiative's id to the address of its page.
Address = Callable[[str], str]
MANY_HOLDERS = 3
ON_THE_CHAIN = gettext_noop(
    "It is on the critical chain: going back from the last finish, each waits for the one before "
    "it. In another order of work the chain could be another one."
)


def day(when: date) -> str:
    return date_format(when, "DATE_FORMAT")


def why_it_starts(
    item: PlanItem, items: Mapping[str, PlanItem], roles: Mapping[str, str], address: Address
) -> SafeString:
    """What keeps the initiative from starting a day earlier, with links to what is in the way."""
    kind, what = item.bound.kind, item.bound.what
    if kind == "predecessor":
        if what not in items:
            return format_html(_("It needs {before}, which ends just before."), before=what)
        return format_html(
            _("It needs {before}, which ends on {day}."),
            before=_linked([what], items, address),
            day=day(items[what].finish),
        )
    if kind == "role":
        return _held_by_role(item, items, roles.get(what, what), address)
    if kind == "limit":
        return _held_by_limit(item, items, address)
    if kind == "freeze":
        return _held_by_freeze(item, items, address)
    plain = {
        "start": _("It starts with the plan and waits for nothing."),
        "order": _("A day earlier would be possible too; the order of the plan has it so."),
    }
    if kind == "fixed":
        return format_html(_("Its start is fixed to {day}."), day=day(item.start))
    if kind == "earliest":
        when = item.earliest or item.start
        return format_html(_("By hand it was not to start before {day}."), day=day(when))
    return format_html("{}", plain.get(kind, ""))


def search_ended(schedule: Mapping[str, Any]) -> str:
    """What ended the search that found a stored schedule. Empty where there was none."""
    texts = {
        "proven": _("The search ended with a proof that by its measure no plan is better."),
        "limit": _(
            "The search ended at its limit, which counts steps and not seconds. A better plan may "
            "exist."
        ),
        "clock": _(
            "The search was ended by the clock: on a faster or quieter machine its result could "
            "differ. A better plan may exist."
        ),
        "stopped": _("The search was stopped early. A better plan may exist."),
    }
    return texts.get(schedule.get("ended_by", ""), "") if schedule.get("is_searched") else ""


def _held_by_role(
    item: PlanItem, items: Mapping[str, PlanItem], role: str, address: Address
) -> SafeString:
    holders = _linked(item.bound.holders, items, address)
    until = day(item.bound.until or item.start)
    if not holders:
        return format_html(
            _("Before {until}, {role} have too little time for it, even without other work."),
            role=role,
            until=until,
        )
    return format_html(
        _("{role}: no time for it until {until}, because of {holders}."),
        role=role,
        until=until,
        holders=holders,
    )


def _held_by_limit(item: PlanItem, items: Mapping[str, PlanItem], address: Address) -> SafeString:
    holders = _linked(item.bound.holders, items, address)
    text = _("Until {until} as many initiatives run as are allowed at the same time")
    sentence = format_html(text, until=day(item.bound.until or item.start))
    return format_html("{}: {}.", sentence, holders) if holders else format_html("{}.", sentence)


def _held_by_freeze(item: PlanItem, items: Mapping[str, PlanItem], address: Address) -> SafeString:
    text = _("Started earlier, it would go live inside a freeze.")
    if item.bound.until:
        text = _("Started earlier, it would go live inside a freeze, which lasts until {until}.")
    sentence = format_html(text, until=day(item.bound.until) if item.bound.until else "")
    holders = _linked(item.bound.holders, items, address)
    if not holders:
        return sentence
    return format_html(
        "{} {}",
        sentence,
        format_html(_("The place before the freeze is taken by {holders}."), holders=holders),
    )


def _linked(ids: Sequence[str], items: Mapping[str, PlanItem], address: Address) -> SafeString:
    known = [items[id] for id in ids if id in items]
    links = format_html_join(
        ", ",
        '<a href="{}" data-panel><span class="sc-nowrap">{}</span> {}</a>',
        ((address(item.id), item.id, item.title) for item in known[:MANY_HOLDERS]),
    )
    more = len(known) - MANY_HOLDERS
    if more <= 0:
        return links
    text = ngettext("and {n} more", "and {n} more", more)
    return format_html("{} {}", links, format_html(text, n=more))


def float_in_words(item: PlanItem) -> str:
    """How far it can slip. Empty where the plan does not know."""
    if item.float_days is None:
        return ""
    if item.float_days == 0:
        return _("If it slips by a day, the finish of the plan can slip by a day.")
    can = ngettext(
        "It can slip by %(n)s working day before the finish of the plan moves",
        "It can slip by %(n)s working days before the finish of the plan moves",
        item.float_days,
    ) % {"n": item.float_days}
    if item.free_float is None or item.free_float == item.float_days:
        return f"{can}."
    if item.free_float == 0:
        return f"{can}; " + _("other initiatives move with it at once.")
    free = ngettext(
        "%(n)s working day before any other initiative moves.",
        "%(n)s working days before any other initiative moves.",
        item.free_float,
    )
    return f"{can}, " + free % {"n": item.free_float}


def critical_in_words(item: PlanItem) -> str:
    """How often it held up the finish when the plan was simulated."""
    if item.likely is None:
        return _(ON_THE_CHAIN) if item.is_critical else ""
    share = round(item.likely.critical * 100)
    if share == 0:
        return _("In none of the simulated runs did it hold up the finish.")
    return _("In %(share)s of 100 simulated runs it held up the finish.") % {"share": share}
