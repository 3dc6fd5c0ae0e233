"""From the last answer to the score: review, submit, and the scorecard."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.tenancy import Access, Can, tenant_view
from assessments.access import require_overview
from assessments.answer_text import answer_lines
from assessments.domain.answers import UNANSWERED
from assessments.domain.consistency import contradictions
from assessments.enums import SourceOfSuggestion
from assessments.models import Assessment, Snapshot, Suggestion
from assessments.pages.proof_notes import proof_notes
from assessments.pages.room.seats import newest_settlements
from assessments.pages.scorecard.current import scored
from assessments.pages.scorecard.page import scorecard_page
from assessments.progress import AssessmentProgress, assessment_progress
from assessments.queries import answer_set, question_url
from assessments.services import AssessmentIncomplete, assessment_submit
from assessments.stored_scorecard import scorecard_from_json


@tenant_view(Can.VIEW)
@require_safe
def review(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """What is missing, and every answer with a way to change it."""
    assessment = access.get(Assessment, pk=pk)
    require_overview(access, assessment)
    return _review(request, access, assessment)


def _review(
    request: HttpRequest, access: Access, assessment: Assessment, *, status: int = 200
) -> HttpResponse:
    answers = answer_set(assessment)
    progress = assessment_progress(assessment.guide, answers)
    settled = newest_settlements(assessment)
    context = {
        "assessment": assessment,
        "guide": assessment.guide,
        "progress": progress,
        "notes": proof_notes(assessment.guide, answers),
        "parts": [
            {
                "step": step,
                "progress": part,
                "answers": [
                    {**_line(assessment, access, q, answers), "settled": settled.get(q.id)}
                    for q in part.questions
                ],
                "missing": _missing(assessment, access, part),
            }
            for step, part in [(None, progress.profile), *progress.steps]
        ],
        "to_read": _to_read_again(assessment, access),
        "refused": status != 200,
    }
    return render(request, "assessments/review.html", context, status=status)


def _to_read_again(assessment: Assessment, access: Access) -> list[dict]:
    """Answers whose questions changed with the guide and that nobody has read again."""
    if assessment.is_submitted:
        return []
    offered = Suggestion.objects.filter(
        assessment=assessment, source=SourceOfSuggestion.MIGRATION, needs_review=True
    )
    questions = assessment.guide.questions
    slug = access.organization.slug
    return [
        {"question": questions[found], "url": question_url(assessment, questions[found], slug)}
        for found in offered.values_list("question_id", flat=True)
        if found in questions
    ]


def _line(assessment, access, question, answers) -> dict:
    answer = answers.get(question.id, UNANSWERED)
    return {
        "question": question,
        "answer": answer,
        "lines": answer_lines(question, answer),
        "url": question_url(assessment, question, access.organization.slug),
    }


def _missing(assessment, access, part) -> list[dict]:
    """The kinds of gaps of a part, each with links to its questions."""
    groups = (
        ("without_reason", part.missing.without_reason),
        ("unanswered", part.missing.unanswered),
        ("unknown", part.missing.unknown),
    )
    return [
        {
            "kind": kind,
            "questions": [
                {"question": q, "url": question_url(assessment, q, access.organization.slug)}
                for q in questions
            ],
        }
        for kind, questions in groups
        if questions
    ]


@tenant_view(Can.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """GET asks once more; POST freezes. A second POST finds the same snapshot."""
    assessment = access.get(Assessment, pk=pk)
    if request.method == "POST":
        try:
            assessment_submit(assessment=assessment, user=access.user)
        except AssessmentIncomplete:
            return _review(request, access, assessment, status=422)
        return redirect("assessments:submitted", access.organization.slug, assessment.pk)
    if assessment.is_submitted:
        return redirect("assessments:submitted", access.organization.slug, assessment.pk)
    progress: AssessmentProgress = assessment_progress(assessment.guide, answer_set(assessment))
    if progress.without_reason:
        return _review(request, access, assessment, status=422)
    context = {"assessment": assessment, "progress": progress}
    return render(request, "assessments/submit.html", context)


@tenant_view(Can.VIEW)
@require_safe
def submitted(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """What happens next."""
    assessment = access.get(Assessment, pk=pk)
    require_overview(access, assessment)
    if not assessment.is_submitted:
        return redirect("assessments:review", access.organization.slug, assessment.pk)
    snapshot = access.get(Snapshot, assessment=assessment)
    card = scorecard_from_json(snapshot.scorecard)
    context = {
        "assessment": assessment,
        "snapshot": snapshot,
        "card": card,
        "worst": [
            assessment.guide.challenge(e.challenge)
            for e in card.exposures
            if e.rank and e.band  # too little is answered for the others
        ][:3],
    }
    return render(request, "assessments/submitted.html", context)


@tenant_view(Can.VIEW)
@require_safe
def scorecard(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """The score: of the snapshot once submitted, of the answers so far before."""
    assessment = access.get(Assessment, pk=pk)
    require_overview(access, assessment)
    answers, card = scored(access, assessment)
    context = {
        "assessment": assessment,
        "guide": assessment.guide,
        "page": scorecard_page(access, assessment, card, answers),
        "contradictions": len(contradictions(assessment.guide, answers)),
        "contradictions_url": reverse(
            "assessments:contradictions", args=[access.organization.slug, assessment.pk]
        ),
    }
    return render(request, "assessments/scorecard.html", context)
