"""One client at the desk, and the private notes about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import Area
from accounts.tenancy import Access, Can, access_to, tenant_view
from assessments.models import Snapshot
from desk.forms import NoteForm, PlanForm
from desk.models import PrivateNote
from desk.pages.client import client_page
from desk.queries import engagement_with, former_clients, require_desk
from desk.services import notes
from desk.services.templates import constraints_of, start_of
from roadmap.services.scenarios.making import PlanImpossible, scenario_create
from roadmap.services.work.tracking import organization_today

UNPROCESSABLE, CONFLICT = 422, 409
FORMER_SHOWN = 50


@require_safe
@tenant_view(Can.VIEW)
def client(request: HttpRequest, access: Access, client: str) -> HttpResponse:
    return _page(request, access, client)


@require_safe
@tenant_view(Can.VIEW)
def former(request: HttpRequest, access: Access) -> HttpResponse:
    """Whose engagement is over: until when it ran, who ended it, and the way to one's notes."""
    require_desk(access)
    found = former_clients(access.organization)
    page = Paginator(found, FORMER_SHOWN).get_page(request.GET.get("page"))
    return render(request, "desk/former.html", {"page": page})


@require_POST
@tenant_view(Can.ANSWER)
def note_add(request: HttpRequest, access: Access, client: str) -> HttpResponse:
    """Everybody in the consultancy reads the notes; whoever does more than read writes them."""
    require_desk(access)
    engagement = engagement_with(access, client)
    shown = client_page(access, engagement)
    form = NoteForm(request.POST, guide=shown.guide, initiatives=shown.initiatives)
    if not form.is_valid():
        return _page(request, access, client, form=form, status=UNPROCESSABLE)
    notes.note_add(engagement=engagement, user=access.user, **form.cleaned_data)
    messages.success(request, _("The note is kept. Nobody outside your consultancy sees it."))
    return redirect("desk:client", access.organization.slug, client)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.ANSWER)
def note(request: HttpRequest, access: Access, client: str, pk: int) -> HttpResponse:
    """Change a note; its earlier words stay below it."""
    require_desk(access)
    engagement = engagement_with(access, client)
    found = access.get(PrivateNote, pk=pk, client=engagement.client)
    text, theirs, error, status = found.text, None, "", 200
    if request.method == "POST":
        text = request.POST.get("text", "").strip()
        typed = request.POST.get("version", "")
        version = int(typed) if typed.isdecimal() and len(typed) < 10 else 0
        error, status = _check(text)
        if not error:
            try:
                notes.note_change(note=found, user=access.user, text=text, version=version)
            except notes.StaleNote as stale:
                found, theirs, status = stale.current, stale.current.text, CONFLICT
            else:
                messages.success(request, _("The note is changed."))
                return redirect("desk:client", access.organization.slug, client)
    context = {
        "note": found,
        "text": text,
        "theirs": theirs,
        "error": error,
        "engagement": engagement,
        "versions": found.versions.select_related("written_by")[:50],
    }
    return render(request, "desk/note.html", context, status=status)


def _check(text: str) -> tuple[str, int]:
    field = NoteForm.base_fields["text"]
    if not text:
        return _("Write something, or delete the note."), UNPROCESSABLE
    if len(text) > (field.max_length or 0):  # type: ignore[attr-defined]
        return _("A note holds at most 10,000 characters."), UNPROCESSABLE
    return "", 200


@require_POST
@tenant_view(Can.ANSWER)
def note_delete(request: HttpRequest, access: Access, client: str, pk: int) -> HttpResponse:
    require_desk(access)
    engagement = engagement_with(access, client)
    found = access.get(PrivateNote, pk=pk, client=engagement.client)
    if found.author_id != access.user.pk:
        access.require(Can.EDIT)
    notes.note_delete(note=found, user=access.user)
    messages.success(request, _("The note is deleted, with all it ever said."))
    return redirect("desk:client", access.organization.slug, client)


@require_POST
@tenant_view(Can.EDIT)
def plan(request: HttpRequest, access: Access, client: str) -> HttpResponse:
    """The client's first plan, with the calendar its template knew. One's access there decides."""
    require_desk(access)
    engagement = engagement_with(access, client)
    theirs = access_to(access.user, engagement.client.slug)
    theirs.require_area(Area.ROADMAP)
    theirs.require(Can.EDIT)
    start = start_of(access, engagement.client)
    snapshot = theirs.scope(Snapshot).first()
    form = PlanForm(request.POST)
    if start is None or snapshot is None:
        messages.info(request, _("A plan needs an assessment that was handed in."))
        return redirect("desk:client", access.organization.slug, client)
    if form.is_valid():
        day = form.cleaned_data["start_on"]
        try:
            made = scenario_create(
                organization=theirs.organization,
                user=access.user,
                snapshot=snapshot,
                name=_("First plan"),
                start_on=day,
                constraints=constraints_of(start, day),
            )
        except PlanImpossible as error:
            form.add_error("start_on", str(error))
        else:
            messages.success(request, _("This is the preview of the plan."))
            return redirect("scenarios:detail", theirs.organization.slug, made.pk)
    return _page(request, access, client, plan_form=form, status=UNPROCESSABLE)


def _page(
    request: HttpRequest,
    access: Access,
    client: str,
    *,
    form: NoteForm | None = None,
    plan_form: PlanForm | None = None,
    status: int = 200,
) -> HttpResponse:
    require_desk(access)
    engagement = engagement_with(access, client)
    shown = client_page(access, engagement)
    today = organization_today(engagement.client)
    context: dict[str, Any] = {
        "page": shown,
        "client": engagement.client,
        "engagement": engagement,
        "row": shown.row,
        "form": form or NoteForm(guide=shown.guide, initiatives=shown.initiatives),
        "plan_form": plan_form or PlanForm(initial={"start_on": today}),
    }
    return render(request, "desk/client.html", context, status=status)
