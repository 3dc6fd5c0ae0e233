"""Who advises an organization, and whom a consultancy asks to be let in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import engagements
from accounts.engagement_forms import GrantForm, RequestForm, TermsForm
from accounts.enums import Role
from accounts.models import Engagement, EngagementRequest, Organization
from accounts.secret_addresses import token_of
from accounts.tenancy import Access, Can, by_secret, tenant_view

ASK = "engagement-request"
UNPROCESSABLE = 422
ENDED_SHOWN = 20


@require_safe
@tenant_view(Can.VIEW)
def index(request: HttpRequest, access: Access) -> HttpResponse:
    """For everybody in the client: nobody is let in without its people seeing it."""
    rows = access.scope(Engagement).select_related("consultancy", "granted_by", "ended_by")
    today = timezone.localdate(timezone=access.organization.zone)
    found = list(rows.order_by("-granted_at", "-pk")[: ENDED_SHOWN + 50])
    context = {
        "open": [one for one in found if one.is_open(today)],
        "over": [one for one in found if not one.is_open(today)][:ENDED_SHOWN],
    }
    return render(request, "accounts/advisers/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.MANAGE)
def change(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    found = _engagement(access, pk)
    initial = {"role": found.role, "areas": found.areas, "until": found.until}
    form = TermsForm(_sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            engagements.engagement_change(engagement=found, user=access.user, **form.cleaned_data)
        except engagements.EngagementInvalid as error:
            _refuse(form, error)
        else:
            messages.success(
                request,
                _(
                    "The engagement is changed, from now on. Addresses they gave out that show "
                    "more than they may see now are closed."
                ),
            )
            return redirect("advisers:list", access.organization.slug)
    context = {"form": form, "engagement": found}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "accounts/advisers/change.html", context, status=status)


@require_POST
@tenant_view(Can.MANAGE)
def end(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    found = _engagement(access, pk)
    engagements.engagement_end(engagement=found, user=access.user)
    said = _("Ended. Nobody of %s gets in any more, and the addresses they gave out are closed.")
    messages.success(request, said % found.consultancy.name)
    return redirect("advisers:list", access.organization.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.EDIT)
def requests(request: HttpRequest, access: Access) -> HttpResponse:
    """The consultancy's side: ask, copy the address, take it back."""
    _require_adviser(access)
    form = RequestForm(_sent(request), initial={"role": Role.EDITOR})
    if request.method == "POST" and form.is_valid():
        try:
            engagements.engagement_ask(
                consultancy=access.organization, user=access.user, **form.cleaned_data
            )
        except engagements.EngagementInvalid as error:
            _refuse(form, error)
        else:
            messages.success(request, _("The address is ready. Send it to an owner of the client."))
            return redirect("advisers:requests", access.organization.slug)
    rows = access.scope(EngagementRequest).select_related("engagement__client", "asked_by")
    context = {
        "form": form,
        "rows": [{"asked": one, "address": _address(one)} for one in rows[:200]],
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "accounts/advisers/requests.html", context, status=status)


@require_POST
@tenant_view(Can.EDIT)
def withdraw(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    _require_adviser(access)
    asked = access.get(EngagementRequest, pk=pk)
    engagements.engagement_withdraw(asked=asked, user=access.user)
    messages.success(request, _("The request is taken back; its address no longer works."))
    return redirect("advisers:requests", access.organization.slug)


@require_POST
@tenant_view(Can.MANAGE)
def step_back(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """The consultancy itself ends what a client granted it."""
    _require_adviser(access)
    rows = Engagement.objects.filter(consultancy=access.organization.pk)
    found = rows.select_related("client", "consultancy").filter(pk=pk, ended_at=None).first()
    if found is None:
        raise Http404("No such engagement.")
    engagements.engagement_end(engagement=found, user=access.user)
    messages.success(request, _("Ended. You no longer get into %s.") % found.client.name)
    return redirect("advisers:requests", access.organization.slug)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """What the address opens: who asks for what, and which of one's organizations to open."""
    asked = by_secret(EngagementRequest, ASK, token)
    owned = Organization.objects.filter(
        memberships__user=request.user, memberships__role=Role.OWNER
    ).exclude(pk=asked.consultancy_id)
    initial = {"role": asked.role, "areas": asked.areas, "until": asked.until}
    form = GrantForm(owned, _sent(request), initial=initial)
    context: dict[str, Any] = {"asked": asked, "form": form, "owned": owned, "token": token}
    if request.method == "POST" and asked.is_open and form.is_valid():
        try:
            made = engagements.engagement_grant(asked=asked, user=request.user, **form.cleaned_data)
        except engagements.EngagementInvalid as error:
            _refuse(form, error)
        except engagements.AlreadyEngaged:
            form.add_error("client", _("They advise this organization already: change that."))
        except engagements.RequestClosed:
            asked.refresh_from_db()
        else:
            messages.success(request, _("%s may come in now.") % asked.consultancy.name)
            return redirect("advisers:list", made.client.slug)
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "accounts/advisers/answer.html", context, status=status)


def _engagement(access: Access, pk: int) -> Engagement:
    rows = access.scope(Engagement).select_related("consultancy", "client")
    found = rows.filter(pk=pk, ended_at=None).first()
    if found is None:
        raise Http404("No such engagement.")
    return found


def _require_adviser(access: Access) -> None:
    if not access.organization.advises:
        raise Http404("This organization advises nobody.")


def _address(asked: EngagementRequest) -> str:
    if not asked.is_open:
        return ""
    path = reverse("accounts:engagement_request", args=[token_of(ASK, asked.nonce)])
    return f"{settings.WAYMARK_URL}{path}"


def _refuse(form: TermsForm, error: engagements.EngagementInvalid) -> None:
    for field, message in error.messages.items():
        form.add_error(field, message)


def _sent(request: HttpRequest) -> Any:
    """An empty form that was sent is sent all the same, and is told what it lacks."""
    return request.POST if request.method == "POST" else None
