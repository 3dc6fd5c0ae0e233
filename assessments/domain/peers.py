"""An anonymous comparison with other organizations, or none when they are too few to be that.

A band is published for a set of organizations and then stands still. Whoever compares two bands
learns about those who are in one and not in the other, or whose numbers differ. So any two bands
of a line that were ever published are over the same numbers or differ by at least five
organizations. Numbers are rounded first: a new assessment that says the same hides nobody.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

FEWEST_PEERS = 5
# Numbers are rounded to this, so that one organization's joining or leaving is hard to read off.
ROUNDED_TO = 5
OVERALL = "overall"

Scores = Mapping[str, float | None]
# Organization → line → its rounded number in the band of that line. Where it is None or missing
# nobody knows any more what it was; a line that no organization has was not in that release.
Members = Mapping[int, Mapping[str, int | None]]


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
    scores: Scores


@dataclass(frozen=True)
class PeerBands:
    """What is published: the bands by line, all over the same members."""

    members: Members
    bands: Mapping[str, PeerBand]


def published(
    peers: Iterable[Peer],
    lines: Sequence[str],
    earlier: Sequence[Members],
    standing: Members | None = None,
) -> PeerBands | None:
    """The bands to publish now; None while that would tell too much, or nothing new.

    `earlier`: of every release over the same guide that anybody was ever shown; `standing`: of the
    one its readers see now. A line that too few moved on stays as it stands, where that is over the
    same organizations. Only who is assessed in all lines takes part, so that no two lines differ by
    a few either.
    """
    fresh = {
        peer.organization: {line: _rounded(peer.scores[line] or 0.0) for line in lines}
        for peer in peers
        if all(peer.scores.get(line) is not None for line in lines)
    }
    may = {line for line in lines if may_publish(line, fresh, earlier)}
    if not may:
        return None
    held = set(lines) - may
    if held and not _can_stand(standing, fresh, held):
        return None
    source = {line: standing if standing and line in held else fresh for line in lines}
    members = {one: {line: source[line][one][line] for line in lines} for one in fresh}
    bands = {line: peer_band([one[line] or 0 for one in members.values()]) for line in lines}
    return PeerBands(members, {line: band for line, band in bands.items() if band is not None})


def may_publish(line: str, members: Members, earlier: Iterable[Members]) -> bool:
    """Whether nobody can be told apart: neither in this band, nor between it and another one."""
    if len(members) < FEWEST_PEERS:
        return False
    return all(
        differing(line, members, other) >= FEWEST_PEERS or _is_same(line, members, other)
        for other in earlier
        if any(line in numbers for numbers in other.values())
    )


def differing(line: str, one: Members, other: Members) -> int:
    """How many organizations are in one only, or surely in both with different numbers."""
    pairs = ((one[key].get(line), other[key].get(line)) for key in one.keys() & other.keys())
    moved = sum(1 for now, then in pairs if None not in (now, then) and now != then)
    return len(one.keys() ^ other.keys()) + moved


def _is_same(line: str, one: Members, other: Members) -> bool:
    return one.keys() == other.keys() and all(
        numbers.get(line) is not None and numbers[line] == other[key].get(line)
        for key, numbers in one.items()
    )


def _can_stand(standing: Members | None, fresh: Members, lines: Iterable[str]) -> bool:
    """Whether the bands of these lines are over the organizations of the fresh ones."""
    return (
        standing is not None
        and standing.keys() == fresh.keys()
        and all(one.get(line) is not None for one in standing.values() for line in lines)
    )


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
