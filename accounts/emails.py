"""The mails this app sends itself; those about passwords and addresses are allauth's."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Invitation


def send_invitation(invitation: Invitation, site: str) -> None:
    """Mail the link, in the organization's language; OSError when the mail server is away."""
    organization = invitation.organization
    context = {
        "invitation": invitation,
        "organization": organization,
        "inviter": invitation.invited_by,
        "url": site + reverse("accounts:invitation", args=[invitation.token]),
    }
    with translation.override(organization.language), timezone.override(organization.zone):
        subject = " ".join(render_to_string("emails/invitation_subject.txt", context).split())
        message = EmailMultiAlternatives(
            subject,
            render_to_string("emails/invitation.txt", context),
            settings.DEFAULT_FROM_EMAIL,
            [invitation.email],
        )
        message.attach_alternative(render_to_string("emails/invitation.html", context), "text/html")
    message.send()
