"""What people do with organizations: each change, its rule and its audit entry."""

import logging
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify

from accounts import audit
from accounts.emails import send_invitation
from accounts.enums import Role
from accounts.models import AuditEntry, Invitation, Membership, Organization, User
from accounts.models.people import normalized_email
from accounts.models.tenants import invitation_expiry, new_token

logger = logging.getLogger(__name__)

INVITATIONS_A_DAY = 50


class LastOwner(Exception):
    """The change would leave an organization without an owner."""


class AlreadyMember(Exception):
    """The invited address belongs to someone who is a member already."""


class TooManyInvitations(Exception):
    """More invitations in a day than any honest start needs."""


class InvitationClosed(Exception):
    """The invitation was accepted, revoked or has run out."""


class InvitationForSomeoneElse(Exception):
    """The signed-in person does not hold the invited address."""


@transaction.atomic
def organization_create(
    *,
    user: User,
    name: str,
    kind: str,
    time_zone: str = "UTC",
    language: str = "en",
    advises: bool = False,
) -> Organization:
    """Create an organization with the person as its first owner."""
    organization = new_organization(
        name=name, kind=kind, time_zone=time_zone, language=language, advises=advises
    )
    Membership.objects.create(organization=organization, user=user, role=Role.OWNER)
    audit.record(
        organization=organization, actor=user, verb="organization.created", target=organization
    )
    return organization


def new_organization(**fields: str | bool) -> Organization:
    """A stored organization without anybody in it yet."""
    organization = Organization(**fields)
    for attempts_left in (2, 1, 0):
        organization.slug = free_slug(organization.name)
        try:
            with transaction.atomic():
                organization.save(force_insert=True)
        except IntegrityError:
            # Somebody took the slug between our look and our save.
            if not attempts_left:
                raise
        else:
            break
    return organization


def free_slug(name: str) -> str:
    """An address for the name that no organization has; names without Latin letters get a number.

    The slug never changes: links to an organization must stay good when it is renamed.
    """
    base = slugify(name)[:50].strip("-") or "organization"
    taken = set(Organization.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number = 1
    slug = base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


@transaction.atomic
def organization_update(*, organization: Organization, user: User, **changes: str | bool) -> None:
    """Save the settings and note which of them changed."""
    before = {name: getattr(organization, name) for name in changes}
    for name, value in changes.items():
        setattr(organization, name, value)
    organization.save(update_fields=list(changes))
    changed = {
        name: [before[name], value] for name, value in changes.items() if before[name] != value
    }
    if changed:
        audit.record(
            organization=organization,
            actor=user,
            verb="organization.changed",
            target=organization,
            detail=changed,
        )


@transaction.atomic
def membership_change_role(*, membership: Membership, user: User, role: str) -> None:
    """Give a member another role; the last owner keeps theirs."""
    if role != Role.OWNER:
        _require_another_owner(membership)
    before = membership.role
    membership.role = role
    membership.save(update_fields=["role"])
    audit.record(
        organization=membership.organization,
        actor=user,
        verb="member.role_changed",
        target=membership,
        detail={"role": [before, role]},
    )


@transaction.atomic
def membership_remove(*, membership: Membership, user: User) -> None:
    """End a membership (one's own: leave); the last owner stays."""
    _require_another_owner(membership)
    audit.record(
        organization=membership.organization,
        actor=user,
        verb="member.left" if membership.user == user else "member.removed",
        target=membership,
        detail={"role": membership.role},
    )
    membership.delete()


def _require_another_owner(membership: Membership) -> None:
    # The lock makes two owners who demote each other at the same time wait for one another.
    organization = Organization.objects.select_for_update().get(pk=membership.organization_id)
    owners = organization.memberships.filter(role=Role.OWNER)
    if owners.filter(pk=membership.pk).exists() and owners.count() == 1:
        raise LastOwner


@transaction.atomic
def invitation_create(
    *, organization: Organization, user: User, email: str, role: str, site: str
) -> Invitation:
    """Invite an address. One that is invited already gets a new link, role and time.

    `site` is scheme and host of the link in the mail, as in https://waymark.example.org.
    """
    email = normalized_email(email)
    if organization.memberships.filter(user__email=email).exists():
        raise AlreadyMember
    # The lock makes two owners who invite the same address at once send one invitation.
    Organization.objects.select_for_update().get(pk=organization.pk)
    _require_modest_number(organization, user)
    invitation = organization.invitations.filter(
        email=email, accepted_at=None, revoked_at=None
    ).first()
    if invitation is None:
        invitation = Invitation(organization=organization, email=email)
    invitation.invited_by = user
    invitation.role = role
    _renew(invitation, site)
    audit.record(
        organization=organization,
        actor=user,
        verb="invitation.sent",
        target=invitation,
        detail={"role": role},
    )
    return invitation


@transaction.atomic
def invitation_resend(*, invitation: Invitation, user: User, site: str) -> None:
    """Send a new link that is good for the full time; the old link ends."""
    _require_open_or_expired(invitation)
    _require_modest_number(invitation.organization, user)
    _renew(invitation, site)
    audit.record(
        organization=invitation.organization,
        actor=user,
        verb="invitation.resent",
        target=invitation,
    )


@transaction.atomic
def invitation_revoke(*, invitation: Invitation, user: User) -> None:
    """Take an invitation back: its link ends at once."""
    _require_open_or_expired(invitation)
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    audit.record(
        organization=invitation.organization,
        actor=user,
        verb="invitation.revoked",
        target=invitation,
    )


@transaction.atomic
def invitation_accept(*, invitation: Invitation, user: User) -> Membership:
    """Make the invited person a member. A second time changes nothing."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not holds_address(user, invitation.email):
        raise InvitationForSomeoneElse
    if not invitation.is_open:
        raise InvitationClosed
    membership, is_new = Membership.objects.get_or_create(
        organization=invitation.organization, user=user, defaults={"role": invitation.role}
    )
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    if is_new:
        audit.record(
            organization=invitation.organization,
            actor=user,
            verb="member.joined",
            target=membership,
            detail={"role": membership.role},
        )
    return membership


def holds_address(user: User, email: str) -> bool:
    """Whether the account has the address, as its main one or as a further confirmed one."""
    return user.email == email or user.emailaddress_set.filter(email=email, verified=True).exists()


def addresses_of(user: User) -> set[str]:
    """All addresses for which `holds_address` says yes."""
    confirmed = user.emailaddress_set.filter(verified=True).values_list("email", flat=True)
    return {user.email, *confirmed} - {""}


def _renew(invitation: Invitation, site: str) -> None:
    invitation.token = new_token()
    invitation.expires_at = invitation_expiry()
    invitation.sent_at = None
    invitation.save()
    transaction.on_commit(lambda: _send(invitation, site))


def _send(invitation: Invitation, site: str) -> None:
    # The invitation stands even when the mail server is down: the page of members shows that it
    # was not sent and offers to send it again.
    try:
        send_invitation(invitation, site)
    except OSError:
        logger.exception("Invitation %s could not be sent.", invitation.pk)
        return
    invitation.sent_at = timezone.now()
    invitation.save(update_fields=["sent_at"])


def _require_open_or_expired(invitation: Invitation) -> None:
    if invitation.accepted_at or invitation.revoked_at:
        raise InvitationClosed


def _require_modest_number(organization: Organization, user: User) -> None:
    """Count by organization and by person: organizations cost nothing to found."""
    sent = AuditEntry.objects.filter(
        Q(organization=organization) | Q(actor=user),
        verb__in=["invitation.sent", "invitation.resent"],
        created_at__gte=timezone.now() - timedelta(days=1),
    )
    if sent.count() >= INVITATIONS_A_DAY:
        raise TooManyInvitations
