"""When a mail may go: quiet hours and digests, by the clock on the organization's wall.

Pure: no database, no clock, no Django. An hour that comes twice or not at all (the nights the
clocks change) makes the quiet time longer, never shorter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5
# A weekly digest that could not go on its day goes on the next; a daily one is then a new one.
WEEKLY_LATE = timedelta(days=1)


@dataclass(frozen=True)
class Quiet:
    """Quiet every day from `begins` until `ends` (past midnight where it is the earlier hour).

    Without both, or with both the same, no hour is quiet.
    """

    begins: time | None
    ends: time | None
    weekends: bool


def may_go_at(now: datetime, quiet: Quiet, zone: ZoneInfo) -> datetime:
    """The first moment from `now` on at which nothing is quiet."""
    moment = now.astimezone(UTC)
    while (until := _quiet_until(moment, quiet, zone)) is not None:
        moment = until
    return moment


def _quiet_until(moment: datetime, quiet: Quiet, zone: ZoneInfo) -> datetime | None:
    ends = [end for begin, end in _stretches(moment, quiet, zone) if begin <= moment < end]
    return max(ends, default=None)


def _stretches(
    moment: datetime, quiet: Quiet, zone: ZoneInfo
) -> Iterator[tuple[datetime, datetime]]:
    today = moment.astimezone(zone).date()
    for day in (today - timedelta(days=1), today, today + timedelta(days=1)):
        next_day = day + timedelta(days=1)
        if quiet.weekends and day.weekday() >= SATURDAY:
            yield _earliest(day, time(), zone), _latest(next_day, time(), zone)
        if quiet.begins is None or quiet.ends is None or quiet.begins == quiet.ends:
            continue
        last = day if quiet.begins < quiet.ends else next_day
        yield _earliest(day, quiet.begins, zone), _latest(last, quiet.ends, zone)


def _earliest(day: date, at: time, zone: ZoneInfo) -> datetime:
    return min(_moments(day, at, zone))


def _latest(day: date, at: time, zone: ZoneInfo) -> datetime:
    return max(_moments(day, at, zone))


def _moments(day: date, at: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The moment the wall clock shows it: two different ones while the clocks change."""
    wall = datetime.combine(day, at, zone)
    return wall.replace(fold=0).astimezone(UTC), wall.replace(fold=1).astimezone(UTC)


def digest_day(now: datetime, zone: ZoneInfo, at: time, weekday: int | None) -> date | None:
    """The day whose digest is due by now: every working day, or each `weekday` (0 is Monday)."""
    today = now.astimezone(zone).date()
    if weekday is None:
        day = today
        if day.weekday() >= SATURDAY:
            return None
    else:
        day = today - timedelta(days=(today.weekday() - weekday) % 7)
        if today - day > WEEKLY_LATE:
            return None
    return day if now >= _latest(day, at, zone) else None


def digest_since(day: date, zone: ZoneInfo, at: time, weekday: int | None) -> datetime:
    """When the digest before that of `day` was due: Friday's before Monday's, or a week before."""
    back = 7 if weekday is not None else 3 if day.weekday() == 0 else 1
    return _earliest(day - timedelta(days=back), at, zone)
