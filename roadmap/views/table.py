"""The table of a roadmap's initiatives: looked at, taken away as a file, changed in bulk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.tenancy import Access, Can, tenant_view
from assessments.tables.csv_file import write_csv
from assessments.tables.excel_file import write_sheet
from roadmap.board_forms import KINDS, ChangeForm
from roadmap.enums import InitiativeStatus
from roadmap.models import PlannedInitiative
from roadmap.pages.table import file_cells, read_sort, table_page
from roadmap.pages.work_items import NOBODY, Filters, read_filters
from roadmap.services.work.people import People, may_hand_over, people_of
from roadmap.services.work.tracking import (
    KEEP,
    NeedsReason,
    ProgressInvalid,
    Report,
    StaleInitiative,
    initiative_report,
)
from roadmap.work_reading import Work, read_work

PAGE = "roadmap/table.html"
UNPROCESSABLE = 422
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 500
WIDTHS = (10, 46, 20, 28, 22, 14, 8, 14, 14, 16, 10, 8, 40)


@dataclass(frozen=True)
class Refused:
    id: str
    title: str
    why: str


@require_safe
@tenant_view(Can.VIEW)
def table(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    return _page(request, access, read_work(access, pk))


@require_safe
@tenant_view(Can.VIEW)
def export(request: HttpRequest, access: Access, pk: int, kind: str) -> HttpResponse:
    """What the filters of the address leave, in its order, as `csv` or `xlsx`."""
    if kind not in ("csv", "xlsx"):
        raise Http404("No such file.")
    work = read_work(access, pk)
    filters, sort = _asked(request, work, access)
    cells = file_cells(work.items, work.known, filters, sort)
    if kind == "xlsx":
        content = write_sheet(work.roadmap.name, cells, WIDTHS)
    else:
        content = write_csv([[_plain(cell) for cell in row] for row in cells])
    name = slugify(f"{access.organization.slug}-{work.roadmap.name}")[:80] or "roadmap"
    return HttpResponse(
        content,
        content_type=EXCEL if kind == "xlsx" else "text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.{kind}"'},
    )


@require_POST
@tenant_view(Can.TRACK)
def change(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """Each row by itself: what is refused keeps its tick, and the reason stands beside it."""
    work = read_work(access, pk)
    ticked = _ticked(request)
    form = ChangeForm(work.known, request.POST)
    if not ticked:
        form.add_error(None, _("Tick the rows to change first."))
    if not form.is_valid():
        names = frozenset(ticked)
        return _page(request, access, work, UNPROCESSABLE, change=form, ticked=names)
    report = _report(form.cleaned_data)
    reason = form.cleaned_data["reason"]
    refused, people = [], people_of(access.organization)
    for name, version in ticked.items():
        why = _changed(access, work, people, name, version, report, reason)
        if why is not None:
            refused.append(Refused(name, why[0], why[1]))
    done = len(ticked) - len(refused)
    said = ngettext("%s initiative changed.", "%s initiatives changed.", done) % done
    if not refused:
        messages.success(request, said)
        return redirect(_address(request, access, work))
    now = read_work(access, pk, work.today)
    names = frozenset(entry.id for entry in refused)
    more = {"refused": refused, "done_words": said if done else ""}
    return _page(request, access, now, UNPROCESSABLE, change=form, ticked=names, **more)


def _changed(
    access: Access,
    work: Work,
    people: People,
    name: str,
    version: int,
    report: Report,
    reason: str,
) -> tuple[str, str] | None:
    """None when it was saved, else its title and why not."""
    item = work.item(name)
    if item is None:
        return name, _("This roadmap has no such initiative any more.")
    found = access.scope(PlannedInitiative).filter(pk=item.pk).first()
    if found is None:
        return item.title, _("This roadmap has no such initiative any more.")
    found.roadmap = work.roadmap
    if not _may_own(access, people, found, report):
        return item.title, _("It is someone else’s. An editor can give it on.")
    reasons = dict.fromkeys(KINDS, reason) if reason else {}
    try:
        initiative_report(
            initiative=found,
            user=access.user,
            version=version,
            report=report,
            reasons=reasons,
            may_override=access.can_edit,
        )
    except ProgressInvalid as error:
        return item.title, " ".join(error.messages.values())
    except StaleInitiative as error:
        words = _("%(who)s saved something else meanwhile. Look at the row, then send it again.")
        return item.title, words % {"who": error.current.updated_by or _("Somebody")}
    except NeedsReason as error:
        return item.title, _needing(error)
    return None


def _may_own(access: Access, people: People, found: PlannedInitiative, report: Report) -> bool:
    if report.owner is KEEP:
        return True
    owner = report.owner.pk if report.owner is not None else None
    return may_hand_over(access, people, found.owner_id, owner)


def _needing(error: NeedsReason) -> str:
    told = " ".join(obstacle.text for obstacle in error.obstacles)
    if error.is_for_editors:
        return f"{told} " + _("Only an editor or owner can start it all the same.")
    return f"{told} " + _("Give a reason below to go ahead all the same.")


def _report(sent: dict[str, Any]) -> Report:
    owner: Any = KEEP
    if sent["owner"] == NOBODY:
        owner = None
    elif sent["owner"]:
        # Whoever has left may still own work here; the report says of each row that they cannot.
        owner = User.objects.get(pk=int(sent["owner"]))
    is_dropped = sent["status"] == InitiativeStatus.DROPPED
    return Report(
        status=sent["status"] or None,
        owner=owner,
        expected_on=sent["expected_on"] or KEEP,
        # What is dropped says why where everybody looks for it.
        note=sent["reason"] or None if is_dropped else None,
    )


def _ticked(request: HttpRequest) -> dict[str, int]:
    """Initiative → the version its row was shown with."""
    found = {}
    for text in request.POST.getlist("row")[:MOST_ROWS]:
        name, _at, version = text.rpartition("@")
        if name and version.isdecimal() and len(version) < 10:
            found[name] = int(version)
    return found


def _page(
    request: HttpRequest,
    access: Access,
    work: Work,
    status: int = 200,
    *,
    change: ChangeForm | None = None,
    **more: Any,
) -> HttpResponse:
    filters, sort = _asked(request, work, access)
    shown = table_page(work.items, work.known, filters, sort)
    context = {
        "work": work,
        "roadmap": work.roadmap,
        "shown": shown,
        "filters": filters,
        "statuses": InitiativeStatus.choices,
        "change": change or (ChangeForm(work.known) if access.can_track else None),
        "change_open": change is not None,
        "ticked": frozenset(),
        **more,
    }
    return render(request, PAGE, context, status=status)


def _asked(request: HttpRequest, work: Work, access: Access) -> tuple[Filters, str]:
    filters = read_filters(request.GET, work.known, access.user.pk)
    return filters, read_sort(request.GET.get("sort", ""))


def _address(request: HttpRequest, access: Access, work: Work) -> str:
    filters, sort = _asked(request, work, access)
    query = filters.query(sort=sort if request.GET.get("sort") else "")
    address = reverse("roadmap:table", args=[access.organization.slug, work.roadmap.pk])
    return f"{address}?{query}" if query else address


def _plain(cell: str | int | float | date | None) -> str | int | float:
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, date) else cell
