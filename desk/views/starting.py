"""Starting a client, and the templates one starts from."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Organization
from accounts.services import TooManyInvitations
from accounts.tenancy import Access, Can, accesses_of, tenant_view
from assessments.forms.questions import QuestionForm
from assessments.models.snapshot import domain_answers_from_json
from assessments.queries import KIND_QUESTION
from desk.forms import StartForm, TemplateForm
from desk.models import ClientTemplate
from desk.queries import client_rows, require_desk
from desk.services import templates
from guide.registry import current_guide
from reports.models import ReportTemplate

UNPROCESSABLE, CONFLICT = 422, 409


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.EDIT)
def start(request: HttpRequest, access: Access) -> HttpResponse:
    require_desk(access)
    own = access.scope(ClientTemplate)
    form = StartForm(
        request.POST if request.method == "POST" else None,
        templates=own,
        initial=_initial(access, request.GET.get("template", "")),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = templates.start_client(
                consultancy=access.organization,
                user=access.user,
                site=f"{request.scheme}://{request.get_host()}",
                **form.cleaned_data,
            )
        except TooManyInvitations:
            form.add_error("people", _("These are too many invitations for one day."))
        else:
            messages.success(request, _("%s is started, with a draft assessment.") % made.client)
            return redirect("desk:client", access.organization.slug, made.client.slug)
    context = {"form": form, "templates": own}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "desk/start.html", context, status=status)


def _initial(access: Access, chosen: str) -> dict[str, Any]:
    usual: dict[str, Any] = {"time_zone": access.organization.time_zone, "kind": "hospital"}
    if not chosen.isdecimal() or len(chosen) > 18:
        return usual
    template = access.get(ClientTemplate, pk=chosen)
    return {
        "template": template.pk,
        "kind": template.kind,
        "time_zone": template.time_zone,
        "people": template.people,
    }


@require_safe
@tenant_view(Can.EDIT)
def template_list(request: HttpRequest, access: Access) -> HttpResponse:
    require_desk(access)
    rows = access.scope(ClientTemplate).select_related("report_template", "changed_by")
    return render(request, "desk/templates.html", {"templates": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.EDIT)
def template_new(request: HttpRequest, access: Access) -> HttpResponse:
    require_desk(access)
    return _edit(request, access, None)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.EDIT)
def template_edit(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    require_desk(access)
    return _edit(request, access, access.get(ClientTemplate, pk=pk))


@require_POST
@tenant_view(Can.EDIT)
def template_delete(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    require_desk(access)
    found = access.get(ClientTemplate, pk=pk)
    templates.template_delete(template=found, user=access.user)
    messages.success(request, _("The template is deleted. Clients started from it stay."))
    return redirect("desk:templates", access.organization.slug)


def _edit(request: HttpRequest, access: Access, found: ClientTemplate | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = TemplateForm(
        data,
        initial=_values(found, access),
        reports=access.scope(ReportTemplate),
        clients=_planning_clients(access),
    )
    guide = current_guide()
    known = domain_answers_from_json(found.profile) if found else {}
    questions = [
        QuestionForm(question, data=data, start=known.get(question.id))
        for question in guide.profile_questions
        # The kind is asked for above, as of every organization.
        if question.id != KIND_QUESTION
    ]
    status = 200
    if data is not None:
        status = _save(access, found, form, questions, data.get("version", ""))
        if not status:
            messages.success(request, _("The template is kept. It changes no client."))
            return redirect("desk:templates", access.organization.slug)
    by_id = {question.question.id: question for question in questions}
    context = {
        "form": form,
        "template": found,
        "sections": [
            (part, [by_id[q.id] for q in part.questions if q.id in by_id]) for part in guide.profile
        ],
        "questions": questions,
        "question_errors": any(question.errors for question in questions),
        "guide": guide,
        "editable": True,
    }
    return render(request, "desk/template.html", context, status=status)


def _save(
    access: Access,
    found: ClientTemplate | None,
    form: TemplateForm,
    questions: list[QuestionForm],
    version: str,
) -> int:
    """The status to answer with; 0 when it is stored."""
    given = {question.question.id: question.clean() for question in questions}
    if not form.is_valid() or any(question.errors for question in questions):
        return UNPROCESSABLE
    values = dict(form.cleaned_data)
    source: Organization | None = values.pop("calendar_of")
    if source is not None:
        values["constraints"] = templates.constraints_worth_sharing(source)
    try:
        with transaction.atomic():
            templates.template_save(
                organization=access.organization,
                user=access.user,
                template=found,
                version=int(version) if version.isdecimal() and len(version) < 10 else 0,
                profile={id: answer for id, answer in given.items() if answer},
                **values,
            )
    except templates.StaleTemplate:
        form.add_error(None, _("Somebody changed this template in the meantime. Open it again."))
        return CONFLICT
    except IntegrityError:
        form.add_error("name", _("You have a template of this name already."))
        return UNPROCESSABLE
    return 0


def _values(found: ClientTemplate | None, access: Access) -> dict[str, Any]:
    if found is None:
        return {"time_zone": access.organization.time_zone, "kind": "hospital"}
    return {
        "name": found.name,
        "kind": found.kind,
        "time_zone": found.time_zone,
        "report_template": found.report_template_id,
        "people": found.people,
    }


def _planning_clients(access: Access) -> Any:
    """Clients whose plans the person may read now."""
    accesses = accesses_of(access.user)
    ids = [
        row.id
        for row in client_rows(access.organization)
        if row.sees_roadmap and row.id in accesses and accesses[row.id].sees_roadmap
    ]
    return Organization.objects.filter(pk__in=ids)
