"""Boring makers of sources and signed messages for tests."""

import json
import time
from itertools import count
from typing import Any

from accounts.models import Organization
from accounts.secret_addresses import secret_of, token_of
from delivery.intake.signatures import standard_signature
from delivery.models import Source, System
from delivery.services.systems import system_create
from tests.factories import make_organization

numbers = count(1)


def make_system(organization: Organization | None = None, **values: Any) -> System:
    number = next(numbers)
    values = {"name": f"System {number}", **values}
    return system_create(organization=organization or make_organization(), user=None, **values)


def make_source(
    organization: Organization | None = None, *, kind: str = "own", **values: Any
) -> Source:
    organization = organization or make_organization()
    values.setdefault("system", make_system(organization))
    return Source.objects.create(
        organization=organization, name=f"Source {next(numbers)}", kind=kind, **values
    )


def secret(source: Source) -> str:
    return secret_of("hook", source.secret_nonce)


def address(source: Source, ending: str = "") -> str:
    return f"/hooks/{token_of('hook', source.nonce)}/{ending}"


def deployment(number: int = 1, **values: Any) -> dict[str, Any]:
    said = {"kind": "deployment", "id": f"d{number}", "deployed_at": "2026-11-20T10:00:00Z"}
    return said | values


def signed(
    source: Source, payload: Any, *, message_id: str = "", at: float | None = None
) -> dict[str, Any]:
    """What a client needs to send a genuine message of Waymark's own kind."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    name = message_id or f"message-{next(numbers)}"
    moment = str(int(time.time() if at is None else at))
    return {
        "data": body,
        "content_type": "application/json",
        "headers": {
            "webhook-id": name,
            "webhook-timestamp": moment,
            "webhook-signature": standard_signature(secret(source), name, moment, body),
        },
    }
