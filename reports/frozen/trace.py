"""The records of an auditor's trace: answer → rule → initiative → evidence → control, both ways.

Each record names the others by their ids, so that the chain can be read from either end. What
nobody recorded is an empty field, and the document prints it as "not shown": it is never taken for
a good sign.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ProofEntry:
    """A file or link that somebody attached. `about`: the id of a question, initiative, gate or
    checklist item; `kind`: "file" or "link". The content itself is never part of a report.
    """

    key: str
    about: str
    title: str
    kind: str = ""
    name: str = ""
    address: str = ""
    sha256: str = ""
    by: str = ""
    on: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True)
class SeatTrace:
    """What one person had answered from a seat; it counts in no score."""

    seat: str
    by: str
    state: str
    answer: str = ""
    basis: str = ""
    note: str = ""
    on: date | None = None


@dataclass(frozen=True)
class AnswerTrace:
    """`standing`: how far it speaks for its controls (`assessments.domain.compliance.Standing`),
    empty where it is a fact and no judgement. `initiatives`: what it called into the plan.
    `settled`: who agreed on it; `is_changed_since`: another answer was given afterwards, so that
    nobody agreed on the one that counts.
    """

    id: str
    title: str
    step: str
    state: str
    answer: str = ""
    basis: str = ""
    note: str = ""
    by: str = ""
    on: date | None = None
    confirmed_by: str = ""
    confirmed_on: date | None = None
    valid_until: date | None = None
    is_expired: bool = False
    settled: str = ""
    settled_why: str = ""
    settled_on: date | None = None
    is_changed_since: bool = False
    seats: tuple[SeatTrace, ...] = ()
    standing: str = ""
    controls: tuple[str, ...] = ()
    initiatives: tuple[str, ...] = ()
    proofs: tuple[str, ...] = ()


@dataclass(frozen=True)
class WhyLine:
    kind: str
    text: str
    about: str = ""


@dataclass(frozen=True)
class InitiativeTrace:
    """`rule`: the guide's own text of when it is called for; empty for work people added."""

    id: str
    title: str
    rule: str = ""
    origin: str = ""
    why: tuple[WhyLine, ...] = ()
    answers: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()
    gate: str = ""
    status: str = ""
    reported_by: str = ""
    reported_on: date | None = None
    note: str = ""
    proofs: tuple[str, ...] = ()


@dataclass(frozen=True)
class ControlTrace:
    """`standing`: of the weakest answer that speaks for it. `unplanned`: serve it as well, and the
    plan does not hold them.
    """

    id: str
    regime: str
    cite: str
    title: str
    designation: str = ""
    status: str = ""
    checked_on: str = ""
    standing: str = ""
    answers: tuple[str, ...] = ()
    initiatives: tuple[str, ...] = ()
    unplanned: tuple[str, ...] = ()


@dataclass(frozen=True)
class ApprovalTrace:
    """`verdict`: "approve", "refuse" or empty while nobody spoke for the role in that round."""

    role: str
    round: int = 1
    person: str = ""
    verdict: str = ""
    reason: str = ""
    on: date | None = None


@dataclass(frozen=True)
class DecisionTrace:
    """`kind`: `roadmap.enums.DecisionKind`. `unmet`: items of the checklist not met then."""

    kind: str
    round: int = 1
    by: str = ""
    on: date | None = None
    reason: str = ""
    unmet: tuple[str, ...] = ()


@dataclass(frozen=True)
class ItemTrace:
    id: str
    text: str
    state: str = ""
    needs_evidence: bool = False
    confirmed_by: str = ""
    confirmed_on: date | None = None
    note: str = ""
    initiatives: tuple[str, ...] = ()
    proofs: tuple[str, ...] = ()


@dataclass(frozen=True)
class GateTrace:
    id: str
    title: str
    round: int = 1
    is_open: bool = False
    opened_by: str = ""
    opened_on: date | None = None
    items: tuple[ItemTrace, ...] = ()
    approvals: tuple[ApprovalTrace, ...] = ()
    decisions: tuple[DecisionTrace, ...] = ()
    proofs: tuple[str, ...] = ()


@dataclass(frozen=True)
class OverrideTrace:
    """An initiative started behind a gate that was closed."""

    initiative: str
    title: str
    gate: str
    reason: str
    by: str = ""
    on: date | None = None


@dataclass(frozen=True)
class HandTrace:
    """A decision about the plan by hand, in words."""

    number: int
    words: str
    by: str = ""
    on: date | None = None
    is_undone: bool = False


@dataclass(frozen=True)
class SolverTrace:
    """How the dates came about. `parameters`: name and value as text."""

    engine: str
    rule: str = ""
    is_searched: bool = False
    solver: str = ""
    seed: str = ""
    ended_by: str = ""
    is_proven: bool = False
    parameters: tuple[tuple[str, str], ...] = ()
    runs: int = 0


@dataclass(frozen=True)
class Fingerprint:
    """`of`: "guide", "answers", "scenario", "roadmap", "forecast"; `sha256`: as stored."""

    of: str
    what: str
    sha256: str


@dataclass(frozen=True)
class SealTrace:
    """The newest seal of the organization's history over what is not itself about reports."""

    number: int
    digest: str
    sealed_on: date | None = None


@dataclass(frozen=True)
class TraceEntry:
    """`submitted_by`: who handed the answers in. `recorded`: whether names and days were read; a
    report made without a database knows only answers, rules and plan.
    """

    assessment: str = ""
    submitted_by: str = ""
    submitted_on: date | None = None
    adopted_by: str = ""
    adopted_on: date | None = None
    is_recorded: bool = False
    fingerprints: tuple[Fingerprint, ...] = ()
    solver: SolverTrace | None = None
    answers: tuple[AnswerTrace, ...] = ()
    initiatives: tuple[InitiativeTrace, ...] = ()
    controls: tuple[ControlTrace, ...] = ()
    gates: tuple[GateTrace, ...] = ()
    overrides: tuple[OverrideTrace, ...] = ()
    decisions: tuple[HandTrace, ...] = ()
    seal: SealTrace | None = None
