"""Moments as people and programs write them into files.

A date that can be read in two ways is never guessed at: the order of day and month comes from
another cell of the same column that can be read in one way only, or from a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

DMY, MDY = "dmy", "mdy"
# Of what Excel counts as days: from 2000 to the end of 2099.
_FIRST_SERIAL, _LAST_SERIAL = 36526, 73050
_EXCEL_DAY_0 = datetime(1899, 12, 30)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar",
            "february feb februar",
            "march mar märz maerz mrz",
            "april apr",
            "may mai",
            "june jun juni",
            "july jul juli",
            "august aug",
            "september sep sept",
            "october oct oktober okt",
            "november nov",
            "december dec dezember dez",
        ),
        1,
    )
    for name in names.split()
}
_ISO = re.compile(
    r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[T\s]+(?P<rest>.+))?$", re.IGNORECASE
)
_YEAR_FIRST = re.compile(
    r"(?P<y>\d{4})[/.](?P<m>\d{1,2})[/.](?P<d>\d{1,2})(?:[,\s]+(?P<rest>.+))?$"
)
_COMPACT = re.compile(r"(?P<y>20\d{2})(?P<m>\d{2})(?P<d>\d{2})(?:T(?P<rest>\d.+))?$")
_POINTS = re.compile(
    r"(?P<a>\d{1,2})\.\s?(?P<b>\d{1,2})\.\s?(?P<y>\d{4}|\d{2})(?:[,\s]+(?P<rest>.+))?$"
)
_EITHER = re.compile(
    r"(?P<a>\d{1,2})(?P<sign>[/-])(?P<b>\d{1,2})(?P=sign)(?P<y>\d{4}|\d{2})(?:[,\s]+(?P<rest>.+))?$"
)
_WORDS = re.compile(
    r"(?:[^\W\d]{2,9},?\s+)?(?:(?P<d1>\d{1,2})[.\s-]*(?P<m1>[^\W\d]{3,9})|"
    r"(?P<m2>[^\W\d]{3,9})\.?\s+(?P<d2>\d{1,2}))"
    r"(?:st|nd|rd|th)?\.?[,\s-]+(?P<y>\d{4})(?:[,\s]+(?:at\s+|um\s+)?(?P<rest>.+))?$",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?P<h>\d{1,2})(?:[:.h](?P<m>\d{2}))?(?:[:.](?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?(?:\s*Uhr)?\s*(?P<zone>Z|UTC|GMT|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?)?$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{5}(?:[.,]\d+)?$")
HOW = "Write it as 2026-12-31 14:05."
# The ends of the calendar: programs write them for "never", and no zone can be added to them.
_NEVER = frozenset({1, 9999})


class NotAMoment(ValueError):
    """The text is no moment; the message says what to do."""


class TwoReadings(ValueError):
    """Day and month could be either way round."""


@dataclass(frozen=True)
class Moment:
    """`note`: how it was read, where that needs a word (a key of `NOTES`)."""

    at: datetime
    note: str = ""


NOTES = {
    "no_time": "a date without a time: the beginning of the day was taken",
    "gap": "a time that the clocks skipped: the time an hour later was taken",
    "fold": "a time that came twice when the clocks went back: the first was taken",
    "serial": "a number of days, as Excel counts them",
    "epoch": "a number of seconds or milliseconds since 1970",
}


def read_moment(text: str, zone: ZoneInfo, order: str = "") -> Moment:
    """The moment a cell means; without a zone in it, a time on the walls of `zone`.

    Raises:
        TwoReadings: `order` (DMY or MDY) is needed to know.
        NotAMoment: it cannot be read.
    """
    plain = " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())
    if re.fullmatch(r"\d{10}|\d{13}", plain):
        return _since_1970(int(plain))
    if _NUMBER.fullmatch(plain):
        return _serial(plain, zone)
    year, month, day, rest = _date(plain, order)
    hour, minute, second, offset = _time(rest) if rest else (0, 0, 0.0, None)
    try:
        naive = datetime(year, month, day, hour, minute) + timedelta(seconds=second)
    except (ValueError, OverflowError):
        raise NotAMoment(f"There is no such date or time. {HOW}") from None
    _refuse_never(naive)
    if offset is not None:
        return Moment((naive - offset).replace(tzinfo=UTC))
    found = on_the_wall(naive, zone)
    return Moment(found.at, found.note or ("" if rest else "no_time"))


def on_the_wall(naive: datetime, zone: ZoneInfo) -> Moment:
    """A time on the wall as a moment, also in the nights when the clocks change.

    Raises:
        NotAMoment: it lies at an end of the calendar.
    """
    _refuse_never(naive)
    first = naive.replace(tzinfo=zone, fold=0)
    second = naive.replace(tzinfo=zone, fold=1)
    at = first.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != naive:
        # Read with the offset from before the change: as much later as the clocks skipped.
        return Moment(at, "gap")
    is_twice = second.utcoffset() != first.utcoffset()
    return Moment(at, "fold" if is_twice else "")


def _refuse_never(naive: datetime) -> None:
    if naive.year in _NEVER:
        raise NotAMoment("Programs write this for “never”: leave it empty.")


def _since_1970(number: int) -> Moment:
    seconds = number / 1000 if number >= 10**12 else number
    return Moment(datetime.fromtimestamp(seconds, UTC), "epoch")


def _serial(plain: str, zone: ZoneInfo) -> Moment:
    days = float(plain.replace(",", "."))
    if not _FIRST_SERIAL <= days < _LAST_SERIAL:
        raise NotAMoment(f"This number is no date. {HOW}")
    naive = _EXCEL_DAY_0 + timedelta(seconds=round(days * 86_400))
    return Moment(on_the_wall(naive, zone).at, "serial")


def _date(plain: str, order: str) -> tuple[int, int, int, str]:
    for pattern in (_ISO, _YEAR_FIRST, _COMPACT):
        if found := pattern.match(plain):
            return int(found["y"]), int(found["m"]), int(found["d"]), found["rest"] or ""
    if found := _POINTS.match(plain):
        return _year(found["y"]), int(found["b"]), int(found["a"]), found["rest"] or ""
    if found := _EITHER.match(plain):
        a, b = int(found["a"]), int(found["b"])
        if min(a, b) < 1 or min(a, b) > 12 or max(a, b) > 31:
            raise NotAMoment(f"There is no such date. {HOW}")
        day, month = (a, b) if _is_day_first(found, order) else (b, a)
        return _year(found["y"]), month, day, found["rest"] or ""
    if found := _WORDS.match(plain):
        name = (found["m1"] or found["m2"]).casefold()
        if name in _MONTHS:
            day = int(found["d1"] or found["d2"])
            return int(found["y"]), _MONTHS[name], day, found["rest"] or ""
    raise NotAMoment(f"This is no date. {HOW}")


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _is_day_first(found: re.Match[str], order: str) -> bool:
    only = _only_reading(found)
    if order and only and order != only:
        raise NotAMoment(
            f"Day and month stand the other way round than in the rest of this file. {HOW}"
        )
    if not (only or order) and int(found["a"]) != int(found["b"]):
        raise TwoReadings
    return (only or order or DMY) == DMY


def _only_reading(found: re.Match[str]) -> str:
    a, b = int(found["a"]), int(found["b"])
    if a > 12 >= b:
        return DMY
    return MDY if b > 12 >= a else ""


def _time(text: str) -> tuple[int, int, float, timedelta | None]:
    found = _TIME.match(text.strip())
    if not found or not (found["m"] or found["half"]):
        raise NotAMoment(f"The time cannot be read: {text[:30]}. {HOW}")
    hour = int(found["h"])
    if found["half"]:
        if not 1 <= hour <= 12:
            raise NotAMoment(f"There is no such time. {HOW}")
        hour = hour % 12 + (12 if found["half"].lower().startswith("p") else 0)
    if hour > 23:
        raise NotAMoment(f"There is no such time. {HOW}")
    second = int(found["s"] or 0)
    if second > 59:
        raise NotAMoment(f"There is no such time. {HOW}")
    fraction = float(f"0.{found['f']}") if found["f"] else 0.0
    return hour, int(found["m"] or 0), second + fraction, _offset(found["zone"])


def _offset(text: str | None) -> timedelta | None:
    if text is None:
        return None
    plain = re.sub(r"UTC|GMT|Z", "", text.upper())
    if not plain:
        return timedelta(0)
    digits = plain[1:].replace(":", "")
    hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    if hours > 14 or minutes > 59:
        raise NotAMoment(f"There is no such time zone. {HOW}")
    found = timedelta(hours=hours, minutes=minutes)
    return -found if plain[0] == "-" else found


def orders_in(texts: Iterable[str]) -> tuple[set[str], bool]:
    """The orders of day and month that cells prove, and whether any cell needs to be told."""
    proven: set[str] = set()
    needs = False
    for text in texts:
        if found := _EITHER.match(" ".join(text.split())):
            only = _only_reading(found)
            if only:
                proven.add(only)
            elif int(found["a"]) != int(found["b"]) and max(int(found["a"]), int(found["b"])) <= 12:
                needs = True
    return proven, needs
