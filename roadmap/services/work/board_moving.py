"""A card of the board goes to another column or place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from roadmap.domain.tracking.order import place_between
from roadmap.models import PlannedInitiative
from roadmap.pages.board_view import in_order, lane_of
from roadmap.pages.work_items import WorkItem
from roadmap.services.work.tracking import ProgressInvalid, Report, initiative_report


@dataclass(frozen=True)
class Target:
    """Where a card goes. `where`: first, last, up, down, or before or after the card `beside`."""

    status: str
    where: str
    beside: str = ""


def card_move(
    *,
    items: Sequence[WorkItem],
    initiative: PlannedInitiative,
    user: User,
    version: int,
    target: Target,
    by: str,
    note: str = "",
    reasons: Mapping[str, str] | None = None,
    may_override: bool = False,
) -> PlannedInitiative:
    """Save the move; `items` are all of the roadmap, as they were read for the same request.

    Raises what `initiative_report` raises: nothing is moved then.
    """
    moved = next(item for item in items if item.pk == initiative.pk)
    column = [item for item in in_order(items, target.status) if item.pk != moved.pk]
    index = _index(column, moved, target, by, items)
    place = place_between([(item.id, item.position) for item in column], index)
    if place.others:
        _renumber(initiative.roadmap_id, place.others)
    return initiative_report(
        initiative=initiative,
        user=user,
        version=version,
        report=Report(
            status=target.status if target.status != moved.status else None,
            position=place.position,
            note=note or None,
        ),
        reasons=reasons or {},
        may_override=may_override,
    )


def _index(
    column: Sequence[WorkItem],
    moved: WorkItem,
    target: Target,
    by: str,
    items: Sequence[WorkItem],
) -> int:
    """Before which of the other cards of the column it comes. Top and bottom are those of the
    lane it is in: the column goes through all lanes.
    """
    at = {item.id: number for number, item in enumerate(column)}
    if target.where in ("before", "after"):
        if target.beside not in at:
            message = _("There is no other card %(card)s in that column. Choose one that is.")
            raise ProgressInvalid({"beside": message % {"card": target.beside}})
        return at[target.beside] + (target.where == "after")
    lane = lane_of(moved, by)
    mates = [item for item in in_order(items, target.status) if lane_of(item, by) == lane]
    others = [item for item in mates if item.pk != moved.pk]
    if not others:
        return len(column)
    if target.where in ("up", "down") and moved.status == target.status:
        place = mates.index(moved) + (-1 if target.where == "up" else 1)
        if place < 0:
            return at[others[0].id]
        if place >= len(others):
            return at[others[-1].id] + 1
        return at[others[place].id]
    return at[others[-1].id] + 1 if target.where == "last" else at[others[0].id]


def _renumber(roadmap_id: int, positions: Mapping[str, float]) -> None:
    """The order stays as it was, whatever becomes of the move: no version counts it. In a
    transaction of its own, so that it never holds these rows while waiting for others.
    """
    with transaction.atomic():
        rows = PlannedInitiative.objects.select_for_update(of=("self",)).filter(
            roadmap=roadmap_id, initiative_id__in=positions
        )
        found = list(rows.only("roadmap_id", "initiative_id", "position").order_by("pk"))
        for row in found:
            row.position = positions[row.initiative_id]
        PlannedInitiative.objects.bulk_update(found, ["position"], batch_size=200)
