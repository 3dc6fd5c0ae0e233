"""Reports: asking for one, waiting, downloading."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from accounts.enums import Area
from accounts.tenancy import Access, Can
from api.access import reach
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
from reports.services.making import report_downloaded, report_request
from roadmap.models import Roadmap

router = Router(tags=["reports"])
HERE = "/organizations/{slug}/reports"
AREA = (Area.REPORTS,)


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


class ReportIn(Schema):
    roadmap: int = Field(ge=1, le=2**62)
    document: Document = Document.FULL
    form: Form = Form.PDF
    sections: list[str] = Field([], max_length=60, description="Empty: the usual ones.")
    audience: Audience = Audience.LEADERS
    detail: Detail = Detail.USUAL
    page_size: PageSize = PageSize.A4


@router.get(HERE, response=ReportPage, summary="List reports")
def reports(request: HttpRequest, slug: str, paging: Query[Paging]) -> Any:
    access = reach(request, slug, Scope.REPORTS_READ, areas=AREA)
    rows = access.scope(Report).select_related("job").defer("snapshot")
    found, following = page_of(rows, paging)
    return {"items": [_out(row) for row in found], "next_cursor": following}


@router.post(HERE, response={202: ReportOut}, summary="Make a report")
@once
def create(request: HttpRequest, slug: str, body: ReportIn) -> Any:
    """The very same input is not made twice: the report there is comes back."""
    access = reach(request, slug, Scope.REPORTS_WRITE, Can.EDIT, (Area.REPORTS, Area.ROADMAP))
    roadmap = access.scope(Roadmap).filter(pk=body.roadmap).first()
    if roadmap is None:
        words = _("There is no roadmap of this number.")
        raise Problem(422, words, errors={"roadmap": words})
    roadmap.organization = access.organization
    report = report_request(roadmap=roadmap, user=access.user, choices=_choices(body))
    return Status(202, _out(report))


@router.get(HERE + "/{int:pk}", response=ReportOut, summary="How far a report is")
def one(request: HttpRequest, slug: str, pk: int) -> Any:
    return _out(_found(reach(request, slug, Scope.REPORTS_READ, areas=AREA), pk))


@router.get(
    HERE + "/{int:pk}/file",
    summary="Download a report",
    openapi_extra={
        "responses": {
            200: {
                "description": "The file",
                "content": {"application/octet-stream": {"schema": {"type": "string"}}},
            }
        }
    },
)
def file(request: HttpRequest, slug: str, pk: int) -> Any:
    access = reach(request, slug, Scope.REPORTS_READ, areas=AREA)
    found = _found(access, pk)
    if not found.is_ready:
        raise Problem(409, _("It is not ready. Ask how far it is, then come again."))
    try:
        body = storage.path_of(found.file).open("rb")
    except FileNotFoundError:
        raise Problem(409, _("The file is no longer kept. Ask for the report again.")) from None
    report_downloaded(report=found, user=access.user)
    return FileResponse(
        body,
        as_attachment=True,
        filename=found.download_name,
        content_type=form_of(found.form).content_type,
    )


def _choices(body: ReportIn) -> Choices:
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
