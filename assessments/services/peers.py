"""Publishing peer bands: once a month at most, and only where nobody can be told apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.enums import Area
from accounts.models import Engagement, Organization
from assessments.domain.peers import OVERALL, Members, Peer, PeerBand, published
from assessments.models import PeerRelease, Snapshot
from guide.registry import current_guide
from jobs.turns import take_turn

# An older band tells of organizations as they no longer are.
SHOWN_FOR_DAYS = 366


@transaction.atomic
def peers_publish(now: datetime) -> int:
    """The bands of every consultancy whose month has none yet; how many were published.

    One turn a day for all: two consultancies that share clients must not publish side by side, for
    neither would see what the other's readers learn.
    """
    today = now.date()
    if not take_turn(f"peers:{today}"):
        return 0
    gone_forget()
    advisers = Organization.objects.filter(pk__in=Engagement.objects.values("consultancy"))
    return sum(release_publish(one, today) is not None for one in advisers.order_by("pk"))


def release_publish(consultancy: Organization, today: date) -> PeerRelease | None:
    """This month's bands, or None: it has them already, or they would tell too much."""
    guide = current_guide()
    lines = lines_of([step.id for step in guide.steps])
    period = today.replace(day=1)
    own = PeerRelease.objects.filter(consultancy=consultancy, guide_id=guide.id)
    if own.filter(period=period).exists():
        return None
    peers, snapshots = _peers(consultancy, guide.id, lines)
    earlier = {release.pk: _members(release) for release in _releases(guide.id)}
    newest = own.first()
    standing = earlier[newest.pk] if newest else None
    found = published(peers, lines, list(earlier.values()), standing)
    if found is None:
        return None
    return PeerRelease.objects.create(
        consultancy=consultancy,
        guide_id=guide.id,
        period=period,
        published_on=today,
        members=[[one, snapshots[one], found.members[one]] for one in sorted(found.members)],
        bands={line: [band.low, band.median, band.high] for line, band in found.bands.items()},
    )


def newest_release(consultancy: int | Organization, guide_id: str) -> PeerRelease | None:
    """What every reader of the consultancy sees: one set for all of them, whatever they chose."""
    rows = PeerRelease.objects.filter(consultancy=consultancy, guide_id=guide_id)
    found = rows.first()
    is_fresh = found and (timezone.localdate() - found.published_on).days <= SHOWN_FOR_DAYS
    return found if is_fresh else None


def bands_of(release: PeerRelease) -> dict[str, PeerBand]:
    number = len(release.members)
    return {line: PeerBand(*band, peers=number) for line, band in release.bands.items()}


def lines_of(steps: Iterable[str]) -> list[str]:
    return [OVERALL, *steps]


def gone_forget() -> None:
    """Forget the numbers of organizations that are deleted: they are in no later band, and count
    as different from each without them.
    """
    there = set(Organization.objects.values_list("pk", flat=True))
    for release in PeerRelease.objects.only("members"):
        kept = [row if row[0] in there else [*row[:2], {}] for row in release.members]
        if kept != release.members:
            PeerRelease.objects.filter(pk=release.pk).update(members=kept)


def _releases(guide_id: str) -> QuerySet[PeerRelease]:
    """Of all consultancies: one reader may belong to two of them."""
    return PeerRelease.objects.filter(guide_id=guide_id).only("members", "bands")


def _members(release: PeerRelease) -> Members:
    """Rows of before numbers were kept are of numbers that nobody knows."""
    unknown = dict.fromkeys(release.bands)
    return {row[0]: row[2] if len(row) > 2 else unknown for row in release.members}


def _peers(
    consultancy: Organization, guide_id: str, lines: Sequence[str]
) -> tuple[list[Peer], dict[int, int]]:
    """The newest submitted assessment of each client that has opened its assessments, and its
    snapshot by organization."""
    rows = Engagement.objects.filter(consultancy=consultancy, ended_at=None)
    clients = [
        one.client_id
        for one in rows.select_related("client")
        if Area.ASSESSMENTS in one.granted_areas
        and one.is_open(timezone.localdate(timezone=one.client.zone))
    ]
    newest: dict[int, int] = {}
    snapshots = Snapshot.objects.filter(organization__in=clients, guide_id=guide_id)
    for pk, organization in snapshots.order_by("created_at", "pk").values_list(
        "pk", "organization"
    ):
        newest[organization] = pk
    cards = Snapshot.objects.filter(pk__in=newest.values())
    peers = [
        Peer(organization, _scores(card, lines))
        for organization, card in cards.values_list("organization", "scorecard")
    ]
    return peers, newest


def _scores(card: dict, lines: Sequence[str]) -> dict[str, float | None]:  # type: ignore[type-arg]
    known = {part["step"]: part["score"] for part in card["steps"]}
    known[OVERALL] = card["overall"]["score"]
    return {line: known.get(line) for line in lines}
