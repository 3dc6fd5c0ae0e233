"""The API as one object: how answers and errors look. Operations are in `api.routers`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.operation import Operation

from api.about import ABOUT
from api.access import TokenAuth
from api.etags import with_etag
from api.examples import add_examples
from api.parsing import StrictParser
from api.problems import Problem, problem_response
from api.repeats import Answered, remember


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
        if request.method != "POST" and response.status_code == 200:
            return with_etag(request, response)
        remember(request, response)
        return response

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Short, and the same whatever becomes of our modules: programs are made of it."""
        part, name = (operation.tags or ["other"])[0], operation.view_func.__name__
        return f"{part}_{'list' if name.startswith('list_') else name}"

    def get_openapi_schema(self, **kwargs: Any) -> Any:
        """With the errors that every operation may answer."""
        found = super().get_openapi_schema(**kwargs)
        found.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
        for operations in found["paths"].values():
            for method, operation in operations.items():
                operation["responses"]["4XX"] = REFUSED
                add_examples(operation)
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


@api.exception_handler(Problem)
def on_problem(request: HttpRequest, error: Problem) -> HttpResponse:
    return problem_response(error)


@api.exception_handler(Answered)
def on_answered(request: HttpRequest, error: Answered) -> HttpResponse:
    row = error.row
    response = HttpResponse(row.body, status=row.status or 200, content_type="application/json")
    response["Idempotent-Replayed"] = "true"
    return response


@api.exception_handler(AuthenticationError)
def on_stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    words = _("Send a token that is good: Authorization: Bearer wmk_…")
    return problem_response(Problem(401, words, headers={"WWW-Authenticate": "Bearer"}))


@api.exception_handler(Http404)
def on_nothing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem_response(Problem(404, _("There is no such thing here for this token.")))


@api.exception_handler(PermissionDenied)
def on_refusal(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return problem_response(Problem(403, str(error) or _("Your role does not allow this.")))


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, Problem):
        # Of our own parser, which ninja has put into words of its own.
        return problem_response(error.__cause__)
    return problem_response(Problem(error.status_code, str(error)))


@api.exception_handler(RequestDataTooBig)
def on_too_much(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    megabytes = (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) / 1_000_000
    words = _("The body is too large: at most %.1f MB at once. Send it in parts.") % megabytes
    return problem_response(Problem(413, words))


@api.exception_handler(ValidationError)
def on_wrong_input(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors: dict[str, list[str]] = {}
    for one in error.errors:
        # Where it stands: body, query, path; then the names of parameter and field.
        where = [str(part) for part in one["loc"][1:]]
        name = ".".join(where[1:] if len(where) > 1 and one["loc"][0] == "body" else where)
        errors.setdefault(name or "body", []).append(str(one["msg"]))
    return problem_response(
        Problem(422, _("Some of what was sent cannot be taken."), errors=errors)
    )


def _mount() -> None:
    from api.routers import (
        assessments,
        batches,
        clients,
        jobs,
        metrics,
        organizations,
        plans,
        reports,
        roadmaps,
    )

    parts = (organizations, clients, assessments, plans, roadmaps, metrics, reports, batches, jobs)
    for part in parts:
        api.add_router("", part.router)


_mount()
