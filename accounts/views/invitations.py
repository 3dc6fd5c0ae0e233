"""Invitations: sent by owners, opened by the person invited."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import services
from accounts.forms import InvitationForm
from accounts.models import Invitation
from accounts.tenancy import Access, Can, tenant_view


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.MANAGE)
def create(request: HttpRequest, access: Access) -> HttpResponse:
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and send(request, access, form):
        return redirect("accounts:members", access.organization.slug)
    status = 422 if form.errors else 200
    return render(request, "accounts/invite.html", {"form": form}, status=status)


def send(request: HttpRequest, access: Access, form: InvitationForm) -> bool:
    """Invite; on refusal the reason stands in the form."""
    email = form.cleaned_data["email"]
    try:
        invitation = services.invitation_create(
            organization=access.organization,
            user=access.user,
            email=email,
            role=form.cleaned_data["role"],
            site=site_of(request),
        )
    except services.AlreadyMember:
        form.add_error("email", _("This person belongs to the organization already."))
    except services.TooManyInvitations:
        form.add_error(None, too_many_message())
    else:
        tell(request, invitation)
        return True
    return False


@require_POST
@tenant_view(Can.MANAGE)
def resend(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    invitation = access.get(Invitation, pk=pk)
    try:
        services.invitation_resend(invitation=invitation, user=access.user, site=site_of(request))
    except services.InvitationClosed:
        messages.error(request, closed_message())
    except services.TooManyInvitations:
        messages.error(request, too_many_message())
    else:
        tell(request, invitation)
    return redirect("accounts:members", access.organization.slug)


@require_POST
@tenant_view(Can.MANAGE)
def revoke(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    invitation = access.get(Invitation, pk=pk)
    try:
        services.invitation_revoke(invitation=invitation, user=access.user)
    except services.InvitationClosed:
        messages.error(request, closed_message())
    else:
        messages.success(request, _("The invitation is taken back; its link no longer works."))
    return redirect("accounts:members", access.organization.slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What the link in the mail opens, whoever is signed in."""
    found = Invitation.objects.select_related("organization", "invited_by").filter(token=token)
    # PostgreSQL refuses a text with a null character instead of finding nothing.
    offer = found.first() if token.isprintable() else None
    if offer is None:
        return render(request, "accounts/invitation_unknown.html", status=404)
    if request.method == "POST" and request.user.is_authenticated:
        return accept(request, offer)
    if not request.user.is_authenticated:
        # The link came by mail to this address, which proves it: sign-up needs no second mail.
        get_adapter().stash_verified_email(request, offer.email)
    return show(request, offer)


def accept(request: HttpRequest, offer: Invitation) -> HttpResponse:
    try:
        services.invitation_accept(invitation=offer, user=request.user)
    except (services.InvitationClosed, services.InvitationForSomeoneElse):
        return show(request, offer, status=409)
    messages.success(
        request, _("Welcome to %(organization)s.") % {"organization": offer.organization.name}
    )
    return redirect("accounts:organization_home", offer.organization.slug)


def show(request: HttpRequest, offer: Invitation, status: int = 200) -> HttpResponse:
    user = request.user
    context = {
        "invitation": offer,
        "organization": offer.organization,
        "is_mine": user.is_authenticated and services.holds_address(user, offer.email),
        "is_member": user.is_authenticated
        and offer.organization.memberships.filter(user=user).exists(),
    }
    return render(request, "accounts/invitation.html", context, status=status)


def site_of(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def tell(request: HttpRequest, invitation: Invitation) -> None:
    """Say whether the mail went out; the mail is sent when the transaction commits."""
    if invitation.sent_at:
        text = _("The invitation is on its way to %(email)s.") % {"email": invitation.email}
        messages.success(request, text)
    else:
        text = _(
            "The invitation for %(email)s is saved, but the mail could not be sent. "
            "Try “Send again” later, or ask whoever runs Waymark to check the mail server."
        )
        messages.warning(request, text % {"email": invitation.email})


def too_many_message() -> str:
    return _("Many invitations went out today. Please wait until tomorrow to send more.")


def closed_message() -> str:
    return _("This invitation was accepted or taken back meanwhile.")
