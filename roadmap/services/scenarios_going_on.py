"""Planning again while a roadmap is under way: the past stays where it was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from roadmap.domain.hand.changes import wave_ids
from roadmap.domain.hand.decisions import Decisions
from roadmap.enums import InitiativeStatus
from roadmap.models import Roadmap

UNMOVABLE = ("review", "containment")


def decisions_going_on(
    roadmap: Roadmap, decisions: Decisions, called_for: Iterable[str], today: date
) -> Decisions:
    """The decisions of a plan that goes on from what was reported on its roadmap.

    What is done or under way keeps its planned start and stays in; what was dropped stays out;
    what is not begun, of all the answers call for, starts today at the earliest. All of it can be
    changed by hand again.
    """
    pins, kept = dict(decisions.pins), dict(decisions.kept)
    earliest, excluded = dict(decisions.earliest), dict(decisions.excluded)
    settled: set[str] = set()
    done: set[str] = set()
    rows = roadmap.initiatives.only("roadmap_id", "initiative_id", "kind", "status", "start_on")
    for row in rows.exclude(status=InitiativeStatus.NOT_STARTED):
        id = row.initiative_id
        if row.status != InitiativeStatus.DROPPED:
            is_done = row.status == InitiativeStatus.DONE
            pins[id] = row.start_on
            kept[id] = _("It is done.") if is_done else _("It is under way.")
            if is_done:
                done.add(id)
            earliest.pop(id, None)
        elif row.kind not in UNMOVABLE:
            excluded[id] = _("It was dropped on “%s”.") % roadmap.name
            for given in (pins, kept, earliest):
                given.pop(id, None)
        else:
            continue
        settled.add(id)
    for id in {*called_for, *(own.id for own in decisions.own), *wave_ids(decisions)}:
        if id not in settled and id not in excluded and pins.get(id, today) <= today:
            pins.pop(id, None)
            earliest[id] = max(today, earliest.get(id, today))
    return replace(
        decisions,
        pins=pins,
        kept=kept,
        earliest=earliest,
        excluded=excluded,
        done=frozenset(done),
    )
