"""The records behind a figure: the newest of a kind, by what is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from delivery.domain.metrics import OpenFinding, is_past_limit
from delivery.enums import DeploymentResult, LinkState
from delivery.models import Change, Coverage, Deployment, Incident, System, Vulnerability

SHOWN = 50
PRODUCTION = Q(is_production=True)
CONFIRMED = Q(incidents__link=LinkState.CONFIRMED)
COMPLETE = (
    ~Q(ticket="")
    & ~Q(approver="")
    & ~Q(author="")
    & ~Q(author__iexact=F("approver"))
    & ~Q(test_evidence="")
    & Q(deployment__isnull=False)
)


@dataclass(frozen=True)
class Kind:
    """Records of one kind and the ways to look at them: name → (label, condition).

    `single`, `enter`: how the form for one of them is called and asked for.
    """

    title: Any
    single: str
    enter: Any
    model: Any
    moment: str
    shows: Mapping[str, tuple[Any, Q]]
    related: tuple[str, ...] = ()


KINDS: Mapping[str, Kind] = {
    "deployments": Kind(
        _("Deployments"),
        "deployment",
        _("Enter a deployment"),
        Deployment,
        "deployed_at",
        {
            "": (_("In production"), PRODUCTION),
            "failed": (
                _("Failed"),
                PRODUCTION & (Q(result=DeploymentResult.FAILED) | CONFIRMED),
            ),
            "rework": (_("Unplanned repairs"), PRODUCTION & Q(is_rework=True)),
            "untimed": (_("Without a commit time"), PRODUCTION & Q(committed_at=None)),
            "elsewhere": (_("Not in production"), Q(is_production=False)),
        },
    ),
    "incidents": Kind(
        _("Incidents"),
        "incident",
        _("Enter an incident"),
        Incident,
        "opened_at",
        {
            "": (_("All"), Q()),
            "proposed": (_("Cause to be confirmed"), Q(link=LinkState.PROPOSED)),
            "confirmed": (_("Caused by a deployment"), Q(link=LinkState.CONFIRMED)),
            "open": (_("Not over"), Q(resolved_at=None)),
        },
        ("deployment", "link_by"),
    ),
    "changes": Kind(
        _("Changes"),
        "change",
        _("Enter a change"),
        Change,
        "deployed_at",
        {
            "": (_("All"), Q()),
            "incomplete": (_("Trail not complete"), ~COMPLETE),
            "complete": (_("Trail complete"), COMPLETE),
        },
        ("deployment",),
    ),
    "vulnerabilities": Kind(
        _("Vulnerabilities"),
        "vulnerability",
        _("Enter a vulnerability"),
        Vulnerability,
        "found_at",
        {
            "": (_("All"), Q()),
            "open": (_("Open"), Q(fixed_at=None, dismissed_at=None)),
            "fixed": (_("Fixed"), ~Q(fixed_at=None) & Q(dismissed_at=None)),
            "dismissed": (_("Dismissed"), ~Q(dismissed_at=None)),
        },
    ),
    "coverage": Kind(
        _("Coverage readings"),
        "coverage",
        _("Enter a reading"),
        Coverage,
        "measured_at",
        {"": (_("All"), Q())},
    ),
}


@dataclass(frozen=True)
class Show:
    name: str
    label: Any
    is_chosen: bool


@dataclass(frozen=True)
class RecordsPage:
    kind: str
    title: Any
    single: str
    enter: Any
    shows: tuple[Show, ...]
    rows: list[Any]
    # There are more than are shown.
    is_cut: bool
    limit: int = SHOWN


def records_page(system: System, kind: str, asked: str) -> RecordsPage:
    """The newest records of a kind: one query."""
    found = KINDS[kind]
    show = asked if asked in found.shows else ""
    rows: QuerySet[Any] = found.model.objects.filter(found.shows[show][1], system=system)
    # The newest first, by the key: the condition may join incidents, of which there can be two.
    ordered = rows.select_related(*found.related).order_by(f"-{found.moment}", "-pk").distinct()
    listed = list(ordered[: SHOWN + 1])
    now = timezone.now()
    for row in listed:
        _describe(row, system, now)
    return RecordsPage(
        kind,
        found.title,
        found.single,
        found.enter,
        tuple(Show(name, label, name == show) for name, (label, _q) in found.shows.items()),
        listed[:SHOWN],
        len(listed) > SHOWN,
    )


def _describe(row: Any, system: System, now: datetime) -> None:
    """What a row says beside its columns."""
    if isinstance(row, Vulnerability):
        limit = system.fix_limits.get(row.severity)
        is_open = row.fixed_at is None and row.dismissed_at is None
        finding = OpenFinding(row.severity, row.found_at, limit)
        row.is_late = is_open and is_past_limit(finding, now)
        row.age = ((row.fixed_at or now) - row.found_at).days
    elif isinstance(row, Coverage):
        row.percent = 100 * row.lines_covered / row.lines_total if row.lines_total else 0
    elif isinstance(row, Deployment):
        has_time = row.committed_at is not None and row.committed_at <= row.deployed_at
        row.lead_minutes = (
            (row.deployed_at - row.committed_at).total_seconds() / 60 if has_time else None
        )


def possible_causes(incident: Incident, number: int = 12) -> list[Deployment]:
    """The production deployments before an incident, the newest first, and the one it names."""
    deployments = Deployment.objects.filter(system=incident.system_id, is_production=True)
    before = list(deployments.filter(deployed_at__lte=incident.opened_at)[:number])
    named = incident.deployment
    if named is not None and named not in before:
        before.insert(0, named)
    return before
