"""Adding, fetching and removing evidence. Files are served here and nowhere else."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.tenancy import Access, Can, tenant_view
from assessments.access import assessment_for, fillable, question_or_404, reads_all
from assessments.enums import KindOfEvidence
from assessments.evidence_files.pieces import EvidenceInvalid, attachment
from assessments.models import Assessment, Evidence
from assessments.pages.room.evidence import EvidenceForm, may_remove
from assessments.patient_data import find_patient_data
from assessments.services import AssessmentClosed
from assessments.services.evidence import (
    evidence_add_file,
    evidence_add_link,
    evidence_remove,
)
from assessments.views.questions import closed
from assessments.views.room import render_room
from assessments.views.typed import forget_typed, keeps_typed

# How much of a text is looked through for what looks like patient data.
LOOKED_THROUGH = 1_000_000


@keeps_typed
@tenant_view(Can.ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, access: Access, pk: int, question_id: str) -> HttpResponse:
    assessment = assessment_for(access, pk)
    question = question_or_404(access, assessment, question_id)
    if request.method != "POST":
        # Here one lands after signing in again; the page shows what was typed.
        return redirect(_room(access, assessment, question.id))
    forget_typed(request, request.path)
    if assessment.is_submitted:
        return closed(request, assessment)
    form = EvidenceForm(request.POST, request.FILES, request=request)
    if form.is_valid():
        try:
            _add(access, assessment, question.id, form)
        except EvidenceInvalid as invalid:
            form.refuse(invalid)
        except AssessmentClosed:
            return closed(request, assessment)
        else:
            _tell(request, form)
            return redirect(_room(access, assessment, question.id))
    return render_room(
        request, access, assessment, question.id, status=422, evidence_form=form, form=form
    )


def _add(access: Access, assessment: Assessment, question_id: str, form: EvidenceForm) -> None:
    data = form.cleaned_data
    given = {
        "assessment": assessment,
        "user": access.user,
        "question_id": question_id,
        "title": data["title"],
        "expires_on": data["expires_on"],
    }
    if data["url"]:
        evidence_add_link(**given, url=data["url"])
        return
    upload = data["file"]
    evidence_add_file(**given, file=upload.file, name=upload.name or "")


def _tell(request: HttpRequest, form: EvidenceForm) -> None:
    messages.success(request, _("The evidence was added."))
    if find_patient_data(_texts(form)):
        messages.warning(
            request,
            _(
                "What you added looks as if it held patient data. Waymark has no use for it and is "
                "no safe place for it: please remove it and add a copy without."
            ),
        )


def _texts(form: EvidenceForm) -> list[str]:
    texts = [form.cleaned_data["title"], form.cleaned_data["url"]]
    upload = form.cleaned_data["file"]
    if upload is not None:
        upload.seek(0)
        # Pictures and packed documents give noise, in which the patterns find nothing.
        texts += [upload.name or "", upload.read(LOOKED_THROUGH).decode("utf-8", "ignore")]
    return texts


@require_safe
@tenant_view(Can.VIEW)
def download(request: HttpRequest, access: Access, pk: int, evidence_pk: int) -> HttpResponseBase:
    assessment, piece = _piece(access, pk, evidence_pk)
    if piece.kind != KindOfEvidence.FILE or piece.removed_at is not None:
        raise Http404("No such file.")
    try:
        return attachment(piece)
    except FileNotFoundError:
        messages.error(
            request, _("This file is missing from the server. Remove it here and add it again.")
        )
        return redirect(_room(access, assessment, piece.question_id))


@tenant_view(Can.ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, access: Access, pk: int, evidence_pk: int) -> HttpResponse:
    """GET asks once more; POST removes. Also after submitting: a file may hold what it must not."""
    assessment, piece = _piece(access, pk, evidence_pk)
    if not may_remove(access, piece):
        raise PermissionDenied
    back = _room(access, assessment, piece.question_id)
    if request.method == "POST" or piece.removed_at is not None:
        if evidence_remove(evidence=piece, user=access.user):
            messages.success(request, _("“%s” was removed.") % piece.title)
        return redirect(back)
    context = {
        "assessment": assessment,
        "piece": piece,
        "question": assessment.guide.questions.get(piece.question_id),
        "back": back,
    }
    return render(request, "assessments/evidence_remove.html", context)


def _piece(access: Access, pk: int, evidence_pk: int) -> tuple[Assessment, Evidence]:
    """The assessment and its evidence; 404 where the question is not this person's to see."""
    assessment = assessment_for(access, pk)
    piece = access.get(Evidence, pk=evidence_pk, assessment=assessment)
    is_gone = piece.question_id not in assessment.guide.questions
    # Evidence of a question that a newer guide dropped is read with the parked answers.
    seen = is_gone and reads_all(access, assessment)
    if not seen and not fillable(access, assessment).allows(piece.question_id):
        raise Http404("No such evidence for this person.")
    return assessment, piece


def _room(access: Access, assessment: Assessment, question_id: str) -> str:
    if question_id not in assessment.guide.questions:
        return reverse("assessments:parked", args=[access.organization.slug, assessment.pk])
    path = reverse(
        "assessments:question", args=[access.organization.slug, assessment.pk, question_id]
    )
    return f"{path}#evidence"
