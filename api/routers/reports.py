"""Reports: asking for one, waiting, downloading."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from accounts.enums import REPORTS_ARE_MADE_FROM, Area
from accounts.tenancy import Access, Can
from api.access import is_head, reach
from api.paging import Paging, page_of
from api.problems import Problem
from api.repeats import once
from api.scopes import Scope
from reports import storage
from reports.choices import Choices
from reports.documents.sections import LAYOUTS, sections_of
from reports.enums import Audience, Detail, Document, Form, PageSize
from reports.files.forms import FORMS, form_of
from reports.models import Report
from reports.pages.builder import options_of
from reports.services.making import report_cancel, report_downloaded, report_request
from roadmap.models import Roadmap

router = Router(tags=["reports"])
Number = Annotated[int, Field(ge=1, le=2**62)]
FILE = {
    "responses": {
        200: {
            "description": "The file",
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        }
    }
}
HERE = "/organizations/{slug}/reports"
AREA = (Area.REPORTS,)
MAKING = (Area.REPORTS, *REPORTS_ARE_MADE_FROM)


class ReportOut(Schema):
    id: int
    roadmap: int
    document: str
    form: str
    state: str = Field(description="ready, waiting, running, failed or expired")
    progress: int
    phrase: str
    problem: str
    pages: int | None
    size: int | None
    created_at: datetime
    kept_until: datetime | None


class ReportPage(Schema):
    items: list[ReportOut]
    next_cursor: str | None


class ChoicesIn(Schema):
    document: Document = Document.FULL
    form: Form = Form.PDF
    sections: list[str] = Field([], max_length=60, description="Empty: the usual ones.")
    audience: Audience = Audience.LEADERS
    detail: Detail = Detail.USUAL
    page_size: PageSize = PageSize.A4


class ReportIn(ChoicesIn):
    """What there is to choose from: report-options of the roadmap."""

    roadmap: int = Field(ge=1, le=2**62)
    comments: list[Number] = Field([], max_length=60, description="Ids of comments to print.")
    scenarios: list[Number] = Field([], max_length=3, description="Plans to compare with.")
    since: Number | None = Field(
        None, description="The earlier report “what changed” looks back to; null: the newest."
    )
    unit: str = Field("", max_length=200, description="Whom the clinician’s page is for.")


class Choice(Schema):
    id: int
    name: str


class SectionOut(Schema):
    id: str
    title: str
    is_usual: bool


class OptionsOut(Schema):
    sections: dict[str, list[SectionOut]] = Field(description="By document.")
    forms: list[str]
    comments: list[Choice]
    scenarios: list[Choice]
    reports: list[Choice]
    units: list[str]


@router.get(HERE, response=ReportPage, summary="List reports")
def list_reports(request: HttpRequest, slug: str, paging: Query[Paging]) -> Any:
    access = reach(request, slug, Scope.REPORTS_READ, areas=AREA)
    rows = access.scope(Report).select_related("job").defer("snapshot")
    found, following = page_of(rows, paging)
    return {"items": [_out(row) for row in found], "next_cursor": following}


@router.post(HERE, response={202: ReportOut}, summary="Make a report")
@once
def create(request: HttpRequest, slug: str, body: ReportIn) -> Any:
    """The very same input is not made twice: the report there is comes back."""
    access = reach(request, slug, Scope.REPORTS_WRITE, Can.EDIT, MAKING)
    roadmap = access.scope(Roadmap).filter(pk=body.roadmap).first()
    if roadmap is None:
        words = _("There is no roadmap of this number.")
        raise Problem(422, words, errors={"roadmap": words})
    roadmap.organization = access.organization
    choices = replace(choices_of(body), **_of_this_plan(access, roadmap, body))
    report = report_request(roadmap=roadmap, user=access.user, choices=choices)
    return Status(202, _out(report))


@router.get(HERE + "/{int:pk}", response=ReportOut, summary="How far a report is")
def one(request: HttpRequest, slug: str, pk: int) -> Any:
    return _out(_found(reach(request, slug, Scope.REPORTS_READ, areas=AREA), pk))


@router.post(HERE + "/{int:pk}/cancel", response=ReportOut, summary="Give a report up")
@once
def cancel(request: HttpRequest, slug: str, pk: int) -> Any:
    """Where it is ready or failed already, nothing happens."""
    access = reach(request, slug, Scope.REPORTS_WRITE, Can.EDIT, AREA)
    report_cancel(report=_found(access, pk), user=access.user)
    return _out(_found(access, pk))


@router.get(
    "/organizations/{slug}/roadmaps/{int:pk}/report-options",
    response=OptionsOut,
    summary="What a report of it may hold",
)
def options(request: HttpRequest, slug: str, pk: int) -> Any:
    access = reach(request, slug, Scope.REPORTS_WRITE, Can.EDIT, MAKING)
    roadmap = access.get(Roadmap, pk=pk)
    roadmap.organization = access.organization
    found = options_of(access, roadmap)
    named = ("comments", "scenarios", "reports")
    return {
        "sections": {
            document: [
                {"id": one.id, "title": str(one.title), "is_usual": one.is_usual}
                for one in sections_of(document)
            ]
            for document in LAYOUTS
        },
        "forms": sorted(FORMS),
        **{
            name: [{"id": pk, "name": words} for pk, words in getattr(found, name)]
            for name in named
        },
        "units": list(found.units),
    }


@router.get(HERE + "/{int:pk}/file", summary="Download a report", openapi_extra=FILE)
def file(request: HttpRequest, slug: str, pk: int) -> Any:
    access = reach(request, slug, Scope.REPORTS_READ, areas=AREA)
    found = _found(access, pk)
    if not found.is_ready:
        raise Problem(409, _("It is not ready. Ask how far it is, then come again."))
    try:
        body = storage.path_of(found.file).open("rb")
    except FileNotFoundError:
        raise Problem(409, _("The file is no longer kept. Ask for the report again.")) from None
    if not is_head(request):
        report_downloaded(report=found, user=access.user)
    return FileResponse(
        body,
        as_attachment=True,
        filename=found.download_name,
        content_type=form_of(found.form).content_type,
        # The same input makes the same bytes.
        headers={"ETag": f'"{found.input_hash[:32]}"'},
    )


def _of_this_plan(access: Access, roadmap: Roadmap, body: ReportIn) -> dict[str, Any]:
    """What belongs to this roadmap alone, as far as it is there to choose."""
    asked = {"comments": body.comments, "scenarios": body.scenarios}
    asked["reports"] = [body.since] if body.since else []
    if not any(asked.values()) and not body.unit:
        return {}
    offered = options_of(access, roadmap)
    for name, numbers in asked.items():
        known = {pk for pk, _words in getattr(offered, name)}
        if unknown := [one for one in numbers if one not in known]:
            field = "since" if name == "reports" else name
            words = _("%s is not among the report-options of this roadmap.") % unknown[0]
            raise Problem(422, words, errors={field: words})
    if body.unit and (body.unit not in offered.units or body.document != Document.CLINICIAN):
        words = _("Only the clinician’s page is for a unit, and for one that the answers name.")
        raise Problem(422, words, errors={"unit": words})
    return {
        "comments": tuple(dict.fromkeys(body.comments)),
        "scenarios": tuple(dict.fromkeys(body.scenarios)),
        "since": body.since,
        "unit": body.unit,
    }


def choices_of(body: ChoicesIn) -> Choices:
    if body.form not in FORMS or body.document not in LAYOUTS:
        raise Problem(422, _("This kind of report cannot be made here."))
    if body.form != Form.PDF and body.document != Document.FULL:
        words = _("Only the full roadmap has other forms than PDF.")
        raise Problem(422, words, errors={"form": words})
    known = {section.id for section in sections_of(body.document)}
    if unknown := [name for name in body.sections if name not in known]:
        words = _("There is no section %s in this document.") % unknown[0][:40]
        raise Problem(422, words, errors={"sections": words})
    return Choices(
        document=body.document.value,
        form=body.form.value,
        sections=tuple(dict.fromkeys(body.sections)),
        audience=body.audience.value,
        detail=body.detail.value,
        page_size=body.page_size.value,
    )


def _found(access: Access, pk: int) -> Report:
    found: Report = access.get(Report, pk=pk)
    return found


def _out(row: Report) -> dict[str, Any]:
    job = row.job
    return {
        "id": row.pk,
        "roadmap": row.roadmap_id,
        "document": row.document,
        "form": row.form,
        "state": _state(row),
        "progress": 100 if row.is_ready else job.progress if job else 0,
        "phrase": job.phrase if job else "",
        "problem": job.error if job and row.has_failed else "",
        "pages": row.pages,
        "size": row.size,
        "created_at": row.created_at,
        "kept_until": row.kept_until,
    }


def _state(row: Report) -> str:
    if row.is_ready:
        return "ready"
    if row.is_open and row.job:
        return "waiting" if row.job.state == "queued" else "running"
    return "expired" if row.is_expired else "failed"
