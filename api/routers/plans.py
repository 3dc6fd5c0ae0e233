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
from api.texts import Day, storable
from assessments.models import Snapshot
from guide.yamlfile import Problem as FileProblem
from roadmap.domain.constraints.reading import ConstraintsError, parse_constraints
from roadmap.models import Scenario
from roadmap.services.scenarios.errors import ScenarioFrozen
from roadmap.services.scenarios.making import PlanImpossible, scenario_constrain, scenario_create
from roadmap.services.scenarios.solving import scenario_solve

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


class ConstraintsIn(Schema):
    name: str = Field("", max_length=150)
    constraints: str = Field(
        max_length=100_000,
        description="As YAML, the format of the constraints file (docs/constraints-format.md).",
        examples=["work_at_the_same_time: 3\n"],
    )


class PlanOut(Schema):
    id: int
    version: int
    plan: dict[str, Any]
    forecast: dict[str, Any]


@router.get(HERE, response=ScenarioPage, summary="List plans on trial")
def scenarios(request: HttpRequest, slug: str, paging: Query[Paging]) -> Any:
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
            name=storable(body.name),
            start_on=body.start_on,
        )
    except (PlanImpossible, OverflowError) as error:
        raise Problem(422, str(error), errors={"start_on": str(error)}) from None
    return Status(201, _out(made))


@router.get(HERE + "/{int:pk}", response=PlanOut, summary="The plan and its forecast")
def one(request: HttpRequest, slug: str, pk: int) -> Any:
    found = _scenario(reach(request, slug, Scope.PLANS_READ, areas=AREA), pk)
    return {
        "id": found.pk,
        "version": found.version,
        "plan": found.plan,
        "forecast": found.forecast,
    }


@router.post(
    HERE + "/{int:pk}/constrain",
    response={201: ScenarioOut},
    summary="The same plan with other constraints, as a new one",
)
@once
def constrain(request: HttpRequest, slug: str, pk: int, body: ConstraintsIn) -> Any:
    access = reach(request, slug, Scope.PLANS_WRITE, Can.EDIT, AREA)
    found = _scenario(access, pk)
    start = found.to_constraints().start
    try:
        stated = parse_constraints(body.constraints, found.snapshot.guide, "constraints", start)
        made = scenario_constrain(
            scenario=found, constraints=stated, name=storable(body.name), user=access.user
        )
    except ConstraintsError as error:
        raise Problem(
            422,
            _("The constraints cannot be taken."),
            errors={"constraints": [_line(one) for one in error.problems]},
        ) from None
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


def _scenario(access: Access, pk: int) -> Scenario:
    found: Scenario = access.get(Scenario, pk=pk)
    found.organization = access.organization
    return found


def _line(problem: FileProblem) -> str:
    return str(problem)


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
