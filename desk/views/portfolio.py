"""The list of clients, and the ways of looking at it that people keep."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.tenancy import Access, Can, tenant_view
from desk.domain.portfolio import Asked, asked_of
from desk.forms import ViewForm
from desk.models import SavedView
from desk.pages.portfolio import portfolio
from desk.queries import require_desk
from desk.services import views

UNPROCESSABLE = 422


@require_safe
@tenant_view(Can.VIEW)
def index(request: HttpRequest, access: Access) -> HttpResponse:
    require_desk(access)
    default = views.default_of(access)
    if not request.GET and default is not None and default.query:
        return redirect(f"{_home(access)}?{urlencode(default.query)}")
    return _page(request, access, asked_of(request.GET), ViewForm())


@require_POST
@tenant_view(Can.VIEW)
def save(request: HttpRequest, access: Access) -> HttpResponse:
    require_desk(access)
    asked = asked_of(dict(parse_qsl(request.POST.get("query", "")[:2000])))
    form = ViewForm(request.POST)
    if form.is_valid():
        name = form.cleaned_data["name"]
        try:
            view = views.view_save(
                organization=access.organization,
                person=access.user,
                name=name,
                query=asked.to_query() or {"sort": "name"},
                is_shared=form.cleaned_data["is_shared"] and access.can_edit,
            )
        except views.TooManyViews:
            form.add_error("name", _("You have fifty views already. Delete one first."))
        else:
            messages.success(request, _("The view “%s” is kept.") % view)
            return redirect(f"{_home(access)}?{urlencode(view.query)}")
    return _page(request, access, asked, form, UNPROCESSABLE)


@require_POST
@tenant_view(Can.VIEW)
def delete(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """One's own; what is there for all, an owner may take away too."""
    require_desk(access)
    view = access.get(SavedView, pk=pk, pk__in=views.views_for(access).values("pk"))
    if view.person != access.user and not access.can_manage:
        raise PermissionDenied(_("Only whoever made the view or an owner can delete it."))
    views.view_delete(view=view)
    messages.success(request, _("The view “%s” is deleted.") % view)
    return redirect(f"{_home(access)}?sort=name")


@require_POST
@tenant_view(Can.VIEW)
def default(request: HttpRequest, access: Access) -> HttpResponse:
    """`view`: its number; without one the list opens with all clients again."""
    require_desk(access)
    chosen = request.POST.get("view", "")
    view = None
    if chosen.isdigit():
        view = access.get(SavedView, pk=chosen, pk__in=views.views_for(access).values("pk"))
    views.default_set(organization=access.organization, person=access.user, view=view)
    words = _("Your list opens with “%s” from now on.") % view if view else _("Set back.")
    messages.success(request, words)
    query = urlencode(view.query) if view else "sort=name"
    return redirect(f"{_home(access)}?{query}")


def _page(
    request: HttpRequest, access: Access, asked: Asked, form: ViewForm, status: int = 200
) -> HttpResponse:
    saved = [
        {"view": view, "query": urlencode(view.query), "is_own": view.person_id == access.user.pk}
        for view in views.views_for(access)
    ]
    shown = portfolio(access, asked, request.GET.get("page"))
    default = views.default_of(access)
    context = {
        "portfolio": shown,
        "saved": saved,
        "default": default,
        "current": next((one for one in saved if one["query"] == shown.query), None),
        "form": form,
    }
    return render(request, "desk/portfolio.html", context, status=status)


def _home(access: Access) -> str:
    return reverse("desk:clients", args=[access.organization.slug])
