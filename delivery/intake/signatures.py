"""Who sent a webhook: each kind of source proves it in its own way.

What is signed counts: an id that the signature does not cover could be changed by whoever recorded
the message, so such messages are known by the hash of their body instead.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from delivery.enums import SourceKind

TOLERANCE_SECONDS = 300
ID_LENGTH = 90


class Refused(Exception):
    """Not let in. `reason` is counted; `detail` helps to find the fault and holds no secret."""

    def __init__(self, reason: str, detail: str, status: int = 401) -> None:
        self.reason = reason
        self.detail = detail
        self.status = status
        super().__init__(reason)


@dataclass(frozen=True)
class Message:
    """What came: `headers` by name in lower case."""

    headers: Mapping[str, str]
    body: bytes
    received_at: datetime


def hash_id(body: bytes) -> str:
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def verify(kind: str, message: Message, secrets: Sequence[str]) -> str:
    """The id of a genuine message.

    Raises:
        Refused: its signature is missing or wrong, or it is too old.
    """
    return _WAYS[kind](message, secrets)


def standard_signature(secret: str, message_id: str, timestamp: str, body: bytes) -> str:
    """The signature of the Standard Webhooks, with the secret's bytes as key."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(bytes.fromhex(secret), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def standard_secret(secret: str) -> str:
    """The same secret as tools for Standard Webhooks write it."""
    return f"whsec_{base64.b64encode(bytes.fromhex(secret)).decode()}"


def _standard(message: Message, secrets: Sequence[str]) -> str:
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    message_id, timestamp, signatures = (message.headers.get(name, "").strip() for name in names)
    if missing := [name for name in names if not message.headers.get(name, "").strip()]:
        raise Refused("signature_missing", f"Header missing: {', '.join(missing)}")
    if not 0 < len(message_id) <= ID_LENGTH or not message_id.isprintable():
        raise Refused("signature_wrong", f"webhook-id has to be 1 to {ID_LENGTH} characters.")
    given = [part.encode() for part in signatures.split(" ")[:10]]
    wanted = [standard_signature(s, message_id, timestamp, message.body).encode() for s in secrets]
    if not _any_equal(given, wanted):
        raise Refused("signature_wrong", "webhook-signature does not fit id, timestamp and body.")
    # Only what is genuine is worth a word about its clock.
    _check_time(timestamp, message.received_at)
    return message_id


def _check_time(timestamp: str, received_at: datetime) -> None:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise Refused("timestamp_wrong", "webhook-timestamp has to be seconds since 1970.")
    away = int(timestamp) - received_at.timestamp()
    if abs(away) > TOLERANCE_SECONDS:
        side = "in the future" if away > 0 else "old"
        detail = f"webhook-timestamp is {abs(away):.0f} seconds {side}; {TOLERANCE_SECONDS} allowed"
        raise Refused("timestamp_old" if away < 0 else "timestamp_ahead", detail)


def _github(message: Message, secrets: Sequence[str]) -> str:
    signature = message.headers.get("x-hub-signature-256", "").strip()
    if not signature:
        raise Refused("signature_missing", "Header missing: X-Hub-Signature-256")
    wanted = [
        f"sha256={hmac.new(secret.encode(), message.body, hashlib.sha256).hexdigest()}".encode()
        for secret in secrets
    ]
    if not _any_equal([signature.encode()], wanted):
        raise Refused("signature_wrong", "X-Hub-Signature-256 does not fit the body.")
    # X-GitHub-Delivery is not signed: a recorded message could come again under a new id.
    return hash_id(message.body)


def _gitlab(message: Message, secrets: Sequence[str]) -> str:
    if "webhook-signature" in message.headers:
        return _standard(message, secrets)
    token = message.headers.get("x-gitlab-token", "")
    if not token:
        raise Refused("signature_missing", "Header missing: webhook-signature or X-Gitlab-Token")
    if not _any_equal([token.encode()], [secret.encode() for secret in secrets]):
        raise Refused("signature_wrong", "X-Gitlab-Token is not the secret of this source.")
    # X-Gitlab-Event-UUID is shared by events that follow from one another.
    key = message.headers.get("idempotency-key", "").strip()
    return key if 0 < len(key) <= ID_LENGTH and key.isprintable() else hash_id(message.body)


def _bearer(message: Message, secrets: Sequence[str]) -> str:
    """A shared secret in a header: as bearer token, as password, or as X-Waymark-Token."""
    if "webhook-signature" in message.headers:
        return _standard(message, secrets)
    given = _tokens(message.headers)
    if not given:
        raise Refused("signature_missing", "Header missing: Authorization or X-Waymark-Token")
    if not _any_equal(given, [secret.encode() for secret in secrets]):
        raise Refused("signature_wrong", "The token is not the secret of this source.")
    return hash_id(message.body)


def _tokens(headers: Mapping[str, str]) -> list[bytes]:
    found = []
    if token := headers.get("x-waymark-token", "").strip():
        found.append(token.encode())
    scheme, _space, value = headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() in ("bearer", "token"):
        found.append(value.strip().encode())
    elif scheme.lower() == "basic":
        try:
            pair = base64.b64decode(value.strip(), validate=True)
        except (binascii.Error, ValueError):
            raise Refused("signature_wrong", "Authorization: Basic is not readable.") from None
        found.append(pair.partition(b":")[2])
    return found


def _any_equal(given: Sequence[bytes], wanted: Sequence[bytes]) -> bool:
    """Compares all with all, so that the time tells nothing."""
    results = [hmac.compare_digest(one, other) for one in given for other in wanted]
    return any(results)


_WAYS: Mapping[str, Callable[[Message, Sequence[str]], str]] = {
    SourceKind.OWN: _standard,
    SourceKind.DEVLAKE: _bearer,
    SourceKind.GITHUB: _github,
    SourceKind.GITLAB: _gitlab,
    SourceKind.JENKINS: _bearer,
    SourceKind.AZURE: _bearer,
}
