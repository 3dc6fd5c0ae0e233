"""How the documents of an organization look: name, logo, colours, lines at the foot and the end."""

from __future__ import annotations

from base64 import b64encode
from textwrap import wrap
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.tenancy import Access, Can, tenant_view
from assessments.evidence_files.uploads import is_too_large
from reports import logos
from reports.brand_forms import BrandForm
from reports.brands import (
    FIELDS,
    StaleBrand,
    StoredLogo,
    brand_save,
    entry_of,
    logo_is_light,
    logo_stored,
)
from reports.models.brand import Brand
from reports.pictures.palette import branded

CONFLICT, UNPROCESSABLE = 409, 422


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.MANAGE)
def brand(request: HttpRequest, access: Access) -> HttpResponse:
    found = Brand.objects.filter(organization=access.organization).first()
    found = found or Brand(organization=access.organization)
    if request.method != "POST":
        return _page(request, access, found, _form(found))
    form = BrandForm(
        _with_offer(request.POST),
        request.FILES,
        # A copy: what is refused may not reach the page as if it were stored.
        instance=Brand.objects.filter(pk=found.pk).first() or Brand(),
        is_too_large=is_too_large(request, "new_logo"),
    )
    if not form.is_valid():
        return _page(request, access, found, form, status=UNPROCESSABLE)
    logo = _logo_of(form, found)
    if "save" not in request.POST:
        return _page(request, access, found, form)
    try:
        brand_save(
            organization=access.organization,
            user=access.user,
            version=form.cleaned_data["version"],
            fields={name: form.cleaned_data[name] for name in FIELDS},
            logo=logo,
        )
    except StaleBrand as stale:
        return _page(request, access, stale.current, form, status=CONFLICT, theirs=stale.current)
    messages.success(request, _("Saved. Documents made from now on look like this."))
    return redirect("look:brand", access.organization.slug)


def _form(found: Brand) -> BrandForm:
    return BrandForm(instance=found, initial={"version": found.version})


def _with_offer(sent: QueryDict) -> QueryDict:
    """What was sent, with the shade that was offered and taken: `use` is `field:#rrggbb`."""
    field, _colon, shade = sent.get("use", "").partition(":")
    if field not in ("main", "accent"):
        return sent
    changed = sent.copy()
    changed[field] = shade
    return changed


def _logo_of(form: BrandForm, found: Brand) -> StoredLogo | None:
    """The new one, else the one it has unless that is taken away."""
    if form.stored is not None:
        return form.stored
    return None if form.cleaned_data.get("no_logo") else logo_stored(found)


def _page(
    request: HttpRequest,
    access: Access,
    found: Brand,
    form: BrandForm,
    *,
    status: int = 200,
    theirs: Brand | None = None,
) -> HttpResponse:
    if form.is_bound:
        # The file came and went; the page carries what was drawn of it.
        form.data = form.data.copy()
        form.data["kept"] = form.again()
        if theirs:
            form.data["version"] = theirs.version
    context: dict[str, Any] = {"form": form, "brand": found, "theirs": theirs}
    found.organization = access.organization
    context |= _preview(form, found)
    return render(request, "reports/brand.html", context, status=status)


def _preview(form: BrandForm, found: Brand) -> dict[str, Any]:
    """The cover in what was typed, as far as it can be used; else in what is stored."""
    entry = entry_of(found)
    if form.is_bound:
        typed = {name: form.cleaned_data.get(name, getattr(entry, name)) for name in FIELDS}
        logo = _logo_of(form, found)
        name = logo.name if logo else ""
        entry = type(entry)(**typed, logo=name, logo_is_light=logo_is_light(name))
    return {
        "shown": entry,
        "palette": branded(entry),
        "has_own_name": bool(entry.name or entry.logo),
        "logo_data": _data_of(entry.logo),
        # About where the cover itself breaks it.
        "name_lines": wrap(found.organization.name, 22, max_lines=4, placeholder=" …"),
    }


def _data_of(logo: str) -> str:
    """The logo inside the page: it has no address of its own that could be guessed."""
    if not logo:
        return ""
    try:
        return "data:image/png;base64," + b64encode(logos.read(logo)).decode()
    except (FileNotFoundError, ValueError):
        return ""
