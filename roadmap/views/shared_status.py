"""What a secret address shows to whoever holds it: the status report, and how to stop its mails."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.tenancy import by_secret, speak_as
from roadmap.models import StatusLink, StatusMail
from roadmap.pages.status import status_of
from roadmap.services.sharing.links import (
    LINK,
    MAIL,
    TooManyTries,
    link_is_open,
    link_seen,
    mail_stop,
    password_fits,
    roadmap_shown,
)
from roadmap.services.work.tracking import organization_today
from roadmap.sharing_forms import PasswordForm

REMEMBERED = 12 * 3600


@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest, token: str) -> HttpResponse:
    """The report; before it the password, where there is one. POST sends the password."""
    link = by_secret(StatusLink, LINK, token)
    organization = link.roadmap.organization
    speak_as(organization)
    today = organization_today(organization)
    if not link_is_open(link, today):
        response = render(request, "roadmap/sharing/ended.html", status=410)
    elif request.method == "POST":
        response = _unlock(request, link)
    elif link.password and not _is_unlocked(request, link):
        response = render(request, "roadmap/sharing/password.html", {"form": PasswordForm()})
    else:
        link_seen(link)
        context = {"status": status_of(roadmap_shown(link.roadmap), today), "link": link}
        response = render(request, "roadmap/sharing/status.html", context)
    return _unlisted(response)


def _unlock(request: HttpRequest, link: StatusLink) -> HttpResponse:
    form = PasswordForm(request.POST)
    code = 422
    if form.is_valid():
        try:
            sender = request.META.get("REMOTE_ADDR", "")
            if password_fits(link, form.cleaned_data["password"], sender):
                response = redirect(request.path)
                response.set_signed_cookie(
                    _cookie(link),
                    _stamp(link),
                    salt=LINK,
                    max_age=REMEMBERED,
                    path=request.path,
                    secure=request.is_secure(),
                    httponly=True,
                    samesite="Lax",
                )
                return response
            form.add_error("password", _("This is not the password. Ask whoever sent the address."))
        except TooManyTries:
            code = 429
            form.add_error("password", _("Too many wrong passwords. Try again in ten minutes."))
    return render(request, "roadmap/sharing/password.html", {"form": form}, status=code)


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the token is the key
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST stops the mails to this address."""
    mail = by_secret(StatusMail, MAIL, token)
    speak_as(mail.roadmap.organization)
    if request.method == "POST":
        mail_stop(mail=mail, user=None)
        mail.refresh_from_db(fields=["stopped_at"])
    context = {"mail": mail, "is_stopped": mail.stopped_at is not None}
    return _unlisted(render(request, "roadmap/sharing/stop.html", context))


def _cookie(link: StatusLink) -> str:
    return f"wm_status_{link.pk}"


def _stamp(link: StatusLink) -> str:
    """Ends with the password it was given for."""
    return link.password[-24:]


def _is_unlocked(request: HttpRequest, link: StatusLink) -> bool:
    kept = request.get_signed_cookie(_cookie(link), "", salt=LINK, max_age=REMEMBERED)
    return bool(kept) and kept == _stamp(link)


def _unlisted(response: HttpResponse) -> HttpResponse:
    """Not to be kept, not to be found, and the address not to be passed on by links."""
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    # Not "no-referrer": a browser then sends the form of the password with the origin "null", which
    # the protection against forged requests refuses. Of the address only the host is told.
    response["Referrer-Policy"] = "strict-origin"
    return response
