"""Writing, changing and withdrawing a comment on an initiative or a gate."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.tenancy import Access, Can, tenant_view
from assessments.remarks import posted as read_posted
from assessments.remarks import require_editable, require_withdrawable
from roadmap.models import GateState, WorkComment
from roadmap.pages.work_comments import WorkComments
from roadmap.services.work.comments import (
    comment_add,
    comment_edit,
    comment_withdraw,
    place_of,
)
from roadmap.services.work.people import people_of
from roadmap.services.work.tracking import ProgressInvalid
from roadmap.views.tracking import UNPROCESSABLE, initiative_of, initiative_page


@require_POST
@tenant_view(Can.TRACK)
def add_to_initiative(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    found = initiative_of(access, pk=pk)
    posted = read_posted(request.POST)
    try:
        comment = comment_add(roadmap=found.roadmap, initiative=found, author=access.user, **posted)
    except ProgressInvalid as invalid:
        part = WorkComments(access, found, errors=list(invalid.messages.values()), **posted)
        people = people_of(access.organization)
        return initiative_page(
            request, access, found, people=people, comments=part, status=UNPROCESSABLE
        )
    return redirect(place_of(comment, access.organization.slug))


@require_POST
@tenant_view(Can.TRACK)
def add_to_gate(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    gate = _gate(access, pk)
    posted = read_posted(request.POST)
    try:
        comment = comment_add(roadmap=gate.roadmap, gate=gate, author=access.user, **posted)
    except ProgressInvalid as invalid:
        part = WorkComments(access, gate, errors=list(invalid.messages.values()), **posted)
        context = {"comments": part, "gate": gate, "roadmap": gate.roadmap}
        return render(request, "roadmap/tracking/comment_gate.html", context, status=UNPROCESSABLE)
    return redirect(place_of(comment, access.organization.slug))


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.TRACK)
def edit(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """Change one's own comment."""
    comment = _comment(access, pk)
    require_editable(access.user, comment)
    about = comment.initiative or comment.gate
    assert about is not None  # the database holds one or the other
    if request.method != "POST":
        ticked = {user.pk for user in comment.mentions.all()}
        part = WorkComments(access, about, text=comment.text, ticked=ticked)
        return _edit_page(request, access, comment, part)
    posted = read_posted(request.POST)
    try:
        comment_edit(comment=comment, editor=access.user, **posted)
    except ProgressInvalid as invalid:
        part = WorkComments(access, about, errors=list(invalid.messages.values()), **posted)
        return _edit_page(request, access, comment, part, status=UNPROCESSABLE)
    return redirect(place_of(comment, access.organization.slug))


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.TRACK)
def withdraw(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """GET asks once more; POST removes the text and keeps the place."""
    comment = _comment(access, pk)
    require_withdrawable(access, comment)
    back = place_of(comment, access.organization.slug)
    if request.method != "POST":
        context = {"comment": comment, "back": back, "about": comment.initiative or comment.gate}
        return render(request, "roadmap/tracking/comment_withdraw.html", context)
    comment_withdraw(access=access, comment=comment)
    messages.success(request, _("The comment is withdrawn; its text is gone."))
    return redirect(back)


def _edit_page(
    request: HttpRequest,
    access: Access,
    comment: WorkComment,
    part: WorkComments,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "comment": comment,
        "comments": part,
        "about": part.about,
        "back": place_of(comment, access.organization.slug),
    }
    return render(request, "roadmap/tracking/comment_edit.html", context, status=status)


def _comment(access: Access, pk: int) -> WorkComment:
    comment = access.get(WorkComment, pk=pk)
    comment.roadmap.organization = access.organization
    return comment


def _gate(access: Access, pk: int) -> GateState:
    gate = access.get(GateState, pk=pk)
    gate.roadmap.organization = access.organization
    return gate
