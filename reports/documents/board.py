"""The board paper: two to four pages that ask for one decision. Pure.

Each part is a section of its own (`SECTIONS`), with the context it prints from; `reports.documents.
sections` registers them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from reports.choices import Choices
from reports.documents import changes
from reports.documents.decisions import CLOSED, Decision, decision_of
from reports.documents.half_years import HalfYear, half_years
from reports.documents.heading import deadlines_of, finish_of, runs_of
from reports.documents.section import Section
from reports.enums import Document
from reports.frozen.snapshot import (
    ChallengeResult,
    Days,
    GateEntry,
    InitiativeEntry,
    Ref,
    ReportSnapshot,
)
from reports.pictures.board_line import BoardLine, board_line

EXPOSURES = {"short": 3, "usual": 3, "everything": 4}
RISKS = {"short": 4, "usual": 6, "everything": 8}
ROLES = 5
GATES_AHEAD = 4
UNKNOWN = 3
DEADLINES = 3
REASONS = 3
NOTES = {"short": 3, "usual": 4, "everything": 5}


@dataclass(frozen=True)
class RiskLine:
    """An answer that is a high risk, and the first of the plan that deals with it."""

    question: Ref
    step: str
    answer: str
    by: InitiativeEntry | None
    others: int
    is_blocked: bool = False

    @property
    def order(self) -> int:
        """Nothing planned first, what is dealt with last."""
        if self.by is None:
            return 0
        return 2 if self.by.progress.status == "done" else 1


@dataclass(frozen=True)
class RoleNeed:
    title: str
    days: Days


@dataclass(frozen=True)
class GateNeed:
    gate: GateEntry
    approvers: tuple[str, ...]


def summary(snapshot: ReportSnapshot, choices: Choices) -> dict[str, Any]:
    lines = _risk_lines(snapshot)
    return {
        "decision": decision_of(snapshot),
        "worst": [(c, _first_sentence(c.description)) for c in _worst(snapshot, choices)[:3]],
        "risks_mended": sum(line.order == 2 for line in lines),
        "risks_unplanned": sum(line.order == 0 for line in lines),
        "finish": finish_of(snapshot),
        "runs": runs_of(snapshot),
        "deadlines": deadlines_of(snapshot)[:DEADLINES],
        "other_deadlines": max(0, len(deadlines_of(snapshot)) - DEADLINES),
        "containment": _containment(snapshot),
        "line": line_of(snapshot),
        "effort": _left(snapshot),
        "done": sum(item.progress.status == "done" for item in snapshot.initiatives),
        "money": snapshot.board.money if snapshot.board else None,
    }


def decision(snapshot: ReportSnapshot, choices: Choices) -> dict[str, Any]:
    made: Decision = decision_of(snapshot)
    return {"decision": made}


def risk(snapshot: ReportSnapshot, choices: Choices) -> dict[str, Any]:
    lines = sorted(_risk_lines(snapshot), key=lambda line: line.order)
    shown = RISKS[choices.detail]
    return {
        "exposures": _worst(snapshot, choices),
        "risks": lines[:shown],
        "more": max(0, len(lines) - shown),
        "reasons_shown": REASONS,
    }


def money(snapshot: ReportSnapshot, choices: Choices) -> dict[str, Any]:
    halves: tuple[HalfYear, ...] = half_years(snapshot)
    stated = snapshot.board.money if snapshot.board else None
    costs = [half.cost for half in halves if half.cost is not None]
    dropped = {i.id for i in snapshot.initiatives if i.progress.status == "dropped"}
    priced = stated.by_initiative if stated else ()
    budget = snapshot.cost.budget if snapshot.cost else None
    return {
        "halves": halves,
        "together": sum((half.effort for half in halves), start=Days(0, 0, 0)),
        "own": sum(costs) if costs else None,
        "money": stated,
        # The plan's own total was worked out before anybody dropped work; the table leaves it out.
        "dropped": sum(part.amount for part in priced if part.id in dropped),
        "budget": budget,
        "over": None if stated is None or budget is None else stated.total - budget,
    }


def safety(snapshot: ReportSnapshot, choices: Choices) -> dict[str, Any]:
    return {
        "containment": _containment(snapshot),
        "gates": _ahead(snapshot),
        "charter": snapshot.charter,
    }


def needs(snapshot: ReportSnapshot, choices: Choices) -> dict[str, Any]:
    ahead, roles = _ahead(snapshot), _roles(snapshot)
    return {
        "decision": decision_of(snapshot),
        "gates": [GateNeed(gate, gate.approvers) for gate in ahead[:GATES_AHEAD]],
        "other_gates": max(0, len(ahead) - GATES_AHEAD),
        "roles": roles[:ROLES],
        "other_roles": max(0, len(roles) - ROLES),
        "other_days": sum(need.days.likely for need in roles[ROLES:]),
        "until": _until(snapshot),
        "blocked": _named(snapshot, snapshot.board.blocked if snapshot.board else ()),
        "unknown": snapshot.find_out[:UNKNOWN],
        "other_unknown": max(0, len(snapshot.find_out) - UNKNOWN),
    }


def assumptions(snapshot: ReportSnapshot, choices: Choices) -> dict[str, Any]:
    notes = snapshot.plan.notes
    shown = NOTES[choices.detail]
    return {
        "notes": notes[:shown],
        "more": max(0, len(notes) - shown),
        "capacity": snapshot.capacity if choices.detail == "everything" else (),
        "runs": runs_of(snapshot),
    }


def _section(name: str, title: Any, context: Any, note: Any) -> Section:
    return Section(
        id=f"board-{name}",
        title=title,
        template=f"reports/print/board-{name}.html",
        context=context,
        documents=frozenset({Document.BOARD.value}),
        note=note,
    )


SECTIONS = (
    _section("summary", _("Summary"), summary, _("The decision, three numbers and the phases.")),
    _section("decision", _("Decision and options"), decision, _("What each option means.")),
    changes.SECTION,
    _section("risk", _("Risk"), risk, _("Exposures and high risks with the answers behind.")),
    _section("money", _("Money and people"), money, _("By half-year, and what is not priced.")),
    _section("safety", _("Safety"), safety, _("Containment, gates, stop rules, the way back.")),
    _section("needs", _("What is needed"), needs, _("People, approvers, help.")),
    _section("assumptions", _("What this rests on"), assumptions, _("Assumptions and limits.")),
)


def line_of(snapshot: ReportSnapshot) -> BoardLine | None:
    return board_line(snapshot) if snapshot.phases else None


def _worst(snapshot: ReportSnapshot, choices: Choices) -> list[ChallengeResult]:
    ranked = [c for c in snapshot.challenges if c.rank is not None and c.band]
    ranked.sort(key=lambda c: c.rank or 0)
    return ranked[: EXPOSURES[choices.detail]]


def _containment(snapshot: ReportSnapshot) -> list[InitiativeEntry]:
    return [item for item in snapshot.initiatives if item.kind == "containment" and _is_open(item)]


def _risk_lines(snapshot: ReportSnapshot) -> list[RiskLine]:
    items = {item.id: item for item in snapshot.initiatives}
    blocked = snapshot.board.blocked if snapshot.board else ()
    lines = []
    for found in snapshot.risks:
        known = [items[ref.id] for ref in found.initiatives if ref.id in items]
        kept = [item for item in known if item.progress.status != "dropped"]
        # What is open says more than what is done: a risk is dealt with when all of it is.
        work = sorted(kept, key=lambda i: (not _is_open(i), i.finish, i.rank))
        lines.append(
            RiskLine(
                question=found.question,
                step=found.step.title,
                answer=found.reason,
                by=work[0] if work else None,
                others=max(0, len(work) - 1),
                is_blocked=bool(work) and work[0].id in blocked,
            )
        )
    return lines


def _ahead(snapshot: ReportSnapshot) -> list[GateEntry]:
    closed = [gate for gate in snapshot.gates if not gate.is_open]
    return sorted(closed, key=lambda gate: (gate.planned_on, gate.id))


def _left(snapshot: ReportSnapshot) -> Days:
    """What is still to do of it."""
    return sum((i.effort for i in snapshot.initiatives if _is_open(i)), start=Days(0, 0, 0))


def _until(snapshot: ReportSnapshot) -> GateEntry | None:
    ahead = _ahead(snapshot)
    return ahead[0] if ahead else None


def _roles(snapshot: ReportSnapshot) -> list[RoleNeed]:
    """Whom the way to the next gate needs most; without a gate, the rest of the plan."""
    gate = _until(snapshot)
    last = gate.planned_on if gate else date.max
    found: dict[str, Days] = {}
    for item in snapshot.initiatives:
        if not _is_open(item) or item.start > last:
            continue
        for role in item.roles:
            whole = item.effort
            part = Days(whole.low * role.share, whole.likely * role.share, whole.high * role.share)
            found[role.title] = found.get(role.title, Days(0, 0, 0)) + part
    return sorted(
        (RoleNeed(title, days) for title, days in found.items()),
        key=lambda need: (-need.days.likely, need.title),
    )


def _named(snapshot: ReportSnapshot, ids: Iterable[str]) -> list[InitiativeEntry]:
    wanted = set(ids)
    return [item for item in snapshot.initiatives if item.id in wanted]


def _first_sentence(text: str) -> str:
    return text.split(". ", 1)[0].rstrip(".") + "."


def _is_open(item: InitiativeEntry) -> bool:
    return item.progress.status not in CLOSED
