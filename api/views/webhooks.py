"""Addresses of other systems that are told what happens, and what was sent to them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.tenancy import Access, Can, tenant_view
from api import shown_once
from api.models import WebhookDelivery, WebhookEndpoint
from api.webhook_events import EVENTS, groups_of_events
from api.webhooks import (
    WebhookInvalid,
    delivery_resend,
    webhook_end,
    webhook_go_on,
    webhook_make,
    webhook_renew,
    webhook_secrets,
    webhook_try,
)

UNPROCESSABLE = 422
SHOWN = 100


class WebhookForm(forms.Form):
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=500,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        help_text=gettext_lazy("Begins with https:// and leads to a public address."),
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("What it is told of"),
        widget=forms.CheckboxSelectMultiple,
        choices=groups_of_events,
        error_messages={"required": gettext_lazy("Choose what it is told of.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.MANAGE)
def webhooks(request: HttpRequest, access: Access) -> HttpResponse:
    if request.method != "POST":
        return _list(request, access, WebhookForm())
    form = WebhookForm(request.POST)
    if form.is_valid():
        try:
            made, _secret = webhook_make(
                organization=access.organization,
                user=access.user,
                engagement=access.engagement,
                **form.cleaned_data,
            )
        except WebhookInvalid as error:
            for name, words in error.messages.items():
                form.add_error(name, words)
        else:
            shown_once.keep(request, "webhook", made.pk)
            return redirect("api:webhook", access.organization.slug, made.pk)
    return _list(request, access, form, status=UNPROCESSABLE)


@require_safe
@tenant_view(Can.MANAGE)
def webhook(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    endpoint = access.get(WebhookEndpoint, pk=pk)
    if shown_once.taken(request, "webhook", pk):
        return _log(request, endpoint, secret=webhook_secrets(endpoint)[0])
    return _log(request, endpoint)


@require_POST
@tenant_view(Can.MANAGE)
def renew(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    endpoint = access.get(WebhookEndpoint, pk=pk)
    webhook_renew(endpoint=endpoint, user=access.user)
    shown_once.keep(request, "webhook", pk)
    return redirect("api:webhook", access.organization.slug, pk)


@require_POST
@tenant_view(Can.MANAGE)
def go_on(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    webhook_go_on(endpoint=access.get(WebhookEndpoint, pk=pk), user=access.user)
    messages.success(request, _("It goes on. What happened meanwhile is sent now."))
    return redirect("api:webhook", access.organization.slug, pk)


@require_POST
@tenant_view(Can.MANAGE)
def trial(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    endpoint = access.get(WebhookEndpoint, pk=pk)
    if endpoint.is_active():
        webhook_try(endpoint=endpoint, now=timezone.now())
        messages.success(request, _("A trial is sent in a few seconds. Its answer stands below."))
    else:
        messages.error(request, _("Nothing is sent there now."))
    return redirect("api:webhook", access.organization.slug, pk)


@require_POST
@tenant_view(Can.MANAGE)
def end(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    webhook_end(endpoint=access.get(WebhookEndpoint, pk=pk), user=access.user)
    messages.success(request, _("Ended. Nothing is sent there any more."))
    return redirect("api:webhooks", access.organization.slug)


@require_POST
@tenant_view(Can.MANAGE)
def resend(request: HttpRequest, access: Access, pk: int, number: int) -> HttpResponse:
    endpoint = access.get(WebhookEndpoint, pk=pk)
    delivery_resend(delivery=get_object_or_404(WebhookDelivery, endpoint=endpoint, number=number))
    if endpoint.stopped_at:
        messages.info(request, _("It is sent again, under the same id, when the address goes on."))
    else:
        messages.success(request, _("It is sent again in a few seconds, under the same id."))
    return redirect("api:webhook", access.organization.slug, pk)


def _list(
    request: HttpRequest, access: Access, form: WebhookForm, status: int = 200
) -> HttpResponse:
    rows = list(access.scope(WebhookEndpoint).filter(ended_at=None))
    context = {"form": form, "rows": rows, "all_events": len(EVENTS)}
    return render(request, "api/webhooks.html", context, status=status)


def _log(request: HttpRequest, endpoint: WebhookEndpoint, **more: Any) -> HttpResponse:
    sent = list(endpoint.deliveries.order_by("-created_at", "-pk")[:SHOWN])
    context = {
        "endpoint": endpoint,
        "told": [(verb, EVENTS.get(verb, verb)) for verb in endpoint.events],
        "sent": sent,
        "shown": SHOWN,
        **more,
    }
    response = render(request, "api/webhook.html", context)
    if "secret" in more:
        add_never_cache_headers(response)
    return response
