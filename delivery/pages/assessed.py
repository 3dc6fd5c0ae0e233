"""What the newest submitted assessment says of systems and of indicators from care."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts.tenancy import Access
from assessments.models import Snapshot

SYSTEMS, INDICATORS = "T1", "Q6.09"


@dataclass(frozen=True)
class Offer:
    """A system of the assessment that is not watched yet."""

    name: str
    tier: int | None
    is_vendor_managed: bool


@dataclass(frozen=True)
class Indicators:
    """The indicators from care an organization says it looks at."""

    labels: tuple[str, ...]
    assessment_pk: int


def newest_snapshot(access: Access) -> Snapshot | None:
    return access.scope(Snapshot).defer("scorecard").order_by("-created_at", "-pk").first()


def offered_systems(snapshot: Snapshot | None, watched: set[str]) -> list[Offer]:
    """Rows of the systems table whose names are not watched, the most critical first."""
    answer = snapshot.answer_set().get(SYSTEMS) if snapshot else None
    rows = answer.value if answer and isinstance(answer.value, (list, tuple)) else ()
    taken = {name.casefold() for name in watched}
    offers: dict[str, Offer] = {}
    for row in rows:
        name = str(row.get("name") or "").strip()[:150] if isinstance(row, Mapping) else ""
        if name and name.casefold() not in taken:
            offers.setdefault(name, Offer(name, _tier(row), row.get("deploy") == "vendor"))
    return sorted(offers.values(), key=lambda offer: (offer.tier or 9, offer.name.casefold()))


def _tier(row: Mapping[str, Any]) -> int | None:
    tier = str(row.get("tier") or "")
    return int(tier) if tier in ("1", "2", "3", "4") else None


def indicators_of(snapshot: Snapshot | None) -> Indicators | None:
    answer = snapshot.answer_set().get(INDICATORS) if snapshot else None
    if snapshot is None or answer is None or not answer.value:
        return None
    value: Any = answer.value
    chosen = value.get("choices", ()) if isinstance(value, Mapping) else value
    question = snapshot.guide.questions.get(INDICATORS)
    if question is None or not isinstance(chosen, (list, tuple)):
        return None
    labels = tuple(
        option.label for option in question.options if option.id in chosen and option.value
    )
    return Indicators(labels, snapshot.assessment_id) if labels else None
