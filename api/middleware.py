"""What holds for every answer under /api/v1/, also where no operation was reached.

Errors are problem+json, nothing is kept by caches, HEAD and OPTIONS are answered, and tokens stay
out of addresses.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from api.problems import CONTENT_TYPE, Problem, problem_response
from api.tokens import PREFIX

PATH = "/api/v1/"
DOCUMENT = "/api/v1/openapi.json"


class ApiProblemMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(PATH):
            return self.get_response(request)
        response = self._refused(request) or self._answered(request)
        for name, value in getattr(request, "api_headers", {}).items():
            response[name] = value
        if request.path != DOCUMENT:
            response["Cache-Control"] = "no-store"
        return response

    def _refused(self, request: HttpRequest) -> HttpResponseBase | None:
        if any(value.startswith(PREFIX) for value in request.GET.values()):
            words = _(
                "Never put a token into an address: addresses are kept in logs. End this token, "
                "make another, and send it as Authorization: Bearer …"
            )
            return problem_response(Problem(400, words))
        if "\x00" in request.path:
            return problem_response(Problem(404, _("There is no such address.")))
        return None

    def _answered(self, request: HttpRequest) -> HttpResponseBase:
        asked = request.method
        if asked == "HEAD":
            request.method = "GET"
        response = self.get_response(request)
        request.method = asked
        if response.status_code >= 400:
            response = _as_problem(request, response)
        if asked == "HEAD":
            return _without_body(response)
        return response


def _as_problem(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if response.status_code == 405:
        allowed = _allowed(response)
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": allowed})
        words = _("This address does not take this method, but: %s") % allowed
        return problem_response(Problem(405, words, headers={"Allow": allowed}))
    if response.get("Content-Type", "").startswith(CONTENT_TYPE):
        return response
    told = {
        400: _("The request cannot be read."),
        404: _("There is no such address."),
        413: _("The body is too large."),
    }
    detail = told.get(response.status_code, _("Something went wrong here. Try again later."))
    return problem_response(Problem(response.status_code, detail))


def _allowed(response: HttpResponseBase) -> str:
    methods = {one.strip() for one in response.get("Allow", "").split(",") if one.strip()}
    more = {"HEAD", "OPTIONS"} if "GET" in methods else {"OPTIONS"}
    return ", ".join(sorted(methods | more))


def _without_body(response: HttpResponseBase) -> HttpResponseBase:
    """The same response, as closing it ends the request and with it the database's connection."""
    if isinstance(response, StreamingHttpResponse):
        # The file behind it is still closed in the end.
        response.streaming_content = iter(())
    elif isinstance(response, HttpResponse):
        length = str(len(response.content))
        response.content = b""
        response["Content-Length"] = length
    return response
