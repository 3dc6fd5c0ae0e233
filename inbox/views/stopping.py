"""Stopping mails from a link in one of them: no account is asked for.

Opening the address changes nothing, for mail programs open links to check them. A POST stops; mail
programs send it themselves when somebody presses their button (RFC 8058), without a CSRF token.
The secret in the address is what allows it.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.tenancy import by_secret, speak_as
from inbox.kinds import find_kind
from inbox.mailing import PURPOSE
from inbox.models import NoticeSettings
from inbox.wishes import DIGEST, has_digest, is_mailed, mails_resume, mails_stop


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str, kind: str = "") -> HttpResponse:
    """Stop the mails of one kind, or all; and take it back."""
    wishes = by_secret(NoticeSettings, PURPOSE, token)
    known = find_kind(kind)
    if kind and kind != DIGEST and known is None:
        raise Http404("No such kind of notice.")
    speak_as(wishes.organization)
    is_again = request.POST.get("again") == "1"
    if request.method == "POST":
        (mails_resume if is_again else mails_stop)(wishes=wishes, kind=kind)
        wishes.refresh_from_db()
    context = {
        "wishes": wishes,
        "kind": known,
        "is_digest": kind == DIGEST,
        "is_all": not kind,
        "is_stopped": _is_stopped(wishes, kind),
        "is_done": request.method == "POST",
        "is_again": is_again,
    }
    return render(request, "inbox/stop.html", context)


def _is_stopped(wishes: NoticeSettings, kind: str) -> bool:
    if not kind:
        return wishes.stopped_at is not None
    return not (has_digest(wishes) if kind == DIGEST else is_mailed(wishes, kind))
