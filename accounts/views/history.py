"""Who did what, readable and to take away."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.enums import Area
from accounts.history import PAGE, Asked, entries_asked, kinds_of_entries, lines_of
from accounts.history_export import history_csv, history_json
from accounts.models import Membership
from accounts.sealing import newest_seal
from accounts.tenancy import Access, Can, tenant_view


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day that has a beginning and an end in any time zone."""

    widget = DayInput
    default_validators = [
        MinValueValidator(date(2000, 1, 1), _("Waymark knows nothing of that time.")),
        MaxValueValidator(date(2999, 12, 31), _("That day is too far ahead.")),
    ]


class HistoryForm(forms.Form):
    """What to show; all of it may stay empty. It stays in the address."""

    person = forms.TypedChoiceField(label=_("Who"), required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(label=_("What"), required=False)
    first = DayField(label=_("From"), required=False)
    last = DayField(label=_("Until"), required=False)
    text = forms.CharField(label=_("Name contains"), required=False, max_length=100)
    about = forms.RegexField(r"^[a-z]+\.[a-z]+:\w{1,40}$", required=False, widget=forms.HiddenInput)

    def __init__(self, access: Access, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = access.scope(Membership).select_related("user")
        people = [(member.user.pk, str(member.user)) for member in members]
        self.fields["person"].choices = [("", _("Everybody")), *people]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            ("", _("Everything")),
            *kinds_of_entries(),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day lies before the first: swap them."))
        return cleaned

    @property
    def asked(self) -> Asked:
        return Asked(**{k: v for k, v in self.cleaned_data.items() if v})


@require_safe
@tenant_view(Can.EDIT, areas=list(Area))
def history(request: HttpRequest, access: Access) -> HttpResponse:
    form = HistoryForm(access, request.GET)
    is_valid = form.is_valid()
    found = entries_asked(access.organization, form.asked if is_valid else Asked())
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    entries = list(found[: PAGE + 1]) if is_valid else []
    shown, more = entries[:PAGE], len(entries) > PAGE
    lines = lines_of(shown, access.organization.slug)
    kept = request.GET.copy()
    kept.pop("before", None)
    context = {
        "form": form,
        "lines": lines,
        "days": [
            {"day": day, "lines": list(group)}
            for day, group in groupby(
                lines, key=lambda line: timezone.localdate(line.entry.created_at)
            )
        ],
        "is_filtered": any(kept.values()),
        "is_later_page": bool(before),
        "query": kept.urlencode(),
        "next_before": shown[-1].pk if more else None,
        "newest": newest_seal(access.organization),
    }
    return render(request, "accounts/history.html", context, status=200 if is_valid else 422)


@require_safe
@tenant_view(Can.EDIT, areas=list(Area))
def export(request: HttpRequest, access: Access, form: str) -> StreamingHttpResponse:
    """What the page would show, as a file."""
    asked = HistoryForm(access, request.GET)
    if not asked.is_valid():
        raise Http404("No such selection.")
    entries = entries_asked(access.organization, asked.asked)
    if form == "csv":
        content, kind = history_csv(entries), "text/csv; charset=utf-8"
    else:
        content, kind = history_json(access.organization, entries), "application/json"
    response = StreamingHttpResponse(content, content_type=kind)
    name = f"{access.organization.slug}-history-{timezone.localdate():%Y-%m-%d}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
