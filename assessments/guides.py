"""The guides an organization may use: the shipped one, and those it uploaded itself.

An uploaded guide goes by its key (`assessments.domain.guide_keys`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import Organization
from assessments.domain.guide_keys import owner_of
from assessments.models import Assessment, StoredGuide
from guide.compiled import load_compiled
from guide.model import Guide
from guide.registry import current_guide, get_guide, register_source


class GuideNotOffered(LookupError):
    """The organization has no such guide, or it is retired."""


@dataclass(frozen=True)
class GuideChoice:
    """A guide that a new assessment may begin with: its newest version that is not retired."""

    key: str
    version: str
    title: str
    is_shipped: bool


def belongs_to(key: str, organization: Organization) -> bool:
    """Whether the organization may use the guide: a shipped one, or one of its own."""
    return owner_of(key) in ("", str(organization.pk))


def version_parts(version: str) -> list[int]:
    """What versions are compared by: 1.10.0 is newer than 1.9.0."""
    return [int(part) for part in version.split(".")]


def register_stored_guides() -> None:
    register_source(_stored_guide)


def _stored_guide(key: str, version: str) -> Guide | None:
    """The registry's source. What is stored was checked when it came and never changes."""
    if not owner_of(key):
        return None
    stored = StoredGuide.objects.filter(key=key, version=version).first()
    if stored is None:
        return None
    guide = load_compiled(stored.content, str(stored), already_checked=True)
    # Snapshots, targets and answers name the guide they belong to by its key.
    return guide.model_copy(update={"id": stored.key})


def stored_guides(organization: Organization) -> list[StoredGuide]:
    """Without their content, the newest version of each first: one query."""
    rows = (
        StoredGuide.objects.filter(organization=organization)
        .defer("content")
        .select_related("uploaded_by")
    )
    return sorted(newest_first(rows), key=lambda row: row.key)


def newest_first(rows: Iterable[StoredGuide]) -> list[StoredGuide]:
    return sorted(rows, key=lambda row: version_parts(row.version), reverse=True)


def guide_choices(organization: Organization) -> list[GuideChoice]:
    """What a new assessment may begin with, the shipped guide first: one query."""
    shipped = current_guide()
    choices = {shipped.id: GuideChoice(shipped.id, shipped.version, shipped.title, True)}
    for row in stored_guides(organization):
        if row.retired_at is None and row.key not in choices:
            choices[row.key] = GuideChoice(row.key, row.version, row.title, False)
    return list(choices.values())


def chosen_guide(organization: Organization, key: str) -> Guide:
    """The newest version of the guide of that key; the shipped guide without one.

    Raises:
        GuideNotOffered: the organization has none of that key that is not retired.
    """
    shipped = current_guide()
    if key in ("", shipped.id):
        return shipped
    for choice in guide_choices(organization):
        if choice.key == key:
            return get_guide(choice.key, choice.version)
    raise GuideNotOffered(key)


def newer_guide(assessment: Assessment) -> Guide | None:
    """A newer version of the assessment's guide, if there is one to move to.

    No query for the shipped guide, one for others.
    """
    newest = _newest_version(assessment.guide_id)
    if newest and version_parts(newest) > version_parts(assessment.guide_version):
        return get_guide(assessment.guide_id, newest)
    return None


def _newest_version(key: str) -> str:
    shipped = current_guide()
    if key == shipped.id:
        return shipped.version
    versions = StoredGuide.objects.filter(key=key, retired_at=None).order_by()
    return max(versions.values_list("version", flat=True), key=version_parts, default="")
