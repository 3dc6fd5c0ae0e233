"""Report templates of an organization: use, rename, delete."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.tenancy import Access, Can, tenant_view
from reports.models import ReportTemplate
from reports.pages.listed import choices_told, file_named
from reports.services import templates as service

CONFLICT, UNPROCESSABLE = 409, 422


@require_safe
@tenant_view(Can.EDIT)
def index(request: HttpRequest, access: Access) -> HttpResponse:
    return _page(request, access)


@require_POST
@tenant_view(Can.EDIT)
def rename(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    found = _own(access, pk)
    name = request.POST.get("name", "")[:150]
    version = request.POST.get("version", "")
    try:
        service.template_rename(
            template=found,
            user=access.user,
            name=name,
            version=int(version) if version.isdecimal() and len(version) < 10 else -1,
        )
    except service.TemplateInvalid as error:
        return _page(request, access, {"pk": pk, "name": name, "error": str(error)}, UNPROCESSABLE)
    except service.TemplateChanged:
        error = _("Somebody changed it meanwhile. Look at it, then save again.")
        return _page(request, access, {"pk": pk, "name": name, "error": error}, CONFLICT)
    messages.success(request, _("Renamed."))
    return redirect("look:templates", access.organization.slug)


@require_POST
@tenant_view(Can.EDIT)
def start(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """New reports begin with it, or with the usual choices again."""
    found, wanted = _own(access, pk), request.POST.get("start") != "no"
    service.template_start(template=found, user=access.user, is_start=wanted)
    said = _("New reports begin with “%s”.") if wanted else _("“%s” is a template among others.")
    messages.success(request, said % found.name)
    return redirect("look:templates", access.organization.slug)


@require_POST
@tenant_view(Can.EDIT)
def delete(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    service.template_delete(template=_own(access, pk), user=access.user)
    messages.success(request, _("Deleted. Reports made with it stay as they are."))
    return redirect("look:templates", access.organization.slug)


def _own(access: Access, pk: int) -> ReportTemplate:
    found = access.get(ReportTemplate, pk=pk)
    found.organization = access.organization
    return found


def _page(
    request: HttpRequest,
    access: Access,
    typed: dict[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = list(service.templates_for(access).select_related("changed_by")[:200])
    for one in rows:
        one.told = [file_named(one.chosen), *choices_told(one.chosen)]
    context = {
        "own": [one for one in rows if one.organization_id == access.organization.pk],
        "others": [one for one in rows if one.organization_id != access.organization.pk],
        "typed": typed,
    }
    return render(request, "reports/templates.html", context, status=status)
