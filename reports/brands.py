"""How an organization's documents look: reading it for a report, and changing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.http import Http404

from accounts.audit import record
from accounts.models import Organization, User
from accounts.tenancy import access_to
from reports import logos
from reports.frozen.brand import BrandEntry
from reports.logo_drawing import is_light
from reports.models import Report
from reports.models.brand import Brand

FIELDS = ("name", "main", "accent", "footer", "legal")


class StaleBrand(Exception):
    """Someone saved another look since the page was opened; `current` is theirs."""

    def __init__(self, current: Brand) -> None:
        self.current = current
        super().__init__(f"brand {current.pk} is at version {current.version}")


@dataclass(frozen=True)
class StoredLogo:
    """A logo in the store: drawn by us, not yet any brand's."""

    name: str
    width: int
    height: int


def brand_for(organization: Organization, user: User | None) -> BrandEntry | None:
    """The look of a report that this person asks for: that of the consultancy that lets them in."""
    adviser = None
    if user is not None:
        try:
            engagement = access_to(user, organization.slug).engagement
        except Http404:
            engagement = None
        adviser = engagement.consultancy if engagement else None
    return brand_of(organization, adviser)


def brand_of(organization: Organization, adviser: Organization | None = None) -> BrandEntry | None:
    """A client's report made by its consultancy wears the consultancy's look, and at least its
    name. None: nothing was chosen, it looks like Waymark."""
    owner = adviser or organization
    brand = Brand.objects.filter(organization=owner).first()
    if brand is None:
        return BrandEntry(name=adviser.name) if adviser else None
    entry = entry_of(brand)
    if adviser and not entry.name:
        entry = BrandEntry(**{**vars(entry), "name": adviser.name})
    return None if entry == BrandEntry() else entry


def entry_of(brand: Brand) -> BrandEntry:
    return BrandEntry(
        **{name: getattr(brand, name) for name in FIELDS},
        logo=brand.logo,
        logo_width=brand.logo_width or 0,
        logo_height=brand.logo_height or 0,
        logo_is_light=logo_is_light(brand.logo),
    )


def logo_is_light(name: str) -> bool:
    return bool(name) and _is_light(name)


@lru_cache(maxsize=256)
def _is_light(name: str) -> bool:
    """A name stands for one picture for ever."""
    try:
        return is_light(logos.read(name))
    except FileNotFoundError:
        # The database was restored without its files: on the white plate it can be read or not.
        return False


def brand_save(
    *,
    organization: Organization,
    user: User | None,
    version: int,
    fields: Mapping[str, Any],
    logo: StoredLogo | None,
) -> Brand:
    """Save the look, given the `version` the person saw. Frozen reports keep theirs.

    Raises:
        StaleBrand: another look was saved in the meantime.
    """
    with transaction.atomic():
        Brand.objects.get_or_create(organization=organization)
        current = Brand.objects.select_for_update().get(organization=organization)
        if current.version != version:
            raise StaleBrand(current)
        for name in FIELDS:
            setattr(current, name, fields[name])
        current.logo = logo.name if logo else ""
        current.logo_width = logo.width if logo else None
        current.logo_height = logo.height if logo else None
        current.version += 1
        current.changed_by = user
        current.save()
        record(
            organization=organization,
            actor=user,
            verb="brand.changed",
            target=current,
            detail={"version": current.version, "main": current.main, "logo": current.logo},
        )
    return current


def logo_stored(brand: Brand) -> StoredLogo | None:
    if not brand.logo:
        return None
    return StoredLogo(brand.logo, brand.logo_width or 0, brand.logo_height or 0)


def logos_sweep() -> int:
    """Remove logos that neither a brand nor a frozen report names; how many there were."""
    named = set(Brand.objects.exclude(logo="").values_list("logo", flat=True))
    frozen = Report.objects.exclude(snapshot__brand=None).order_by()
    named |= set(frozen.values_list("snapshot__brand__logo", flat=True).distinct())
    return logos.sweep(named)
