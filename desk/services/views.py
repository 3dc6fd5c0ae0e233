"""Saved ways of looking at the list of clients."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import Organization, User
from accounts.tenancy import Access
from desk.models import DefaultView, SavedView

MOST = 50


class TooManyViews(Exception):
    """More than anyone finds anything in."""


def views_for(access: Access) -> QuerySet[SavedView]:
    """One's own and those that are there for everybody in the consultancy."""
    rows = access.scope(SavedView).select_related("person")
    return rows.filter(Q(person=access.user) | Q(is_shared=True))


def default_of(access: Access) -> SavedView | None:
    rows = access.scope(DefaultView).filter(person=access.user).select_related("view")
    found = rows.first()
    is_there = found is not None and (found.view.is_shared or found.view.person == access.user)
    return found.view if found and is_there else None


@transaction.atomic
def view_save(
    *,
    organization: Organization,
    person: User,
    name: str,
    query: Mapping[str, str],
    is_shared: bool,
) -> SavedView:
    """Keep it under the name; one's own view of that name is replaced."""
    own = SavedView.objects.filter(organization=organization, person=person)
    if own.exclude(name=name).count() >= MOST:
        raise TooManyViews
    view, _made = SavedView.objects.update_or_create(
        organization=organization,
        person=person,
        name=name,
        defaults={"query": dict(query), "is_shared": is_shared},
    )
    return view


def view_delete(*, view: SavedView) -> None:
    view.delete()


@transaction.atomic
def default_set(*, organization: Organization, person: User, view: SavedView | None) -> None:
    """What the person's list opens with; None: all clients by name."""
    if view is None:
        DefaultView.objects.filter(organization=organization, person=person).delete()
        return
    DefaultView.objects.update_or_create(
        organization=organization, person=person, defaults={"view": view}
    )
