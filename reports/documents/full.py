"""The full roadmap: its sections in their order, and what each needs of a snapshot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from reports.choices import Choices
from reports.documents.section import ENTRIES, Context, Entry, Section, Text
from reports.enums import Document
from reports.frozen import outlook
from reports.frozen.snapshot import (
    ChallengeResult,
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


def summary(snapshot: ReportSnapshot, choices: Choices) -> Context:
    still_open = _still_open(snapshot)
    return {
        # Without a band too little is answered to call a challenge hard.
        "worst": worst_challenges(snapshot),
        "first": [_card(item, PALETTE.brand) for item in still_open[:FIRST_INITIATIVES]],
        "overview": overview(snapshot),
        "containment": [item for item in still_open if item.kind == "containment"],
        "done_count": sum(item.progress.status == "done" for item in snapshot.initiatives),
    }


def standing(snapshot: ReportSnapshot, choices: Choices) -> Context:
    ranked = _ranked(snapshot)
    return {
        "worst": worst_challenges(snapshot),
        "stages": [challenge for challenge in snapshot.challenges if challenge.rank is None],
        "readiness_chart": readiness_chart(snapshot.steps),
        "exposure_chart": exposure_chart(ranked),
        "capped": [step for step in snapshot.steps if step.capped_by],
    }


def plan(snapshot: ReportSnapshot, choices: Choices) -> Context:
    return {
        "groups": phase_groups(snapshot),
        "gantt_pages": gantt_pages(snapshot),
        "loads": role_loads(snapshot),
        "load_charts": outlook.loads(snapshot.load),
    }


def initiatives(snapshot: ReportSnapshot, choices: Choices) -> Context | None:
    groups = phase_groups(snapshot)
    entries = [Entry(group.phase.id, group.phase.title) for group in groups]
    return {"groups": groups, ENTRIES: entries} if groups else None


def _nothing_more(_snapshot: ReportSnapshot, _choices: Choices) -> Context:
    return {}


def _charter(snapshot: ReportSnapshot, _choices: Choices) -> Context | None:
    return {} if snapshot.charter else None


def _outlook(snapshot: ReportSnapshot, _choices: Choices) -> Context | None:
    return {"curve": outlook.curve(snapshot.forecast)} if snapshot.forecast else None


def _gates(snapshot: ReportSnapshot, _choices: Choices) -> Context | None:
    return {} if snapshot.gates else None


def _left_out(snapshot: ReportSnapshot, _choices: Choices) -> Context | None:
    if not snapshot.left_out and not snapshot.find_out:
        return None
    return {"left_out": left_out_by_reason(snapshot)}


def _sources(snapshot: ReportSnapshot, _choices: Choices) -> Context | None:
    return {} if snapshot.sources else None


def worst_challenges(snapshot: ReportSnapshot) -> list[ChallengeResult]:
    return [challenge for challenge in _ranked(snapshot) if challenge.band][:WORST_CHALLENGES]


def _ranked(snapshot: ReportSnapshot) -> list[ChallengeResult]:
    ranked = (challenge for challenge in snapshot.challenges if challenge.rank is not None)
    return sorted(ranked, key=lambda challenge: challenge.rank or 0)


def _still_open(snapshot: ReportSnapshot) -> list[InitiativeEntry]:
    by_start = sorted(snapshot.initiatives, key=lambda item: (item.start, item.rank))
    return [item for item in by_start if item.progress.status not in ("done", "dropped")]


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


def _section(
    name: str, title: Text, note: Text, context: Callable[..., Context | None] = _nothing_more
) -> Section:
    template = f"reports/print/sections/{name.replace('-', '_')}.html"
    return Section(name, title, template, context, frozenset({Document.FULL.value}), note)


SECTIONS: tuple[Section, ...] = (
    _section("summary", _("Summary"), _("The figures that matter, on one page."), summary),
    _section(
        "standing",
        _("Where you stand"),
        _("Readiness by step and exposure to the known challenges."),
        standing,
    ),
    _section("risks", _("Highest risks"), _("Answers that are a risk in themselves.")),
    _section("charter", _("Pilot charter"), _("Scope, criteria, team and rollback."), _charter),
    _section("plan", _("The plan"), _("Phases, Gantt chart and load."), plan),
    _section("outlook", _("How sure this is"), _("Dates as ranges, from the forecast."), _outlook),
    _section("initiatives", _("Initiatives"), _("Every initiative on a card."), initiatives),
    _section("gates", _("Gates"), _("Checklists, approvals and decisions."), _gates),
    _section(
        "left-out",
        _("Left out, and what to find out"),
        _("What is not in the plan, and what nobody knew."),
        _left_out,
    ),
    _section("method", _("How this was worked out"), _("Scores, plan, limits, regulations.")),
    _section("sources", _("Sources"), _("What the guide rests on."), _sources),
)
