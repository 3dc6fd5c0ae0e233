"""Clients of a consultancy: where each stands, and starting one."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from accounts.enums import OrganizationKind, Role
from accounts.services import TooManyInvitations
from accounts.tenancy import Access, Can
from api.access import reach
from api.paging import Paging, page_of, part_of
from api.problems import Problem
from api.repeats import once
from api.scopes import Scope
from desk.domain.portfolio import ClientRow
from desk.models import ClientTemplate
from desk.queries import client_rows, require_desk
from desk.services.templates import MOST_PEOPLE, start_client

router = Router(tags=["clients"])
HERE = "/organizations/{slug}/clients"


class ClientOut(Schema):
    """What the engagement does not cover is null or empty. Figures are counted within a minute."""

    slug: str
    name: str
    kind: str
    until: date = Field(description="The last day of the engagement.")
    as_of: date | None
    assessed_on: date | None
    readiness: float | None = Field(description="0 to 100, an estimate.")
    readiness_low: float | None
    readiness_high: float | None
    band: str
    answered_percent: float | None
    target_percent: float | None
    high_risks: int | None
    exposures: dict[str, float] = Field(description="Challenge → 0 to 100.")
    has_draft: bool | None
    overdue: int | None
    has_roadmap: bool | None
    phase: str
    progress: float | None
    planned_on: date | None
    p50_on: date | None = Field(description="Reached by then in one of two simulated courses.")
    p80_on: date | None
    finished_on: date | None
    slip: int | None = Field(description="Working days later than agreed; negative: earlier.")
    late: int | None
    blocked: int | None
    gate_id: str
    gate_title: str
    gate_on: date | None
    last_activity: datetime | None


class ClientPage(Schema):
    items: list[ClientOut]
    next_cursor: str | None


class TemplateOut(Schema):
    id: int
    name: str
    kind: str
    time_zone: str


class TemplatePage(Schema):
    items: list[TemplateOut]
    next_cursor: str | None


class PersonIn(Schema):
    email: str = Field(max_length=254)
    role: Role = Role.CONTRIBUTOR


class ClientIn(Schema):
    name: str = Field(min_length=1, max_length=150, pattern=r"\S")
    kind: OrganizationKind | None = Field(None, description="Left out: the template's.")
    time_zone: str | None = Field(None, max_length=64, description="Left out: the template's.")
    template: int | None = Field(None, ge=1, le=2**62, description="One of client-templates.")
    people: list[PersonIn] | None = Field(
        None, max_length=MOST_PEOPLE, description="Whom to invite; left out: the template's."
    )


class StartedOut(Schema):
    slug: str
    name: str
    until: date
    assessment: int = Field(description="The draft to answer.")


@router.get(HERE, response=ClientPage, summary="Where every client stands")
def list_clients(request: HttpRequest, slug: str, paging: Query[Paging]) -> Any:
    """Of a consultancy alone; for anybody else there is nothing here."""
    access = reach(request, slug, Scope.CLIENTS_READ)
    require_desk(access)
    rows, following = part_of(client_rows(access.organization), paging, key="id")
    return {"items": [_out(row) for row in rows], "next_cursor": following}


@router.post(HERE, response={201: StartedOut}, summary="Start a client")
@once
def start(request: HttpRequest, slug: str, body: ClientIn) -> Any:
    """A new organization that the consultancy keeps until it has an owner of its own, with a draft
    assessment that holds what the template knows."""
    access = reach(request, slug, Scope.CLIENTS_WRITE, Can.EDIT)
    require_desk(access)
    template = _template(access, body.template)
    try:
        made = start_client(
            consultancy=access.organization,
            user=access.user,
            name=body.name.strip(),
            kind=body.kind.value if body.kind else template.kind if template else "hospital",
            time_zone=_zone(body, template, access),
            template=template,
            people=_people(body, template),
            site=f"{request.scheme}://{request.get_host()}",
        )
    except TooManyInvitations:
        words = _("These are too many invitations for one day.")
        raise Problem(422, words, errors={"people": words}) from None
    client = made.client
    draft = client.assessments.order_by("pk").values_list("pk", flat=True)[0]
    told = {"slug": client.slug, "name": client.name, "until": made.until, "assessment": draft}
    return Status(201, told)


@router.get(
    "/organizations/{slug}/client-templates",
    response=TemplatePage,
    summary="What clients are started from",
)
def templates(request: HttpRequest, slug: str, paging: Query[Paging]) -> Any:
    access = reach(request, slug, Scope.CLIENTS_READ, Can.EDIT)
    require_desk(access)
    rows, following = page_of(access.scope(ClientTemplate).defer("profile", "constraints"), paging)
    names = ("name", "kind", "time_zone")
    items = [{"id": row.pk, **{name: getattr(row, name) for name in names}} for row in rows]
    return {"items": items, "next_cursor": following}


def _template(access: Access, pk: int | None) -> ClientTemplate | None:
    if pk is None:
        return None
    found = access.scope(ClientTemplate).select_related("report_template").filter(pk=pk).first()
    if found is None:
        words = _("There is no template of this number.")
        raise Problem(422, words, errors={"template": words})
    return found


def _zone(body: ClientIn, template: ClientTemplate | None, access: Access) -> str:
    usual = template.time_zone if template else access.organization.time_zone
    zone = body.time_zone or usual
    if zone not in available_timezones():
        words = _("This is no time zone. Write it as Europe/Berlin.")
        raise Problem(422, words, errors={"time_zone": words})
    return zone


def _people(body: ClientIn, template: ClientTemplate | None) -> list[dict[str, str]]:
    if body.people is None:
        return list(template.people) if template else []
    for person in body.people:
        try:
            validate_email(person.email)
        except ValidationError:
            words = _("“%s” is no e-mail address.") % person.email[:100]
            raise Problem(422, words, errors={"people": words}) from None
    return [{"email": one.email, "role": one.role.value} for one in body.people]


SHOWN = [name for name in ClientOut.model_fields if name in {f.name for f in fields(ClientRow)}]


def _out(row: ClientRow) -> dict[str, Any]:
    return {**{name: getattr(row, name) for name in SHOWN}, "overdue": row.overdue}
