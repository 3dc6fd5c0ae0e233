"""Errors as problem+json (RFC 9457): what is wrong, and what to do about it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse

CONTENT_TYPE = "application/problem+json"


class Problem(Exception):
    """Raised by an operation. `errors`: field → what to do; `more` goes into the answer too."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Mapping[str, str | Sequence[str]] | None = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        self.status, self.detail, self.errors = status, detail, errors
        self.headers, self.more = dict(headers or {}), more
        super().__init__(detail)


def problem_response(problem: Problem) -> HttpResponse:
    status = HTTPStatus(problem.status)
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": status.phrase,
        "status": problem.status,
        "detail": problem.detail,
        **problem.more,
    }
    if problem.errors is not None:
        body["errors"] = {
            name: [words] if isinstance(words, str) else list(words)
            for name, words in problem.errors.items()
        }
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False, default=str),
        status=problem.status,
        content_type=CONTENT_TYPE,
    )
    for name, value in problem.headers.items():
        response[name] = value
    return response
