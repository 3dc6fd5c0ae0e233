"""Reading what tools send: strictly where a figure hangs on it, and never trusting its size."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from delivery.domain.records import NOTHING, Record

MOST_DEPTH = 40
ID_LENGTH = 200
TEXT_LENGTH = 300
URL_LENGTH = 500
# What lies further ahead is a wrong clock; what lies before was not told by a tool of today.
AHEAD = timedelta(minutes=10)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
PRODUCTION = frozenset({"production", "prod"})

_SPACED_ZONE = re.compile(r"^(.+?\d)\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})$", re.IGNORECASE)


class Malformed(ValueError):
    """It cannot be read as what it should be; the message says why and what to do."""


class Ignored(Exception):
    """Genuine, but nothing that is measured; the message says why."""


@dataclass(frozen=True)
class Context:
    """What is known beside the payload. `production`: names of environments, in lower case."""

    event_kind: str
    received_at: datetime
    production: frozenset[str] = PRODUCTION

    def is_production(self, name: str) -> bool:
        return name.strip().casefold() in (self.production or PRODUCTION)


@dataclass(frozen=True)
class Closing:
    """An incident ended; when it began was told before."""

    external_id: str
    resolved_at: datetime
    told_at: datetime | None = None


@dataclass(frozen=True)
class Said:
    """One record, and what its sender calls the system ("": it does not say)."""

    project: str
    what: Record | Closing


def read_json(text: str) -> dict[str, Any]:
    """A JSON object of reasonable depth.

    Raises:
        Malformed: it is no such thing.
    """
    try:
        found = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_once)
    except RecursionError:
        raise Malformed("The JSON is nested too deeply.") from None
    except Malformed:
        raise
    except ValueError as error:
        words = str(error) if isinstance(error, json.JSONDecodeError) else "a number is too large"
        raise Malformed(f"The body is no JSON: {words}.") from None
    if not isinstance(found, dict):
        raise Malformed("The body has to be a JSON object: {…}.")
    if _depth(found) > MOST_DEPTH:
        raise Malformed("The JSON is nested too deeply.")
    return found


def _no_constant(name: str) -> None:
    raise Malformed(f"The body is no JSON: {name} is no number.")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A key that comes twice could be read in two ways."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Malformed(f"The key “{_clean(twice)[:60]}” stands twice in one object.")
    return found


def _depth(value: Any) -> int:
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        found, depth = waiting.pop()
        deepest = max(deepest, depth)
        if depth > MOST_DEPTH:
            break
        inner = found.values() if isinstance(found, dict) else found
        if isinstance(found, (dict, list)):
            waiting += [(each, depth + 1) for each in inner if isinstance(each, (dict, list))]
    return deepest


def _clean(text: str) -> str:
    """What any database keeps: no NUL, no halves of characters, no other control characters."""
    sound = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(mark if mark.isprintable() else " " for mark in sound).strip()


def part(payload: Mapping[str, Any], *path: str) -> dict[str, Any]:
    """The object at a path; empty where there is none."""
    found: Any = payload
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, dict) else {}


def items(payload: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = payload.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def text(payload: Mapping[str, Any], name: str, length: int = TEXT_LENGTH) -> str:
    """A text or whole number as text; "" for anything else."""
    value = payload.get(name)
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    return _clean(str(value))[:length]


def needed(payload: Mapping[str, Any], name: str, length: int = ID_LENGTH) -> str:
    value = payload.get(name)
    found = text(payload, name, length + 1)
    if not found:
        is_missing = value is None or value == ""
        what = "is missing" if is_missing else "has to be a text"
        raise Malformed(f"“{name}” {what}.")
    if len(found) > length:
        raise Malformed(f"“{name}” is longer than {length} characters.")
    return found


def address(payload: Mapping[str, Any], name: str) -> str:
    """A web address that may become a link; "" for anything else."""
    found = text(payload, name, URL_LENGTH + 1)
    is_good = len(found) <= URL_LENGTH and re.match(r"https?://[^\s<>\"']+$", found)
    return found if is_good else ""


def moment(payload: Mapping[str, Any], name: str) -> datetime | None:
    """A moment with its zone, as ISO 8601 or seconds or milliseconds since 1970; None: not said.

    Raises:
        Malformed: it cannot be read, or it has no zone.
    """
    value = payload.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, str) and re.fullmatch(r"\d{10}|\d{13}", value.strip()):
        value = int(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _since_1970(name, value)
    found = _iso(value) if isinstance(value, str) else None
    if found is None:
        shown = _clean(str(value))[:40]
        raise Malformed(f"“{name}” is no moment: {shown}. Write it as 2026-11-22T14:05:00+01:00.")
    if found.year < 1900:
        return None  # what some tools write for "never"
    if found.tzinfo is None:
        raise Malformed(f"“{name}” has no time zone. Write it as 2026-11-22T14:05:00+01:00.")
    try:
        return found.astimezone(UTC)
    except OverflowError:
        raise Malformed(f"“{name}” lies at the end of the calendar. Send null instead.") from None


def _iso(value: str) -> datetime | None:
    plain = value.strip()
    spaced = _SPACED_ZONE.match(plain)
    if spaced:
        zone = "+00:00" if spaced[2].upper() in ("Z", "UTC", "GMT") else spaced[2]
        plain = spaced[1] + zone
    try:
        found = datetime.fromisoformat(plain)
    except (ValueError, OverflowError):
        return None
    return found if ":" in plain or "T" in plain or found.year < 1900 else None


def _since_1970(name: str, value: float) -> datetime:
    try:
        seconds = value / 1000 if abs(value) >= 1e11 else value
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise Malformed(f"“{name}” is no moment since 1970.") from None


def needed_moment(payload: Mapping[str, Any], name: str) -> datetime:
    found = moment(payload, name)
    if found is None:
        raise Malformed(f"“{name}” is missing: when it happened.")
    return found


def told(payload: Mapping[str, Any], name: str) -> datetime | None:
    """When the source said so, where it says that readably."""
    try:
        return moment(payload, name)
    except Malformed:
        return None


def open_fields(**ends: datetime | None) -> frozenset[str]:
    """Names of ends that are not reached (any more), for a source that always tells them."""
    return frozenset(name for name, at in ends.items() if at is None) or NOTHING


def check_clock(what: Record | Closing, received_at: datetime) -> None:
    """Refuse moments that cannot be: a wrong clock must not make figures.

    Raises:
        Malformed: a moment lies ahead of its arrival, before 2000, or an end before its beginning.
    """
    found = {name: value for name, value in vars(what).items() if isinstance(value, datetime)}
    for name, at in found.items():
        if at > received_at + AHEAD:
            raise Malformed(
                f"“{name}” lies in the future ({at:%Y-%m-%d %H:%M} UTC, received "
                f"{received_at:%Y-%m-%d %H:%M} UTC): check the clock of the sender."
            )
        if at < EARLIEST:
            raise Malformed(f"“{name}” lies before the year 2000.")
    for first, then in (
        ("committed_at", "deployed_at"),
        ("opened_at", "resolved_at"),
        ("found_at", "fixed_at"),
        ("found_at", "dismissed_at"),
    ):
        if first in found and then in found and found[first] > found[then]:
            raise Malformed(f"“{then}” lies before “{first}”.")


SEVERITIES = {
    "critical": "critical",
    "blocker": "critical",
    "sev1": "critical",
    "sev-1": "critical",
    "p1": "critical",
    "1": "critical",
    "high": "high",
    "major": "high",
    "error": "high",
    "sev2": "high",
    "sev-2": "high",
    "p2": "high",
    "2": "high",
    "medium": "medium",
    "moderate": "medium",
    "normal": "medium",
    "warning": "medium",
    "sev3": "medium",
    "sev-3": "medium",
    "p3": "medium",
    "3": "medium",
    "low": "low",
    "minor": "low",
    "trivial": "low",
    "info": "low",
    "informational": "low",
    "note": "low",
    "none": "low",
    "sev4": "low",
    "sev-4": "low",
    "p4": "low",
    "4": "low",
}


def severity(word: str) -> str:
    """One of our severities for a tool's word; "" for none that is known."""
    return SEVERITIES.get(word.strip().casefold(), "")
