"""What is different from the forecast of a week ago, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roadmap.enums import InitiativeStatus
from roadmap.models import PlannedInitiative, ProgressForecast

Document = Mapping[str, Any]
MOST_NAMED = 3


def changes(
    then: ProgressForecast, now: ProgressForecast, rows: Sequence[PlannedInitiative]
) -> Iterable[str]:
    before, after = then.document.get("finish"), now.document.get("finish")
    if before and after:
        yield _moved(before, after)
    titles = {row.initiative_id: row.title for row in rows}
    finished = [
        row.title
        for row in rows
        if row.status == InitiativeStatus.DONE and _is_since(row.finished_on, then, now)
    ]
    if finished:
        yield _named(
            ngettext("%(n)s finished: %(names)s", "%(n)s finished: %(names)s", len(finished)),
            finished,
        )
    begun = [
        row.title
        for row in rows
        if row.status == InitiativeStatus.IN_PROGRESS and _is_since(row.started_on, then, now)
    ]
    if begun:
        yield _named(_("%(n)s begun: %(names)s"), begun)
    later = list(_later(then.document, now.document, titles))
    if later:
        yield _named(_("%(n)s expected later than then: %(names)s"), later)
    blocked = [row.title for row in rows if row.blocked_because and row.is_open]
    if blocked:
        yield _named(_("%(n)s blocked now: %(names)s"), blocked)
    gone = [titles[id] for id in _gone(then.document, now.document) if id in titles]
    if gone:
        yield _named(_("%(n)s dropped: %(names)s"), gone)


def _moved(before: Document, after: Document) -> str:
    by = after["slip"] - before["slip"]
    days = {"then": _day(before["expected"]), "now": _day(after["expected"]), "n": abs(by)}
    if before["baseline"] != after["baseline"]:
        return _("The agreed finish is another one; it is expected on %(now)s.") % days
    if by > 0:
        words = ngettext(
            "The expected finish moved from %(then)s to %(now)s: %(n)s working day later.",
            "The expected finish moved from %(then)s to %(now)s: %(n)s working days later.",
            by,
        )
    elif by < 0:
        words = ngettext(
            "The expected finish moved from %(then)s to %(now)s: %(n)s working day earlier.",
            "The expected finish moved from %(then)s to %(now)s: %(n)s working days earlier.",
            -by,
        )
    else:
        words = _("The expected finish has not moved: %(now)s.")
    return words % days


def _later(before: Document, after: Document, titles: Mapping[str, str]) -> Iterable[str]:
    """The farthest first."""
    known = before.get("initiatives", {})
    moved = {
        id: entry["slip"] - known[id]["slip"]
        for id, entry in after.get("initiatives", {}).items()
        if id in known and id in titles and not entry["actual"]
    }
    for id in sorted(moved, key=lambda id: (-moved[id], id)):
        if moved[id] > 0:
            words = ngettext("%(title)s (%(n)s day)", "%(title)s (%(n)s days)", moved[id])
            yield words % {"title": titles[id], "n": moved[id]}


def _gone(before: Document, after: Document) -> Iterable[str]:
    still = after.get("initiatives", {})
    return (id for id in before.get("initiatives", {}) if id not in still)


def _is_since(day: date | None, then: ProgressForecast, now: ProgressForecast) -> bool:
    return day is not None and then.as_of <= day <= now.as_of


def _named(words: str, names: Sequence[str]) -> str:
    shown = "; ".join(names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    if more > 0:
        shown = ngettext("%(names)s, and %(n)s more", "%(names)s, and %(n)s more", more) % {
            "names": shown,
            "n": more,
        }
    return f"{words % {'n': len(names), 'names': shown}}."


def _day(iso: str) -> str:
    return date_format(date.fromisoformat(iso), "DATE_FORMAT")
