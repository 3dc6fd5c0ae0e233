"""What a change by hand did to the plan, in words: what moved and why, what came and what fell out.

Days are counted by the schedules' own working-day numbers, so they hold only between two plans
with the same calendar, such as before and after a decision.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roadmap.models import Scenario
from roadmap.pages.plan_items import Document, PlanItem, plan_items, role_titles
from roadmap.pages.words import Address, day, why_it_starts

FIRST_MOVES = 8


@dataclass(frozen=True)
class Move:
    """`days`: working days later; below 0: earlier."""

    item: PlanItem
    before: date
    days: int
    why: SafeString

    @property
    def words(self) -> str:
        return later_or_earlier(self.days)


@dataclass(frozen=True)
class SearchMove:
    """A start that the last search moved."""

    item: PlanItem
    before: date


@dataclass(frozen=True)
class Fallen:
    title: str
    reason: str


@dataclass(frozen=True)
class Moved:
    headline: str
    finish_words: str
    first: tuple[Move, ...]
    rest: tuple[Move, ...]
    came: tuple[PlanItem, ...]
    fell: tuple[Fallen, ...]

    @property
    def in_short(self) -> str:
        """For where there is no room for the list."""
        return f"{self.headline} {self.finish_words}".strip()


def moved(before: Scenario, after: Scenario, about: str, address: Address) -> Moved:
    """`about`: the initiative the change was about; its move is told first."""
    old = plan_items(before.plan, before.decisions)
    new = plan_items(after.plan, after.decisions)
    roles = role_titles(after.plan)
    moves = sorted(
        _moves(before, after, old, new, roles, address),
        key=lambda move: (move.item.id != about, -abs(move.days), move.item.rank),
    )
    came = tuple(item for id, item in new.items() if id not in old)
    fell = tuple(_fallen(old, new, after.plan))
    return Moved(
        headline=_headline(len(moves), bool(came or fell)),
        finish_words=_finish_words(before, after),
        first=tuple(moves[:FIRST_MOVES]),
        rest=tuple(moves[FIRST_MOVES:]),
        came=came,
        fell=fell,
    )


def moved_by_search(scenario: Scenario, items: Mapping[str, PlanItem]) -> tuple[SearchMove, ...]:
    """Against the preview that the search began with; the farthest first."""
    before = (scenario.schedule.get("before") or {}).get("initiatives", [])
    moves = [
        SearchMove(items[entry["id"]], date.fromisoformat(entry["start"]))
        for entry in before
        if entry["id"] in items and items[entry["id"]].start.isoformat() != entry["start"]
    ]
    return tuple(sorted(moves, key=lambda m: (-abs((m.item.start - m.before).days), m.item.rank)))


def later_or_earlier(days: int) -> str:
    if days > 0:
        text = ngettext("%(n)s working day later", "%(n)s working days later", days)
    else:
        text = ngettext("%(n)s working day earlier", "%(n)s working days earlier", -days)
    return text % {"n": abs(days)}


def _moves(
    before: Scenario,
    after: Scenario,
    old: Mapping[str, PlanItem],
    new: Mapping[str, PlanItem],
    roles: Mapping[str, str],
    address: Address,
) -> Iterable[Move]:
    was, now = before.schedule.get("starts", {}), after.schedule.get("starts", {})
    for id, item in new.items():
        days = now.get(id, 0) - was.get(id, 0)
        if id in old and days:
            yield Move(item, old[id].start, days, why_it_starts(item, new, roles, address))


def _fallen(
    old: Mapping[str, PlanItem], new: Mapping[str, PlanItem], plan: Document
) -> Iterable[Fallen]:
    reasons = {entry["id"]: entry.get("reason", "") for entry in plan.get("left_out", [])}
    for id, item in old.items():
        if id not in new:
            yield Fallen(item.title, reasons.get(id, ""))


def _headline(moves: int, is_other: bool) -> str:
    if moves:
        return ngettext("%(n)s initiative moved.", "%(n)s initiatives moved.", moves) % {"n": moves}
    return _("No start moved.") if is_other else _("Done. No start moved.")


def _finish_words(before: Scenario, after: Scenario) -> str:
    was, now = before.plan.get("finish"), after.plan.get("finish")
    if not was or not now:
        return ""
    days = after.schedule.get("makespan", 0) - before.schedule.get("makespan", 0)
    if not days:
        return _("The plan still finishes on %(day)s.") % {"day": day(date.fromisoformat(now))}
    return _("The plan finishes on %(now)s instead of %(was)s, %(days)s.") % {
        "now": day(date.fromisoformat(now)),
        "was": day(date.fromisoformat(was)),
        "days": later_or_earlier(days),
    }
