"""Boring makers of systems and records for tests."""

from datetime import UTC, datetime, timedelta

from accounts.models import Organization
from delivery.domain.records import (
    ChangeRecord,
    CoverageRecord,
    DeploymentRecord,
    IncidentRecord,
    VulnerabilityRecord,
)
from delivery.models import System
from delivery.services.systems import system_create
from tests.factories import make_organization, numbers

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def make_system(organization: Organization | None = None, **values) -> System:
    name = values.pop("name", None) or f"System {next(numbers)}"
    return system_create(
        organization=organization or make_organization(), user=None, name=name, **values
    )


def deployment(external_id: str = "d1", at: datetime = NOON, **values) -> DeploymentRecord:
    return DeploymentRecord(external_id=external_id, deployed_at=at, **values)


def incident(external_id: str = "i1", at: datetime = NOON, **values) -> IncidentRecord:
    return IncidentRecord(external_id=external_id, opened_at=at, **values)


def change(external_id: str = "c1", at: datetime = NOON, **values) -> ChangeRecord:
    return ChangeRecord(external_id=external_id, deployed_at=at, **values)


def vulnerability(
    external_id: str = "v1", severity: str = "high", at: datetime = NOON, **values
) -> VulnerabilityRecord:
    return VulnerabilityRecord(external_id=external_id, severity=severity, found_at=at, **values)


def reading(
    external_id: str = "r1", covered: int = 70, total: int = 100, at: datetime = NOON
) -> CoverageRecord:
    return CoverageRecord(
        external_id=external_id, measured_at=at, lines_covered=covered, lines_total=total
    )
