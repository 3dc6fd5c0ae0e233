"""The inbox of one person in one organization."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.tenancy import Access, Can, tenant_view
from inbox.forms import SettingsForm
from inbox.kinds import all_kinds, find_kind
from inbox.models import Notice
from inbox.reading import notice_read, notices_asked, notices_read
from inbox.wishes import stored_wishes, wishes_of

PAGE = 25
# What stands for “My work” in a form that returns there.
WORK = "work"


@require_safe
@tenant_view(Can.VIEW)
def index(request: HttpRequest, access: Access) -> HttpResponse:
    only_unread = request.GET.get("show") == "unread"
    kind = request.GET.get("kind", "")
    if find_kind(kind) is None:
        kind = ""
    found = notices_asked(access, only_unread=only_unread, kind=kind)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    for notice in page:
        known = find_kind(notice.kind)
        notice.kind_title = known.title if known else notice.kind
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "page": page,
        "kinds": all_kinds(),
        "kind": kind,
        "only_unread": only_unread,
        "query": kept.urlencode(),
    }
    return render(request, "inbox/index.html", context)


@require_safe
@tenant_view(Can.VIEW)
def open_notice(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """Mark it read and go where it leads: the address in mails and on the page."""
    notice = _own(access, pk)
    notice_read(notice)
    is_ours = notice.path.startswith("/") and url_has_allowed_host_and_scheme(
        notice.path, allowed_hosts=None
    )
    return redirect(notice.path) if is_ours else redirect("inbox:list", access.organization.slug)


@require_POST
@tenant_view(Can.VIEW)
def mark(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    notice_read(_own(access, pk), is_read=request.POST.get("as") != "unread")
    return _back(request, access)


@require_POST
@tenant_view(Can.VIEW)
def mark_all(request: HttpRequest, access: Access) -> HttpResponse:
    count = notices_read(access, kind=request.POST.get("kind", ""))
    messages.success(
        request,
        ngettext("%d notice is marked as read.", "%d notices are marked as read.", count) % count,
    )
    return _back(request, access)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.VIEW)
def settings(request: HttpRequest, access: Access) -> HttpResponse:
    wishes = wishes_of(access.organization, [access.user])[access.user.pk]
    form = SettingsForm(request.POST or None, instance=wishes)
    if request.method == "POST":
        if form.is_valid():
            _save(
                SettingsForm(request.POST, instance=stored_wishes(access.organization, access.user))
            )
            messages.success(request, _("Saved."))
            return redirect("inbox:settings", access.organization.slug)
        return render(request, "inbox/settings.html", {"form": form}, status=422)
    return render(request, "inbox/settings.html", {"form": form})


def _save(form: SettingsForm) -> None:
    """Into the row as it is now: a mail may have stored it since the page looked for it."""
    form.full_clean()
    stopped = form.cleaned_data["is_stopped"]
    form.instance.stopped_at = (form.instance.stopped_at or timezone.now()) if stopped else None
    form.save()


def _own(access: Access, pk: int) -> Notice:
    """404 for other people's, whatever one's role."""
    return access.get(Notice, pk=pk, person=access.user)


def _back(request: HttpRequest, access: Access) -> HttpResponse:
    if request.POST.get("back") == WORK:
        return redirect("work:mine", access.organization.slug)
    query = request.POST.get("query", "")
    response = redirect("inbox:list", access.organization.slug)
    if query:
        # Written anew: what was posted may hold what no header can.
        response["Location"] += f"?{QueryDict(query[:300]).urlencode()}"
    return response
