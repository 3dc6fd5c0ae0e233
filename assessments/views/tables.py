"""A table question on a page of its own, and its rows out of and into files."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.tenancy import Access, Can, tenant_view
from assessments.access import assessment_for, fillable, question_or_404
from assessments.domain.table_changes import TakeIn
from assessments.domain.table_file import TableFileError, cells_of
from assessments.evidence_files.uploads import is_too_large
from assessments.forms.questions import QuestionForm
from assessments.models import Answer, Assessment, TableUpload
from assessments.pages.flows import flows_page
from assessments.pages.questionnaire import step_of
from assessments.pages.tables import COLUMNS_OF_OWN_PAGE, SHOWN_ROWS, table_shown
from assessments.patient_data import find_patient_data
from assessments.pictures.diagram import draws_flows, systems_question
from assessments.queries import question_url
from assessments.services import AnswerInvalid, AssessmentClosed, StaleAnswer, stored_answer
from assessments.services.tables import table_import, upload_changes, upload_keep
from assessments.tables.bad_cells import bad_cells
from assessments.tables.csv_file import write_csv
from assessments.tables.excel_file import allowed, write_excel
from assessments.tables.preview import MOST_LINES, choice_of, row_changes, row_titles
from assessments.tables.upload import MAX_BYTES, ReadFile, read_upload, too_large
from assessments.views.questions import closed, question_context
from guide.model import Question

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILES = ("rows.csv", "rows.xlsx", "template.csv", "template.xlsx")


def _table_or_404(access: Access, pk: int, question_id: str) -> tuple[Assessment, Question]:
    assessment = assessment_for(access, pk)
    question = question_or_404(access, assessment, question_id)
    if question.kind != "table":
        raise Http404("This question has no rows.")
    return assessment, question


def table_url(access: Access, assessment: Assessment, question: Question) -> str:
    return reverse("assessments:table", args=[access.organization.slug, assessment.pk, question.id])


def _context(access: Access, assessment: Assessment, question: Question) -> dict[str, Any]:
    return {
        **question_context(access, assessment),
        "question": question,
        "step": step_of(assessment.guide, question),
        "back": question_url(assessment, question, access.organization.slug),
    }


@tenant_view(Can.VIEW)
@require_safe
def table(request: HttpRequest, access: Access, pk: int, question_id: str) -> HttpResponse:
    """All rows, some at a time."""
    assessment, question = _table_or_404(access, pk, question_id)
    form = QuestionForm(question, stored_answer(assessment, question.id))
    page = Paginator(form.rows, SHOWN_ROWS).get_page(request.GET.get("page"))
    start = (page.number - 1) * SHOWN_ROWS
    context = {
        **_context(access, assessment, question),
        "form": form,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "table": table_shown(question, form.rows, start=start, most_columns=COLUMNS_OF_OWN_PAGE),
    }
    return render(request, "assessments/tables/table.html", context)


@tenant_view(Can.VIEW)
@require_safe
def download(
    request: HttpRequest, access: Access, pk: int, question_id: str, file: str
) -> HttpResponse:
    """The rows, or the empty template, as one of `FILES`."""
    assessment, question = _table_or_404(access, pk, question_id)
    if file not in FILES:
        raise Http404("No such file.")
    what, _dot, kind = file.partition(".")
    rows = []
    if what == "rows":
        rows = QuestionForm(question, stored_answer(assessment, question.id)).rows
    is_excel = kind == "xlsx"
    content = write_excel(question, rows) if is_excel else write_csv(cells_of(question, rows))
    parts = [access.organization.slug, question.table_key, question.title]
    name = slugify("-".join([*parts, *([what] if what == "template" else [])]))[:80]
    return HttpResponse(
        content,
        content_type=EXCEL if is_excel else "text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.{kind}"'},
    )


@tenant_view(Can.ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, access: Access, pk: int, question_id: str) -> HttpResponse:
    """Choose a file. A good one is kept and previewed; a bad one is answered with every fault."""
    assessment, question = _table_or_404(access, pk, question_id)
    if assessment.is_submitted:
        return closed(request, assessment)
    context = _context(access, assessment, question)
    context["columns"] = [(column, allowed(column)) for column in question.columns]
    if request.method != "POST":
        return render(request, "assessments/tables/upload.html", context)
    file = request.FILES.get("file")
    try:
        if is_too_large(request, "file"):
            raise TableFileError(too_large())
        found = _read(file, question)
    except TableFileError as error:
        context |= {"refused": str(error), "file_name": file.name if file else ""}
        return render(request, "assessments/tables/upload.html", context, status=422)
    assert file is not None
    if found.table.problems:
        context |= _problem_context(found, file.name or "")
        return render(request, "assessments/tables/upload.html", context, status=422)
    kept = upload_keep(
        assessment=assessment,
        user=access.user,
        question_id=question.id,
        file_name=file.name or _("file"),
        content={
            "rows": found.table.rows,
            "columns": found.table.columns,
            "notes": found.notes + _patient_data_notes(found),
        },
    )
    return redirect(
        "assessments:table_preview", access.organization.slug, assessment.pk, question.id, kept.pk
    )


def _read(file: UploadedFile | None, question: Question) -> ReadFile:
    if file is None:
        raise TableFileError(_("Choose a file first."))
    if (file.size or 0) > MAX_BYTES:
        raise TableFileError(too_large())
    return read_upload(file.read(), file.name or "", question)


def _problem_context(found: ReadFile, file_name: str) -> dict[str, Any]:
    problems = found.table.problems
    lines = bad_cells(problems)
    return {
        "problems": lines[:MOST_LINES],
        "more_problems": max(0, len(lines) - MOST_LINES),
        "bad_cell_count": len(problems),
        "bad_row_count": len({problem.row for problem in problems}),
        "row_count": len(found.table.rows),
        "notes": found.notes,
        "file_name": file_name,
    }


def _patient_data_notes(found: ReadFile) -> list[str]:
    texts = {text for row in found.table.rows for text in row.values() if isinstance(text, str)}
    if not find_patient_data(texts):
        return []
    return [
        _(
            "Some cells look like patient data. Waymark has no use for it and is no safe place "
            "for it: please take it out of the file and choose it again."
        )
    ]


@tenant_view(Can.ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def preview(
    request: HttpRequest, access: Access, pk: int, question_id: str, upload_id: int
) -> HttpResponse:
    """What the file would do to the table; POST does it, or withdraws the file."""
    assessment, question = _table_or_404(access, pk, question_id)
    if assessment.is_submitted:
        return closed(request, assessment)
    kept = (
        access.scope(TableUpload)
        .filter(pk=upload_id, assessment=assessment, question_id=question.id, sent_by=access.user)
        .first()
    )
    if kept is None:
        # Pressed twice, or opened again from the history.
        messages.info(request, _("This file was already taken in, or withdrawn."))
        return redirect(table_url(access, assessment, question))
    if request.method == "POST":
        return _decide(request, access, assessment, question, kept)
    return _show_preview(request, access, assessment, question, kept)


def _decide(
    request: HttpRequest,
    access: Access,
    assessment: Assessment,
    question: Question,
    kept: TableUpload,
) -> HttpResponse:
    back = table_url(access, assessment, question)
    if "withdraw" in request.POST:
        kept.delete()
        messages.info(request, _("Nothing was imported."))
        return redirect(back)
    how, version = request.POST.get("how", ""), request.POST.get("version", "")
    extra: dict[str, Any] = {"chosen": how}
    if how not in tuple(TakeIn) or not version.isdecimal() or len(version) > 9:
        extra["errors"] = [_("Choose what to do with the rows that are there.")]
        return _show_preview(request, access, assessment, question, kept, 422, extra)
    try:
        done = table_import(
            assessment=assessment,
            user=access.user,
            upload=kept,
            how=TakeIn(how),
            version=int(version),
        )
    except StaleAnswer as stale:
        extra["stale_by"] = stale.current
        return _show_preview(request, access, assessment, question, kept, 409, extra)
    except AnswerInvalid as invalid:
        extra["errors"] = invalid.messages
        return _show_preview(request, access, assessment, question, kept, 422, extra)
    except AssessmentClosed:
        return closed(request, assessment)
    messages.success(
        request,
        ngettext(
            "The file was taken in: the table has %(count)s row now (%(added)s added, "
            "%(changed)s changed).",
            "The file was taken in: the table has %(count)s rows now (%(added)s added, "
            "%(changed)s changed).",
            len(done.rows),
        )
        % {
            "count": f"{len(done.rows):,}",
            "added": f"{len(done.added):,}",
            "changed": f"{len(done.changed):,}",
        },
    )
    return redirect(back)


def _show_preview(
    request: HttpRequest,
    access: Access,
    assessment: Assessment,
    question: Question,
    kept: TableUpload,
    status: int = 200,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    current: Answer | None = stored_answer(assessment, question.id)
    choices = [choice_of(how, upload_changes(assessment, kept, current, how)) for how in TakeIn]
    found = choices[0].changes
    key = {column.id: column.label for column in question.columns}
    context = {
        **_context(access, assessment, question),
        "upload": kept,
        "row_count": len(kept.content["rows"]),
        "notes": kept.content["notes"],
        "there": len(current.value or []) if current else 0,
        "version": current.version if current else 0,
        "choices": choices,
        "key": [key[name] for name in found.key],
        "added": row_titles(question, found.added),
        "changed": row_changes(question, found.changed),
        "others": row_titles(question, found.others),
        "found": found,
        "chosen": TakeIn.ADD,
        **(extra or {}),
    }
    return render(request, "assessments/tables/preview.html", context, status=status)


@tenant_view(Can.VIEW)
@require_safe
def diagram(request: HttpRequest, access: Access, pk: int, question_id: str) -> HttpResponse:
    """The flows as a picture with its table."""
    assessment, question = _table_or_404(access, pk, question_id)
    if not draws_flows(question):
        raise Http404("This table draws no diagram.")
    systems = systems_question(assessment.guide)
    if systems is not None and not fillable(access, assessment).allows(systems.id):
        systems = None
    wanted = [question.id, *([systems.id] if systems else [])]
    rows = {
        row.question_id: row.value
        for row in Answer.objects.filter(assessment=assessment, question_id__in=wanted)
    }
    context = {
        **_context(access, assessment, question),
        "flows": flows_page(
            question, rows.get(question.id) or [], rows.get(systems.id) or [] if systems else []
        ),
        "systems": systems,
    }
    return render(request, "assessments/tables/diagram.html", context)
