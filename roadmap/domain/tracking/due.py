"""When work is due, and when its owner is reminded. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

SOON = timedelta(days=14)
REMINDED_BEFORE = timedelta(days=3)
# A clock that stood still for a weekend still reminds; after that it would be old news.
REMINDED_AFTER = timedelta(days=4)


class Reminder(StrEnum):
    BEFORE = "before"
    AFTER = "after"


def due_day(finish_on: date, expected_on: date | None) -> date:
    """The day its owner expects to finish, where they said one; else the planned one."""
    return expected_on or finish_on


def is_soon(due: date, today: date) -> bool:
    """Within two weeks, or past."""
    return due <= today + SOON


def reminder(due: date, today: date) -> Reminder | None:
    """Which reminder belongs to the day: from three days before, and from the day after."""
    if due - REMINDED_BEFORE <= today <= due:
        return Reminder.BEFORE
    if due < today <= due + REMINDED_AFTER:
        return Reminder.AFTER
    return None
