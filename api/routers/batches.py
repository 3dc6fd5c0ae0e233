"""Reports of many clients at once, and the zip that holds them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from accounts.audit import record
from accounts.tenancy import Access, Can, accesses_of
from api.access import is_head, of_this_token, person_of, reach
from api.paging import Paging, page_of
from api.problems import Problem
from api.repeats import once
from api.routers.reports import FILE, ChoicesIn, choices_of
from api.scopes import Scope
from reports import storage
from reports.models import Batch
from reports.services.batches import (
    BatchInvalid,
    batch_cancel,
    batch_request,
    is_complete_for,
    zip_again,
)

router = Router(tags=["batches"])
HERE = "/organizations/{slug}/batches"


class BatchIn(Schema):
    name: str = Field(min_length=1, max_length=150)
    organizations: list[str] = Field(
        min_length=1, max_length=500, description="Slugs: of clients, or one's own."
    )
    reports: list[ChoicesIn] = Field(min_length=1, max_length=10, description="For each of them.")


class BatchOut(Schema):
    id: int
    name: str
    state: str = Field(description="running, zipping, ready, cancelled or expired")
    files: int
    made: int
    failed: int
    size: int | None
    created_at: datetime
    kept_until: datetime | None


class BatchPage(Schema):
    items: list[BatchOut]
    next_cursor: str | None


class ItemOut(Schema):
    organization: str
    number: int = Field(description="Which of the reports asked for, from 0.")
    report: int | None
    problem: str


class ItemPage(Schema):
    items: list[ItemOut]
    next_cursor: str | None


ENDED = Q(items__ended_at__isnull=False)
COUNTS = {
    "files": Count("items"),
    "made": Count("items", filter=ENDED & Q(items__problem="")),
    "failed": Count("items", filter=ENDED & ~Q(items__problem="")),
}


@router.get(HERE, response=BatchPage, summary="List batches")
def list_batches(request: HttpRequest, slug: str, paging: Query[Paging]) -> Any:
    access = reach(request, slug, Scope.REPORTS_READ, Can.EDIT)
    found, following = page_of(access.scope(Batch).annotate(**COUNTS), paging)
    return {"items": [_out(row) for row in found], "next_cursor": following}


@router.post(HERE, response={202: BatchOut}, summary="Make reports of many clients")
@once
def create(request: HttpRequest, slug: str, body: BatchIn) -> Any:
    """Of the roadmap each works by. One that cannot be made says why, and stops nothing else."""
    access = reach(request, slug, Scope.REPORTS_WRITE, Can.EDIT)
    by_slug = {
        one.organization.slug: one.organization
        for one in of_this_token(request.auth, accesses_of(person_of(request))).values()  # type: ignore[attr-defined]
    }
    if unknown := [one for one in body.organizations if one not in by_slug]:
        words = _("This token reaches no organization %s.") % unknown[0][:60]
        raise Problem(422, words, errors={"organizations": words})
    try:
        made = batch_request(
            organization=access.organization,
            user=access.user,
            clients=[by_slug[one] for one in body.organizations],
            choices=[choices_of(one) for one in body.reports],
            name=body.name,
        )
    except BatchInvalid as error:
        raise Problem(422, str(error)) from None
    return Status(202, _out(_found(access, made.pk)))


@router.get(HERE + "/{int:pk}", response=BatchOut, summary="How far a batch is")
def one(request: HttpRequest, slug: str, pk: int) -> Any:
    return _out(_found(reach(request, slug, Scope.REPORTS_READ, Can.EDIT), pk))


@router.get(HERE + "/{int:pk}/items", response=ItemPage, summary="What became of each report")
def items(request: HttpRequest, slug: str, pk: int, paging: Query[Paging]) -> Any:
    found = _found(reach(request, slug, Scope.REPORTS_READ, Can.EDIT), pk)
    rows, following = page_of(found.items.select_related("client"), paging)  # type: ignore[attr-defined]
    told = [
        {
            "organization": row.client.slug,
            "number": row.number,
            "report": row.report_id,
            "problem": row.problem,
        }
        for row in rows
    ]
    return {"items": told, "next_cursor": following}


@router.post(HERE + "/{int:pk}/cancel", response=BatchOut, summary="Give a batch up")
@once
def cancel(request: HttpRequest, slug: str, pk: int) -> Any:
    """What is made by then stays."""
    access = reach(request, slug, Scope.REPORTS_WRITE, Can.EDIT)
    batch_cancel(batch=_found(access, pk), user=access.user)
    return _out(_found(access, pk))


@router.get(HERE + "/{int:pk}/file", summary="Download a batch as a zip", openapi_extra=FILE)
def file(request: HttpRequest, slug: str, pk: int) -> Any:
    access = reach(request, slug, Scope.REPORTS_READ, Can.EDIT)
    found = _found(access, pk)
    if not found.file:
        raise Problem(409, _("The files are not put together yet, or no longer kept."))
    if not is_complete_for(found, access.user):
        if found.created_by in (None, access.user):
            zip_again(batch=found)
            words = _("A client has ended your access: the zip is made anew. Come again.")
            raise Problem(409, words)
        raise Problem(403, _("It holds reports that you may not see."))
    try:
        body = storage.path_of(found.file).open("rb")
    except FileNotFoundError:
        raise Problem(409, _("The file is no longer kept.")) from None
    if not is_head(request):
        record(
            organization=access.organization,
            actor=access.user,
            verb="batch.downloaded",
            target=found,
        )
    return FileResponse(
        body, as_attachment=True, filename=f"reports-{found.pk}.zip", content_type="application/zip"
    )


def _found(access: Access, pk: int) -> Batch:
    found: Batch | None = access.scope(Batch).annotate(**COUNTS).filter(pk=pk).first()
    if found is None:
        raise Problem(404, _("There is no such batch."))
    return found


def _out(row: Any) -> dict[str, Any]:
    plain = ("name", "files", "made", "failed", "size", "created_at", "kept_until")
    return {"id": row.pk, "state": _state(row), **{name: getattr(row, name) for name in plain}}


def _state(row: Any) -> str:
    if row.file:
        return "ready"
    if row.cancelled_at:
        return "cancelled"
    if row.finished_at:
        return "expired"
    return "zipping" if row.made + row.failed == row.files else "running"
