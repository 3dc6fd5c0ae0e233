"""Planning again while a roadmap is under way: the past stays where it was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from roadmap.domain.constraints.calendar import work_calendar
from roadmap.domain.constraints.stated import Constraints
from roadmap.domain.hand.changes import wave_ids
from roadmap.domain.hand.decisions import Decisions, Going
from roadmap.domain.tracking.again import Stand, stands
from roadmap.enums import InitiativeStatus
from roadmap.models import Roadmap
from roadmap.services.following.facts import under_way

UNMOVABLE = ("review", "containment")
COLUMNS = ("roadmap_id", "initiative_id", "kind", "status")


def decisions_going_on(
    roadmap: Roadmap,
    decisions: Decisions,
    called_for: Iterable[str],
    today: date,
    constraints: Constraints,
) -> Decisions:
    """The decisions of a plan that goes on from what was reported on its roadmap.

    What is done ends where it was finished, what is under way where the forecast of this moment
    expects it, with the person-days it counts; both stay in. What was dropped stays out; what is
    not begun, of all the answers call for, starts today at the earliest. All of it can be changed
    by hand again.
    """
    pins, kept = dict(decisions.pins), dict(decisions.kept)
    going: dict[str, Going] = {}
    earliest, excluded = dict(decisions.earliest), dict(decisions.excluded)
    settled: set[str] = set()
    done: set[str] = set()
    first = constraints.start or roadmap.start_on
    calendar = work_calendar(first, constraints.holidays, constraints.working_weekdays)
    places = stands(under_way(roadmap), today, calendar)
    # On a weekend nobody starts; said as the day it is, every piece of work would be told of it.
    today = calendar.day_to_date(calendar.date_to_day(today))
    rows = roadmap.initiatives.only(*COLUMNS)
    for row in rows.exclude(status=InitiativeStatus.NOT_STARTED):
        id = row.initiative_id
        if row.status != InitiativeStatus.DROPPED:
            stand = places[id]
            if stand.start is None:
                # A review that was called, or whose gate was closed again, waits for its turn.
                continue
            is_done = row.status == InitiativeStatus.DONE
            pins[id] = stand.start
            kept[id] = _("It is done.") if is_done else _("It is under way.")
            if is_done:
                done.add(id)
            if stand.going:
                going[id] = stand.going
            earliest.pop(id, None)
        elif row.kind not in UNMOVABLE:
            excluded[id] = _("It was dropped on “%s”.") % roadmap.name
            for given in (pins, kept, earliest):
                given.pop(id, None)
        else:
            continue
        settled.add(id)
    for id in {*called_for, *(own.id for own in decisions.own), *wave_ids(decisions)}:
        if id in settled or id in excluded:
            continue
        stand = places.get(id, Stand(None))
        if pins.get(id, today) <= today:
            pins.pop(id, None)
            earliest[id] = max(today, earliest.get(id, today), stand.not_before or today)
        if stand.going:
            going[id] = stand.going
    return replace(
        decisions,
        pins=pins,
        kept=kept,
        earliest=earliest,
        excluded=excluded,
        done=frozenset(done),
        going=going,
    )
