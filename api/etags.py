"""Tags of answers: what is unchanged is not sent again, what changed is not overwritten unseen."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Schema
from ninja.renderers import JSONRenderer

from api.problems import Problem


def tag_of(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def with_etag(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer with its tag; to a GET a 304 where the caller has it already."""
    tag = tag_of(response.content)
    response["ETag"] = tag
    if request.method == "GET" and _names(request, "If-None-Match", tag):
        response.status_code = 304
        response.content = b""
        del response["Content-Type"]
    return response


def version_seen(
    request: HttpRequest, schema: type[Schema], current: Mapping[str, Any], sent: int | None
) -> int:
    """The version that the caller saw: by If-Match, or as the body says it."""
    if "If-Match" not in request.headers:
        if sent is None:
            words = _("Say what you saw: the `version`, or its ETag as If-Match.")
            raise Problem(428, words, errors={"version": words})
        return sent
    shown = schema(**current)
    body = JSONRenderer().render(request, shown.model_dump(), response_status=200)
    if not _names(request, "If-Match", tag_of(body.encode())):
        raise Problem(
            412,
            _("It was changed meanwhile. Look at it, then send its ETag."),
            current=shown.model_dump(mode="json"),
        )
    version: int = current["version"]
    return version


def _names(request: HttpRequest, header: str, tag: str) -> bool:
    known = [one.strip().removeprefix("W/") for one in request.headers.get(header, "").split(",")]
    return tag in known or known == ["*"]
