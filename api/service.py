"""The API as one object: how answers and errors look. Operations are in `api.routers`."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from api.access import TokenAuth
from api.parsing import StrictParser
from api.problems import Problem, problem_response
from api.repeats import Answered, remember

ABOUT = """
Everything a consultant automates: clients, answers, scores, plans, progress, metrics, reports.

Make a token under “API” in the menu of your account and send it as
`Authorization: Bearer wmk_…`. It allows what its scopes say and never more than you may do yourself
at that moment.

Errors are `application/problem+json` (RFC 9457), with `errors` by field. Lists come in parts: pass
`next_cursor` on as `cursor`. A `GET` has an `ETag`; with `If-None-Match` an unchanged answer is a
304. What may be changed by several people has a `version`: send the one you saw, and a newer one is
answered with 409 and what stands there now. A `POST` with an `Idempotency-Key` has one effect,
however often it comes within a day. Calls are limited by the minute: see the `RateLimit-…` headers.

Scores, efforts and dates are estimates. Mappings to laws and standards are no legal advice.
"""


class Api(NinjaAPI):
    def create_response(
        self,
        request: HttpRequest,
        data: Any,
        *,
        status: int | None = None,
        temporal_response: HttpResponse | None = None,
    ) -> HttpResponse:
        response = super().create_response(
            request, data, status=status, temporal_response=temporal_response
        )
        for name, value in getattr(request, "api_headers", {}).items():
            response[name] = value
        if request.method == "GET" and response.status_code == 200:
            return with_etag(request, response)
        remember(request, response)
        return response

    def get_openapi_schema(self, **kwargs: Any) -> Any:
        """With the errors that every operation may answer."""
        found = super().get_openapi_schema(**kwargs)
        found.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
        for operations in found["paths"].values():
            for method, operation in operations.items():
                operation["responses"]["4XX"] = REFUSED
                if method == "get":
                    operation["responses"][304] = {"description": "As you have it already"}
        return found


PROBLEM = {
    "title": "Problem",
    "description": "An error as RFC 9457 has it.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong, and what to do."},
        "errors": {
            "type": "object",
            "description": "Field → what to do.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
}
REFUSED = {
    "description": "Refused: what is wrong, and what to do",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def with_etag(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer with its tag; a 304 where the caller has it already."""
    tag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = tag
    known = [one.strip().removeprefix("W/") for one in _none_match(request).split(",")]
    if tag in known or known == ["*"]:
        response.status_code = 304
        response.content = b""
        del response["Content-Type"]
    return response


def _none_match(request: HttpRequest) -> str:
    return request.headers.get("If-None-Match", "")


api = Api(
    title="Waymark",
    version="1",
    description=ABOUT,
    docs_url=None,
    openapi_url="/openapi.json",
    auth=TokenAuth(),
    parser=StrictParser(),
    urls_namespace="api-v1",
)


def told(request: HttpRequest, problem: Problem) -> HttpResponse:
    response = problem_response(problem)
    for name, value in getattr(request, "api_headers", {}).items():
        response[name] = value
    return response


@api.exception_handler(Problem)
def on_problem(request: HttpRequest, error: Problem) -> HttpResponse:
    return told(request, error)


@api.exception_handler(Answered)
def on_answered(request: HttpRequest, error: Answered) -> HttpResponse:
    row = error.row
    response = HttpResponse(row.body, status=row.status or 200, content_type="application/json")
    response["Idempotent-Replayed"] = "true"
    for name, value in getattr(request, "api_headers", {}).items():
        response[name] = value
    return response


@api.exception_handler(AuthenticationError)
def on_stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    words = _("Send a token that is good: Authorization: Bearer wmk_…")
    return told(request, Problem(401, words, headers={"WWW-Authenticate": "Bearer"}))


@api.exception_handler(Http404)
def on_nothing(request: HttpRequest, error: Http404) -> HttpResponse:
    return told(request, Problem(404, _("There is no such thing here for this token.")))


@api.exception_handler(PermissionDenied)
def on_refusal(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return told(request, Problem(403, str(error) or _("Your role does not allow this.")))


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, Problem):
        # Of our own parser, which ninja has put into words of its own.
        return told(request, error.__cause__)
    return told(request, Problem(error.status_code, str(error)))


@api.exception_handler(RequestDataTooBig)
def on_too_much(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    megabytes = (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) / 1_000_000
    words = _("The body is too large: at most %.1f MB at once. Send it in parts.") % megabytes
    return told(request, Problem(413, words))


@api.exception_handler(ValidationError)
def on_wrong_input(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors: dict[str, list[str]] = {}
    for one in error.errors:
        # Where it stands: body, query, path; then the names of parameter and field.
        where = [str(part) for part in one["loc"][1:]]
        name = ".".join(where[1:] if len(where) > 1 and one["loc"][0] == "body" else where)
        errors.setdefault(name or "body", []).append(str(one["msg"]))
    return told(request, Problem(422, _("Some of what was sent cannot be taken."), errors=errors))


def _mount() -> None:
    from api.routers import assessments, jobs, metrics, organizations, plans, reports, roadmaps

    for part in (organizations, assessments, plans, roadmaps, metrics, reports, jobs):
        api.add_router("", part.router)


_mount()
