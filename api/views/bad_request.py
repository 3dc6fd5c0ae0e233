"""Requests that are refused before any view: a foreign Host header, a form past all bounds."""

from __future__ import annotations

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views import defaults

from api.middleware import PATH
from api.problems import Problem, problem_response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler400`. Such answers are made outside of the API's own middleware."""
    if not request.path.startswith(PATH):
        return defaults.bad_request(request, exception)
    words = _("The request cannot be read.")
    if isinstance(exception, DisallowedHost):
        words = _("The header Host names no address of this server.")
    response = problem_response(Problem(400, words))
    response["Cache-Control"] = "no-store"
    return response
