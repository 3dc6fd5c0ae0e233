"""What a change by hand did to a plan, in words: what moved and why, what came, what fell out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roadmap.domain.plan_diff import FellOut, PlanDiff, plan_diff
from roadmap.models import Scenario
from roadmap.pages.plan_items import PlanItem, plan_items, role_titles
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
class Moved:
    headline: str
    finish_words: str
    first: tuple[Move, ...]
    rest: tuple[Move, ...]
    came: tuple[PlanItem, ...]
    fell: tuple[FellOut, ...]

    @property
    def in_short(self) -> str:
        """For where there is no room for the list."""
        return f"{self.headline} {self.finish_words}".strip()


def moved(before: Scenario, after: Scenario, about: str, address: Address) -> Moved:
    """`about`: the initiative the change was about; its move is told first."""
    diff = plan_diff(before.plan, after.plan)
    items, roles = plan_items(after.plan, after.decisions), role_titles(after.plan)
    moves = [
        Move(items[m.id], m.start_before, m.days, why_it_starts(items[m.id], items, roles, address))
        for m in diff.moved
        if m.days
    ]
    moves.sort(key=lambda move: (move.item.id != about, -abs(move.days), move.item.rank))
    return Moved(
        headline=_headline(len(moves), bool(diff.came or diff.fell_out)),
        finish_words=_finish_words(diff),
        first=tuple(moves[:FIRST_MOVES]),
        rest=tuple(moves[FIRST_MOVES:]),
        came=tuple(items[row.id] for row in diff.came),
        fell=diff.fell_out,
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


def _headline(moves: int, is_other: bool) -> str:
    if moves:
        return ngettext("%(n)s initiative moved.", "%(n)s initiatives moved.", moves) % {"n": moves}
    return _("No start moved.") if is_other else _("Done. No start moved.")


def _finish_words(diff: PlanDiff) -> str:
    if not diff.finish_before or not diff.finish_after:
        return ""
    if not diff.finish_days:
        return _("The plan still finishes on %(day)s.") % {"day": day(diff.finish_after)}
    return _("The plan finishes on %(now)s instead of %(was)s, %(days)s.") % {
        "now": day(diff.finish_after),
        "was": day(diff.finish_before),
        "days": later_or_earlier(diff.finish_days),
    }
