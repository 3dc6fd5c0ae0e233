"""What is known of a record when messages about it come late, twice or in any order.

Each field keeps when it was last said. A message changes a field only if it is not older than what
said it before; what it leaves empty it does not touch, unless it clears it. So the result is the
same in whatever order messages arrive; of two said in the same moment the one that arrived later
counts, for nothing else tells them apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from delivery.domain.records import Record

# Not said, but about the saying.
ABOUT = frozenset({"external_id", "told_at", "clears"})
# Fields that only mean something together: said when the first is said.
TOGETHER = {"committed_at": ("is_by_ticket",)}
_RIDERS = frozenset(rider for riders in TOGETHER.values() for rider in riders)
# What is taken for granted as long as nobody says it, by the name of the field.
UNSAID: Mapping[str, Any] = {
    "result": "success",
    "environment": "production",
    "is_production": True,
    "is_by_ticket": False,
    "is_rework": False,
    "severity": "medium",
    "kind": "normal",
}


@dataclass(frozen=True)
class Known:
    """The values of a record and, by field, when each was last said (milliseconds)."""

    values: Mapping[str, Any]
    told: Mapping[str, int]


def moment(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def names_of(record: type[Record]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(record) if field.name not in ABOUT)


def fresh(record: type[Record]) -> Known:
    """Of which nothing was said yet."""
    empty = {name: UNSAID.get(name) for name in names_of(record)}
    return Known(empty, {})


def listen(known: Known, record: Record, now: datetime) -> Known:
    """What is known after this message. A clock in the future counts as now."""
    at = moment(min(record.told_at or now, now))
    values, told = dict(known.values), dict(known.told)
    for name in names_of(type(record)):
        said = getattr(record, name)
        said = said.strip() if isinstance(said, str) else said
        is_said = said is not None and said != ""
        if name in _RIDERS or not (is_said or name in record.clears):
            continue
        if at < told.get(name, at):
            continue
        told[name] = at
        values[name] = said if is_said else UNSAID.get(name)
        for rider in TOGETHER.get(name, ()):
            values[rider] = getattr(record, rider)
    return Known(values, told)
