"""One initiative of a plan: why it is in it, why it stands where it stands, what hangs on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString

from roadmap.pages.plan_items import PlanItem
from roadmap.pages.words import Address, critical_in_words, float_in_words, why_it_starts

# A plan's chain is short; more links than this would help nobody.
LONGEST_CHAIN = 40
FIRST_LINKS = 3


@dataclass(frozen=True)
class ChainLink:
    """An initiative of the chain and what holds its own start."""

    item: PlanItem
    sentence: SafeString


@dataclass(frozen=True)
class Why:
    item: PlanItem
    starts_here: SafeString
    chain: tuple[ChainLink, ...]
    float_words: str
    critical_words: str
    before: tuple[PlanItem, ...]
    after: tuple[PlanItem, ...]
    waves: tuple[PlanItem, ...]
    readiness: tuple[float, float] | None

    @property
    def chain_first(self) -> tuple[ChainLink, ...]:
        return self.chain[:FIRST_LINKS]

    @property
    def chain_rest(self) -> tuple[ChainLink, ...]:
        return self.chain[FIRST_LINKS:]


def why(
    item: PlanItem,
    items: Mapping[str, PlanItem],
    roles: Mapping[str, str],
    readiness_now: float | None,
    address: Address,
) -> Why:
    """`readiness_now`: overall readiness before anything is done, for the gain of this one."""
    gain = item.gain
    return Why(
        item=item,
        starts_here=why_it_starts(item, items, roles, address),
        chain=tuple(_chain(item, items, roles, address)),
        float_words=float_in_words(item),
        critical_words=critical_in_words(item),
        before=_in_time(items[id] for id in item.predecessors if id in items),
        after=_in_time(other for other in items.values() if item.id in other.predecessors),
        waves=_in_time(other for other in items.values() if other.wave_of == item.id),
        readiness=(readiness_now, readiness_now + gain)
        if readiness_now is not None and gain
        else None,
    )


def _chain(
    item: PlanItem, items: Mapping[str, PlanItem], roles: Mapping[str, str], address: Address
) -> Iterable[ChainLink]:
    """What holds it, what holds that, and so on back to what waits for no other initiative."""
    seen = {item.id}
    current = _holder(item, items)
    while current and current.id not in seen and len(seen) <= LONGEST_CHAIN:
        seen.add(current.id)
        yield ChainLink(current, why_it_starts(current, items, roles, address))
        current = _holder(current, items)


def _holder(item: PlanItem, items: Mapping[str, PlanItem]) -> PlanItem | None:
    ids = item.bound.holders
    if not ids and item.bound.kind == "predecessor":
        ids = (item.bound.what,)
    return next((items[id] for id in ids if id in items), None)


def _in_time(items: Iterable[PlanItem]) -> tuple[PlanItem, ...]:
    return tuple(sorted(items, key=lambda item: (item.start, item.rank)))
