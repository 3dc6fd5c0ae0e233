"""The people of an organization."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import services
from accounts.enums import Role
from accounts.forms import RoleForm
from accounts.models import Engagement, Membership
from accounts.queries import pending_invitations
from accounts.tenancy import Access, Can, tenant_view


@require_safe
@tenant_view(Can.VIEW)
def index(request: HttpRequest, access: Access) -> HttpResponse:
    members = access.scope(Membership).select_related("user")
    context = {"members": members, "roles": list(Role), "advisers": _advisers(access)}
    if access.can_manage:
        context["invitations"] = pending_invitations(access.organization)
    return render(request, "accounts/members.html", context)


def _advisers(access: Access) -> list[Engagement]:
    rows = access.scope(Engagement).filter(ended_at=None).select_related("consultancy")
    today = timezone.localdate(timezone=access.organization.zone)
    return [one for one in rows.order_by("consultancy__name") if one.is_open(today)]


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.MANAGE)
def change(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    membership = access.get(Membership, pk=pk)
    before = membership.role
    form = RoleForm(request.POST or None, instance=membership)
    if request.method == "POST" and form.is_valid():
        membership.role = before
        try:
            services.membership_change_role(
                membership=membership, user=access.user, role=form.cleaned_data["role"]
            )
        except services.LastOwner:
            form.add_error("role", last_owner_message())
        else:
            messages.success(request, _("The role is changed."))
            return redirect("accounts:members", access.organization.slug)
    return render(
        request,
        "accounts/member.html",
        {"form": form, "membership": membership},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.MANAGE)
def remove(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    membership = access.get(Membership, pk=pk)
    return end_membership(request, access, membership)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.VIEW)
def leave(request: HttpRequest, access: Access) -> HttpResponse:
    return end_membership(request, access, access.get(Membership, user=access.user))


def end_membership(request: HttpRequest, access: Access, membership: Membership) -> HttpResponse:
    """Ask once, then remove; leaving is removing oneself."""
    is_own = membership.user == access.user
    if request.method == "POST":
        try:
            services.membership_remove(membership=membership, user=access.user)
        except services.LastOwner:
            messages.error(request, last_owner_message())
            return redirect("accounts:members", access.organization.slug)
        if is_own:
            messages.success(request, _("You have left the organization."))
            return redirect("accounts:organizations")
        messages.success(request, _("The person no longer belongs to the organization."))
        return redirect("accounts:members", access.organization.slug)
    return render(
        request, "accounts/member_remove.html", {"membership": membership, "is_own": is_own}
    )


def last_owner_message() -> str:
    return _("This is the only owner. Make somebody else an owner first.")
