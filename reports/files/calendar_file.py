"""The plan as a calendar file (iCalendar, RFC 5545): whole days, as nobody is busy for weeks.

A day stays the day it is wherever the file is opened. The same plan gives the same events again
(their UIDs), so that a later file renews what an earlier one brought.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from reports.choices import Choices
from reports.files.forms import Made, Tell
from reports.files.texts import for_xml
from reports.frozen.snapshot import InitiativeEntry, ReportSnapshot

ONE_DAY = timedelta(days=1)
# What SEQUENCE counts from: it grows with the day of the report.
EPOCH = date(2026, 1, 1)


def make(snapshot: ReportSnapshot, choices: Choices, tell: Tell) -> Made:
    with translation.override(snapshot.language):
        return Made(_calendar(snapshot).to_ical())


@dataclass(frozen=True)
class _Entry:
    """One event: its last day is part of it."""

    id: str
    title: str
    first: date
    last: date
    text: str


def _calendar(snapshot: ReportSnapshot) -> Calendar:
    name = " · ".join(part for part in (snapshot.organization, snapshot.roadmap) if part)
    calendar = Calendar()
    calendar.add("prodid", "-//Waymark//Report//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", for_xml(name))
    calendar.add("x-wr-calname", for_xml(name))
    whose = hashlib.sha256(f"{snapshot.organization}\0{snapshot.roadmap}".encode()).hexdigest()[:16]
    for entry in _entries(snapshot):
        calendar.add_component(_event(entry, whose, snapshot.generated_on))
    return calendar


def _event(entry: _Entry, whose: str, made_on: date) -> Event:
    event = Event()
    event.add("uid", f"{whose}-{entry.id}@waymark")
    event.add("dtstamp", datetime.combine(made_on, time(), tzinfo=UTC))
    event.add("sequence", max(0, (made_on - EPOCH).days))
    event.add("dtstart", entry.first)
    # A day that is no longer part of it, as the standard has it.
    event.add("dtend", max(entry.first, entry.last) + ONE_DAY)
    event.add("summary", for_xml(entry.title))
    if entry.text:
        event.add("description", for_xml(entry.text))
    event.add("transp", "TRANSPARENT")
    return event


def _entries(snapshot: ReportSnapshot) -> Iterator[_Entry]:
    for item in snapshot.initiatives:
        if item.progress.status != "dropped":
            yield _initiative(item)
    for gate in snapshot.gates:
        state = _("open") if gate.is_open else _("closed")
        day = gate.opened_on or gate.planned_on
        title = _("Gate %(gate)s: %(title)s (%(state)s)") % {
            "gate": gate.id,
            "title": gate.title,
            "state": state,
        }
        yield _Entry(f"gate-{gate.id}", title, day, day, gate.passes_when)
    for freeze in snapshot.freezes:
        kind = _("Fewer people") if freeze.is_reduced else _("No change in production")
        title = f"{kind}: {freeze.reason}" if freeze.reason else kind
        dates = f"{freeze.start:%Y%m%d}-{freeze.finish:%Y%m%d}"
        yield _Entry(f"freeze-{dates}", title, freeze.start, freeze.finish, "")


def _initiative(item: InitiativeEntry) -> _Entry:
    last = item.progress.finished_on or item.finish
    told = [item.what]
    if item.progress.status == "done":
        told.append(_("Finished."))
    else:
        told.append(_("Planned; dates and efforts are estimates."))
        if item.likely:
            told.append(
                _("Four chances in five to be finished by %s.") % item.likely.p80.isoformat()
            )
    text = "\n".join(one for one in told if one)
    return _Entry(item.id, f"{item.id} {item.title}", min(item.start, last), last, text)
