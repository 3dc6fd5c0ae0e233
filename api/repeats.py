"""POSTs that may come twice: the same Idempotency-Key gives the same answer and one effect.

Source: the IETF draft "The Idempotency-Key HTTP Header Field".
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from inspect import signature
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Status

from api.models import RepeatedRequest
from api.problems import Problem

HEADER = "Idempotency-Key"
KEPT = timedelta(hours=24)
# After that a call that never answered is thought to be lost with its worker.
PATIENCE = timedelta(minutes=2)


class Answered(Exception):
    """It came before: here is what was said then."""

    def __init__(self, row: RepeatedRequest) -> None:
        self.row = row
        super().__init__(row.key)


def once(operation: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a POST operation; the answer is kept by `remember` when it is made."""

    @wraps(operation)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        key = request.headers.get(HEADER, "")
        if not key:
            return operation(request, *args, **kwargs)
        if len(key) > 200 or not key.isprintable():
            raise Problem(400, _("An Idempotency-Key is text of at most 200 characters."))
        row, is_new = _claim(request, key)
        if not is_new:
            # What was said then is said again once `reach`, with which every operation begins, has
            # found the caller still let in.
            request.api_before = row  # type: ignore[attr-defined]
            return operation(request, *args, **kwargs)
        try:
            result = operation(request, *args, **kwargs)
        except BaseException:
            # Nothing was done: the next call with this key may try.
            row.delete()
            raise
        if isinstance(result, Status) and result.value is None:
            # An answer without a body is made without `create_response`.
            _keep(row, result.status_code, "")
        else:
            request.api_repeat = row  # type: ignore[attr-defined]
        return result

    # Its types are names of the operation's module, which nobody could look up from here.
    guarded.__signature__ = signature(operation, eval_str=True)  # type: ignore[attr-defined]
    return guarded


def answer_again(request: HttpRequest) -> None:
    """Raise `Answered` where this call came before. The caller has been let in."""
    row: RepeatedRequest | None = getattr(request, "api_before", None)
    if row is not None:
        raise Answered(row)


def remember(request: HttpRequest, response: HttpResponse) -> None:
    row: RepeatedRequest | None = getattr(request, "api_repeat", None)
    if row is not None:
        _keep(row, response.status_code, response.content.decode())


def _keep(row: RepeatedRequest, status: int, body: str) -> None:
    row.status, row.body = status, body
    row.save(update_fields=["status", "body"])


def repeats_prune() -> int:
    return RepeatedRequest.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]


def _claim(request: HttpRequest, key: str) -> tuple[RepeatedRequest, bool]:
    """The row of this key, and whether this is its first call."""
    token = request.auth  # type: ignore[attr-defined]
    fingerprint = hashlib.sha256(
        b"\n".join([request.method.encode(), request.path.encode(), request.body])  # type: ignore[union-attr]
    ).hexdigest()
    try:
        with transaction.atomic():
            made = RepeatedRequest.objects.create(token=token, key=key, fingerprint=fingerprint)
            return made, True
    except IntegrityError:
        pass
    row = RepeatedRequest.objects.filter(token=token, key=key).first()
    if row is None:
        raise Problem(409, _("The first call with this key has just failed. Send it again."))
    if row.fingerprint != fingerprint:
        raise Problem(422, _("This Idempotency-Key was used for another call. Take a new one."))
    if row.status is None:
        if row.created_at < timezone.now() - PATIENCE:
            row.delete()
        raise Problem(409, _("The first call with this key is not answered yet. Wait, then ask."))
    return row, False
