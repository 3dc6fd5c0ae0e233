"""An anonymous comparison with other organizations, or none when they are too few to be that.

A band is published for a set of organizations and then stands still. Whoever compares two bands
learns about those who are in one and not in the other, so any two that were ever published are
over the same numbers or differ by at least five organizations.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

FEWEST_PEERS = 5
# Numbers are rounded to this, so that one organization's joining or leaving is hard to read off.
ROUNDED_TO = 5
OVERALL = "overall"

# Organization and the snapshot that speaks for it.
Members = frozenset[tuple[int, int]]
Scores = Mapping[str, float | None]


@dataclass(frozen=True)
class PeerBand:
    """The middle half of the peers and their median, 0-100, rounded; over ``peers`` of them."""

    low: int
    median: int
    high: int
    peers: int


@dataclass(frozen=True)
class Peer:
    """One organization: its scores by line, "overall" or a step's id; None where not assessed."""

    organization: int
    snapshot: int
    scores: Scores


@dataclass(frozen=True)
class PeerBands:
    """What is published: the bands by line, all over the same members."""

    members: Members
    bands: Mapping[str, PeerBand]


def published(
    peers: Iterable[Peer], lines: Sequence[str], earlier: Iterable[Members]
) -> PeerBands | None:
    """The bands to publish now; None while that would tell too much.

    `earlier`: the members of every band over the same guide that anybody was ever shown. Only who
    is assessed in all lines takes part, so that no two lines differ by a few either.
    """
    whole = [peer for peer in peers if all(peer.scores.get(line) is not None for line in lines)]
    members = frozenset((peer.organization, peer.snapshot) for peer in whole)
    if not may_publish(members, earlier):
        return None
    bands = {}
    for line in lines:
        band = peer_band([peer.scores[line] or 0.0 for peer in whole])
        if band is not None:
            bands[line] = band
    return PeerBands(members, bands)


def may_publish(members: Members, earlier: Iterable[Members]) -> bool:
    """Whether nobody can be told apart: neither in this band, nor between it and another one."""
    if len({organization for organization, _snapshot in members}) < FEWEST_PEERS:
        return False
    differences = (differing(members, other) for other in earlier)
    return all(number == 0 or number >= FEWEST_PEERS for number in differences)


def differing(one: Members, other: Members) -> int:
    """How many organizations are in one only, or are in both with different numbers."""
    return len({organization for organization, _snapshot in one ^ other})


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
