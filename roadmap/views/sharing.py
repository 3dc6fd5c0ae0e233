"""Who outside may read the status: links and mails of one roadmap."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.shared_addresses import address_is_open, last_day
from accounts.tenancy import Access, Can, tenant_view
from roadmap.models import Roadmap, StatusLink, StatusMail
from roadmap.pages.status import status_of
from roadmap.services.sharing import links
from roadmap.services.sharing.links import SharingInvalid
from roadmap.services.work.tracking import organization_today
from roadmap.sharing_forms import LinkForm, MailForm

SHOWN = 100


@require_safe
@tenant_view(Can.EDIT)
def index(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    return _page(request, access, _roadmap(access, pk))


@require_POST
@tenant_view(Can.EDIT)
def link_create(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    roadmap = _roadmap(access, pk)
    form = LinkForm(request.POST, prefix="link")
    if form.is_valid():
        today = organization_today(access.organization)
        try:
            link = links.link_create(
                roadmap=roadmap,
                user=access.user,
                today=today,
                engagement=access.engagement,
                **form.cleaned_data,
            )
        except SharingInvalid as error:
            _add_errors(form, error)
        else:
            messages.success(request, _("The address is ready. Copy it from the list below."))
            return redirect(f"{_address(access, roadmap)}#link-{link.pk}")
    return _page(request, access, roadmap, link_form=form, status=422)


@require_POST
@tenant_view(Can.EDIT)
def link_revoke(request: HttpRequest, access: Access, pk: int, link: int) -> HttpResponse:
    found = access.get(StatusLink, pk=link)
    found.roadmap.organization = access.organization
    links.link_revoke(link=found, user=access.user)
    messages.success(request, _("This address leads nowhere any more."))
    return redirect(_address(access, found.roadmap))


@require_POST
@tenant_view(Can.EDIT)
def mail_create(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    roadmap = _roadmap(access, pk)
    form = MailForm(request.POST, prefix="mail")
    if form.is_valid():
        try:
            links.mail_create(
                roadmap=roadmap,
                user=access.user,
                engagement=access.engagement,
                **form.cleaned_data,
            )
        except SharingInvalid as error:
            _add_errors(form, error)
        else:
            messages.success(request, _("The status report will be mailed in this rhythm."))
            return redirect(f"{_address(access, roadmap)}#mails")
    return _page(request, access, roadmap, mail_form=form, status=422)


@require_POST
@tenant_view(Can.EDIT)
def mail_stop(request: HttpRequest, access: Access, pk: int, mail: int) -> HttpResponse:
    found = access.get(StatusMail, pk=mail)
    found.roadmap.organization = access.organization
    links.mail_stop(mail=found, user=access.user)
    messages.success(request, _("No more status reports go to this address."))
    return redirect(f"{_address(access, found.roadmap)}#mails")


@require_safe
@tenant_view(Can.VIEW)
def preview(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """What those outside see, for those inside."""
    roadmap = _roadmap(access, pk)
    status = status_of(roadmap, organization_today(access.organization))
    return render(request, "roadmap/sharing/preview.html", {"roadmap": roadmap, "status": status})


def _roadmap(access: Access, pk: int) -> Roadmap:
    rows = access.scope(Roadmap).defer("forecast", "constraints").select_related("snapshot")
    found = get_object_or_404(rows.defer("snapshot__answers", "snapshot__scorecard"), pk=pk)
    found.organization = access.organization
    return found


def _page(
    request: HttpRequest,
    access: Access,
    roadmap: Roadmap,
    *,
    link_form: LinkForm | None = None,
    mail_form: MailForm | None = None,
    status: int = 200,
) -> HttpResponse:
    today = organization_today(access.organization)
    links = access.scope(StatusLink).select_related("created_by", "engagement")
    context: dict[str, Any] = {
        "roadmap": roadmap,
        "links": [_row(request, link, today) for link in links[:SHOWN]],
        "mails": access.scope(StatusMail).filter(stopped_at=None),
        "link_form": link_form or LinkForm.from_today(today),
        "mail_form": mail_form or MailForm.new(),
        "form": link_form or mail_form,
    }
    return render(request, "roadmap/sharing/index.html", context, status=status)


def _row(request: HttpRequest, link: StatusLink, today: Any) -> dict[str, Any]:
    is_open = address_is_open(link, today)
    path = reverse("shared:status", args=[links.link_token(link)])
    return {
        "link": link,
        "is_open": is_open,
        "last_day": last_day(link),
        "address": request.build_absolute_uri(path) if is_open else "",
    }


def _address(access: Access, roadmap: Roadmap) -> str:
    return reverse("roadmap:sharing", args=[access.organization.slug, roadmap.pk])


def _add_errors(form: Any, error: SharingInvalid) -> None:
    for field, message in error.messages.items():
        form.add_error(field, message)
