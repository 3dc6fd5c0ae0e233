"""Who fills what: asking people, seeing how far they are, and handing parts on."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Membership
from accounts.tenancy import Access, Can, tenant_view
from assessments.assigned import assigned, part_title, people_who_answer
from assessments.forms.assignments import AssignForm, ChangeForm
from assessments.models import Assessment, Assignment
from assessments.pages.assignments import who_fills_what
from assessments.queries import answer_set
from assessments.services.answers import AssessmentClosed
from assessments.services.assignments import (
    AssignmentInvalid,
    assessment_open,
    assign,
    assignment_change,
    assignment_done,
    assignment_send_again,
    assignment_withdraw,
    people_to_ask,
)
from assessments.views.questions import closed
from assessments.views.typed import forget_typed, keeps_typed, typed_for


@require_safe
@tenant_view(Can.READ_ALL)
def index(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """Steps by people, with how far each part is; what is nobody's first."""
    assessment = access.get(Assessment, pk=pk)
    context = {"assessment": assessment, "page": who_fills_what(access, assessment)}
    return render(request, "assessments/assignments/index.html", context)


@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.EDIT)
def create(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """Ask people to fill parts; `?part=` chooses the first of them."""
    assessment = access.get(Assessment, pk=pk)
    if assessment.is_submitted:
        return closed(request, assessment)
    members = people_to_ask(assessment)
    if request.method == "POST":
        forget_typed(request, request.path)
        form = AssignForm(assessment.guide, members, request.POST)
        return _assign(request, access, assessment, form)
    form = AssignForm(
        assessment.guide,
        members,
        typed_for(request, request.path),
        chosen=request.GET.get("part", ""),
    )
    return _render_create(request, assessment, form)


def _assign(
    request: HttpRequest, access: Access, assessment: Assessment, form: AssignForm
) -> HttpResponse:
    if not form.is_valid():
        return _render_create(request, assessment, form, status=422)
    try:
        made = assign(
            assessment=assessment,
            by=access.user,
            parts=form.parts,
            people=form.chosen_users(),
            due_on=form.cleaned_data["due_on"],
            message=form.cleaned_data["message"],
            site=site_of(request),
        )
    except AssignmentInvalid as invalid:
        form.refuse(invalid)
        return _render_create(request, assessment, form, status=422)
    except AssessmentClosed:
        return closed(request, assessment)
    names = ", ".join(dict.fromkeys(str(assignment.assignee) for assignment in made))
    messages.success(
        request, _("Assigned. An e-mail is on its way to %s, outside their quiet hours.") % names
    )
    return redirect("assessments:assignments", access.organization.slug, assessment.pk)


def _render_create(
    request: HttpRequest, assessment: Assessment, form: AssignForm, *, status: int = 200
) -> HttpResponse:
    context = {"assessment": assessment, "form": form}
    return render(request, "assessments/assignments/create.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.EDIT)
def change(request: HttpRequest, access: Access, pk: int, assignment_pk: int) -> HttpResponse:
    """Another date or person, or taking it back."""
    assignment = _assignment(access, pk, assignment_pk)
    assessment = assignment.assessment
    if assessment.is_submitted:
        return closed(request, assessment)
    members = people_to_ask(assessment)
    initial = {"to": assignment.assignee_id, "due_on": assignment.due_on}
    form = ChangeForm(members, data=request.POST or None, initial=initial)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return _render_change(request, access, assignment, form, members, status=status)
    try:
        assignment_change(
            assignment=assignment,
            by=access.user,
            to=form.person,
            due_on=form.cleaned_data["due_on"],
            site=site_of(request),
        )
    except AssignmentInvalid as invalid:
        for field, texts in invalid.errors.items():
            form.add_error("to" if field == "people" else "due_on", texts)
        return _render_change(request, access, assignment, form, members, status=422)
    messages.success(request, _("The change is saved, and %s gets an e-mail.") % form.person)
    return redirect("assessments:assignments", access.organization.slug, assessment.pk)


def _render_change(
    request: HttpRequest,
    access: Access,
    assignment: Assignment,
    form: ChangeForm,
    members: list[Membership],
    *,
    status: int = 200,
) -> HttpResponse:
    assessment = assignment.assessment
    today = timezone.localdate()
    answering = people_who_answer(members)
    (part,) = assigned(
        assessment,
        [assignment],
        answer_set(assessment),
        today,
        access.organization.slug,
        answering,
    )
    context = {"assessment": assessment, "part": part, "form": form}
    return render(request, "assessments/assignments/change.html", context, status=status)


@require_POST
@tenant_view(Can.EDIT)
def withdraw(request: HttpRequest, access: Access, pk: int, assignment_pk: int) -> HttpResponse:
    assignment = _assignment(access, pk, assignment_pk)
    title = part_title(assignment.assessment.guide, assignment.scope, assignment.target)
    person = str(assignment.assignee)
    try:
        assignment_withdraw(assignment=assignment, by=access.user)
    except AssessmentClosed:
        return closed(request, assignment.assessment)
    text = _("“%(part)s” is taken back from %(person)s. Answers already given stay.")
    messages.success(request, text % {"part": title, "person": person})
    return redirect("assessments:assignments", access.organization.slug, pk)


@require_POST
@tenant_view(Can.EDIT)
def send_again(request: HttpRequest, access: Access, pk: int, assignment_pk: int) -> HttpResponse:
    assignment = _assignment(access, pk, assignment_pk)
    try:
        job = assignment_send_again(assignment=assignment, by=access.user, site=site_of(request))
    except AssessmentClosed:
        return closed(request, assignment.assessment)
    except AssignmentInvalid as invalid:
        messages.error(
            request, " ".join(text for texts in invalid.errors.values() for text in texts)
        )
    else:
        words = (
            _("An e-mail is on its way to %s.")
            if job
            else _("%s wants no e-mails of this kind: they see it in their inbox.")
        )
        messages.success(request, words % assignment.assignee)
    return redirect("assessments:assignments", access.organization.slug, pk)


@require_POST
@tenant_view(Can.ANSWER)
def done(request: HttpRequest, access: Access, pk: int, assignment_pk: int) -> HttpResponse:
    """The assignee says that it is done, or with `undo` that it is not."""
    assignment = _assignment(access, pk, assignment_pk)
    if assignment.assignee != access.user:
        raise Http404("Somebody else's assignment.")
    is_done = "undo" not in request.POST
    try:
        assignment_done(assignment=assignment, is_done=is_done)
    except AssessmentClosed:
        return closed(request, assignment.assessment)
    if is_done:
        messages.success(request, _("Noted as done. You can still change your answers."))
    return redirect("assessments:mine", access.organization.slug)


@require_POST
@tenant_view(Can.EDIT)
def contributors(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """Whether contributors may fill everything."""
    assessment = access.get(Assessment, pk=pk)
    is_open = request.POST.get("open") == "yes"
    try:
        assessment_open(assessment=assessment, by=access.user, is_open=is_open)
    except AssessmentClosed:
        return closed(request, assessment)
    messages.success(
        request,
        _("Contributors may now see and fill everything.")
        if is_open
        else _("Contributors now see and fill what is assigned to them."),
    )
    return redirect("assessments:assignments", access.organization.slug, assessment.pk)


def _assignment(access: Access, pk: int, assignment_pk: int) -> Assignment:
    rows = access.scope(Assignment).select_related("assessment", "assignee", "mail")
    found: Assignment = get_object_or_404(rows, pk=assignment_pk, assessment=pk)
    # The organization is known already: no query for it.
    found.assessment.organization = access.organization
    return found


def site_of(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"
