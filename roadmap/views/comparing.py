"""Scenarios side by side, and ready-made questions whose answer is another scenario."""

from __future__ import annotations

from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.tenancy import Access, Can, tenant_view
from roadmap.domain.constraints.ready_made import ReadyMadeInvalid, ask, ready_made
from roadmap.forms import FIRST_START, LAST_START, DateInput
from roadmap.models import Scenario
from roadmap.pages.comparing import LEAST, MOST, compare_scenarios
from roadmap.services.scenarios.making import NAME_LIMIT, PlanImpossible, scenario_constrain
from roadmap.services.scenarios.solving import scenario_solve

UNPROCESSABLE = 422
LONG_NAME = 90


class AskForm(forms.Form):
    question = forms.CharField(max_length=20)
    day = forms.DateField(required=False, widget=DateInput)
    choice = forms.CharField(required=False, max_length=4)

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data["day"]
        if day and not FIRST_START <= day <= LAST_START:
            raise forms.ValidationError(_("Give a date between 2000 and 2099."))
        return day


@require_safe
@tenant_view(Can.VIEW)
def compare(request: HttpRequest, access: Access) -> HttpResponse:
    """Two to four scenarios named in the address; with fewer, the page asks for more."""
    chosen = list(dict.fromkeys(map(int, filter(_is_id, request.GET.getlist("scenario")))))
    scope = access.scope(Scenario).select_related("snapshot__assessment", "job", "roadmap")
    found = {s.pk: s for s in scope.filter(pk__in=chosen[:MOST])} if chosen else {}
    scenarios = [found[pk] for pk in chosen if pk in found]
    others = access.scope(Scenario).only("pk", "name", "organization_id").order_by("-pk")[:100]
    context = {
        "chosen": [scenario.pk for scenario in scenarios],
        "others": others,
        "most": MOST,
        "too_many": len(chosen) > MOST,
        "shown": None,
    }
    if len(scenarios) >= LEAST:
        context["shown"] = compare_scenarios(scenarios, request.GET.get("role", ""))
    return render(request, "roadmap/scenario/compare.html", context)


@require_safe
@tenant_view(Can.VIEW)
def questions(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    return _questions_page(request, _scenario(access, pk), AskForm())


@require_POST
@tenant_view(Can.EDIT)
def ask_question(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """Answer a ready-made question by a new scenario, searched at once, beside this one."""
    scenario = _scenario(access, pk)
    form = AskForm(request.POST)
    if not form.is_valid():
        return _questions_page(request, scenario, form, status=UNPROCESSABLE)
    asked = form.cleaned_data
    stated = scenario.to_constraints()
    guide = scenario.snapshot.guide
    try:
        constraints = ask(
            asked["question"],
            guide,
            stated,
            scenario.plan,
            day=asked["day"],
            choice=asked["choice"],
        )
        titles = {q.id: q.title for q in ready_made(guide, stated, scenario.plan)}
        title = titles[asked["question"]]
        made = scenario_constrain(
            scenario=scenario,
            constraints=constraints,
            name=f"{scenario.name[:LONG_NAME]} – {title}"[:NAME_LIMIT],
            user=access.user,
        )
    except (ReadyMadeInvalid, PlanImpossible) as error:
        form.add_error("day" if asked["question"] == "date" else None, str(error))
        return _questions_page(request, scenario, form, status=UNPROCESSABLE)
    scenario_solve(scenario=made, user=access.user)
    messages.success(
        request,
        _("“%(name)s” is planned and being searched; it stands beside the first.")
        % {"name": made.name},
    )
    address = reverse("scenarios:compare", args=[access.organization.slug])
    return redirect(f"{address}?scenario={scenario.pk}&scenario={made.pk}")


def _questions_page(
    request: HttpRequest, scenario: Scenario, form: AskForm, status: int = 200
) -> HttpResponse:
    context = {
        "scenario": scenario,
        "form": form,
        "asked": form.data.get("question", "") if form.is_bound else "",
        "questions": ready_made(scenario.snapshot.guide, scenario.to_constraints(), scenario.plan),
    }
    return render(request, "roadmap/scenario/questions.html", context, status=status)


def _is_id(text: str) -> bool:
    # Python reads no number of thousands of digits.
    return text.isascii() and text.isdecimal() and len(text) < 11


def _scenario(access: Access, pk: int) -> Scenario:
    return get_object_or_404(access.scope(Scenario).select_related("snapshot"), pk=pk)
