"""Saving an organization's own targets."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import Organization, User
from assessments.models import TargetProfile

Numbers = Mapping[str, float]


class StaleTargets(ValueError):
    """Someone else changed the targets in the meantime; ``current`` is what they saved."""

    def __init__(self, current: TargetProfile | None) -> None:
        self.current = current
        super().__init__("the targets were changed in the meantime")


def targets_save(
    *,
    organization: Organization,
    user: User,
    guide_id: str,
    steps: Numbers,
    challenges: Numbers,
    version: int,
) -> TargetProfile | None:
    """Store the numbers that differ from the proposal; with none left the proposal holds again.

    `version` is the one that was shown (0 where there was none).

    Raises:
        StaleTargets: the targets were saved or taken back since.
    """
    try:
        with transaction.atomic():
            return _save(organization, user, guide_id, dict(steps), dict(challenges), version)
    except IntegrityError:
        # Someone's first targets came in between.
        raise StaleTargets(stored_targets(organization, guide_id)) from None


def stored_targets(organization: Organization, guide_id: str) -> TargetProfile | None:
    return (
        TargetProfile.objects.select_related("updated_by")
        .filter(organization=organization, guide_id=guide_id)
        .first()
    )


def _save(
    organization: Organization,
    user: User,
    guide_id: str,
    steps: dict[str, float],
    challenges: dict[str, float],
    version: int,
) -> TargetProfile | None:
    current = (
        TargetProfile.objects.select_for_update()
        .filter(organization=organization, guide_id=guide_id)
        .first()
    )
    if (current.version if current else 0) != version:
        raise StaleTargets(stored_targets(organization, guide_id))
    before = {"steps": current.steps, "challenges": current.challenges} if current else {}
    after = {"steps": steps, "challenges": challenges} if steps or challenges else {}
    if before == after:
        return current
    saved = None
    if not after and current:
        current.delete()
    elif current:
        current.steps, current.challenges = steps, challenges
        current.version, current.updated_by = version + 1, user
        current.updated_at = timezone.now()
        current.save()
        saved = current
    else:
        saved = TargetProfile.objects.create(
            organization=organization,
            guide_id=guide_id,
            steps=steps,
            challenges=challenges,
            version=1,
            updated_by=user,
            updated_at=timezone.now(),
        )
    record(
        organization=organization,
        actor=user,
        verb="targets.changed",
        target=saved,
        detail={"guide": guide_id, "before": before, "after": after},
    )
    return saved
