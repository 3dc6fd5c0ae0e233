"""Long lists in parts: `?limit=` and the `next_cursor` of the part before."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from ninja import Field, Schema

from api.problems import Problem

USUAL, MOST = 50, 200


class Paging(Schema):
    limit: int = Field(USUAL, ge=1, le=MOST, description="How many at most.")
    cursor: str = Field("", max_length=100, description="`next_cursor` of the part before.")


def page_of(rows: QuerySet[Any], paging: Paging, key: str = "pk") -> tuple[list[Any], str | None]:
    """One part by ascending `key` (unique, an integer or text), and the cursor of the next."""
    if paging.cursor:
        rows = rows.filter(**{f"{key}__gt": _read(paging.cursor)})
    found = list(rows.order_by(key)[: paging.limit + 1])
    if len(found) <= paging.limit:
        return found, None
    last = found[paging.limit - 1]
    return found[: paging.limit], _write(str(getattr(last, key)))


def part_of(rows: Iterable[Any], paging: Paging, key: str) -> tuple[list[Any], str | None]:
    """The same of rows that are at hand already, by an integer `key`."""
    after = _read(paging.cursor) if paging.cursor else 0
    later = sorted((row for row in rows if getattr(row, key) > after), key=attrgetter(key))
    found = later[: paging.limit]
    following = _write(str(getattr(found[-1], key))) if len(later) > len(found) else None
    return found, following


def _write(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str) -> int:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except (ValueError, binascii.Error):
        raise _wrong() from None
    if "\x00" in text or not text:
        raise _wrong()
    if text.isdecimal() and text.isascii():
        if len(text) > 18:
            raise _wrong()
        return int(text)
    raise _wrong()


def _wrong() -> Problem:
    return Problem(400, _("This is no cursor. Start without one."))
