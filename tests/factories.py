"""Boring makers of people and organizations for tests."""

from datetime import date
from itertools import count

from allauth.account.models import EmailAddress

from accounts.enums import Area, OrganizationKind, Role
from accounts.models import Engagement, Invitation, Membership, Organization, User

PASSWORD = "a long enough pass phrase"

numbers = count(1)


def make_user(*, email: str | None = None, name: str | None = None, verified: bool = True) -> User:
    number = next(numbers)
    user = User.objects.create_user(
        email=email or f"person{number}@example.org",
        password=PASSWORD,
        name=f"Person {number}" if name is None else name,
    )
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=verified)
    return user


def make_organization(
    *,
    name: str | None = None,
    slug: str | None = None,
    kind: str = OrganizationKind.HOSPITAL,
    time_zone: str = "UTC",
    language: str = "en",
    advises: bool = False,
) -> Organization:
    number = next(numbers)
    return Organization.objects.create(
        name=name or f"Hospital {number}",
        slug=slug or f"hospital-{number}",
        kind=kind,
        time_zone=time_zone,
        language=language,
        advises=advises,
    )


def make_member(
    organization: Organization | None = None,
    role: str = Role.EDITOR,
    *,
    user: User | None = None,
) -> Membership:
    return Membership.objects.create(
        organization=organization or make_organization(), user=user or make_user(), role=role
    )


def make_engagement(
    client: Organization | None = None,
    consultancy: Organization | None = None,
    *,
    role: str = Role.EDITOR,
    areas: tuple[Area, ...] = tuple(Area),
    until: date = date(2100, 1, 1),
    is_founding: bool = False,
) -> Engagement:
    return Engagement.objects.create(
        client=client or make_organization(),
        consultancy=consultancy or make_organization(advises=True),
        role=role,
        areas=[area.value for area in areas],
        until=until,
        is_founding=is_founding,
    )


def make_invitation(
    organization: Organization | None = None,
    *,
    email: str | None = None,
    role: str = Role.VIEWER,
    invited_by: User | None = None,
) -> Invitation:
    return Invitation.objects.create(
        organization=organization or make_organization(),
        email=email or f"guest{next(numbers)}@example.org",
        role=role,
        invited_by=invited_by,
    )
