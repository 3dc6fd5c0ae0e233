"""Whether a deployment caused an incident: a person says so."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.tenancy import Access, Can, tenant_view
from delivery.models import Deployment, Incident, System
from delivery.pages.records import possible_causes
from delivery.services.linking import NoSuchCause, link_judge

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.TRACK)
def cause(request: HttpRequest, access: Access, pk: int, incident_pk: int) -> HttpResponse:
    system = access.get(System, pk=pk)
    found = access.scope(Incident).select_related("deployment", "link_by")
    incident = access.get(Incident, pk=incident_pk, system=system)
    incident = found.get(pk=incident.pk)
    problem = ""
    if request.method == "POST":
        problem = _judge(request, access, system, incident)
        if not problem:
            address = reverse("delivery:records", args=[access.organization.slug, pk, "incidents"])
            return redirect(f"{address}?show=proposed")
    context = {
        "system": system,
        "incident": incident,
        "causes": possible_causes(incident),
        "chosen": request.POST.get("deployment", str(incident.deployment_id or "")),
        "problem": problem,
    }
    status = UNPROCESSABLE if problem else 200
    return render(request, "delivery/cause.html", context, status=status)


def _judge(request: HttpRequest, access: Access, system: System, incident: Incident) -> str:
    """What is wrong with what was sent; nothing when it is done."""
    verdict = request.POST.get("verdict")
    asked = request.POST.get("deployment", "")
    of_system = access.scope(Deployment).filter(system=system)
    chosen = (
        of_system.filter(pk=int(asked)).first()
        if asked.isascii() and asked.isdigit() and len(asked) < 19
        else None
    )
    if verdict == "yes" and chosen is None:
        return _("Choose the deployment that caused it.")
    if verdict not in ("yes", "no"):
        return _("Say whether it was the cause.")
    try:
        link_judge(
            incident=incident,
            user=access.user,
            is_cause=verdict == "yes",
            deployment=chosen if verdict == "yes" else None,
        )
    except NoSuchCause:
        return _("No deployment is named that could be ruled out.")
    if verdict == "yes":
        messages.success(request, _("Confirmed: it counts as a failed deployment now."))
    else:
        messages.success(request, _("Noted: that deployment was not the cause."))
    return ""
