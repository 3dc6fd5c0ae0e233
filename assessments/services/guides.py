"""Storing the guides an organization uploads, and retiring them."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Organization, User
from assessments.domain.guide_keys import key_of
from assessments.guides import newest_first, version_parts
from assessments.models import StoredGuide
from guide.archive import ARCHIVE, MAX_ARCHIVE_BYTES, read_guide_zip
from guide.compiled import MAX_CHARACTERS, dump_guide
from guide.loading import GuideError
from guide.model import Guide
from guide.yamlfile import Problem

# Versions are kept for good, so that no assessment loses its guide.
MOST_VERSIONS = 100
MOST_WARNINGS = 300


@dataclass(frozen=True)
class Uploaded:
    """What is stored. `is_new`: it was not there before."""

    stored: StoredGuide
    is_new: bool


def guide_upload(*, organization: Organization, user: User | None, data: bytes) -> Uploaded:
    """Store the guide of a zip. The same once more is fine and changes nothing.

    Raises:
        GuideError: with everything that is wrong; nothing is stored.
    """
    guide, warnings = read_guide_zip(data)
    try:
        with transaction.atomic():
            stored, is_new = _store(organization, user, guide, warnings)
    except IntegrityError:
        # Someone stored the same version in the same moment: say what holds now.
        with transaction.atomic():
            stored, is_new = _store(organization, user, guide, warnings)
    return Uploaded(stored, is_new)


def _store(
    organization: Organization, user: User | None, guide: Guide, warnings: Sequence[Problem]
) -> tuple[StoredGuide, bool]:
    content = dump_guide(guide)
    if len(content) > MAX_CHARACTERS:
        message = _("read in, the guide has more than %s characters; shorten it")
        raise _refused(message % f"{MAX_CHARACTERS:,}", ARCHIVE)
    # Held until the end, so that two uploads can't both be the last that fits.
    Organization.objects.select_for_update().get(pk=organization.pk)
    key, digest = key_of(guide.id, organization.pk), hashlib.sha256(content.encode()).hexdigest()
    there = StoredGuide.objects.filter(organization=organization).defer("content")
    same = there.filter(key=key, version=guide.version).first()
    if same is not None:
        if same.sha256 != digest:
            raise _refused(_same_version(same))
        return same, False
    if there.count() >= MOST_VERSIONS:
        raise _refused(_("%s versions are stored already; no more fit") % MOST_VERSIONS, ARCHIVE)
    stored = StoredGuide.objects.create(
        organization=organization,
        key=key,
        version=guide.version,
        title=guide.title,
        content=content,
        warnings=[asdict(warning) for warning in warnings[:MOST_WARNINGS]],
        sha256=digest,
        uploaded_by=user,
    )
    detail = {"key": key, "version": guide.version, "sha256": digest}
    record(
        organization=organization,
        actor=user,
        verb="guide.uploaded",
        target=stored,
        detail=detail,
    )
    return stored, True


def _same_version(same: StoredGuide) -> str:
    known = StoredGuide.objects.filter(key=same.key).defer("content")
    major, minor, patch = version_parts(newest_first(known)[0].version)
    return _(
        "version %(version)s is stored already with other content, and assessments may rest on "
        "it; raise the version in guide.yaml, to %(next)s say"
    ) % {"version": same.version, "next": f"{major}.{minor}.{patch + 1}"}


def _refused(message: str, file: str = "guide.yaml") -> GuideError:
    return GuideError([Problem(file, 1, message)])


def too_large() -> str:
    return _("The file is larger than %s MB. Is it the zip of a guide?") % (
        MAX_ARCHIVE_BYTES // 1_000_000
    )


@transaction.atomic
def guide_retire(*, stored: StoredGuide, user: User | None, retired: bool) -> None:
    """Offer a version for new assessments no more, or again. Those made with it keep it."""
    locked = StoredGuide.objects.select_for_update().defer("content").get(pk=stored.pk)
    if (locked.retired_at is not None) == retired:
        return
    locked.retired_at = timezone.now() if retired else None
    locked.save(update_fields=["retired_at"])
    record(
        organization=locked.organization,
        actor=user,
        verb="guide.retired" if retired else "guide.offered_again",
        target=locked,
        detail={"key": locked.key, "version": locked.version},
    )
