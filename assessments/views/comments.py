"""Writing, changing and withdrawing a comment."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.tenancy import Access, Can, tenant_view
from assessments.access import assessment_for, question_or_404, reads_all
from assessments.models import Assessment, Comment
from assessments.pages.room.comments import CommentsPart
from assessments.remarks import posted as read_posted
from assessments.remarks import require_editable, require_withdrawable
from assessments.services import AnswerInvalid, AssessmentClosed
from assessments.services.comments import (
    comment_add,
    comment_edit,
    comment_withdraw,
)
from assessments.views.assignments import site_of
from assessments.views.questions import closed, question_context
from assessments.views.room import render_room
from assessments.views.typed import forget_typed, keeps_typed, typed_for
from guide.model import Question


@keeps_typed
@tenant_view(Can.ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, access: Access, pk: int, question_id: str) -> HttpResponse:
    """POST keeps a comment. GET is the question's page, with what an ended session left."""
    assessment = assessment_for(access, pk)
    question = question_or_404(access, assessment, question_id)
    if request.method != "POST":
        typed = typed_for(request, request.path)
        if typed is None:
            return redirect(_place(access, assessment, question))
        part = CommentsPart(access, assessment, question, is_unsaved=True, **read_posted(typed))
        return render_room(request, access, assessment, question.id, comments=part)
    forget_typed(request, request.path)
    posted = read_posted(request.POST)
    try:
        comment = comment_add(
            assessment=assessment,
            author=access.user,
            question=question,
            site=site_of(request),
            **posted,
        )
    except AnswerInvalid as invalid:
        part = CommentsPart(access, assessment, question, errors=invalid.messages, **posted)
        return render_room(request, access, assessment, question.id, status=422, comments=part)
    except AssessmentClosed:
        return closed(request, assessment)
    return redirect(_place(access, assessment, question, comment))


@keeps_typed
@tenant_view(Can.ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, access: Access, pk: int, comment_pk: int) -> HttpResponse:
    """Change one's own comment."""
    assessment, comment, question = _find(access, pk, comment_pk)
    if assessment.is_submitted:
        return closed(request, assessment)
    require_editable(access.user, comment)
    if request.method != "POST":
        typed = typed_for(request, request.path)
        stored = {"text": comment.text, "ticked": {user.pk for user in comment.mentions.all()}}
        part = CommentsPart(
            access,
            assessment,
            question,
            is_unsaved=typed is not None,
            **(stored if typed is None else read_posted(typed)),
        )
        return _render_edit(request, access, comment, part)
    forget_typed(request, request.path)
    posted = read_posted(request.POST)
    try:
        comment_edit(
            comment=comment, editor=access.user, question=question, site=site_of(request), **posted
        )
    except AnswerInvalid as invalid:
        part = CommentsPart(access, assessment, question, errors=invalid.messages, **posted)
        return _render_edit(request, access, comment, part, status=422)
    except AssessmentClosed:
        return closed(request, assessment)
    return redirect(_place(access, assessment, question, comment))


@tenant_view(Can.ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, access: Access, pk: int, comment_pk: int) -> HttpResponse:
    """GET asks once more; POST removes the text and keeps the place."""
    assessment = assessment_for(access, pk)
    comment = access.get(Comment, pk=comment_pk, assessment=assessment)
    comment.assessment = assessment
    # A newer guide may have dropped the question; its comments are with the parked answers.
    is_gone = comment.question_id not in assessment.guide.questions
    if is_gone and not reads_all(access, assessment):
        raise Http404("No such comment for this person.")
    question = None if is_gone else question_or_404(access, assessment, comment.question_id)
    if assessment.is_submitted and not access.can_manage:
        return closed(request, assessment)
    require_withdrawable(access, comment)
    back = _place(access, assessment, question, comment)
    if request.method != "POST":
        context = {
            **question_context(access, assessment),
            "question": question,
            "comment": comment,
            "back": back,
        }
        return render(request, "assessments/comments/withdraw.html", context)
    try:
        comment_withdraw(access=access, comment=comment)
    except AssessmentClosed:
        return closed(request, assessment)
    messages.success(request, _("The comment is withdrawn; its text is gone."))
    return redirect(back)


def _find(access: Access, pk: int, comment_pk: int) -> tuple[Assessment, Comment, Question]:
    assessment = assessment_for(access, pk)
    comment = access.get(Comment, pk=comment_pk, assessment=assessment)
    comment.assessment = assessment
    return assessment, comment, question_or_404(access, assessment, comment.question_id)


def _render_edit(
    request: HttpRequest, access: Access, comment: Comment, part: CommentsPart, *, status: int = 200
) -> HttpResponse:
    context = {
        **question_context(access, part.assessment),
        "question": part.question,
        "comment": comment,
        "comments": part,
    }
    return render(request, "assessments/comments/edit.html", context, status=status)


def _place(
    access: Access,
    assessment: Assessment,
    question: Question | None,
    comment: Comment | None = None,
) -> str:
    if question is None:
        return reverse("assessments:parked", args=[access.organization.slug, assessment.pk])
    path = reverse(
        "assessments:question", args=[access.organization.slug, assessment.pk, question.id]
    )
    return f"{path}#comment-{comment.pk}" if comment else f"{path}#comments"
