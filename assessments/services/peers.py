"""Publishing peer bands: once a month at most, and only where nobody can be told apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
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
    found = published(_peers(consultancy, guide.id, lines), lines, _earlier(guide.id))
    if found is None:
        return None
    return PeerRelease.objects.create(
        consultancy=consultancy,
        guide_id=guide.id,
        period=period,
        published_on=today,
        members=sorted(found.members),
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


def _earlier(guide_id: str) -> list[Members]:
    """Of all consultancies: one reader may belong to two of them."""
    rows = PeerRelease.objects.filter(guide_id=guide_id).values_list("members", flat=True)
    return [frozenset((organization, snapshot) for organization, snapshot in one) for one in rows]


def _peers(consultancy: Organization, guide_id: str, lines: Sequence[str]) -> list[Peer]:
    """The newest submitted assessment of each client that has opened its assessments."""
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
    return [
        Peer(organization, pk, _scores(card, lines))
        for pk, organization, card in cards.values_list("pk", "organization", "scorecard")
    ]


def _scores(card: dict, lines: Sequence[str]) -> dict[str, float | None]:  # type: ignore[type-arg]
    known = {part["step"]: part["score"] for part in card["steps"]}
    known[OVERALL] = card["overall"]["score"]
    return {line: known.get(line) for line in lines}
