"""The open work of a plan as epics and items, in words that suit every tracker.

Every text begins with words of ours, so that none is taken for a formula where somebody opens the
file in a spreadsheet before importing it, and no apostrophe ends up in a tracker.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments.tables.csv_file import write_csv
from reports.files.texts import for_xml
from reports.frozen.snapshot import InitiativeEntry, ReportSnapshot

OVER = ("done", "dropped")
HOURS = 8
LABEL = "waymark"


@dataclass(frozen=True)
class Epic:
    """A phase with open work."""

    id: str
    title: str
    text: str
    start: date
    finish: date


@dataclass(frozen=True)
class Item:
    """An open initiative. `after`: ids of open items it waits for. `days`: likely person-days."""

    id: str
    epic: str
    title: str
    text: str
    start: date
    finish: date
    days: float
    labels: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class Backlog:
    epics: tuple[Epic, ...]
    items: tuple[Item, ...]
    left_out: int
    """Initiatives that are done or dropped: trackers would take them for work to do."""


def backlog(snapshot: ReportSnapshot) -> Backlog:
    wanted = [item for item in snapshot.initiatives if item.progress.status not in OVER]
    wanted.sort(key=lambda item: (item.start, item.rank))
    open_ids = {item.id for item in wanted}
    phases = {item.phase for item in wanted}
    return Backlog(
        epics=tuple(
            Epic(
                phase.id,
                _title(_("Phase: %s") % phase.title),
                _plain(phase.text),
                phase.start,
                phase.finish,
            )
            for phase in snapshot.phases
            if phase.id in phases
        ),
        items=tuple(_item(item, open_ids) for item in wanted),
        left_out=len(snapshot.initiatives) - len(wanted),
    )


def _item(entry: InitiativeEntry, open_ids: set[str]) -> Item:
    return Item(
        id=entry.id,
        epic=entry.phase,
        title=_title(f"{entry.id} {entry.title}"),
        text=_text(entry),
        start=entry.start,
        finish=entry.finish,
        days=entry.effort.likely,
        labels=tuple(label(name) for name in (LABEL, entry.step.id, entry.id)),
        after=tuple(other.id for other in entry.predecessors if other.id in open_ids),
    )


def _text(entry: InitiativeEntry) -> str:
    """Why, what, by whom, how long; where each comes from is in the report."""
    effort = entry.effort
    parts = [
        _("What: %s") % entry.what if entry.what else "",
        _("Why: %s") % " ".join(entry.reasons) if entry.reasons else "",
        _("Done when:") + "".join(f"\n* {one}" for one in entry.done) if entry.done else "",
        _("Who: %s") % ", ".join(role.title for role in entry.roles) if entry.roles else "",
        _("Planned from %(start)s to %(finish)s; an estimate.")
        % {"start": _day(entry.start), "finish": _day(entry.finish)},
        _("Estimated effort: %(low)g to %(high)g person-days, likely %(likely)g.")
        % {"low": effort.low, "high": effort.high, "likely": effort.likely},
    ]
    if entry.likely:
        parts.append(_("Four chances in five to be finished by %s.") % _day(entry.likely.p80))
    if entry.predecessors:
        before = ", ".join(f"{other.id} {other.title}" for other in entry.predecessors)
        parts.append(_("After: %s") % before)
    if entry.gate:
        gate = f"{entry.gate.id} {entry.gate.title}"
        parts.append(_("Belongs to gate %s. What it blocks starts when the gate opens.") % gate)
    return _plain("\n\n".join(part for part in parts if part))


def importable(rows: Iterable[Sequence[str | int | float]]) -> bytes:
    """A CSV file without the mark for Excel, which importers take for a part of the first name."""
    return write_csv(rows).removeprefix(codecs.BOM_UTF8)


def unmentioned(text: str) -> str:
    """Without calling anybody: a name behind an @ would be told of every issue."""
    return re.sub(r"(?<!\w)@(?=\w)", "@\u2060", text)


def label(text: str) -> str:
    """One word, as Jira wants it."""
    return re.sub(r"[^\w.-]+", "-", text).strip("-") or LABEL


def _title(text: str) -> str:
    """On one line and within 255 characters, the least that these trackers take."""
    line = " ".join(_plain(text).split())
    return line if len(line) <= 255 else f"{line[:254]}…"


def _plain(text: str) -> str:
    return for_xml(text.replace("\r\n", "\n").replace("\r", "\n"))


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")
