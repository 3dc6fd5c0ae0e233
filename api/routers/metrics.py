"""Systems under way, their delivery metrics, and records of what was deployed and what failed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema
from pydantic import model_validator

from accounts.enums import Area
from accounts.tenancy import Can
from api.access import reach
from api.paging import Paging, page_of
from api.problems import Problem
from api.repeats import once
from api.scopes import Scope
from api.texts import Moment, storable
from delivery.domain.records import (
    ChangeRecord,
    CoverageRecord,
    DeploymentRecord,
    IncidentRecord,
    Record,
    VulnerabilityRecord,
)
from delivery.enums import Origin
from delivery.models import System
from delivery.queries import metric_values, organization_today
from delivery.services.records import store

router = Router(tags=["metrics"])
HERE = "/organizations/{slug}/systems"
AREA = (Area.ROADMAP,)
MOST_RECORDS = 500
EARLIEST = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
TEXT = 200


class SystemOut(Schema):
    key: str
    name: str
    tier: int | None
    is_vendor_managed: bool
    ended_at: datetime | None


class SystemPage(Schema):
    items: list[SystemOut]
    next_cursor: str | None


class MetricOut(Schema):
    id: str
    value: float | None
    unit: str
    n: int = Field(description="How many records the value rests on.")
    low: float | None = Field(description="95 % interval, where the metric has one.")
    high: float | None


class MetricsOut(Schema):
    first: date
    last: date
    since: date | None
    metrics: list[MetricOut]


class Told(Schema):
    external_id: str = Field(min_length=1, max_length=TEXT)


class DeploymentIn(Told):
    deployed_at: Moment
    result: Literal["", "success", "failed"] = ""
    environment: str = Field("", max_length=80)
    is_production: bool | None = None
    committed_at: Moment | None = None
    is_rework: bool | None = None
    version: str = Field("", max_length=80)


class IncidentIn(Told):
    opened_at: Moment
    resolved_at: Moment | None = None
    title: str = Field("", max_length=TEXT)
    severity: Literal["", "critical", "high", "medium", "low"] = ""
    deployment: str = Field("", max_length=TEXT)


class ChangeIn(Told):
    deployed_at: Moment
    kind: Literal["", "standard", "normal", "emergency", "vendor"] = ""
    ticket: str = Field("", max_length=80)
    opened_at: Moment | None = None
    author: str = Field("", max_length=80)
    approver: str = Field("", max_length=80)
    approved_at: Moment | None = None
    test_evidence: str = Field("", max_length=TEXT)
    deployment: str = Field("", max_length=TEXT)


class VulnerabilityIn(Told):
    severity: Literal["critical", "high", "medium", "low"]
    found_at: Moment
    title: str = Field("", max_length=TEXT)
    fixed_at: Moment | None = None
    dismissed_at: Moment | None = None
    dismissed_because: str = Field("", max_length=TEXT)


class CoverageIn(Told):
    measured_at: Moment
    lines_covered: int = Field(ge=0, le=2**31 - 1)
    lines_total: int = Field(ge=1, le=2**31 - 1)
    tool: str = Field("", max_length=80)

    @model_validator(mode="after")
    def is_a_share(self) -> CoverageIn:
        if self.lines_covered > self.lines_total:
            raise ValueError("More lines are covered than there are.")
        return self


class RecordsIn(Schema):
    deployments: list[DeploymentIn] = Field([], max_length=MOST_RECORDS)
    incidents: list[IncidentIn] = Field([], max_length=MOST_RECORDS)
    changes: list[ChangeIn] = Field([], max_length=MOST_RECORDS)
    vulnerabilities: list[VulnerabilityIn] = Field([], max_length=MOST_RECORDS)
    coverage: list[CoverageIn] = Field([], max_length=MOST_RECORDS)


class StoredOut(Schema):
    created: int
    updated: int
    unchanged: int


@router.get(HERE, response=SystemPage, summary="List systems")
def list_systems(request: HttpRequest, slug: str, paging: Query[Paging]) -> Any:
    access = reach(request, slug, Scope.METRICS_READ, areas=AREA)
    found, following = page_of(access.scope(System), paging)
    names = ("key", "name", "tier", "is_vendor_managed", "ended_at")
    return {
        "items": [{name: getattr(row, name) for name in names} for row in found],
        "next_cursor": following,
    }


@router.get(HERE + "/{key}/metrics", response=MetricsOut, summary="Metrics of a system")
def metrics(request: HttpRequest, slug: str, key: str, weeks: int = Query(12, ge=1, le=104)) -> Any:
    access = reach(request, slug, Scope.METRICS_READ, areas=AREA)
    system = access.get(System, key=key)
    last = organization_today(access.organization)
    found = metric_values(system, last - timedelta(days=weeks * 7 - 1), last)
    return {
        "first": found.first,
        "last": found.last,
        "since": found.since,
        "metrics": [
            {
                "id": one.id,
                "value": one.value,
                "unit": one.unit,
                "n": one.n,
                "low": one.interval[0] if one.interval else None,
                "high": one.interval[1] if one.interval else None,
            }
            for one in found.values.values()
        ],
    }


@router.post(HERE + "/{key}/records", response=StoredOut, summary="Send records")
@once
def records(request: HttpRequest, slug: str, key: str, body: RecordsIn) -> Any:
    """Known by `external_id`: the same again changes nothing, a later one fills in."""
    access = reach(request, slug, Scope.METRICS_WRITE, Can.TRACK, AREA)
    system = access.get(System, key=key)
    told: list[Record] = [
        *(DeploymentRecord(**_plain(one)) for one in body.deployments),
        *(IncidentRecord(**_plain(one)) for one in body.incidents),
        *(ChangeRecord(**_plain(one)) for one in body.changes),
        *(VulnerabilityRecord(**_plain(one)) for one in body.vulnerabilities),
        *(CoverageRecord(**_plain(one)) for one in body.coverage),
    ]
    if len(told) > MOST_RECORDS:
        raise Problem(422, _("At most %s records at once.") % MOST_RECORDS)
    stored = store(system, told, origin=Origin.WEBHOOK, user=access.user)
    return {
        "created": stored.created,
        "updated": stored.updated,
        "unchanged": stored.unchanged,
    }


def _plain(one: Told) -> dict[str, Any]:
    found = one.model_dump()
    for name, value in found.items():
        if isinstance(value, str):
            storable(value)
        elif isinstance(value, datetime) and not _is_sane(value):
            words = _("Give a moment from the year 2000 to 2100.")
            raise Problem(422, words, errors={name: words})
    return found


def _is_sane(moment: datetime) -> bool:
    try:
        return moment >= EARLIEST and moment.year <= 2100
    except OverflowError:
        return False
