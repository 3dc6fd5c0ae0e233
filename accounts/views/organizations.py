"""Organizations: list, create, home, settings; and the person's own account page."""

import re
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import services
from accounts.forms import OrganizationForm, ProfileForm
from accounts.home import panels_for
from accounts.models import Invitation
from accounts.queries import annotate_member_count, open_invitations_for
from accounts.tenancy import Access, Can, open_engagements_of, tenant_view

CLIENTS_SHOWN = 12
# Of an address; what else stands there leads nowhere.
SECRET = re.compile(r"[\w:.~-]{1,200}")


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    memberships = annotate_member_count(
        request.user.memberships.select_related("organization").order_by("organization__name")
    )
    invitations: list[Invitation] = list(open_invitations_for(request.user))
    return render(
        request,
        "accounts/organizations.html",
        {"memberships": memberships, "invitations": invitations, **_clients(request.user)},
    )


def _clients(user: Any) -> dict[str, Any]:
    """Who has let the person in through a consultancy, each once; of many, the first."""
    found = {
        one.client_id: one
        for one in open_engagements_of(user).order_by("client__name")
        if one.is_open(timezone.localdate(timezone=one.client.zone))
    }
    shown = list(found.values())[:CLIENTS_SHOWN]
    return {"clients": shown, "more_clients": len(found) - len(shown)}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """`?advise`: the request for access that is to be answered with it, to go back to."""
    asked = request.GET.get("advise", "")
    form = OrganizationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        organization = services.organization_create(user=request.user, **form.cleaned_data)
        messages.success(request, _("The organization is ready. You are its owner."))
        if SECRET.fullmatch(asked):
            return redirect("accounts:engagement_request", asked)
        return redirect("accounts:organization_home", organization.slug)
    status = 422 if form.errors else 200
    return render(request, "accounts/organization_create.html", {"form": form}, status=status)


@require_safe
@tenant_view(Can.VIEW)
def home(request: HttpRequest, access: Access) -> HttpResponse:
    member_count = access.organization.memberships.count()
    context = {"panels": panels_for(access), "member_count": member_count}
    return render(request, "accounts/home.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.MANAGE)
def settings(request: HttpRequest, access: Access) -> HttpResponse:
    form = OrganizationForm(request.POST or None, instance=access.organization)
    if request.method == "POST" and form.is_valid():
        access.organization.refresh_from_db()
        services.organization_update(
            organization=access.organization, user=access.user, **form.cleaned_data
        )
        messages.success(request, _("The settings are saved."))
        return redirect("accounts:organization_settings", access.organization.slug)
    if form.errors:
        # The form has written what was typed into the object that the top bar shows.
        access.organization.refresh_from_db()
    status = 422 if form.errors else 200
    return render(request, "accounts/organization_settings.html", {"form": form}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your details are saved."))
        return redirect("accounts:profile")
    if form.errors:
        request.user.refresh_from_db()
    status = 422 if form.errors else 200
    return render(request, "accounts/profile.html", {"form": form}, status=status)
