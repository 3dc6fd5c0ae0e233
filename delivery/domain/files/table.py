"""The records of a file's cells: every bad cell is named, and nothing is guessed."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from delivery.domain.files.columns import COLUMNS, WORDS, Column, find_column
from delivery.domain.files.moments import (
    NOTES,
    NotAMoment,
    TwoReadings,
    orders_in,
    read_moment,
)
from delivery.domain.payloads.reading import AHEAD, EARLIEST, PRODUCTION
from delivery.domain.records import (
    ChangeRecord,
    CoverageRecord,
    DeploymentRecord,
    IncidentRecord,
    Record,
    VulnerabilityRecord,
)

MOST_ROWS = 20_000
HEADING_ROWS = 10
_GROUPED = re.compile(r"\d{1,3}(?:[.,\s'’]\d{3})+$")
_URL = re.compile(r"https?://[^\s<>\"']+$")
# What tells records apart that have no id of their own.
_IDENTITY = {
    "deployment": ("deployed_at", "version", "environment", "url"),
    "incident": ("opened_at", "title"),
    "change": ("deployed_at", "ticket", "author"),
    "vulnerability": ("found_at", "title"),
    "coverage": ("measured_at", "tool"),
}


class FileProblem(ValueError):
    """The whole file cannot be read; the message says what to do."""


@dataclass(frozen=True)
class BadCell:
    """`row` counts as spreadsheets do: from 1, the heading included."""

    row: int
    column: str
    value: str
    message: str


@dataclass(frozen=True)
class Found:
    """One record, and what the file calls its system ("": it does not say)."""

    row: int
    system: str
    record: Record


@dataclass
class Reading:
    """What a file says. To be imported only without `bad` and `asks_order`."""

    rows: list[Found] = field(default_factory=list)
    bad: list[BadCell] = field(default_factory=list)
    asks_order: bool = False
    order: str = ""
    # Of which cell the order was taken.
    order_from: str = ""
    columns: list[Column] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    # Rows that say something else of a record than a row above them.
    repeated: list[tuple[int, int, str]] = field(default_factory=list)
    derived: int = 0


def read_table(
    kind: str, cells: Sequence[Sequence[str]], zone: ZoneInfo, now: datetime, order: str = ""
) -> Reading:
    """The records in the cells of a file.

    Raises:
        FileProblem: there is no heading of this kind, nothing below it, or too much.
    """
    place, columns, left_out = _heading(kind, cells)
    body = [
        (number, row)
        for number, row in enumerate(cells[place + 1 :], place + 2)
        if any(cell.strip() for cell in row)
    ]
    if not body:
        raise FileProblem("The file has a heading and no rows below it.")
    if len(body) > MOST_ROWS:
        raise FileProblem(f"The file has more than {MOST_ROWS:,} rows. Import it in parts.")
    reading = Reading(columns=list(columns.values()), left_out=left_out)
    _choose_order(reading, columns, body, order)
    reader = _Reader(kind, columns, zone, now, reading)
    for number, row in body:
        reader.row(number, row)
    return reading


def _heading(kind: str, cells: Sequence[Sequence[str]]) -> tuple[int, dict[int, Column], list[str]]:
    best: tuple[int, dict[int, Column]] = (0, {})
    for place, row in enumerate(cells[:HEADING_ROWS]):
        found: dict[int, Column] = {}
        for position, text in enumerate(row):
            column = find_column(kind, text)
            if column is not None and column not in found.values():
                found[position] = column
        if len(found) > len(best[1]):
            best = place, found
    place, columns = best
    missing = [c.label for c in COLUMNS[kind] if c.is_needed and c not in columns.values()]
    if missing:
        known = ", ".join(column.label for column in COLUMNS[kind])
        raise FileProblem(
            f"The file needs a heading with: {', '.join(missing)}. Columns that are read: {known}."
        )
    left_out = [
        text.replace("\x00", "").strip()[:60]
        for position, text in enumerate(cells[place])
        if text.strip() and position not in columns
    ]
    return place, columns, left_out


def _choose_order(
    reading: Reading,
    columns: Mapping[int, Column],
    body: Sequence[tuple[int, Sequence[str]]],
    order: str,
) -> None:
    places = [place for place, column in columns.items() if column.kind == "moment"]
    texts = [row[place] for _n, row in body for place in places if place < len(row)]
    proven, needs = orders_in(texts)
    if order:
        reading.order = order
    elif len(proven) == 1:
        reading.order = next(iter(proven))
        reading.order_from = next(t.strip() for t in texts if orders_in([t])[0])[:30]
        if not needs:
            reading.order_from = ""
    else:
        reading.asks_order = needs


class _Reader:
    """Reads rows cell by cell. Files repeat themselves, so each text is judged once."""

    def __init__(
        self,
        kind: str,
        columns: Mapping[int, Column],
        zone: ZoneInfo,
        now: datetime,
        reading: Reading,
    ) -> None:
        self.kind, self.columns, self.zone, self.now = kind, columns, zone, now
        self.reading = reading
        self.judged: dict[tuple[str, str], tuple[Any, str, str]] = {}
        self.seen: dict[tuple[str, str], tuple[int, Record]] = {}

    def row(self, number: int, cells: Sequence[str]) -> None:
        said: dict[str, Any] = {}
        good = True
        if len(cells) > max(self.columns) + 1 and self._is_shifted(cells):
            self._bad(number, "", cells[-1], _SHIFTED)
            return
        for place, column in self.columns.items():
            text = cells[place].strip() if place < len(cells) else ""
            if text.startswith("'") and text[1:2] in ("=", "+", "-", "@"):
                text = text[1:]  # what our exports put before what looks like a formula
            if not text:
                if column.is_needed:
                    self._bad(number, column.label, "", "This cell has to be filled.")
                    good = False
                continue
            value, message, note = self._judge(column, text)
            if message:
                self._bad(number, column.label, text, message)
                good = False
                continue
            if note:
                self.reading.notes[note] += 1
            said[column.id] = value
        if good:
            self._take(number, said)

    def _is_shifted(self, cells: Sequence[str]) -> bool:
        width = max(self.columns) + 1 + len(self.reading.left_out)
        return any(cell.strip() for cell in cells[width:])

    def _bad(self, row: int, column: str, value: str, message: str) -> None:
        self.reading.bad.append(BadCell(row, column, value.replace("\x00", "")[:80], message))

    def _judge(self, column: Column, text: str) -> tuple[Any, str, str]:
        """Value, what is wrong, and how it was read where that needs a word."""
        key = (column.id, text)
        if key not in self.judged:
            self.judged[key] = self._value(column, text)
        return self.judged[key]

    def _value(self, column: Column, text: str) -> tuple[Any, str, str]:
        if column.kind == "moment":
            return self._moment(text)
        if column.kind == "count":
            plain = re.sub(r"[.,\s'’]", "", text) if _GROUPED.match(text) else text
            is_count = plain.isascii() and plain.isdigit() and len(plain) <= 12
            return (int(plain), "", "") if is_count else (None, "Write a whole number.", "")
        if column.kind in WORDS:
            found = WORDS[column.kind].get(text.casefold())
            if found is None:
                words = ", ".join(dict.fromkeys(WORDS[column.kind].values()))
                return None, f"Use one of: {words}.", ""
            return (found == "yes" if column.kind == "flag" else found), "", ""
        clean = "".join(mark if mark.isprintable() else " " for mark in text).strip()
        if len(clean) > column.length:
            return None, f"Shorten it to {column.length} characters.", ""
        if column.id == "url" and not _URL.match(clean):
            return None, "An address begins with https:// or http://.", ""
        return clean, "", ""

    def _moment(self, text: str) -> tuple[Any, str, str]:
        try:
            found = read_moment(text, self.zone, self.reading.order)
        except TwoReadings:
            message = "Day and month can be read either way: say above which comes first."
            return None, "" if self.reading.asks_order else message, ""
        except NotAMoment as problem:
            return None, str(problem), ""
        if found.at > self.now + AHEAD:
            return None, "This lies in the future. Check the date.", ""
        if found.at < EARLIEST:
            return None, "This lies before the year 2000. Check the date.", ""
        return found.at, "", found.note

    def _take(self, number: int, said: dict[str, Any]) -> None:
        if any(said.get(c.id, "") is None for c in self.columns.values()):
            return  # waits for the order of day and month
        if message := _contradiction(said):
            self._bad(number, message[0], "", message[1])
            return
        if not said.get("id"):
            said["id"] = _derived_id(self.kind, said)
            self.reading.derived += 1
        record = _BUILDERS[self.kind](said)
        key = (str(said.get("system", "")).casefold(), record.external_id)
        before = self.seen.get(key)
        if before is not None and before[1] != record:
            self.reading.repeated.append((before[0], number, record.external_id))
        elif before is not None:
            self.reading.notes["same"] += 1
        self.seen[key] = (number, record)
        self.reading.rows.append(Found(number, str(said.get("system", "")), record))


_SHIFTED = (
    "The row has more cells than the heading, so they may have shifted. Put cells that hold the "
    "separator in quotation marks."
)
NOTE_WORDS = {**NOTES, "same": "the same as a row above: counted once"}


def _contradiction(said: Mapping[str, Any]) -> tuple[str, str] | None:
    """(column, message) where two cells of a row cannot both be right."""
    for first, then, column in (
        ("committed_at", "deployed_at", "First commit"),
        ("ticket_opened_at", "deployed_at", "Ticket opened"),
        ("opened_at", "resolved_at", "Users could work again"),
        ("found_at", "fixed_at", "Fixed in production"),
        ("found_at", "dismissed_at", "Dismissed"),
    ):
        if first in said and then in said and said[first] > said[then]:
            return column, "The end lies before the beginning."
    if "lines_total" in said:
        if said["lines_total"] == 0:
            return "Lines in all", "There have to be lines."
        if said["lines_covered"] > said["lines_total"]:
            return "Lines covered", "More lines are covered than there are."
    return None


def _derived_id(kind: str, said: Mapping[str, Any]) -> str:
    """The same row again, from any file, gets the same id."""
    parts = [
        value.isoformat() if isinstance(value, datetime) else str(value or "")
        for value in (said.get(name) for name in _IDENTITY[kind])
    ]
    joined = "\x1f".join(parts).encode()
    return f"row-{hashlib.sha256(joined).hexdigest()[:24]}"


def _deployment(said: Mapping[str, Any]) -> Record:
    environment = said.get("environment", "")
    return DeploymentRecord(
        external_id=said["id"],
        deployed_at=said["deployed_at"],
        result=said.get("result", ""),
        environment=environment,
        is_production=environment.casefold() in PRODUCTION if environment else None,
        committed_at=said.get("committed_at") or said.get("ticket_opened_at"),
        is_by_ticket="committed_at" not in said and "ticket_opened_at" in said,
        is_rework=said.get("rework"),
        version=said.get("version", ""),
        url=said.get("url", ""),
    )


def _incident(said: Mapping[str, Any]) -> Record:
    names = ("resolved_at", "title", "severity", "deployment", "url")
    return IncidentRecord(said["id"], said["opened_at"], **_given(said, names))


def _change(said: Mapping[str, Any]) -> Record:
    names = ["ticket", "opened_at", "author", "approver", "approved_at", "test_evidence"]
    names.append("deployment")
    return ChangeRecord(
        said["id"], said["deployed_at"], said.get("change_kind", ""), **_given(said, names)
    )


def _vulnerability(said: Mapping[str, Any]) -> Record:
    names = ("title", "fixed_at", "dismissed_at", "dismissed_because")
    return VulnerabilityRecord(
        said["id"], said["severity"], said["found_at"], **_given(said, names)
    )


def _coverage(said: Mapping[str, Any]) -> Record:
    return CoverageRecord(
        said["id"],
        said["measured_at"],
        said["lines_covered"],
        said["lines_total"],
        said.get("tool", ""),
    )


def _given(said: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: said[name] for name in names if name in said}


_BUILDERS = {
    "deployment": _deployment,
    "incident": _incident,
    "change": _change,
    "vulnerability": _vulnerability,
    "coverage": _coverage,
}
