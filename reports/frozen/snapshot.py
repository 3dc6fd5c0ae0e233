"""The frozen input of a report: everything a PDF says, and nothing it would have to look up.

A report is rendered from this record alone, so that the same record gives the same pages next
year, after the guide, the plan and the wording of an initiative have moved on. The records are
plain frozen dataclasses of JSON types and dates; `to_json` and `from_json` are exact inverses.

To grow it: add a field with a default (older records then still load), or add a record to
`extras`-like tuples; raise `SNAPSHOT_VERSION` and add a step to `UPGRADES` only when a field
changes its meaning.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from reports.frozen.board import BoardEntry
from reports.frozen.brand import BrandEntry
from reports.frozen.changes import ChangesEntry
from reports.frozen.charter import CharterEntry
from reports.frozen.clinical import ClinicalEntry
from reports.frozen.flows import FlowsEntry
from reports.frozen.going import GoingEntry
from reports.frozen.money import CostEntry
from reports.frozen.outlook import ForecastEntry, FreezeEntry, RoleEntry
from reports.frozen.prices import PricesEntry
from reports.frozen.standing import (
    AnswerEntry,
    HeatEntry,
    OpenEntry,
    SinceFirstEntry,
    TargetsEntry,
)
from reports.frozen.stated import (
    ComparedPlan,
    MeasuredEntry,
    PilotDecisionEntry,
    RemarkEntry,
    ReportedEntry,
    StatedLine,
)
from reports.frozen.trace import (
    ControlTrace,
    GateTrace,
    HandTrace,
    OverrideTrace,
    ProofEntry,
    TraceEntry,
)
from reports.frozen.working_time import CalendarEntry, CapacityEntry
from roadmap.domain.forecasting.ranges import Range

SNAPSHOT_VERSION = 1
"""Meaning of the fields. Stored in every snapshot."""

LAYOUT_VERSION = 5
"""Looks of the pages. Part of the hash: a redesign makes a new PDF of the same snapshot."""


@dataclass(frozen=True)
class Days:
    """Effort in person-days, always a range: it is an estimate."""

    low: float
    likely: float
    high: float

    def __add__(self, other: Days) -> Days:
        return Days(self.low + other.low, self.likely + other.likely, self.high + other.high)


@dataclass(frozen=True)
class Ref:
    """A thing named elsewhere in the report."""

    id: str
    title: str


@dataclass(frozen=True)
class GuideRef:
    id: str
    version: str
    title: str


@dataclass(frozen=True)
class Fact:
    """A line of the organization's profile, in words."""

    label: str
    value: str


@dataclass(frozen=True)
class Overall:
    score: float | None
    low: float | None
    high: float | None
    band: str
    confidence: float
    answered: int = 0
    asked: int = 0


@dataclass(frozen=True)
class StepResult:
    id: str
    number: int
    title: str
    score: float | None
    low: float | None
    high: float | None
    band: str
    confidence: float
    capped_by: tuple[Ref, ...] = ()
    losses: tuple[Loss, ...] = ()


@dataclass(frozen=True)
class Loss:
    """A question and the points it costs a step's readiness or adds to an exposure."""

    question: Ref
    points: float
    answer: str = ""


@dataclass(frozen=True)
class ChallengeResult:
    """A challenge with its exposure; `rank` is None where it is not ranked or not assessed."""

    id: str
    title: str
    short: str
    description: str
    score: float | None
    low: float | None
    high: float | None
    band: str
    usual: float | None
    worse_than_usual: float | None
    rank: int | None
    confidence: float
    mitigation: str = ""
    reasons: tuple[Loss, ...] = ()


@dataclass(frozen=True)
class Risk:
    question: Ref
    step: Ref
    reason: str
    initiatives: tuple[Ref, ...] = ()
    answer: str = ""
    basis: str = ""
    note: str = ""
    is_shown: bool = False


@dataclass(frozen=True)
class RoleShare:
    id: str
    title: str
    share: float
    """Part of the effort, 0..1."""


@dataclass(frozen=True)
class Citation:
    """A provision of a regime that applies to this organization."""

    id: str
    regime: str
    cite: str
    title: str
    designation: str = ""
    status: str = ""


@dataclass(frozen=True)
class Satisfied:
    """A predecessor that needs no work, and why."""

    initiative: Ref
    reason: str


@dataclass(frozen=True)
class Progress:
    status: str = "not_started"
    finished_on: date | None = None
    note: str = ""
    percent: int = 0
    started_on: date | None = None
    baseline: tuple[date, date] | None = None
    """First and last day agreed earlier, where the plan was made anew since."""


@dataclass(frozen=True)
class InitiativeEntry:
    id: str
    title: str
    kind: str
    what: str
    step: Ref
    phase: str
    rank: int
    klass: int
    start: date
    finish: date
    effort: Days
    elapsed_weeks: tuple[float, float] | None = None
    elapsed_note: str = ""
    roles: tuple[RoleShare, ...] = ()
    reasons: tuple[str, ...] = ()
    challenges: tuple[Ref, ...] = ()
    predecessors: tuple[Ref, ...] = ()
    satisfied: tuple[Satisfied, ...] = ()
    bound_by: str = "start"
    """What keeps it from starting a day earlier: `roadmap.domain.explaining.binding.BoundBy`."""
    bound_what: Ref | None = None
    gate: Ref | None = None
    done: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    sources: tuple[str, ...] = ()
    progress: Progress = Progress()
    likely: Range | None = None
    """When it is finished according to the forecast."""
    is_critical: bool = False
    origin: str = ""
    """"own" or "wave" where people added it."""
    gain: float | None = None
    """Points of overall readiness, an estimate."""


@dataclass(frozen=True)
class PhaseEntry:
    id: str
    title: str
    text: str
    start: date
    finish: date
    effort: Days
    initiatives: tuple[str, ...]
    likely: Range | None = None


@dataclass(frozen=True)
class GateItem:
    text: str
    is_met: bool | None = None
    initiatives: tuple[Ref, ...] = ()


@dataclass(frozen=True)
class GateEntry:
    id: str
    title: str
    passes_when: str
    blocks: str
    planned_on: date
    checklist: tuple[GateItem, ...] = ()
    approvers: tuple[str, ...] = ()
    is_open: bool = False
    opened_on: date | None = None
    likely: Range | None = None


@dataclass(frozen=True)
class LeftOut:
    id: str
    title: str
    reason: str


@dataclass(frozen=True)
class FindOut:
    question: Ref
    reason: str
    initiatives: tuple[Ref, ...] = ()


@dataclass(frozen=True)
class Regime:
    """A regime the report cites, with the number of provisions cited."""

    id: str
    title: str
    note: str = ""


@dataclass(frozen=True)
class SourceEntry:
    id: str
    author: str
    title: str
    year: str = ""
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class PlanSummary:
    start: date
    finish: date | None
    effort: Days
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReportSnapshot:
    organization: str
    generated_on: date
    guide: GuideRef
    overall: Overall
    plan: PlanSummary
    language: str = "en"
    roadmap: str = ""
    assessed_on: date | None = None
    profile: tuple[Fact, ...] = ()
    steps: tuple[StepResult, ...] = ()
    challenges: tuple[ChallengeResult, ...] = ()
    risks: tuple[Risk, ...] = ()
    phases: tuple[PhaseEntry, ...] = ()
    initiatives: tuple[InitiativeEntry, ...] = ()
    gates: tuple[GateEntry, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    find_out: tuple[FindOut, ...] = ()
    regimes: tuple[Regime, ...] = ()
    sources: tuple[SourceEntry, ...] = ()
    disclaimer: str = ""
    estimates_note: str = ""
    has_progress: bool = False
    charter: CharterEntry | None = None
    forecast: ForecastEntry | None = None
    freezes: tuple[FreezeEntry, ...] = ()
    load: tuple[RoleEntry, ...] = ()
    calendar: CalendarEntry | None = None
    capacity: tuple[CapacityEntry, ...] = ()
    prices: PricesEntry | None = None
    brand: BrandEntry | None = None
    proofs: tuple[ProofEntry, ...] | None = None
    """What is attached to answers and work; None where nobody looked."""
    changes: ChangesEntry | None = None
    going: GoingEntry | None = None
    targets: TargetsEntry | None = None
    since_first: SinceFirstEntry | None = None
    heat: HeatEntry | None = None
    answers: tuple[AnswerEntry, ...] = ()
    narrowing: tuple[OpenEntry, ...] = ()
    cost: CostEntry | None = None
    flows: FlowsEntry | None = None
    controls: tuple[ControlTrace, ...] = ()
    stated: tuple[StatedLine, ...] = ()
    reported: tuple[ReportedEntry, ...] = ()
    remarks: tuple[RemarkEntry, ...] = ()
    measured: tuple[MeasuredEntry, ...] = ()
    compared: tuple[ComparedPlan, ...] = ()
    pilot_decisions: tuple[PilotDecisionEntry, ...] = ()
    gates_told: tuple[GateTrace, ...] = ()
    by_hand: tuple[HandTrace, ...] = ()
    overrides: tuple[OverrideTrace, ...] = ()
    board: BoardEntry | None = None
    clinical: ClinicalEntry | None = None
    trace: TraceEntry | None = None
    version: int = SNAPSHOT_VERSION


def to_json(snapshot: ReportSnapshot) -> dict[str, Any]:
    """The snapshot as JSON types: dates as ISO text, tuples as lists."""
    return _encode(snapshot)


def from_json(data: dict[str, Any]) -> ReportSnapshot:
    """The snapshot out of its JSON form, whatever version wrote it."""
    version = data.get("version", 1)
    if version > SNAPSHOT_VERSION:
        message = f"This report was frozen by a newer Waymark (snapshot version {version})."
        raise ValueError(message)
    while version < SNAPSHOT_VERSION:
        data = UPGRADES[version](data)
        version += 1
    return _decode(ReportSnapshot, data)


UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""From a version to the next one."""


def input_hash(snapshot: ReportSnapshot) -> str:
    """SHA-256 over the canonical JSON of the snapshot and the version of the layout."""
    body = json.dumps(
        [LAYOUT_VERSION, to_json(snapshot)], sort_keys=True, ensure_ascii=False, allow_nan=False
    )
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()


def _encode(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _encode(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, (tuple, list)):
        return [_encode(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value


@cache
def _field_types(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _decode(kind: Any, value: Any) -> Any:
    if isinstance(kind, types.UnionType):
        if value is None:
            return None
        (kind,) = (arm for arm in typing.get_args(kind) if arm is not type(None))
    if dataclasses.is_dataclass(kind):
        hints = _field_types(kind)
        known = {name: _decode(hints[name], item) for name, item in value.items() if name in hints}
        return kind(**known)
    if typing.get_origin(kind) is tuple:
        arms = typing.get_args(kind)
        if arms[-1] is Ellipsis:
            return tuple(_decode(arms[0], item) for item in value)
        return tuple(_decode(arm, item) for arm, item in zip(arms, value, strict=True))
    if kind is date:
        return date.fromisoformat(value)
    return value
