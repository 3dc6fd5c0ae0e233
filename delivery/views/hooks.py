"""The door for webhooks: quick, without a session, one insert for an event."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from delivery.domain.payloads.reading import Malformed, read_json
from delivery.enums import SourceKind
from delivery.intake import door
from delivery.intake.signatures import ID_LENGTH, Message, Refused, verify

MOST_BYTES = 256 * 1024
KIND_LENGTH = 60


@csrf_exempt
@require_POST
def hook(request: HttpRequest, token: str, ending: str = "", key: str = "") -> HttpResponse:
    sender = door.find_sender(token)
    if sender is None:
        return _answer(404, "unknown", "There is no such address.")
    if sender.is_ended:
        return _answer(410, "ended", "This source was ended.")
    try:
        return _take(request, token, sender, ending, key)
    except Refused as refusal:
        door.count_refusal(sender, refusal.reason, refusal.detail)
        return _answer(refusal.status, refusal.reason, refusal.detail)


def _take(
    request: HttpRequest, token: str, sender: door.Sender, ending: str, key: str
) -> HttpResponse:
    body = _read(request)
    now = timezone.now()
    headers = {name.lower(): value for name, value in request.headers.items()}
    message = Message(headers, body, now)
    try:
        event_id = verify(sender.kind, message, sender.secrets(now))
    except Refused:
        again = door.in_doubt(token, sender)
        if again is None:
            raise
        event_id = verify(again.kind, message, again.secrets(now))
    text, payload = _payload(sender.kind, headers, body, key)
    is_new = door.keep_event(
        sender,
        event_id=_own_id(sender.kind, payload, key, now) or event_id,
        event_kind=_event_kind(sender.kind, headers, payload, ending),
        body=text,
        received_at=now,
    )
    if is_new:
        return _answer(202, "accepted", "")
    return _answer(200, "duplicate", "This came before and was not kept twice.")


def _read(request: HttpRequest) -> bytes:
    """The body, unless it is too large; then no more of it than it takes to know."""
    too_large = Refused(
        "too_large", f"The body is larger than {MOST_BYTES // 1024} KB.", status=413
    )
    length = request.META.get("CONTENT_LENGTH") or ""
    if length.isdigit() and int(length) > MOST_BYTES:
        raise too_large
    is_chunked = "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower()
    if is_chunked and request.META.get("wsgi.input_terminated"):
        # Without a length Django sees no body; the server knows where it ends.
        body: bytes = request.META["wsgi.input"].read(MOST_BYTES + 1)
    else:
        body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise too_large
    return body


def _payload(
    kind: str, headers: dict[str, str], body: bytes, key: str
) -> tuple[str, dict[str, Any]]:
    """The text to keep, and what it says."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("not_json", "The body is not UTF-8.", status=400) from None
    form = "application/x-www-form-urlencoded"
    if kind == SourceKind.GITHUB and headers.get("content-type", "").startswith(form):
        try:
            text = "".join(parse_qs(text, max_num_fields=10).get("payload", [""])[:1])
        except ValueError:
            raise Refused("not_json", "The form has more than 10 fields.", status=400) from None
    try:
        if key:
            said = (read_json(text) if text.strip() else {}) | {"issueKey": key}
            return json.dumps(said), said
        return text, read_json(text)
    except Malformed as problem:
        raise Refused("not_json", str(problem)[:200], status=400) from None


def _own_id(kind: str, payload: dict[str, Any], key: str, now: datetime) -> str:
    """An id inside what the secret vouches for; "" where there is none."""
    if key:
        # It may be opened and closed again later: the same within a minute is the same.
        plain = "".join(filter(str.isprintable, key))
        return f"close:{now:%Y%m%d%H%M}:{plain}"[:ID_LENGTH]
    value = payload.get("id")
    if kind == SourceKind.AZURE and isinstance(value, str) and 0 < len(value) <= ID_LENGTH:
        return value if value.isprintable() else ""
    return ""


def _event_kind(kind: str, headers: dict[str, str], payload: dict[str, Any], ending: str) -> str:
    build = payload.get("build")
    found: Any = {
        SourceKind.GITHUB: headers.get("x-github-event"),
        SourceKind.GITLAB: headers.get("x-gitlab-event") or payload.get("object_kind"),
        SourceKind.AZURE: payload.get("eventType"),
        SourceKind.JENKINS: build.get("phase") if isinstance(build, dict) else None,
        SourceKind.DEVLAKE: ending,
        SourceKind.OWN: payload.get("kind") or ("records" if "records" in payload else ""),
    }[SourceKind(kind)]
    text = found if isinstance(found, str) else ""
    return "".join(filter(str.isprintable, text.encode("utf-8", "ignore").decode()))[:KIND_LENGTH]


def _answer(status: int, outcome: str, detail: str) -> JsonResponse:
    answer = {"status": outcome}
    if detail:
        answer["detail"] = detail
    return JsonResponse(answer, status=status)
