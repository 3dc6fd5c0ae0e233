"""Language and time zone for the length of one request, and words where a page has none."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils import timezone, translation

from accounts.models import User

GetResponse = Callable[[HttpRequest], HttpResponse]


class LocaleMiddleware:
    """Activate the person's language; leave no zone or language behind for the next request.

    The organization's zone and language are activated by `tenancy.tenant_view`, which knows the
    organization. Comes after Django's own LocaleMiddleware (the browser's language) and after the
    authentication.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before = translation.get_language()
        if isinstance(request.user, User) and request.user.language:
            translation.activate(request.user.language)
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()
            if before:
                translation.activate(before)


class NothingToLookAtMiddleware:
    """Who opens the address of a form by itself, as after signing in again, gets a page in words;
    browsers show an empty 405 as a fault of their own.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
        if not (is_page and isinstance(response, HttpResponseNotAllowed)) or response.content:
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page
