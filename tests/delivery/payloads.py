"""Reading payloads in tests."""

import json
from datetime import UTC, datetime
from typing import Any

from delivery.domain.payloads.readers import read_event
from delivery.domain.payloads.reading import Context

OWN = {"kind": "deployment", "id": "d1", "deployed_at": "2026-11-20T10:00:00+01:00"}
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]


def read(kind: str, payload: Any, event: str = "", production: tuple[str, ...] = ()) -> Any:
    body = payload if isinstance(payload, str) else json.dumps(payload)
    return read_event(kind, body, Context(event, NOW, frozenset(production)))


def one(kind: str, payload: Any, event: str = "", production: tuple[str, ...] = ()) -> Any:
    (said,) = read(kind, payload, event, production)
    return said
