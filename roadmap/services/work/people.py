"""Who may own work, and whose it is: computed from memberships, so no leaving can be missed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.enums import Role
from accounts.models import Membership, Organization, User
from accounts.tenancy import Access, Can, role_allows
from roadmap.models import PlannedInitiative
from roadmap.services.work.rules import WORKERS

EDITOR_NAMES = 6


@dataclass(frozen=True)
class People:
    """The members of an organization, with their roles."""

    memberships: tuple[Membership, ...]

    @cached_property
    def by_pk(self) -> dict[int, User]:
        return {member.user_id: member.user for member in self.memberships}

    @property
    def members(self) -> list[User]:
        return list(self.by_pk.values())

    @cached_property
    def workers(self) -> list[User]:
        """Those who may report progress, and so may own work."""
        return [member.user for member in self.memberships if member.role in WORKERS]

    @cached_property
    def editors(self) -> list[User]:
        """The first few of those who may start work behind a closed gate, with a reason."""
        rows = (row for row in self.memberships if role_allows(Role(row.role), Can.EDIT))
        return [row.user for row in rows][:EDITOR_NAMES]

    @cached_property
    def _working(self) -> frozenset[int]:
        return frozenset(person.pk for person in self.workers)

    def may_work(self, person: int | None) -> bool:
        return person in self._working

    def is_member(self, person: int | None) -> bool:
        return person in self.by_pk


def people_of(organization: Organization) -> People:
    """One query."""
    members = Membership.objects.filter(organization=organization).select_related("user")
    return People(tuple(members.order_by("user__name", "user__email")))


def may_hand_over(access: Access, people: People, before: int | None, after: int | None) -> bool:
    """Editors give work to anybody; others take what is nobody's, or give their own back."""
    if access.can_edit or before == after:
        return True
    if after is None:
        return before == access.user.pk or not people.may_work(before)
    return after == access.user.pk and not people.may_work(before)


def nobodys(rows: QuerySet[PlannedInitiative]) -> QuerySet[PlannedInitiative]:
    """Those without an owner, or whose owner left or only reads now."""
    working = Membership.objects.filter(
        organization=OuterRef("roadmap__organization"), user=OuterRef("owner"), role__in=WORKERS
    )
    return rows.filter(Q(owner=None) | ~Exists(working))
