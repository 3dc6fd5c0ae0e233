"""Calendar feeds: the page that gives the addresses out, and the feed itself."""

from __future__ import annotations

import hashlib

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.tenancy import Access, Can, by_secret, speak_as, tenant_view
from roadmap.enums import FeedScope
from roadmap.models import CalendarFeed
from roadmap.services.sharing.feeds import (
    PURPOSE,
    feed_address,
    feed_calendar,
    feed_end,
    feed_is_good,
    feed_make,
    feed_renew,
    feed_seen,
)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.VIEW)
def calendar(request: HttpRequest, access: Access) -> HttpResponse:
    """One's own addresses. POST makes, renews or ends the one of a scope."""
    own = {feed.scope: feed for feed in access.scope(CalendarFeed).filter(person=access.user)}
    if request.method == "POST":
        scope = request.POST.get("scope", "")
        if scope not in FeedScope.values:
            raise Http404("No such calendar.")
        messages.success(request, _change(request.POST.get("do", ""), access, scope, own))
        return redirect("work:calendar", access.organization.slug)
    rows = [
        {
            "scope": scope,
            "label": label,
            "feed": own.get(scope),
            "address": feed_address(own[scope]) if scope in own else "",
        }
        for scope, label in FeedScope.choices
    ]
    return render(request, "roadmap/feeds/calendar.html", {"rows": rows})


def _change(do: str, access: Access, scope: str, own: dict[str, CalendarFeed]) -> str:
    feed = own.get(scope)
    if feed is None:
        feed_make(organization=access.organization, person=access.user, scope=scope)
        return _("The address is ready. Give it to your calendar.")
    if do == "end":
        feed_end(feed=feed)
        return _("The address has ended: it shows nothing any more.")
    if do == "renew":
        feed_renew(feed=feed)
        return _("Here is the new address; the old one shows nothing any more.")
    return _("The address is ready. Give it to your calendar.")


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """The feed for whoever holds the address; 304 as long as nothing changed."""
    found = by_secret(CalendarFeed, PURPOSE, token)
    if not feed_is_good(found):
        raise Http404("No such calendar.")
    speak_as(found.organization)
    feed_seen(found)
    content = feed_calendar(found)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="waymark.ics"'
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response)
