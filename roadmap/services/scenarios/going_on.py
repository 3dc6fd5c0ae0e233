"""Planning again while a roadmap is under way: the past stays where it was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from roadmap.domain.constraints.calendar import WorkCalendar, work_calendar
from roadmap.domain.constraints.stated import Constraints
from roadmap.domain.hand.changes import wave_ids
from roadmap.domain.hand.decisions import Days, Decisions
from roadmap.enums import InitiativeStatus
from roadmap.models import PlannedInitiative, Roadmap
from roadmap.services.following.asking import latest_forecast

UNMOVABLE = ("review", "containment")
COLUMNS = (
    "roadmap_id",
    "initiative_id",
    "kind",
    "status",
    "start_on",
    "finish_on",
    "finished_on",
    "working_days",
    "effort",
)


def decisions_going_on(
    roadmap: Roadmap,
    decisions: Decisions,
    called_for: Iterable[str],
    today: date,
    constraints: Constraints,
) -> Decisions:
    """The decisions of a plan that goes on from what was reported on its roadmap.

    What is done ends where it was finished, what is under way where the newest forecast expects
    it; both stay in. What was dropped stays out; what is not begun, of all the answers call for,
    starts today at the earliest. All of it can be changed by hand again.
    """
    pins, kept, efforts = dict(decisions.pins), dict(decisions.kept), dict(decisions.efforts)
    earliest, excluded = dict(decisions.earliest), dict(decisions.excluded)
    settled: set[str] = set()
    done: set[str] = set()
    places = _Places(roadmap, decisions, today, constraints)
    rows = roadmap.initiatives.only(*COLUMNS)
    for row in rows.exclude(status=InitiativeStatus.NOT_STARTED):
        id = row.initiative_id
        if row.status != InitiativeStatus.DROPPED:
            is_done = row.status == InitiativeStatus.DONE
            pins[id], longer = places.of(row)
            if longer:
                efforts[id] = longer
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
        efforts=efforts,
        earliest=earliest,
        excluded=excluded,
        done=frozenset(done),
    )


class _Places:
    """Where work that was begun stands in a plan that knows its planned length alone: so that it
    ends on the right day.
    """

    def __init__(
        self, roadmap: Roadmap, decisions: Decisions, today: date, constraints: Constraints
    ) -> None:
        first = constraints.start or roadmap.start_on
        stated = constraints.holidays, constraints.working_weekdays
        self._calendar: WorkCalendar = work_calendar(first, *stated)
        self._today = today
        found = latest_forecast(roadmap)
        self._expected = found.document.get("initiatives", {}) if found else {}
        # Waves take their effort from what they repeat.
        self._repeated = {wave.initiative for wave in decisions.waves}

    def of(self, row: PlannedInitiative) -> tuple[date, Days | None]:
        """Its start; and its effort where what is left lasts longer than all of it was to."""
        end = self._end(row)
        if end == row.finish_on:
            return row.start_on, None
        calendar, length = self._calendar, max(1, row.working_days)
        last = calendar.date_to_day(end)
        if last and calendar.day_to_date(last) != end:
            last -= 1
        start, now = max(0, last - length + 1), calendar.date_to_day(self._today)
        if row.status == InitiativeStatus.DONE or start <= now:
            return calendar.day_to_date(start), None
        if row.initiative_id in self._repeated:
            return calendar.day_to_date(start), None
        part = (last - now + 1) / length
        longer = Days(*(round(row.effort[name] * part, 2) for name in ("low", "likely", "high")))
        return calendar.day_to_date(now), longer

    def _end(self, row: PlannedInitiative) -> date:
        if row.status == InitiativeStatus.DONE:
            return row.finished_on or row.finish_on
        expected = self._expected.get(row.initiative_id)
        if expected and not expected["actual"]:
            return max(self._today, date.fromisoformat(expected["finish"]))
        return max(self._today, row.finish_on)
