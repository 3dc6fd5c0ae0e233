"""The list of assessments, starting one, its task list, and answers files in and out."""

import re

from django.contrib import messages
from django.db import transaction
from django.db.models.fields.json import KeyTransform
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.tenancy import Access, Can, tenant_view
from assessments.access import assessment_for, fillable, reads_all, require_overview, who_to_ask
from assessments.domain.answers import UNANSWERED
from assessments.domain.answers_file import AnswersFileError, dump_answers, parse_answers
from assessments.domain.guide_keys import plain_id
from assessments.evidence_files.uploads import is_too_large
from assessments.forms.questions import ImportForm, NameForm, QuestionForm
from assessments.guides import GuideNotOffered, chosen_guide, guide_choices, newer_guide
from assessments.models import Assessment
from assessments.pages.assignments import sum_of_assignments
from assessments.pages.parked import parked_in_words
from assessments.progress import assessment_progress
from assessments.queries import (
    annotate_answer_count,
    answer_rows,
    domain_answers,
    evidence_in_words,
    last_place,
    last_profile,
    profile_start,
    proposed_questions,
    question_url,
)
from assessments.services import assessment_create, assessment_import
from assessments.services.rounds import round_continue
from assessments.views.typed import forget_typed, keeps_typed, typed_for
from guide.model import Guide
from guide.registry import current_guide

# As answers files name their guide, with or without quotes.
GUIDE_LINE = re.compile(r"^guide:[ \t]*([\"']?)(?P<id>[^\"'#\r\n]+)\1", re.MULTILINE)


@tenant_view(Can.VIEW)
@require_safe
def assessment_list(request: HttpRequest, access: Access) -> HttpResponse:
    assessments = (
        annotate_answer_count(access.scope(Assessment))
        .select_related("created_by")
        .annotate(overall=KeyTransform("score", KeyTransform("overall", "snapshot__scorecard")))
        # Counting drops the model's own order.
        .order_by("-created_at", "-pk")
    )
    return render(request, "assessments/list.html", {"assessments": assessments})


@keeps_typed
@tenant_view(Can.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest, access: Access) -> HttpResponse:
    """The guide, the name and the profile, prefilled from the newest assessment."""
    if request.method == "POST":
        forget_typed(request, request.path)
        return _create(request, access)
    typed = typed_for(request, request.path)
    guide = _guide_or_404(access, (typed or request.GET).get("guide", ""))
    earlier = last_profile(access.organization, guide)
    start = earlier or profile_start(access.organization, guide)
    initial = {"name": _default_name(access)}
    form = NameForm(typed, initial=initial) if typed is not None else NameForm(initial=initial)
    questions = [
        QuestionForm(q, data=typed, start=start.get(q.id)) for q in guide.profile_questions
    ]
    return _render_create(
        request,
        access,
        guide,
        form,
        questions,
        prefilled=bool(earlier) and typed is None,
        last_round=last_round(access, guide),
    )


def _guide_or_404(access: Access, key: str) -> Guide:
    try:
        return chosen_guide(access.organization, key)
    except GuideNotOffered:
        raise Http404("No such guide for a new assessment.") from None


def last_round(access: Access, guide: Guide) -> Assessment | None:
    """The newest submitted assessment with a version of the guide: whose answers the next one
    may begin with.
    """
    submitted = access.scope(Assessment).filter(submitted_at__isnull=False, guide_id=guide.id)
    return submitted.order_by("-submitted_at", "-pk").first()


def _create(request: HttpRequest, access: Access) -> HttpResponse:
    wanted, is_gone = request.POST.get("guide", ""), False
    try:
        guide = chosen_guide(access.organization, wanted)
    except GuideNotOffered:
        guide, is_gone = current_guide(), True
    form = NameForm(request.POST)
    questions = [QuestionForm(question, data=request.POST) for question in guide.profile_questions]
    previous = last_round(access, guide)
    is_shown = guide.id == request.POST.get("shown_guide", guide.id)
    if is_gone or not is_shown or request.POST.get("act") == "guide":
        # Another guide was chosen: its questions come first, with what was typed already.
        form = NameForm(initial={"name": request.POST.get("name", "")})
        return _render_create(
            request,
            access,
            guide,
            form,
            questions,
            last_round=previous,
            is_other=True,
            is_gone=is_gone,
        )
    given = {question.question.id: question.clean() for question in questions}
    if not form.is_valid() or any(question.errors for question in questions):
        return _render_create(
            request, access, guide, form, questions, last_round=previous, status=422
        )
    with transaction.atomic():
        assessment = assessment_create(
            organization=access.organization,
            user=access.user,
            name=form.cleaned_data["name"],
            profile={question_id: answer for question_id, answer in given.items() if answer},
            guide=guide,
        )
        if previous is not None and request.POST.get("continue"):
            round_continue(assessment=assessment, previous=previous, user=access.user)
    return redirect("assessments:detail", access.organization.slug, assessment.pk)


def _render_create(
    request: HttpRequest,
    access: Access,
    guide: Guide,
    form: NameForm,
    questions: list[QuestionForm],
    *,
    prefilled: bool = False,
    last_round: Assessment | None = None,
    is_other: bool = False,
    is_gone: bool = False,
    status: int = 200,
) -> HttpResponse:
    forms = {question.question.id: question for question in questions}
    sections = [(part, [forms[q.id] for q in part.questions]) for part in guide.profile]
    context = {
        "form": form,
        "guide": guide,
        "sections": sections,
        "questions": questions,
        "has_errors": form.errors or any(question.errors for question in questions),
        "prefilled": prefilled,
        "last_round": last_round,
        "guides": guide_choices(access.organization),
        "is_other_guide": is_other,
        "is_gone": is_gone,
        "continues": request.method != "POST" or bool(request.POST.get("continue")),
        "editable": True,
    }
    return render(request, "assessments/create.html", context, status=status)


def _default_name(access: Access) -> str:
    return _("Assessment of %s") % date_format(timezone.localdate(), "F Y")


@tenant_view(Can.VIEW)
@require_safe
def detail(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """The task list: the steps with their state, and the way back to where one left off.

    A contributor's list has the parts that are theirs, and counts their questions only.
    """
    assessment = assessment_for(access, pk)
    mine = fillable(access, assessment)
    rows = answer_rows(assessment)
    progress = assessment_progress(assessment.guide, domain_answers(rows), mine.allows)
    place = None
    if not assessment.is_submitted and access.can_answer:
        place = _place(assessment, access, rows)
    context = {
        "assessment": assessment,
        "guide": assessment.guide,
        "progress": progress,
        "place": place,
        "reads_all": reads_all(access, assessment),
        "is_without_questions": not mine.question_ids,
        "first_step": next((step for step, part in progress.steps if part.asked), None),
    }
    if access.can_read_all and not assessment.is_submitted:
        context["assigned"] = sum_of_assignments(assessment)
    if not assessment.is_submitted and context["reads_all"]:
        context["newer"] = newer_guide(assessment)
    if not assessment.is_submitted and access.can_edit:
        context["proposed"] = proposed_questions(assessment, access.organization.slug, rows)
    if not mine.question_ids:
        context["who_to_ask"] = who_to_ask(access)
    return render(request, "assessments/detail.html", context)


def _place(assessment: Assessment, access: Access, rows: dict) -> dict | None:
    """Where this person saved last: the question and the way to it."""
    last = last_place(rows, access.user)
    if last is None or not fillable(access, assessment).allows(last.question_id):
        return None
    question = assessment.guide.question(last.question_id)
    return {
        "question": question,
        "url": question_url(assessment, question, access.organization.slug),
        "when": last.updated_at,
    }


@tenant_view(Can.VIEW)
@require_safe
def export(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    assessment = access.get(Assessment, pk=pk)
    require_overview(access, assessment)
    rows = answer_rows(assessment)
    text = dump_answers(
        assessment.guide,
        domain_answers(rows),
        access.organization.name,
        until={row.question_id: row.expires_on for row in rows.values() if row.expires_on},
        evidence=evidence_in_words(assessment),
        parked=parked_in_words(assessment),
    )
    name = slugify(f"{access.organization.slug}-{assessment.name}")[:80] or "answers"
    return HttpResponse(
        text,
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.yaml"'},
    )


@tenant_view(Can.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def import_answers(request: HttpRequest, access: Access) -> HttpResponse:
    """A new draft from an answers file: all of it, or nothing and every error with its line."""
    if request.method != "POST":
        form = ImportForm(initial={"name": _default_name(access)})
        return render(request, "assessments/import.html", {"form": form})
    form = ImportForm(request.POST, request.FILES)
    if is_too_large(request, "file"):
        # Dropped while it arrived, so the form finds none.
        form.fields["file"].error_messages["required"] = form.TOO_LARGE
    if not form.is_valid():
        return render(request, "assessments/import.html", {"form": form}, status=422)
    file_name = request.FILES["file"].name or "answers.yaml"
    try:
        guide = _guide_named_in(access, form.cleaned_data["file"])
        file = parse_answers(form.cleaned_data["file"], guide, file_name)
    except AnswersFileError as error:
        context = {"form": form, "problems": error.problems, "file_name": file_name}
        return render(request, "assessments/import.html", context, status=422)
    assessment = assessment_import(
        organization=access.organization,
        user=access.user,
        name=form.cleaned_data["name"],
        answers=file.answers,
        until=file.until,
        guide=guide,
    )
    given = [answer for answer in file.answers.values() if answer.state is not UNANSWERED.state]
    read = ngettext(
        "%s answer was read into a new draft.", "%s answers were read into a new draft.", len(given)
    )
    messages.success(request, read % len(given))
    if file.version and file.version != assessment.guide_version:
        messages.warning(
            request,
            _(
                "The file was written for version %(file)s of the guide, and the draft uses "
                "version %(draft)s. The wording of levels may have changed: look through the "
                "answers before you rely on them."
            )
            % {"file": file.version[:20], "draft": assessment.guide_version},
        )
    return redirect("assessments:detail", access.organization.slug, assessment.pk)


def _guide_named_in(access: Access, text: str) -> Guide:
    """The guide whose answers a file says it holds; the shipped one, whose reader then says what
    is wrong, when it names none the organization has.
    """
    named = GUIDE_LINE.search(text)
    for choice in guide_choices(access.organization):
        if named and plain_id(choice.key) == named["id"].strip():
            return chosen_guide(access.organization, choice.key)
    return current_guide()
