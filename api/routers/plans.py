"""Plans on trial (scenarios), and searching for a better one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from accounts.enums import Area
from accounts.tenancy import Access, Can
from api.access import reach
from api.paging import Paging, page_of
from api.problems import Problem
from api.repeats import once
from api.routers.jobs import JobOut
from api.routers.jobs import out as job_out
from api.scopes import Scope
from api.texts import Day
from assessments.models import Snapshot
from roadmap.domain.constraints.reading import (
    ConstraintsError,
    parse_constraints,
    write_constraints,
)
from roadmap.domain.constraints.stated import Constraints
from roadmap.enums import ForecastCause
from roadmap.models import Scenario
from roadmap.pages.comparing import LEAST, MOST, Column, compared_columns
from roadmap.services.following.asking import forecast_ask
from roadmap.services.following.baseline import REASON_LIMIT
from roadmap.services.roadmaps import scenario_adopt
from roadmap.services.scenarios.errors import ScenarioFrozen, ScenarioOutdated, StaleScenario
from roadmap.services.scenarios.forecast import scenario_forecast
from roadmap.services.scenarios.making import (
    PlanImpossible,
    scenario_constrain,
    scenario_create,
    scenario_delete,
)
from roadmap.services.scenarios.solving import scenario_solve, scenario_stop

router = Router(tags=["plans"])
HERE = "/organizations/{slug}/scenarios"
AREA = (Area.ROADMAP,)


class ScenarioOut(Schema):
    id: int
    name: str
    note: str
    version: int
    assessment: int
    adopted_as: int | None = Field(description="The roadmap that was made of it.")
    start: date | None
    finish: date | None
    initiatives: int
    created_at: datetime


class ScenarioPage(Schema):
    items: list[ScenarioOut]
    next_cursor: str | None


class ScenarioIn(Schema):
    assessment: int = Field(ge=1, le=2**62, description="A submitted assessment.")
    name: str = Field(min_length=1, max_length=150, examples=["With two more people"])
    start_on: Day = Field(examples=["2027-01-04"])
    constraints: str = Field(
        "", max_length=100_000, description="As YAML; left out: what profile and answers propose."
    )


class ConstraintsIn(Schema):
    name: str = Field("", max_length=150)
    constraints: str = Field(
        max_length=100_000,
        description="As YAML, the format of the constraints file (docs/constraints-format.md).",
        examples=["wip_limit: 3\n"],
    )


class PlanOut(Schema):
    id: int
    version: int
    plan: dict[str, Any]
    forecast: dict[str, Any] = Field(description="Empty until somebody asked to search.")
    constraints: str = Field(description="As YAML, to change and to send to constrain.")


class AdoptIn(Schema):
    version: int = Field(ge=0, le=2**31 - 1, description="The version you saw.")
    name: str = Field("", max_length=150, description="Of the roadmap; left out: the plan's.")
    new_baseline: str = Field(
        "",
        max_length=REASON_LIMIT,
        description="Why slip counts from these dates from now on; left out: the dates agreed "
        "earlier stay.",
    )


class AdoptedOut(Schema):
    roadmap: int


class ColumnOut(Schema):
    id: int
    name: str
    finish: date | None
    p50: date | None
    p80: date | None
    readiness_now: float | None
    readiness_after: float | None
    person_days: float
    cost: float | None
    currency: str
    initiatives: int
    left_out: int
    missed: int = Field(description="Deadlines that it does not keep.")
    gates: dict[str, date | None] = Field(
        description="P80 of each gate; the planned days where one of the plans has no forecast."
    )


class Compared(Schema):
    id: list[int] = Field(min_length=1, max_length=MOST, description="Two to four: ?id=1&id=2")


class ComparisonOut(Schema):
    plans: list[ColumnOut]


@router.get(HERE, response=ScenarioPage, summary="List plans on trial")
def list_scenarios(request: HttpRequest, slug: str, paging: Query[Paging]) -> Any:
    access = reach(request, slug, Scope.PLANS_READ, areas=AREA)
    rows = access.scope(Scenario).select_related("snapshot", "roadmap")
    rows = rows.defer("schedule", "forecast", "decisions", "roadmap__plan", "snapshot__answers")
    found, following = page_of(rows.defer("roadmap__forecast", "snapshot__scorecard"), paging)
    return {"items": [_out(row) for row in found], "next_cursor": following}


@router.post(HERE, response={201: ScenarioOut}, summary="Make a plan on trial")
@once
def create(request: HttpRequest, slug: str, body: ScenarioIn) -> Any:
    access = reach(request, slug, Scope.PLANS_WRITE, Can.EDIT, AREA)
    snapshot = access.scope(Snapshot).filter(assessment=body.assessment).first()
    if snapshot is None:
        raise Problem(
            422,
            _("There is no submitted assessment of this number."),
            errors={"assessment": _("Choose one that is submitted.")},
        )
    try:
        made = scenario_create(
            organization=access.organization,
            user=access.user,
            snapshot=snapshot,
            name=body.name,
            start_on=body.start_on,
            constraints=_constraints(body.constraints, snapshot, body.start_on),
        )
    except (PlanImpossible, OverflowError) as error:
        raise Problem(422, str(error), errors={"start_on": str(error)}) from None
    return Status(201, _out(made))


@router.get(HERE + "/compare", response=ComparisonOut, summary="Plans side by side")
def compare(request: HttpRequest, slug: str, plans: Query[Compared]) -> Any:
    access = reach(request, slug, Scope.PLANS_READ, areas=AREA)
    chosen = list(dict.fromkeys(plans.id))
    found = access.scope(Scenario).select_related("snapshot", "roadmap").in_bulk(chosen)
    if len(found) < len(chosen) or len(found) < LEAST:
        words = _("Name two to four plans that are here: ?id=1&id=2.")
        raise Problem(422, words, errors={"id": words})
    return {"plans": [_column(one) for one in compared_columns([found[pk] for pk in chosen])]}


@router.get(HERE + "/{int:pk}", response=PlanOut, summary="The plan and its forecast")
def one(request: HttpRequest, slug: str, pk: int) -> Any:
    found = _scenario(reach(request, slug, Scope.PLANS_READ, areas=AREA), pk)
    return {
        "id": found.pk,
        "version": found.version,
        "plan": found.plan,
        "forecast": found.forecast,
        "constraints": write_constraints(found.to_constraints()),
    }


@router.delete(HERE + "/{int:pk}", response={204: None}, summary="Delete a plan on trial")
def delete(request: HttpRequest, slug: str, pk: int) -> Any:
    access = reach(request, slug, Scope.PLANS_WRITE, Can.EDIT, AREA)
    try:
        scenario_delete(scenario=_scenario(access, pk), user=access.user)
    except ScenarioFrozen:
        raise Problem(409, _("It was adopted: it says what was agreed, and stays.")) from None
    return Status(204, None)


@router.post(
    HERE + "/{int:pk}/constrain",
    response={201: ScenarioOut},
    summary="The same plan with other constraints, as a new one",
)
@once
def constrain(request: HttpRequest, slug: str, pk: int, body: ConstraintsIn) -> Any:
    access = reach(request, slug, Scope.PLANS_WRITE, Can.EDIT, AREA)
    found = _scenario(access, pk)
    own = found.to_constraints()
    stated = _constraints(body.constraints, found.snapshot, own.start) or Constraints()
    try:
        made = scenario_constrain(
            scenario=found,
            constraints=stated,
            name=body.name,
            user=access.user,
        )
    except PlanImpossible as error:
        raise Problem(422, str(error), errors={"constraints": str(error)}) from None
    return Status(201, _out(made))


@router.post(HERE + "/{int:pk}/solve", response={202: JobOut}, summary="Search for a better plan")
@once
def solve(request: HttpRequest, slug: str, pk: int) -> Any:
    access = reach(request, slug, Scope.PLANS_WRITE, Can.EDIT, AREA)
    try:
        job = scenario_solve(scenario=_scenario(access, pk), user=access.user)
    except ScenarioFrozen:
        raise Problem(409, _("It was adopted. Make a copy, and search for that.")) from None
    return Status(202, job_out(job))


@router.post(HERE + "/{int:pk}/stop", response={204: None}, summary="Give a search up")
@once
def stop(request: HttpRequest, slug: str, pk: int) -> Any:
    """The plan stays as it is. Where no search is under way, nothing happens."""
    access = reach(request, slug, Scope.PLANS_WRITE, Can.EDIT, AREA)
    scenario_stop(scenario=_scenario(access, pk), user=access.user)
    return Status(204, None)


@router.post(HERE + "/{int:pk}/adopt", response={201: AdoptedOut}, summary="Adopt a plan")
@once
def adopt(request: HttpRequest, slug: str, pk: int, body: AdoptIn) -> Any:
    """It becomes the roadmap people work by; progress of the one before is carried over."""
    access = reach(request, slug, Scope.PLANS_WRITE, Can.EDIT, AREA)
    found = _scenario(access, pk)
    try:
        roadmap = scenario_adopt(
            scenario=found,
            user=access.user,
            name=body.name,
            version=body.version,
            new_baseline=body.new_baseline.strip() or None,
        )
    except StaleScenario as error:
        raise Problem(
            409, _("It was changed meanwhile. Look at it."), current=error.current.version
        ) from None
    except ScenarioFrozen:
        raise Problem(409, _("It was adopted already.")) from None
    except ScenarioOutdated:
        words = _("Guide or planner changed since it was planned. Constrain it anew.")
        raise Problem(409, words) from None
    scenario_forecast(scenario=found, user=access.user)
    forecast_ask(roadmap=roadmap, cause=ForecastCause.CHANGE, user=access.user)
    return Status(201, {"roadmap": roadmap.pk})


def _constraints(text: str, snapshot: Snapshot, start: date | None) -> Constraints | None:
    if not text.strip():
        return None
    try:
        return parse_constraints(text, snapshot.guide, "constraints", start)
    except ConstraintsError as error:
        raise Problem(
            422,
            _("The constraints cannot be taken."),
            errors={"constraints": [str(one) for one in error.problems]},
        ) from None


def _column(one: tuple[Column, dict[str, date | None]]) -> dict[str, Any]:
    column, gates = one
    names = ColumnOut.model_fields.keys() - {"id", "name", "gates"}
    told = {name: getattr(column, name) for name in names}
    return {"id": column.scenario.pk, "name": column.scenario.name, "gates": gates, **told}


def _scenario(access: Access, pk: int) -> Scenario:
    found: Scenario = access.get(Scenario, pk=pk)
    found.organization = access.organization
    return found


def _out(row: Scenario) -> dict[str, Any]:
    roadmap = getattr(row, "roadmap", None)
    return {
        "id": row.pk,
        "name": row.name,
        "note": row.note,
        "version": row.version,
        "assessment": row.snapshot.assessment_id,
        "adopted_as": roadmap.pk if roadmap else None,
        "start": row.plan.get("start"),
        "finish": row.plan.get("finish"),
        "initiatives": len(row.plan.get("initiatives", ())),
        "created_at": row.created_at,
    }
