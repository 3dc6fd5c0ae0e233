"""Choosing what a report holds, with pictures of its pages beside it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import REPORTS_ARE_MADE_FROM
from accounts.tenancy import Access, Can, access_to, tenant_view
from jobs.enums import OPEN_STATES, JobState
from jobs.models import Job
from reports.choices import Choices
from reports.forms.builder import BuilderForm, initial_of
from reports.models import ReportTemplate
from reports.pages import builder as page
from reports.pages.remembered import remember, remembered
from reports.services import previews, templates
from reports.services.making import report_request
from roadmap.models import Roadmap

UNPROCESSABLE = 422
HERE, THERE = "here", "consultancy"


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.EDIT, areas=REPORTS_ARE_MADE_FROM)
def new(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """GET shows the choices (with what the address says of them), POST makes the report, or keeps
    the choices as a template."""
    roadmap = _roadmap(access, pk)
    options = page.options_of(access, roadmap)
    if request.method == "POST":
        return _sent(request, access, roadmap, BuilderForm(options, request.POST))
    if request.GET.get("kind"):
        form = BuilderForm(options, request.GET)
        kind = page.shown_kind(form)
        chosen, order = page.read_sections(request.GET, kind)
        order = page.moved(order, request.GET.get("up"), request.GET.get("down"))
        # What was sent is shown as it is; whether it will do is said when it is used.
        form.is_bound, form.initial = False, _as_typed(form, request.GET)
        return _page(request, access, roadmap, form, kind, chosen, order)
    choices = _start_from(request, access, roadmap)
    form = page.opened(options, choices)
    order = page.order_of(choices)
    kind = page.shown_kind(form)
    return _page(request, access, roadmap, form, kind, choices.sections, order)


@require_POST
@tenant_view(Can.EDIT, areas=REPORTS_ARE_MADE_FROM)
def preview(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """Ask for pictures of what is chosen; script swaps them in, others are led to their page."""
    roadmap = _roadmap(access, pk)
    form = BuilderForm(page.options_of(access, roadmap), request.POST)
    kind = page.shown_kind(form)
    chosen, order = page.read_sections(request.POST, kind)
    if not form.is_valid():
        if request.headers.get("HX-Request"):
            context = {"problem": _("These choices do not fit together yet.")}
            return render(request, "reports/builder/preview.html", context)
        return _page(request, access, roadmap, form, kind, chosen, order, status=UNPROCESSABLE)
    choices = form.chosen(page.sections_chosen(kind, chosen, order, page.shown_audience(form)))
    remember(request.session, roadmap.pk, choices)
    if choices.form != "pdf":
        template = "preview" if request.headers.get("HX-Request") else "previewed"
        context = {"roadmap": roadmap, "has_no_pages": True}
        return render(request, f"reports/builder/{template}.html", context)
    job = previews.preview_request(roadmap=roadmap, user=access.user, choices=choices)
    if request.headers.get("HX-Request"):
        return render(request, "reports/builder/preview.html", _preview(roadmap, job))
    return redirect("reports:previewed", access.organization.slug, roadmap.pk, job.pk)


@require_safe
@tenant_view(Can.EDIT, areas=REPORTS_ARE_MADE_FROM)
def previewed(request: HttpRequest, access: Access, pk: int, job: int) -> HttpResponse:
    """The pages drawn so far: alone for script, as a page of its own without."""
    roadmap = _roadmap(access, pk)
    context = _preview(roadmap, _preview_job(access, roadmap, job))
    template = "preview" if request.headers.get("HX-Request") else "previewed"
    return render(request, f"reports/builder/{template}.html", {"roadmap": roadmap, **context})


@require_safe
@tenant_view(Can.EDIT, areas=REPORTS_ARE_MADE_FROM)
def preview_page(
    request: HttpRequest, access: Access, pk: int, job: int, number: int
) -> HttpResponseBase:
    found = _preview_job(access, _roadmap(access, pk), job)
    try:
        picture = previews.page_path(previews.folder_of(found.pk), number).open("rb")
    except FileNotFoundError:
        raise Http404("This page is not drawn, or no longer kept.") from None
    response = FileResponse(picture, content_type="image/png")
    # It never changes, and the list of pages is swapped in each second.
    patch_cache_control(response, private=True, max_age=600, immutable=True)
    return response


def _roadmap(access: Access, pk: int) -> Roadmap:
    rows = access.scope(Roadmap).select_related("snapshot").defer("plan", "forecast")
    found = get_object_or_404(rows.defer("plan", "forecast", "snapshot__scorecard"), pk=pk)
    found.organization = access.organization
    return found


def _preview_job(access: Access, roadmap: Roadmap, pk: int) -> Job:
    """Pictures of a draft are for whoever is making it."""
    lookup: dict[str, Any] = {"kind": previews.PREVIEW_JOB, "payload__roadmap": roadmap.pk}
    return access.get(Job, pk=pk, requested_by=access.user, **lookup)


def _preview(roadmap: Roadmap, job: Job) -> dict[str, Any]:
    made = previews.pages_made(job.pk)
    return {
        "roadmap": roadmap,
        "job": job,
        "pages": range(1, made + 1),
        "all_pages": previews.pages_in_all(job.pk),
        "is_open": job.state in OPEN_STATES,
        "has_failed": job.state == JobState.FAILED,
    }


def _start_from(request: HttpRequest, access: Access, roadmap: Roadmap) -> Choices:
    """The template that the address names, else what this person left, else the usual start."""
    name = request.GET.get("template", "")
    if name.isdecimal() and len(name) <= 18:
        return get_object_or_404(templates.templates_for(access), pk=int(name)).chosen
    left = remembered(request.session, roadmap.pk)
    if left is not None and "afresh" not in request.GET:
        return left
    starts = templates.templates_for(access).filter(is_start=True)
    return templates.start_among(starts, access.organization)


def _as_typed(form: BuilderForm, data: Any) -> dict[str, Any]:
    """What the address leaves out is as usual: it may name the kind alone."""
    several = ("scenarios", "comments")
    usual = initial_of(Choices())
    return {
        name: data.getlist(name) if name in several else data.get(name, usual.get(name, ""))
        for name in form.fields
    }


def _sent(
    request: HttpRequest, access: Access, roadmap: Roadmap, form: BuilderForm
) -> HttpResponse:
    kind = page.shown_kind(form)
    chosen, order = page.read_sections(request.POST, kind)
    if order and not chosen:
        form.add_error(None, _("Choose at least one section."))
    if not form.is_valid():
        return _page(request, access, roadmap, form, kind, chosen, order, status=UNPROCESSABLE)
    choices = form.chosen(page.sections_chosen(kind, chosen, order, page.shown_audience(form)))
    remember(request.session, roadmap.pk, choices)
    if "save_template" in request.POST:
        return _keep(request, access, roadmap, form, choices)
    made = report_request(roadmap=roadmap, user=access.user, choices=choices)
    if made.is_ready:
        messages.info(request, _("Nothing has changed since this report was made."))
    return redirect("reports:report", access.organization.slug, roadmap.pk, made.pk)


def _keep(
    request: HttpRequest, access: Access, roadmap: Roadmap, form: BuilderForm, choices: Choices
) -> HttpResponse:
    """Save the choices as a template of this organization or of the consultancy."""
    owner = access.organization
    if request.POST.get("template_where") == THERE and access.engagement is not None:
        # Asked anew: one may act for a client and only read in the consultancy.
        there = access_to(access.user, access.engagement.consultancy.slug)
        there.require(Can.EDIT)
        owner = there.organization
    try:
        made = templates.template_save(
            organization=owner,
            user=access.user,
            name=request.POST.get("template_name", "")[:150],
            choices=choices,
        )
    except templates.TemplateInvalid as error:
        form.add_error(None, str(error))
        kind = page.shown_kind(form)
        chosen, order = page.read_sections(request.POST, kind)
        return _page(request, access, roadmap, form, kind, chosen, order, status=UNPROCESSABLE)
    messages.success(request, _("Saved as the template “%s”.") % made.name)
    response = redirect("reports:new", access.organization.slug, roadmap.pk)
    response["Location"] += f"?template={made.pk}"
    return response


def _page(
    request: HttpRequest,
    access: Access,
    roadmap: Roadmap,
    form: BuilderForm,
    kind: str,
    chosen: Any,
    order: Any,
    status: int = 200,
) -> HttpResponse:
    rows = page.section_rows(kind, chosen, order, page.shown_audience(form))
    found: list[ReportTemplate] = list(templates.templates_for(access)[:100])
    context = {
        "roadmap": roadmap,
        "templates": found,
        "consultancy": access.engagement.consultancy if access.engagement else None,
        "is_remembered": request.method == "GET"
        and not request.GET
        and remembered(request.session, roadmap.pk) is not None,
        "template_name": request.POST.get("template_name", ""),
        "template_where": request.POST.get("template_where", HERE),
        **page.context_of(form, rows, kind),
    }
    return render(request, "reports/builder/index.html", context, status=status)
