"""Initiatives as the full roadmap prints them: by phase, with their roles and provisions. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from reports.choices import Choices
from reports.documents.amounts import Limit
from reports.documents.section import ENTRIES, Context, Entry
from reports.frozen.snapshot import (
    Citation,
    Days,
    InitiativeEntry,
    PhaseEntry,
    ReportSnapshot,
    RoleShare,
)
from reports.pictures.palette import PALETTE

DIGITS = 6
CARDS = Limit(short=60, usual=160, everything=400)


@dataclass(frozen=True)
class Card:
    """An initiative as the report shows it."""

    item: InitiativeEntry
    color: str
    citations: tuple[tuple[str, tuple[Citation, ...]], ...]
    """By regime."""
    who: tuple[tuple[str, float], ...]
    """Roles with their likely days, the largest part first."""


@dataclass(frozen=True)
class PhaseGroup:
    """`more`: initiatives of the phase that have no card, because they are too many."""

    phase: PhaseEntry
    number: int
    color: str
    cards: tuple[Card, ...]
    more: int = 0

    @property
    def count(self) -> int:
        return len(self.cards) + self.more


@dataclass(frozen=True)
class RoleLoad:
    title: str
    days: Days
    initiatives: int


def initiatives(snapshot: ReportSnapshot, choices: Choices) -> Context | None:
    groups = phase_groups(snapshot, CARDS.of(choices))
    if not groups:
        return None
    entries = [Entry(group.phase.id, group.phase.title) for group in groups]
    return {
        "groups": groups,
        ENTRIES: entries,
        "is_short": choices.detail == "short",
        "proofs": proofs_by(snapshot),
    }


def proofs_by(snapshot: ReportSnapshot) -> dict[str, list[str]]:
    """Titles of what is attached, by what it is about. The content never is in a report."""
    found: dict[str, list[str]] = defaultdict(list)
    for proof in snapshot.proofs or ():
        found[proof.about].append(proof.title or proof.name)
    return dict(found)


def phase_groups(snapshot: ReportSnapshot, most: int | None = None) -> tuple[PhaseGroup, ...]:
    """The initiatives by phase and start; with `most`, the first by priority have cards."""
    by_id = {item.id: item for item in snapshot.initiatives}
    ranked = sorted(snapshot.initiatives, key=lambda item: (item.rank, item.id))
    printed = {item.id for item in ranked[:most]}
    groups = []
    for index, phase in enumerate(snapshot.phases):
        items = sorted((by_id[i] for i in phase.initiatives), key=lambda i: (i.start, i.rank))
        cards = [card_of(item, PALETTE.phase(index)) for item in items if item.id in printed]
        groups.append(
            PhaseGroup(
                phase=phase,
                number=index % len(PALETTE.phases) + 1,
                color=PALETTE.phase(index),
                cards=tuple(cards),
                more=len(items) - len(cards),
            )
        )
    return tuple(groups)


def card_of(item: InitiativeEntry, color: str) -> Card:
    by_regime: dict[str, list[Citation]] = defaultdict(list)
    for citation in item.citations:
        by_regime[citation.regime].append(citation)
    return Card(
        item=item,
        color=color,
        citations=tuple((regime, tuple(found)) for regime, found in by_regime.items()),
        who=tuple((role.title, role.share * item.effort.likely) for role in _by_share(item)),
    )


def _by_share(item: InitiativeEntry) -> list[RoleShare]:
    return sorted(item.roles, key=lambda role: (-role.share, role.title))


def role_loads(snapshot: ReportSnapshot) -> tuple[RoleLoad, ...]:
    """What the plan asks of each role, the largest likely effort first."""
    days: dict[str, Days] = {}
    counts: dict[str, int] = defaultdict(int)
    for item in snapshot.initiatives:
        for role in item.roles:
            part = Days(
                item.effort.low * role.share,
                item.effort.likely * role.share,
                item.effort.high * role.share,
            )
            days[role.title] = days.get(role.title, Days(0, 0, 0)) + part
            counts[role.title] += 1
    loads = [RoleLoad(title, _exact(effort), counts[title]) for title, effort in days.items()]
    return tuple(sorted(loads, key=lambda load: (-load.days.likely, load.title)))


def _exact(days: Days) -> Days:
    """Without the last digits of adding up: 9.25 is to be rounded as the cost rounds it."""
    return Days(*(round(part, DIGITS) for part in (days.low, days.likely, days.high)))
