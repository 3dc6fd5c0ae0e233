"""What stands before a shared page: that it has ended, or the question for its password."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.shared_addresses import TooManyTries, address_is_open, password_fits

REMEMBERED = 12 * 3600


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


def shared_page(
    request: HttpRequest,
    address: Any,
    *,
    purpose: str,
    today: date,
    title: str,
    home: str,
    show: Callable[[], HttpResponseBase],
) -> HttpResponseBase:
    """`show()` where the address (`accounts.shared_addresses.SharedAddress`) is open and unlocked.

    `home`: the path below which everything of the address lies. POST sends the password.
    """
    if not address_is_open(address, today):
        response: HttpResponseBase = render(request, "accounts/shared_ended.html", status=410)
    elif request.method == "POST":
        response = _unlock(request, address, purpose, title, home)
    elif address.password and not _is_unlocked(request, address, purpose):
        response = _ask(request, PasswordForm(), title)
    else:
        response = show()
    return unlisted(response)


def unlisted(response: HttpResponseBase) -> HttpResponseBase:
    """Not to be kept, not to be found, and the address not to be passed on by links."""
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    # Not "no-referrer": a browser then sends the form of the password with the origin "null", which
    # the protection against forged requests refuses. Of the address only the host is told.
    response["Referrer-Policy"] = "strict-origin"
    return response


def _ask(request: HttpRequest, form: PasswordForm, title: str, status: int = 200) -> HttpResponse:
    context = {"form": form, "title": title}
    return render(request, "accounts/shared_password.html", context, status=status)


def _unlock(
    request: HttpRequest, address: Any, purpose: str, title: str, home: str
) -> HttpResponse:
    form = PasswordForm(request.POST)
    code = 422
    if form.is_valid():
        try:
            sender = request.META.get("REMOTE_ADDR", "")
            if password_fits(address, purpose, form.cleaned_data["password"], sender):
                return _unlocked(request, address, purpose, home)
            form.add_error("password", _("This is not the password. Ask whoever sent the address."))
        except TooManyTries:
            code = 429
            form.add_error("password", _("Too many wrong passwords. Try again in ten minutes."))
    return _ask(request, form, title, code)


def _unlocked(request: HttpRequest, address: Any, purpose: str, home: str) -> HttpResponse:
    response = redirect(request.path)
    response.set_signed_cookie(
        _cookie(address, purpose),
        _stamp(address),
        salt=purpose,
        max_age=REMEMBERED,
        path=home,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def _cookie(address: Any, purpose: str) -> str:
    return f"wm_{purpose}_{address.pk}"


def _stamp(address: Any) -> str:
    """Ends with the password it was given for."""
    return str(address.password[-24:])


def _is_unlocked(request: HttpRequest, address: Any, purpose: str) -> bool:
    name = _cookie(address, purpose)
    kept = request.get_signed_cookie(name, "", salt=purpose, max_age=REMEMBERED)
    return bool(kept) and kept == _stamp(address)
