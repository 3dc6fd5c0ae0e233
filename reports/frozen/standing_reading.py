"""Reads where an organization wants to be and how far it came: three queries."""

from __future__ import annotations

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTransform
from django.utils import timezone

from assessments.domain.answers import AnswerSet
from assessments.domain.comparison import progress_between
from assessments.domain.targets import TargetSet, proposed, with_own
from assessments.models import Snapshot, TargetProfile
from assessments.target_choice import kind_of
from guide.model import Guide
from guide.registry import GuideNotFound
from reports.frozen.standing import RoundEntry, SinceFirstEntry

MOST_ROUNDS = 12


def own_targets(submitted: Snapshot, guide: Guide, answers: AnswerSet) -> TargetSet | None:
    """The numbers the organization set itself over the guide's; None where it set none."""
    own = TargetProfile.objects.filter(
        organization=submitted.organization_id, guide_id=guide.id
    ).first()
    if own is None:
        return None
    return with_own(proposed(guide, kind_of(answers)), own.steps, own.challenges)


def since_first(submitted: Snapshot, guide: Guide, answers: AnswerSet) -> SinceFirstEntry | None:
    """None where this is the first round under its guide. Later rounds are not looked at."""
    earlier = Snapshot.objects.filter(
        organization=submitted.organization_id,
        guide_id=submitted.guide_id,
        created_at__lte=submitted.created_at,
    )
    first = earlier.select_related("assessment").defer("scorecard").order_by("created_at", "pk")
    oldest = first.first()
    if oldest is None or oldest.pk == submitted.pk:
        return None
    try:
        moved = progress_between(oldest.guide, oldest.answer_set(), guide, answers)
    except GuideNotFound:
        moved = None
    return SinceFirstEntry(
        name=oldest.assessment.name,
        on=timezone.localdate(oldest.created_at),
        points=None if moved is None or moved.points is None else round(moved.points, 4),
        shared=moved.shared if moved else 0,
        scored=moved.scored if moved else 0,
        rounds=_rounds(earlier),
    )


def _rounds(earlier: QuerySet[Snapshot]) -> tuple[RoundEntry, ...]:
    rows = (
        earlier.order_by("-created_at", "-pk")
        .annotate(overall=KeyTransform("overall", "scorecard"))
        .values_list("assessment__name", "created_at", "overall")[:MOST_ROUNDS]
    )
    found = [
        RoundEntry(name, timezone.localdate(made), own["score"], own["low"], own["high"])
        for name, made, own in rows
        if own["score"] is not None
    ]
    return tuple(reversed(found))
