"""An anonymous comparison with other organizations, or none when they are too few to be that."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

FEWEST_PEERS = 5
# Numbers are rounded to this, so that one organization's joining or leaving is hard to read off.
ROUNDED_TO = 5


@dataclass(frozen=True)
class PeerBand:
    """The middle half of the peers and their median, 0-100, rounded; over ``peers`` of them."""

    low: int
    median: int
    high: int
    peers: int


def peer_band(scores: Sequence[float]) -> PeerBand | None:
    """The band of the peers' scores; None under five of them."""
    if len(scores) < FEWEST_PEERS:
        return None
    ordered = sorted(scores)
    return PeerBand(
        low=_rounded(_quantile(ordered, 0.25)),
        median=_rounded(_quantile(ordered, 0.5)),
        high=_rounded(_quantile(ordered, 0.75)),
        peers=len(ordered),
    )


def _quantile(ordered: Sequence[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _rounded(score: float) -> int:
    return ROUNDED_TO * math.floor(score / ROUNDED_TO + 0.5)
