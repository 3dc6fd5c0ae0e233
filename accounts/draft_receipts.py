"""Tells the browser that a form it kept a draft of was taken (static/js/drafts.js)."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

COOKIE = "wm_saved"
# What the script makes up; a header could not carry everything that might be sent instead.
NAME = re.compile(r"[A-Za-z0-9.-]{1,64}")
SECONDS = 60


class DraftReceiptMiddleware:
    """A form that names its draft and is answered by a redirect was saved; the page it leads to
    finds the draft's name in a cookie and forgets the draft. Being sent to sign in is no saving.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "POST" or response.status_code != 302:
            return response
        draft = request.POST.get("draft_id", "")
        is_to_sign_in = response["Location"].startswith(resolve_url(settings.LOGIN_URL))
        if NAME.fullmatch(draft) and not is_to_sign_in:
            # Read by script, so not http-only; it holds a random name and nothing else.
            response.set_cookie(
                COOKIE,
                draft,
                max_age=SECONDS,
                secure=settings.SESSION_COOKIE_SECURE,
                samesite="Lax",
            )
        return response
