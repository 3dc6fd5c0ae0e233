"""What a secret address shows to whoever holds it: the status report, and how to stop its mails."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.shared_addresses import address_seen, last_day
from accounts.tenancy import by_secret, speak_as
from accounts.views.shared_address import shared_page, unlisted
from roadmap.models import StatusLink, StatusMail
from roadmap.pages.status import status_of
from roadmap.services.sharing.links import LINK, MAIL, mail_stop, roadmap_shown
from roadmap.services.work.tracking import organization_today


@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest, token: str) -> HttpResponseBase:
    """The report; before it the password, where there is one. POST sends the password."""
    link = by_secret(StatusLink, LINK, token)
    organization = link.roadmap.organization
    speak_as(organization)
    today = organization_today(organization)

    def show() -> HttpResponse:
        address_seen(link)
        context = {
            "status": status_of(roadmap_shown(link.roadmap), today),
            "last_day": last_day(link),
        }
        return render(request, "roadmap/sharing/status.html", context)

    return shared_page(
        request,
        link,
        purpose=LINK,
        today=today,
        title=_("Status report"),
        home=request.path,
        show=show,
    )


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the token is the key
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponseBase:
    """GET asks, POST stops the mails to this address."""
    mail = by_secret(StatusMail, MAIL, token)
    speak_as(mail.roadmap.organization)
    if request.method == "POST":
        mail_stop(mail=mail, user=None)
        mail.refresh_from_db(fields=["stopped_at"])
    context = {"mail": mail, "is_stopped": mail.stopped_at is not None}
    return unlisted(render(request, "roadmap/sharing/stop.html", context))
