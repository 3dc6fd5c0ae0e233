"""Answers that hardly go together, side by side. Nothing is blocked by them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.tenancy import Access, Can, tenant_view
from assessments.access import assessment_for, require_overview
from assessments.answer_text import answer_lines
from assessments.domain.answers import UNANSWERED
from assessments.domain.consistency import contradictions as find_contradictions
from assessments.queries import answer_rows, domain_answers, question_url


@tenant_view(Can.VIEW)
@require_safe
def contradictions(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    assessment = assessment_for(access, pk)
    require_overview(access, assessment)
    rows = answer_rows(assessment)
    answers = domain_answers(rows)
    found = [
        {
            "rule": one.contradiction,
            "sides": [
                {
                    "question": question,
                    "row": rows.get(question.id),
                    "lines": answer_lines(question, answers.get(question.id, UNANSWERED)),
                    "note": answers.get(question.id, UNANSWERED).note,
                    "url": question_url(assessment, question, access.organization.slug),
                }
                for question in one.questions
            ],
        }
        for one in find_contradictions(assessment.guide, answers)
    ]
    context = {
        "assessment": assessment,
        "guide": assessment.guide,
        "found": found,
        "editable": access.can_answer and not assessment.is_submitted,
    }
    return render(request, "assessments/contradictions.html", context)
