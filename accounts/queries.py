"""What pages read, said once."""

from django.db.models import Count, QuerySet
from django.utils import timezone

from accounts.models import Invitation, Membership, Organization, User


def annotate_member_count(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Add `member_count`: how many people the organization of each membership has."""
    return memberships.annotate(member_count=Count("organization__memberships", distinct=True))


def open_invitations_for(user: User) -> QuerySet[Invitation]:
    """Invitations that wait for an address which is proven to be this person's."""
    proven = user.emailaddress_set.filter(verified=True).values("email")
    return Invitation.objects.filter(
        email__in=proven, accepted_at=None, revoked_at=None, expires_at__gt=timezone.now()
    ).select_related("organization", "invited_by")


def pending_invitations(organization: Organization) -> QuerySet[Invitation]:
    """Invitations neither accepted nor revoked; expired ones too, as they can be sent again."""
    return organization.invitations.filter(accepted_at=None, revoked_at=None).select_related(
        "invited_by"
    )
