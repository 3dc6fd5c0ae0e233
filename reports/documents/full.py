"""What the print templates need, worked out of a snapshot: order, groups, charts, sums."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from reports.frozen import outlook
from reports.frozen.snapshot import (
    Citation,
    Days,
    GateEntry,
    InitiativeEntry,
    LeftOut,
    PhaseEntry,
    ReportSnapshot,
)
from reports.pictures.bars import exposure_chart, readiness_chart
from reports.pictures.gantt import gantt_pages
from reports.pictures.overview import overview
from reports.pictures.palette import PALETTE

FIRST_INITIATIVES = 5
WORST_CHALLENGES = 3
FONT_STACK = "Waymark Sans, Waymark Sans Extended, Waymark Hebrew, Waymark Arabic, sans-serif"


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
    phase: PhaseEntry
    number: int
    color: str
    cards: tuple[Card, ...]
    gates: tuple[GateEntry, ...]


@dataclass(frozen=True)
class RoleLoad:
    title: str
    days: Days
    initiatives: int


def report_context(snapshot: ReportSnapshot) -> dict[str, Any]:
    """The context of `reports/report.html`."""
    ranked = sorted(
        (c for c in snapshot.challenges if c.rank is not None), key=lambda c: c.rank or 0
    )
    stages = [c for c in snapshot.challenges if c.rank is None]
    by_start = sorted(snapshot.initiatives, key=lambda i: (i.start, i.rank))
    still_open = [item for item in by_start if item.progress.status not in ("done", "dropped")]
    return {
        "report": snapshot,
        "palette": PALETTE,
        "font": FONT_STACK,
        # Without a band too little is answered to call a challenge hard.
        "worst": [challenge for challenge in ranked if challenge.band][:WORST_CHALLENGES],
        "ranked": ranked,
        "stages": stages,
        "first": [_card(item, PALETTE.brand) for item in still_open[:FIRST_INITIATIVES]],
        "readiness_chart": readiness_chart(snapshot.steps),
        "exposure_chart": exposure_chart(ranked),
        "overview": overview(snapshot),
        "gantt_pages": gantt_pages(snapshot),
        "groups": phase_groups(snapshot),
        "loads": role_loads(snapshot),
        "curve": outlook.curve(snapshot.forecast),
        "load_charts": outlook.loads(snapshot.load),
        "left_out": left_out_by_reason(snapshot),
        "capped": [step for step in snapshot.steps if step.capped_by],
        "containment": [item for item in still_open if item.kind == "containment"],
        "done_count": sum(item.progress.status == "done" for item in snapshot.initiatives),
    }


def left_out_by_reason(snapshot: ReportSnapshot) -> list[tuple[str, list[LeftOut]]]:
    """What is left out, a line for each reason: some rule out a whole family of work."""
    found: dict[str, list[LeftOut]] = defaultdict(list)
    for part in snapshot.left_out:
        found[part.reason].append(part)
    return list(found.items())


def phase_groups(snapshot: ReportSnapshot) -> tuple[PhaseGroup, ...]:
    """The initiatives by phase and start."""
    by_id = {item.id: item for item in snapshot.initiatives}
    groups = []
    for index, phase in enumerate(snapshot.phases):
        items = sorted((by_id[i] for i in phase.initiatives), key=lambda i: (i.start, i.rank))
        held = {item.gate.id for item in items if item.gate and item.kind == "review"}
        groups.append(
            PhaseGroup(
                phase=phase,
                number=index + 1,
                color=PALETTE.phase(index),
                cards=tuple(_card(item, PALETTE.phase(index)) for item in items),
                gates=tuple(gate for gate in snapshot.gates if gate.id in held),
            )
        )
    return tuple(groups)


def _card(item: InitiativeEntry, color: str) -> Card:
    by_regime: dict[str, list[Citation]] = defaultdict(list)
    for citation in item.citations:
        by_regime[citation.regime].append(citation)
    return Card(
        item=item,
        color=color,
        citations=tuple((regime, tuple(found)) for regime, found in by_regime.items()),
        who=tuple((role.title, role.share * item.effort.likely) for role in _by_share(item)),
    )


def _by_share(item: InitiativeEntry) -> list[Any]:
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
    loads = [RoleLoad(title, effort, counts[title]) for title, effort in days.items()]
    return tuple(sorted(loads, key=lambda load: (-load.days.likely, load.title)))
