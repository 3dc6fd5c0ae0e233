"""What one day of one system adds to its metrics, and how days are put together.

A day keeps counts, and whole sorted lists wherever a median has to be exact. Durations are whole
seconds. Putting days together is exact as well: the figures of any window of days are the same as
if its records were counted anew (tests/delivery/test_daily.py, benchmarks/metrics.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from itertools import chain, pairwise
from typing import Any

# What the audit trail of a change has to show.
EVIDENCE = ("ticket", "approver", "other_approver", "tests", "deployment")


@dataclass(frozen=True)
class DeploymentFact:
    """A production deployment. `failures`: begin and end of the incidents that a person confirmed
    it caused. `has_change`: a change record belongs to it.
    """

    at: datetime
    is_failed: bool
    is_rework: bool
    committed_at: datetime | None
    is_by_ticket: bool
    has_change: bool
    failures: tuple[tuple[datetime, datetime | None], ...] = ()


@dataclass(frozen=True)
class ChangeFact:
    kind: str
    has_ticket: bool
    author: str
    approver: str
    has_tests: bool
    has_deployment: bool


@dataclass(frozen=True)
class FixFact:
    severity: str
    found_at: datetime
    fixed_at: datetime


@dataclass(frozen=True)
class CoverageFact:
    """`order` settles which of two readings of the same moment is the later one."""

    at: datetime
    order: int
    covered: int
    total: int


@dataclass(frozen=True)
class Facts:
    """All that counts for some days."""

    deployments: Sequence[DeploymentFact] = ()
    changes: Sequence[ChangeFact] = ()
    fixes: Sequence[FixFact] = ()
    coverage: Sequence[CoverageFact] = ()
    incidents: int = 0


@dataclass(frozen=True)
class DayFigures:
    """The figures of a day, or of several put together.

    `gaps`: seconds between a deployment and the one before it. `leads`: lead times of those that
    succeeded; `leads_unknown` how many have none that can be used. `recoveries`: seconds from
    failure until users could work again, for each failed deployment whose confirmed incidents are
    all over; `unrecovered`: failed ones with an incident still open; `unexplained`: failed ones
    without a confirmed incident. `changes`: kind → [complete, all]; `lacking`: what is missing →
    how often. `unrecorded`: deployments to which no change record belongs.
    `coverage`: the last reading: [moment, order, covered, total].
    """

    deployments: int = 0
    failed: int = 0
    rework: int = 0
    first: int | None = None
    last: int | None = None
    gaps: list[int] = field(default_factory=list)
    leads: list[int] = field(default_factory=list)
    leads_unknown: int = 0
    by_ticket: int = 0
    recoveries: list[int] = field(default_factory=list)
    unrecovered: int = 0
    unexplained: int = 0
    incidents: int = 0
    fixes: dict[str, list[int]] = field(default_factory=dict)
    changes: dict[str, list[int]] = field(default_factory=dict)
    lacking: dict[str, int] = field(default_factory=dict)
    unrecorded: int = 0
    coverage: list[int] | None = None

    @property
    def is_empty(self) -> bool:
        return self == NOTHING


NOTHING = DayFigures()
_NAMES = frozenset(one.name for one in fields(DayFigures))


def to_plain(figures: DayFigures) -> dict[str, Any]:
    """What differs from nothing, as plain JSON."""
    return {
        name: value
        for name in sorted(_NAMES)
        if (value := getattr(figures, name)) != getattr(NOTHING, name)
    }


def from_plain(plain: Mapping[str, Any]) -> DayFigures:
    return DayFigures(**{name: value for name, value in plain.items() if name in _NAMES})


def count(facts: Facts) -> DayFigures:
    """The figures of these records, all at once."""
    deployments = sorted(facts.deployments, key=lambda fact: fact.at)
    moments = [int(fact.at.timestamp()) for fact in deployments]
    leads = [lead for fact in deployments if (lead := lead_time(fact)) is not None]
    succeeded = sum(1 for fact in deployments if not fact.is_failed)
    failed = [fact for fact in deployments if fact.is_failed or fact.failures]
    recoveries = [seconds for fact in failed if (seconds := recovery_time(fact)) is not None]
    fixes: dict[str, list[int]] = {}
    for fix in facts.fixes:
        # Found again after its fix, and nobody said yet that the fix does not hold.
        if fix.fixed_at < fix.found_at:
            continue
        fixes.setdefault(fix.severity, []).append(_seconds(fix.found_at, fix.fixed_at))
    changes, lacking = _audit_trail(facts.changes)
    latest = max(facts.coverage, key=lambda fact: (fact.at, fact.order), default=None)
    return DayFigures(
        deployments=len(deployments),
        failed=len(failed),
        rework=sum(1 for fact in deployments if fact.is_rework),
        first=moments[0] if moments else None,
        last=moments[-1] if moments else None,
        gaps=sorted(after - before for before, after in pairwise(moments)),
        leads=sorted(leads),
        leads_unknown=succeeded - len(leads),
        by_ticket=sum(1 for f in deployments if f.is_by_ticket and lead_time(f) is not None),
        recoveries=sorted(recoveries),
        unrecovered=sum(1 for fact in failed if _is_open(fact)),
        unexplained=sum(1 for fact in failed if not fact.failures),
        incidents=facts.incidents,
        fixes={severity: sorted(values) for severity, values in sorted(fixes.items())},
        changes=changes,
        lacking=lacking,
        unrecorded=sum(1 for fact in deployments if not fact.has_change),
        coverage=_reading(latest),
    )


def lead_time(fact: DeploymentFact) -> int | None:
    """Seconds from the first commit (or the ticket) to production; none for what failed, where no
    such moment is known, or where it lies after the deployment.
    """
    if fact.is_failed or fact.committed_at is None or fact.committed_at > fact.at:
        return None
    return _seconds(fact.committed_at, fact.at)


def recovery_time(fact: DeploymentFact) -> int | None:
    """Seconds from the begin of its first confirmed incident until the last one was over; none
    while one is open, or where messages left an end before the begin.
    """
    ends = [end for _begin, end in fact.failures if end is not None]
    if not fact.failures or len(ends) < len(fact.failures):
        return None
    took = _seconds(min(begin for begin, _end in fact.failures), max(ends))
    return took if took >= 0 else None


def lacks(change: ChangeFact) -> tuple[str, ...]:
    """What the audit trail of a change does not show; its time it always has."""
    author, approver = change.author.strip().casefold(), change.approver.strip().casefold()
    shown = {
        "ticket": change.has_ticket,
        "approver": bool(approver),
        # Somebody else than the author, so the author has to be known too.
        "other_approver": not approver or (bool(author) and author != approver),
        "tests": change.has_tests,
        "deployment": change.has_deployment,
    }
    return tuple(name for name in EVIDENCE if not shown[name])


def merge(days: Iterable[DayFigures]) -> DayFigures:
    """The figures of days that follow each other: as if counted at once."""
    ordered = sorted(days, key=lambda day: -1 if day.first is None else day.first)
    between, last = [], None
    for day in ordered:
        if day.first is None:
            continue
        if last is not None:
            between.append(day.first - last)
        last = day.last
    together = add_up(ordered)
    return _replaced(together, gaps=sorted(together.gaps + between))


def add_up(parts: Iterable[DayFigures]) -> DayFigures:
    """Sums and all values together, without what lies between the parts: for several systems."""
    parts = list(parts)
    sums: dict[str, Any] = {name: sum(getattr(part, name) for part in parts) for name in _COUNTS}
    # Sorted runs put together sort fast, and chaining them in C is most of the rest.
    lists: dict[str, Any] = {
        name: sorted(chain.from_iterable(getattr(part, name) for part in parts)) for name in _LISTS
    }
    lacking: dict[str, int] = {}
    fixes: dict[str, list[int]] = {}
    changes: dict[str, list[int]] = {}
    for part in parts:
        for name, number in part.lacking.items():
            lacking[name] = lacking.get(name, 0) + number
        for name, values in part.fixes.items():
            fixes.setdefault(name, []).extend(values)
        for name, (complete, all_of) in part.changes.items():
            before = changes.get(name, [0, 0])
            changes[name] = [before[0] + complete, before[1] + all_of]
    firsts = [part.first for part in parts if part.first is not None]
    lasts = [part.last for part in parts if part.last is not None]
    readings = [part.coverage for part in parts if part.coverage is not None]
    return DayFigures(
        **sums,
        **lists,
        first=min(firsts, default=None),
        last=max(lasts, default=None),
        fixes={severity: sorted(values) for severity, values in sorted(fixes.items())},
        changes=dict(sorted(changes.items())),
        lacking=dict(sorted(lacking.items())),
        coverage=max(readings, default=None, key=lambda reading: (reading[0], reading[1])),
    )


_COUNTS = (
    "deployments",
    "failed",
    "rework",
    "leads_unknown",
    "by_ticket",
    "unrecovered",
    "unexplained",
    "incidents",
    "unrecorded",
)
_LISTS = ("gaps", "leads", "recoveries")


def _replaced(figures: DayFigures, **values: Any) -> DayFigures:
    return DayFigures(**{**{name: getattr(figures, name) for name in _NAMES}, **values})


def _seconds(begin: datetime, end: datetime) -> int:
    return int((end - begin).total_seconds())


def _is_open(fact: DeploymentFact) -> bool:
    return any(end is None for _begin, end in fact.failures)


def _audit_trail(
    facts: Sequence[ChangeFact],
) -> tuple[dict[str, list[int]], dict[str, int]]:
    changes: dict[str, list[int]] = {}
    lacking: dict[str, int] = {}
    for fact in facts:
        missing = lacks(fact)
        complete, all_of = changes.get(fact.kind, [0, 0])
        changes[fact.kind] = [complete + (not missing), all_of + 1]
        for name in missing:
            lacking[name] = lacking.get(name, 0) + 1
    return dict(sorted(changes.items())), dict(sorted(lacking.items()))


def _reading(fact: CoverageFact | None) -> list[int] | None:
    if fact is None:
        return None
    return [int(fact.at.timestamp() * 1000), fact.order, fact.covered, fact.total]
