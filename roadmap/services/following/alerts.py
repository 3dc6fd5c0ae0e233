"""Telling editors and owners when a deadline no longer has four chances in five."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.enums import Role
from accounts.models import User
from inbox.telling import notify
from roadmap.following_kinds import SLIP
from roadmap.models import ProgressForecast, Roadmap

KIND = SLIP.id
SURE_ENOUGH = 0.8

Document = dict[str, Any]


def deadlines_tell(*, roadmap: Roadmap, before: Document | None, now: ProgressForecast) -> int:
    """How many crossings were told; each is told on the day it comes about, once.

    `before`: the document of the forecast before this one. Without one, what was known when the
    plan was adopted counts: who adopts a plan with a poor chance has read so.
    """
    known = _passed(before) if before is not None else _passed_at_adoption(roadmap)
    crossed = [row for row in _rows(now.document) if row["is_passed"] and _key(row) not in known]
    if not crossed:
        return 0
    people = list(_people(roadmap))
    with override(roadmap.organization.language):
        for row in crossed:
            _tell(roadmap, now, row, people)
    return len(crossed)


def _tell(roadmap: Roadmap, now: ProgressForecast, row: Document, people: list[User]) -> None:
    what, by = row["title"] or roadmap.name, _day(row["by"])
    notify(
        organization=roadmap.organization,
        people=people,
        kind=KIND,
        title=_("The deadline of %(by)s is at risk: %(what)s") % {"by": by, "what": what},
        text=_words(row),
        path=reverse("roadmap:progress", args=[roadmap.organization.slug, roadmap.pk]),
        key=f"{KIND}:{roadmap.pk}:{row['about']}:{row['by']}:{now.as_of.isoformat()}"[:160],
    )


def _words(row: Document) -> str:
    words = _("With four chances in five it is finished by %(p80)s, not by %(by)s.") % {
        "p80": _day(row["p80"]),
        "by": _day(row["by"]),
    }
    if row.get("chance") is None:
        return words
    chance = _("The chance of keeping the deadline is now about %(percent)s %%.") % {
        "percent": round(100 * row["chance"])
    }
    return f"{words} {chance}"


def _rows(document: Document) -> Iterable[Document]:
    """The deadlines; and the agreed finish, where the whole has no deadline of its own."""
    deadlines = document.get("deadlines", [])
    yield from deadlines
    finish = document.get("finish")
    if finish and not any(row["about"] == "" for row in deadlines):
        yield {
            "about": "",
            "title": "",
            "by": finish["baseline"],
            "p80": finish["p80"],
            "is_passed": finish["p80"] > finish["baseline"],
        }


def _passed(document: Document) -> set[tuple[str, str]]:
    return {_key(row) for row in _rows(document) if row["is_passed"]}


def _passed_at_adoption(roadmap: Roadmap) -> set[tuple[str, str]]:
    """The agreed finish is the likely one, so its P80 lies after it as a rule: no news."""
    finish = {("", day.isoformat()) for day in _agreed_finish(roadmap)}
    return finish | {
        _key(row)
        for row in roadmap.forecast.get("deadlines", [])
        if row["chance"] is not None and row["chance"] < SURE_ENOUGH
    }


def _agreed_finish(roadmap: Roadmap) -> Iterable[date]:
    stated = {deadline.by for deadline in roadmap.to_constraints().deadlines if not deadline.about}
    ends = roadmap.initiatives.values_list("baseline_finish_on", "finish_on")
    last = max((agreed or planned for agreed, planned in ends), default=None)
    if last and last not in stated:
        yield last


def _people(roadmap: Roadmap) -> Iterable[User]:
    members = roadmap.organization.memberships.filter(role__in=(Role.OWNER, Role.EDITOR))
    return (member.user for member in members.select_related("user"))


def _key(row: Document) -> tuple[str, str]:
    return row["about"], row["by"]


def _day(iso: str) -> str:
    return date_format(date.fromisoformat(iso), "DATE_FORMAT")
