"""Scale, extend or stop: the pilot's criteria beside the numbers, and the decision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.tenancy import Access, Can, tenant_view
from roadmap.enums import PilotDecision
from roadmap.models import PilotCharter
from roadmap.pages.pilots import because_words, outcome_rows
from roadmap.services.outcomes import (
    REASON_LIMIT,
    OutcomeInvalid,
    measured,
    outcome_decide,
    outcome_of,
)
from roadmap.services.work.tracking import organization_today


class OutcomeForm(forms.Form):
    stopped_by = forms.MultipleChoiceField(
        label=gettext_lazy("Stop rules that came true"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nobody but you can know. One is enough to stop."),
    )
    goes_on_although = forms.BooleanField(
        label=gettext_lazy("The pilot goes on although a stop rule came true"), required=False
    )
    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"), choices=PilotDecision.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("It stands beside the numbers for good. No patient data."),
    )

    def __init__(self, charter: PilotCharter, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules: Any = self.fields["stopped_by"]
        rules.choices = [(str(n), rule) for n, rule in enumerate(charter.stop_rules)]
        self._rules = charter.stop_rules

    @property
    def rules_hit(self) -> list[str]:
        return [self._rules[int(n)] for n in self.cleaned_data.get("stopped_by", [])]


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.VIEW)
def outcome(request: HttpRequest, access: Access, snapshot_pk: int) -> HttpResponse:
    scope = access.scope(PilotCharter).select_related("snapshot__assessment", "system")
    found = get_object_or_404(scope, snapshot=snapshot_pk)
    found.organization = access.organization
    if request.method != "POST":
        return _page(request, access, found, OutcomeForm(found))
    access.require(Can.EDIT)
    form = OutcomeForm(found, request.POST)
    if form.is_valid():
        try:
            outcome_decide(
                charter=found,
                user=access.user,
                decision=form.cleaned_data["decision"],
                reason=form.cleaned_data["reason"],
                stopped_by=form.rules_hit,
                goes_on_although=form.cleaned_data["goes_on_although"],
                today=organization_today(access.organization),
            )
        except OutcomeInvalid as error:
            for field, message in error.messages.items():
                form.add_error(field, message)
        else:
            messages.success(request, _("The decision is recorded with the numbers."))
            return redirect("pilots:outcome", access.organization.slug, snapshot_pk)
    return _page(request, access, found, form, status=422)


def _page(
    request: HttpRequest,
    access: Access,
    found: PilotCharter,
    form: OutcomeForm,
    *,
    status: int = 200,
) -> HttpResponse:
    today = organization_today(access.organization)
    values = measured(found, today)
    judged = outcome_of(found, values, form.rules_hit if form.is_bound else (), today)
    context = {
        "charter": found,
        "values": values,
        "because": because_words(judged),
        "proposed": PilotDecision(judged.proposed.value).label,
        "rows": outcome_rows(judged),
        "decisions": found.outcomes.all()[:20],
        "form": form,
    }
    return render(request, "roadmap/pilot/outcome.html", context, status=status)
