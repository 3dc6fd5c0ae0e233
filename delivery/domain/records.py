"""What happened to a system, as plain values: the form in which forms, files and webhooks agree.

Every moment is an aware datetime. `external_id` is the record's own id at its source; the same id
again for the same system means the same thing, told anew. None and "" say nothing: they leave what
is known. `told_at`: when the source said so (none: now), so that a late message cannot undo a newer
one. `clears`: names of fields that this message empties, such as `resolved_at` of an incident that
was opened again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class DeploymentRecord:
    """`committed_at`: the first commit in it, or (`is_by_ticket`) when its ticket was opened.

    What nobody says: it succeeded, in production, and was no unplanned repair.
    """

    external_id: str
    deployed_at: datetime
    result: str = ""
    environment: str = ""
    is_production: bool | None = None
    committed_at: datetime | None = None
    is_by_ticket: bool = False
    is_rework: bool | None = None
    version: str = ""
    url: str = ""
    told_at: datetime | None = None
    clears: frozenset[str] = NOTHING


@dataclass(frozen=True)
class IncidentRecord:
    """`deployment`: the external id of the deployment its source names as the cause."""

    external_id: str
    opened_at: datetime
    resolved_at: datetime | None = None
    title: str = ""
    severity: str = ""
    deployment: str = ""
    url: str = ""
    told_at: datetime | None = None
    clears: frozenset[str] = NOTHING


@dataclass(frozen=True)
class ChangeRecord:
    """`deployment`: the external id of the deployment that brought it to production."""

    external_id: str
    deployed_at: datetime
    kind: str = ""
    ticket: str = ""
    opened_at: datetime | None = None
    author: str = ""
    approver: str = ""
    approved_at: datetime | None = None
    test_evidence: str = ""
    deployment: str = ""
    told_at: datetime | None = None
    clears: frozenset[str] = NOTHING


@dataclass(frozen=True)
class VulnerabilityRecord:
    external_id: str
    severity: str
    found_at: datetime
    title: str = ""
    fixed_at: datetime | None = None
    dismissed_at: datetime | None = None
    dismissed_because: str = ""
    told_at: datetime | None = None
    clears: frozenset[str] = NOTHING


@dataclass(frozen=True)
class CoverageRecord:
    """Lines run by automated tests, of all lines; `lines_total` above 0."""

    external_id: str
    measured_at: datetime
    lines_covered: int
    lines_total: int
    tool: str = ""
    told_at: datetime | None = None
    clears: frozenset[str] = NOTHING


Record = DeploymentRecord | IncidentRecord | ChangeRecord | VulnerabilityRecord | CoverageRecord
