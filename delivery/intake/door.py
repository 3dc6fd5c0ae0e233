"""What the door needs of the database: which source an address is, and one insert for an event."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.utils import timezone

from accounts.secret_addresses import nonce_from, secrets_of
from delivery.enums import EventState
from delivery.intake.turns import in_turn
from delivery.models import InboundEvent, RefusalCount, Source

ADDRESS = "hook"
# A source is read again after so many seconds: bursts then cost one insert for each event.
FRESH_SECONDS = 5.0
# A signature that does not fit may be one by a secret renewed this moment.
DOUBT_SECONDS = 1.0
MOST_REMEMBERED = 1000
DETAIL_LENGTH = 300


@dataclass(frozen=True)
class Sender:
    """A source as the door sees it."""

    pk: int
    kind: str
    # Each is one, and more while the server's own key is changed.
    own_secrets: tuple[str, ...]
    old_secrets: tuple[str, ...]
    old_secret_until: datetime | None
    is_ended: bool
    read_at: float

    def secrets(self, now: datetime) -> list[str]:
        is_old_good = self.old_secret_until and now < self.old_secret_until
        return [*self.own_secrets, *(self.old_secrets if is_old_good else ())]


_remembered: dict[str, Sender] = {}
_lock = threading.Lock()


def find_sender(token: str, *, older_than: float = FRESH_SECONDS) -> Sender | None:
    """Whose address this is. Text that is no genuine address asks no database."""
    nonce = nonce_from(ADDRESS, token)
    if nonce is None:
        return None
    known = _remembered.get(nonce)
    if known is not None and time.monotonic() - known.read_at < older_than:
        return known
    source = Source.objects.filter(nonce=nonce).first()
    if source is None:
        return None
    sender = Sender(
        pk=source.pk,
        kind=source.kind,
        own_secrets=_secrets(source.secret_nonce),
        old_secrets=_secrets(source.old_secret_nonce),
        old_secret_until=source.old_secret_until,
        is_ended=source.ended_at is not None,
        read_at=time.monotonic(),
    )
    with _lock:
        if len(_remembered) >= MOST_REMEMBERED:
            _remembered.clear()
        _remembered[nonce] = sender
    return sender


def _secrets(nonce: str) -> tuple[str, ...]:
    return tuple(secrets_of(ADDRESS, nonce)) if nonce else ()


def in_doubt(token: str, sender: Sender) -> Sender | None:
    """The sender read anew, if what was remembered may be out of date; else None."""
    again = find_sender(token, older_than=DOUBT_SECONDS)
    if again is None or replace(again, read_at=0) == replace(sender, read_at=0):
        return None
    return again


def forget(nonce: str) -> None:
    """Read a source anew: here at once, in other processes within seconds."""
    with _lock:
        _remembered.pop(nonce, None)


def keep_event(
    sender: Sender, *, event_id: str, event_kind: str, body: str, received_at: datetime
) -> bool:
    """Keep one event in one statement; False if the same was kept before."""
    columns: dict[str, Any] = {
        "source": sender.pk,
        "event_id": event_id,
        "event_kind": event_kind,
        "body": body,
        "received_at": connection.ops.adapt_datetimefield_value(received_at),
        "state": EventState.WAITING.value,
        "reason": "",
        "made": json.dumps([]),
        "attempts": 0,
    }
    sql = f"{_insert(InboundEvent, list(columns))} ON CONFLICT (source_id, event_id) DO NOTHING"
    with in_turn(), connection.cursor() as cursor:
        cursor.execute(sql, list(columns.values()))
        return bool(cursor.rowcount == 1)


def count_refusal(sender: Sender, reason: str, detail: str) -> None:
    """One row for each reason and hour, however often somebody knocks."""
    now = timezone.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    adapt = connection.ops.adapt_datetimefield_value
    columns: dict[str, Any] = {
        "source": sender.pk,
        "reason": reason[:40],
        "hour": adapt(hour),
        "count": 1,
        "last_at": adapt(now),
        "last_detail": detail.replace("\x00", "")[:DETAIL_LENGTH],
    }
    table = RefusalCount._meta.db_table
    sql = (
        f"{_insert(RefusalCount, list(columns))} ON CONFLICT (source_id, reason, hour) "
        f'DO UPDATE SET count = "{table}".count + 1, '
        "last_at = excluded.last_at, last_detail = excluded.last_detail"
    )
    with in_turn(), connection.cursor() as cursor:
        cursor.execute(sql, list(columns.values()))


def _insert(model: type[models.Model], fields: list[str]) -> str:
    """Names come from the model alone; values are parameters."""
    columns = {field.name: field.column for field in model._meta.concrete_fields}
    names = ", ".join(f'"{columns[name]}"' for name in fields)
    marks = ", ".join(["%s"] * len(fields))
    return f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({marks})'
