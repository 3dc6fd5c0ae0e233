"""Errors outside of any operation (no such path, wrong method) look like those of operations."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from api.problems import CONTENT_TYPE, Problem, problem_response

PATH = "/api/v1/"


class ApiProblemMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not request.path.startswith(PATH) or response.status_code < 400:
            return response
        if response.get("Content-Type", "").startswith(CONTENT_TYPE):
            return response
        words = {
            404: _("There is no such address."),
            405: _("This address does not take this method."),
            400: _("The request cannot be read."),
        }
        detail = words.get(response.status_code, _("Something went wrong here. Try again later."))
        headers = {"Allow": response["Allow"]} if response.has_header("Allow") else {}
        return problem_response(Problem(response.status_code, detail, headers=headers))
