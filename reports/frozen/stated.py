"""What was stated for the plan: constraints, decisions by hand, remarks and metrics, as printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class StatedLine:
    """One thing people stated about calendar, people, money or dates, in words."""

    label: str
    text: str


@dataclass(frozen=True)
class RemarkEntry:
    """A comment chosen for print. `about`: the id of a question, initiative or gate."""

    about: str
    title: str
    text: str
    by: str = ""
    on: date | None = None


@dataclass(frozen=True)
class ReportedEntry:
    """What was reported last on an initiative, beyond its status.

    `spent_days`: person-days of all reports together; None where nobody named any.
    """

    id: str
    title: str
    status: str
    percent: int = 0
    owner: str = ""
    started_on: date | None = None
    finished_on: date | None = None
    expected_on: date | None = None
    remaining_days: float | None = None
    spent_days: float | None = None
    blocked_because: str = ""
    waits_for: str = ""
    notes: tuple[NoteEntry, ...] = ()


@dataclass(frozen=True)
class NoteEntry:
    text: str
    by: str = ""
    on: date | None = None


@dataclass(frozen=True)
class FigureEntry:
    """A measured figure of a system in words: value, what it rests on, then and aimed at."""

    metric: str
    title: str
    value: str
    is_known: bool = False
    basis: str = ""
    interval: str = ""
    few: str = ""
    baseline: str = ""
    baseline_when: str = ""
    change: str = ""
    target: str = ""
    standing: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class DismissedEntry:
    """A vulnerability that somebody decided not to fix, with their reason."""

    title: str
    severity: str
    on: date
    why: str = ""


@dataclass(frozen=True)
class MeasuredEntry:
    """The figures of one system between two days, both included.

    `fix_limits`: severity and the days within which such a vulnerability is to be fixed.
    `dismissed`: the newest first, whenever that was; `dismissed_more`: those not frozen.
    """

    system: str
    first: date
    last: date
    figures: tuple[FigureEntry, ...] = ()
    note: str = ""
    fix_limits: tuple[tuple[str, int], ...] = ()
    dismissed: tuple[DismissedEntry, ...] = ()
    dismissed_more: int = 0


@dataclass(frozen=True)
class ComparedPlan:
    """A plan beside the others. `differences`: what it changes against the first, in sentences."""

    name: str
    letter: str
    is_this: bool = False
    finish: date | None = None
    p50: date | None = None
    p80: date | None = None
    readiness: float | None = None
    person_days: float = 0.0
    cost: float | None = None
    currency: str = ""
    initiatives: int = 0
    left_out: int = 0
    missed: int = 0
    note: str = ""
    differences: tuple[str, ...] = ()


@dataclass(frozen=True)
class CheckedLine:
    """A success criterion of the pilot as it stood when the pilot was decided."""

    title: str
    text: str = ""
    baseline: str = ""
    target: str = ""
    found: str = ""
    told: str = ""
    is_certain: bool = True


@dataclass(frozen=True)
class PilotDecisionEntry:
    decision: str
    proposed: str = ""
    reason: str = ""
    by: str = ""
    on: date | None = None
    checked: tuple[CheckedLine, ...] = ()
    stop_rules: tuple[str, ...] = ()
