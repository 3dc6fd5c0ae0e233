"""The tokens of an organization: make one (shown once), see their use, end them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.secret_addresses import new_nonce
from accounts.tenancy import Access, Can, tenant_view
from api import shown_once
from api.models import ApiToken
from api.scopes import Scope
from api.tokens import TokenInvalid, digest_of, secret_from, token_make, token_revoke

LASTS = timedelta(days=90)
UNPROCESSABLE = 422


class TokenForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=150,
        help_text=gettext_lazy("The program or script that will hold it."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may be used for"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose what it may be used for.")},
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Good until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("The whole of this day; at most a year ahead."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["scopes"]
        field.choices = [
            (one.value, format_html("<strong>{}</strong> {}", one.value, one.label))
            for one in Scope
        ]


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.EDIT)
def tokens(request: HttpRequest, access: Access) -> HttpResponse:
    today = timezone.localdate(timezone=access.organization.zone)
    if access.engagement is not None:
        # A token of this organization lets in its own people alone (api.access.of_this_token).
        consultancy = access.engagement.consultancy
        return render(request, "api/tokens_of_adviser.html", {"consultancy": consultancy})
    if request.method != "POST":
        form = TokenForm(initial={"expires_on": today + LASTS})
        return _page(request, access, form, **_just_made(request, access))
    form = TokenForm(request.POST)
    if form.is_valid():
        nonce = new_nonce()
        try:
            token, _secret = token_make(
                organization=access.organization,
                person=access.user,
                today=today,
                nonce=nonce,
                **form.cleaned_data,
            )
        except TokenInvalid as error:
            for name, words in error.messages.items():
                form.add_error(name, words)
        else:
            shown_once.keep(request, "token", token.pk, nonce)
            return redirect("api:tokens", access.organization.slug)
    return _page(request, access, form, status=UNPROCESSABLE)


@require_POST
@tenant_view(Can.EDIT)
def revoke(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """One's own; an owner ends anybody's."""
    found = access.get(ApiToken, pk=pk)
    if found.person_id != access.user.pk:
        access.require(Can.MANAGE)
    found.organization = access.organization
    token_revoke(token=found, user=access.user)
    messages.success(request, _("Ended. Whoever holds it gets no answer any more."))
    return redirect("api:tokens", access.organization.slug)


def _just_made(request: HttpRequest, access: Access) -> dict[str, Any]:
    """The token that was made a moment ago, with its text; on the next look no more."""
    kept = shown_once.taken(request, "token")
    if kept is None:
        return {}
    made = access.scope(ApiToken).filter(pk=kept[0], person=access.user, revoked_at=None).first()
    secret = secret_from(kept[1])
    # Unless the server's key was changed meanwhile.
    if made is None or made.digest != digest_of(secret):
        return {}
    return {"made": made, "secret": secret}


def _page(
    request: HttpRequest, access: Access, form: TokenForm, status: int = 200, **more: Any
) -> HttpResponse:
    rows = access.scope(ApiToken).select_related("person")
    if not access.can_manage:
        rows = rows.filter(person=access.user)
    now = timezone.now()
    found = list(rows[:200])
    here = set(access.organization.memberships.values_list("user", flat=True))
    for row in found:
        row.organization = access.organization
        row.has_left = row.person_id not in here
    context = {
        "form": form,
        "open": [row for row in found if row.is_good(now)],
        "over": [row for row in found if not row.is_good(now)][:20],
        **more,
    }
    response = render(request, "api/tokens.html", context, status=status)
    if "secret" in more:
        add_never_cache_headers(response)
    return response
