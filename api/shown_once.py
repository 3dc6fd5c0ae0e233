"""Secrets that a page shows once, after the redirect that follows making them.

A page that answered the form itself would make another with each reload. What waits in the session
in between is no secret: it takes the server's own key to make one of it.
"""

from __future__ import annotations

from django.http import HttpRequest


def keep(request: HttpRequest, kind: str, pk: int, nonce: str = "") -> None:
    """For the next page of this kind that this person opens."""
    request.session[_key(kind)] = [pk, nonce]


def taken(request: HttpRequest, kind: str, pk: int | None = None) -> tuple[int, str] | None:
    """What was kept (for `pk`, where one is given), this once."""
    pk_kept, nonce = request.session.get(_key(kind), (None, ""))
    if request.method != "GET" or pk_kept is None or pk not in (None, pk_kept):
        return None
    del request.session[_key(kind)]
    return pk_kept, nonce


def _key(kind: str) -> str:
    return f"shown_once_{kind}"
