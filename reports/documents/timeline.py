"""The plan in time: phases, Gantt chart, load, money, gates, and what was reported. Pure."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from reports.choices import Choices
from reports.documents.amounts import Limit, shown
from reports.documents.cards import phase_groups, role_loads
from reports.documents.section import Context
from reports.enums import Detail, PageSize
from reports.frozen import outlook as curves
from reports.frozen.prices import PartnerEntry
from reports.frozen.snapshot import GateEntry, LeftOut, ReportSnapshot
from reports.frozen.stated import ReportedEntry
from reports.frozen.trace import ApprovalTrace, GateTrace, ItemTrace
from reports.pictures.gantt import (
    FIRST_PAGE_ROWS,
    LETTER_ROWS,
    PAGE_ROWS,
    gantt_pages,
    without_most,
)

GANTT_ROWS = Limit(short=140, usual=280, everything=800)
ROLES = Limit(short=10, usual=20, everything=40)
REPORTED = Limit(short=12, usual=60, everything=400)
LEFT_OUT = Limit(short=10, usual=30, everything=200)


def plan(snapshot: ReportSnapshot, choices: Choices) -> Context:
    drawn, more = without_most(snapshot, GANTT_ROWS.of(choices))
    rows = LETTER_ROWS if choices.page_size == PageSize.LETTER else (FIRST_PAGE_ROWS, PAGE_ROWS)
    return {
        "groups": phase_groups(snapshot, 0),
        "gantt_pages": gantt_pages(drawn, *rows),
        "more": more,
        "has_baseline": any(item.progress.baseline for item in drawn.initiatives),
    }


def load(snapshot: ReportSnapshot, choices: Choices) -> Context | None:
    loads = role_loads(snapshot)
    if not loads:
        return None
    return {
        "loads": shown(loads, ROLES, choices),
        "load_charts": curves.loads(snapshot.load),
    }


@dataclass(frozen=True)
class PartnerCost:
    partner: PartnerEntry
    amount: float


def cost(snapshot: ReportSnapshot, choices: Choices) -> Context | None:
    found, prices = snapshot.cost, snapshot.prices
    if found is None or not snapshot.initiatives:
        return None
    partners = prices.partners if prices else ()
    return {
        "cost": found,
        "prices": prices,
        "partners": [PartnerCost(one, one.fte * one.days * one.rate) for one in partners],
        "roles": shown([role for role in found.roles if role.rate], ROLES, choices),
        "unpriced_days": math.fsum(role.days for role in found.unpriced),
        "all_days": math.fsum(role.days for role in found.roles),
        "over": _over(snapshot),
    }


def _over(snapshot: ReportSnapshot) -> float | None:
    """By how much the price exceeds the budget (below 0: what is left)."""
    if not snapshot.prices or not snapshot.cost or snapshot.cost.budget is None:
        return None
    return snapshot.prices.total - snapshot.cost.budget


def outlook(snapshot: ReportSnapshot, choices: Choices) -> Context | None:
    if not snapshot.forecast and not snapshot.going:
        return None
    return {"curve": curves.curve(snapshot.forecast)}


@dataclass(frozen=True)
class GateTold:
    """A gate with what was said and decided about it; `told` is None where nobody tracks it."""

    gate: GateEntry
    told: GateTrace | None
    proven: tuple[ItemTrace, ...] = ()
    approvals: tuple[ApprovalTrace, ...] = ()


def gates(snapshot: ReportSnapshot, choices: Choices) -> Context | None:
    if not snapshot.gates:
        return None
    told = {gate.id: gate for gate in snapshot.gates_told}
    titles = {proof.key: proof.title for proof in snapshot.proofs or ()}
    return {
        "gates": [_gate_told(gate, told.get(gate.id), choices) for gate in snapshot.gates],
        "proof_titles": titles,
        "is_short": choices.detail == Detail.SHORT,
    }


def _gate_told(gate: GateEntry, told: GateTrace | None, choices: Choices) -> GateTold:
    """Roles that nobody speaks for yet are named above; here only where everything is told."""
    has_all = choices.detail == Detail.EVERYTHING
    approvals = told.approvals if told else ()
    said = tuple(one for one in approvals if has_all or one.verdict or one.person)
    return GateTold(gate, told, tuple(_proven(told)), said)


def _proven(gate: GateTrace | None) -> Iterable[ItemTrace]:
    """The items somebody vouched for or attached something to."""
    for item in gate.items if gate else ():
        if item.confirmed_by or item.note or item.proofs:
            yield item


def progress(snapshot: ReportSnapshot, choices: Choices) -> Context | None:
    """What was reported on the work; None while nobody reported anything."""
    told = [one for one in snapshot.reported if _says_something(one)]
    if not told and not snapshot.overrides:
        return None
    told.sort(key=lambda one: (not one.blocked_because, one.status != "in_progress"))
    return {
        "reported": shown(told, REPORTED, choices),
        "notes_each": {Detail.SHORT.value: 1, Detail.EVERYTHING.value: 10}.get(choices.detail, 2),
        "blocked": sum(bool(one.blocked_because) for one in told),
    }


def _says_something(one: ReportedEntry) -> bool:
    numbers = (one.remaining_days, one.spent_days, one.expected_on)
    return bool(
        one.notes or one.blocked_because or one.status != "not_started" or one.percent
    ) or any(said is not None for said in numbers)


def left_out(snapshot: ReportSnapshot, choices: Choices) -> Context | None:
    if not snapshot.left_out and not snapshot.find_out:
        return None
    return {
        "left_out": shown(left_out_by_reason(snapshot), LEFT_OUT, choices),
        "find_out": shown(snapshot.find_out, LEFT_OUT, choices),
    }


def left_out_by_reason(snapshot: ReportSnapshot) -> list[tuple[str, list[LeftOut]]]:
    """What is left out, a line for each reason: some rule out a whole family of work."""
    found: dict[str, list[LeftOut]] = defaultdict(list)
    for part in snapshot.left_out:
        found[part.reason].append(part)
    return list(found.items())
