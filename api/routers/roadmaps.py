"""Roadmaps under way: their initiatives, gates, and what is reported."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from accounts.enums import Area
from accounts.tenancy import Access, Can
from api.access import reach
from api.etags import version_seen
from api.paging import Paging, page_of
from api.problems import Problem
from api.scopes import Scope
from api.texts import Day, storable
from roadmap.models import GateState, PlannedInitiative, Roadmap
from roadmap.services.following.asking import latest_forecast
from roadmap.services.present import RoadmapReplaced
from roadmap.services.work.tracking import (
    NeedsReason,
    ProgressInvalid,
    Report,
    StaleInitiative,
    initiative_report,
)

router = Router(tags=["roadmaps"])
HERE = "/organizations/{slug}/roadmaps"
AREA = (Area.ROADMAP,)


class RoadmapOut(Schema):
    id: int
    name: str
    start_on: date
    finish_on: date | None
    created_at: datetime


class RoadmapPage(Schema):
    items: list[RoadmapOut]
    next_cursor: str | None


class InitiativeOut(Schema):
    id: str
    title: str
    kind: str
    phase: str
    step: str
    gate: str
    start_on: date
    finish_on: date
    after: list[str]
    status: str
    started_on: date | None
    finished_on: date | None
    percent: int
    remaining_days: float | None
    expected_on: date | None
    blocked_because: str
    note: str
    owner: str | None
    version: int


class InitiativePage(Schema):
    items: list[InitiativeOut]
    next_cursor: str | None


class GateOut(Schema):
    id: str
    title: str
    passes_when: str
    planned_on: date
    is_open: bool
    opened_at: datetime | None


class AdoptedPlanOut(Schema):
    id: int
    plan: dict[str, Any]
    forecast: dict[str, Any] = Field(description="Empty where it was adopted without one.")


class OutlookOut(Schema):
    as_of: date
    made_at: datetime
    expected_on: date | None
    p50_on: date | None = Field(description="Reached by then in one of two simulated courses.")
    p80_on: date | None = Field(description="In four of five.")
    document: dict[str, Any] = Field(description="By initiative, phase and gate.")


Status = Literal["not_started", "in_progress", "done", "dropped"]
Days = float | None


class ProgressIn(Schema):
    """Leave out what is not to change."""

    version: int | None = Field(
        None, ge=0, le=2**31 - 1, description="The version you saw; or send its ETag as If-Match."
    )
    status: Status | None = None
    started_on: Day | None = None
    finished_on: Day | None = None
    percent: int | None = Field(None, ge=0, le=100)
    remaining_days: Days = Field(None, ge=0, le=10_000)
    spent_days: Days = Field(None, ge=0, le=10_000)
    expected_on: Day | None = None
    note: str | None = Field(None, max_length=10_000)
    blocked_because: str | None = Field(None, max_length=5_000)
    reasons: dict[str, str] = Field(
        {}, description="For each obstacle that a 409 names: why it goes on all the same."
    )


@router.get(HERE, response=RoadmapPage, summary="List roadmaps")
def list_roadmaps(request: HttpRequest, slug: str, paging: Query[Paging]) -> Any:
    """The one with the highest id is the one people work by."""
    access = reach(request, slug, Scope.PLANS_READ, areas=AREA)
    rows = access.scope(Roadmap).defer("plan", "forecast", "constraints")
    found, following = page_of(rows, paging)
    return {"items": [_roadmap(row) for row in found], "next_cursor": following}


@router.get(HERE + "/{int:pk}", response=RoadmapOut, summary="One roadmap")
def one(request: HttpRequest, slug: str, pk: int) -> Any:
    return _roadmap(_found(reach(request, slug, Scope.PLANS_READ, areas=AREA), pk))


@router.get(HERE + "/{int:pk}/plan", response=AdoptedPlanOut, summary="The plan as it was adopted")
def plan(request: HttpRequest, slug: str, pk: int) -> Any:
    found = _found(reach(request, slug, Scope.PLANS_READ, areas=AREA), pk)
    return {"id": found.pk, "plan": found.plan, "forecast": found.forecast}


@router.get(HERE + "/{int:pk}/outlook", response=OutlookOut, summary="How it is likely to go on")
def outlook(request: HttpRequest, slug: str, pk: int) -> Any:
    """The newest forecast from what was reported; made every night and after reports."""
    found = _found(reach(request, slug, Scope.PLANS_READ, areas=AREA), pk)
    newest = latest_forecast(found)
    if newest is None:
        raise Problem(409, _("There is no forecast of it yet. It is made within a day."))
    names = ("as_of", "made_at", "expected_on", "p50_on", "p80_on")
    return {**{name: getattr(newest, name) for name in names}, "document": newest.document}


@router.get(HERE + "/{int:pk}/initiatives", response=InitiativePage, summary="Its initiatives")
def initiatives(request: HttpRequest, slug: str, pk: int, paging: Query[Paging]) -> Any:
    access = reach(request, slug, Scope.PLANS_READ, areas=AREA)
    rows = _found(access, pk).initiatives.select_related("owner").defer("details", "facts")
    found, following = page_of(rows, paging)
    return {"items": [_initiative(row) for row in found], "next_cursor": following}


@router.get(
    HERE + "/{int:pk}/initiatives/{initiative}", response=InitiativeOut, summary="One initiative"
)
def initiative(request: HttpRequest, slug: str, pk: int, initiative: str) -> Any:
    access = reach(request, slug, Scope.PLANS_READ, areas=AREA)
    roadmap = _found(access, pk)
    return _initiative(access.get(PlannedInitiative, roadmap=roadmap, initiative_id=initiative))


@router.patch(
    HERE + "/{int:pk}/initiatives/{initiative}",
    response=InitiativeOut,
    summary="Report progress of an initiative",
)
def report(request: HttpRequest, slug: str, pk: int, initiative: str, body: ProgressIn) -> Any:
    """By the rules of the pages: what stands in the way of a start is answered with 409 and
    `obstacles`; send a reason for each kind to go on."""
    access = reach(request, slug, Scope.PROGRESS_WRITE, Can.TRACK, AREA)
    roadmap = _found(access, pk)
    row = access.get(PlannedInitiative, roadmap=roadmap, initiative_id=initiative)
    row.roadmap = roadmap
    changed = body.model_dump(exclude_unset=True, exclude={"version", "reasons"})
    for name in ("note", "blocked_because"):
        storable(changed.get(name) or "")
    try:
        saved = initiative_report(
            initiative=row,
            user=access.user,
            version=version_seen(request, InitiativeOut, _initiative(row), body.version),
            report=Report(**changed),
            reasons={kind: storable(words) for kind, words in body.reasons.items()},
            may_override=access.can_edit,
        )
    except ProgressInvalid as error:
        raise Problem(422, str(error), errors=error.messages) from None
    except StaleInitiative as error:
        raise Problem(
            409,
            _("Something else was reported meanwhile. Look at it, then send its version."),
            current=InitiativeOut(**_initiative(error.current)).model_dump(mode="json"),
        ) from None
    except NeedsReason as error:
        raise Problem(
            409,
            _("Something stands in the way. Send a reason for each kind in `reasons`."),
            obstacles=[{"kind": str(one.kind), "text": one.text} for one in error.obstacles],
            for_editors=error.is_for_editors,
        ) from None
    except RoadmapReplaced:
        raise Problem(409, _("This roadmap was replaced. Report on the present one.")) from None
    return _initiative(saved)


@router.get(HERE + "/{int:pk}/gates", response=list[GateOut], summary="Its gates")
def gates(request: HttpRequest, slug: str, pk: int) -> Any:
    access = reach(request, slug, Scope.PLANS_READ, areas=AREA)
    return [_gate(row) for row in _found(access, pk).gates.all()]


def _found(access: Access, pk: int) -> Roadmap:
    found: Roadmap = access.get(Roadmap, pk=pk)
    found.organization = access.organization
    return found


def _roadmap(row: Roadmap) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "start_on": row.start_on,
        "finish_on": row.finish_on,
        "created_at": row.created_at,
    }


def _initiative(row: PlannedInitiative) -> dict[str, Any]:
    plain = ("title", "kind", "phase", "step", "gate", "start_on", "finish_on", "status")
    told = ("started_on", "finished_on", "percent", "remaining_days", "expected_on")
    return {
        "id": row.initiative_id,
        "after": list(row.predecessors),
        "owner": str(row.owner) if row.owner else None,
        **{
            name: getattr(row, name)
            for name in (*plain, *told, "blocked_because", "note", "version")
        },
    }


def _gate(row: GateState) -> dict[str, Any]:
    return {
        "id": row.gate_id,
        "title": row.title,
        "passes_when": row.passes_when,
        "planned_on": row.planned_on,
        "is_open": row.is_open,
        "opened_at": row.opened_at,
    }
