"""What the page and the panel of one initiative of a scenario show."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from accounts.tenancy import Access
from roadmap.domain.document import initiative_details
from roadmap.domain.hand.own_work import can_repeat
from roadmap.models import Scenario
from roadmap.pages.head import head
from roadmap.pages.plan_items import PlanItem, plan_items, role_titles
from roadmap.pages.scenario import current_forecast
from roadmap.pages.why import why
from roadmap.scenario_forms import ChangeForm, DayForm, EffortForm, PeopleForm, ReasonForm

# Which of the tools a change belongs to.
TOOL_OF = {
    "pin": "day",
    "earliest": "day",
    "effort": "effort",
    "people": "people",
    "exclude": "reason",
}


def initiative_context(
    access: Access,
    scenario: Scenario,
    item: PlanItem,
    context: Mapping[str, Any],
    *,
    kind: str = "",
    form: ChangeForm | None = None,
) -> dict[str, Any]:
    forecast = current_forecast(scenario)
    items = plan_items(scenario.plan, scenario.decisions, forecast)
    roles = role_titles(scenario.plan)
    figures = head(scenario.plan, forecast, "")
    phases = {phase["id"]: phase["title"] for phase in scenario.plan.get("phases", [])}
    sample = reverse("scenarios:initiative", args=[access.organization.slug, scenario.pk, "ID"])
    front = sample.removesuffix("ID/")
    own = {entry["id"]: entry for entry in scenario.decisions.get("own", [])}
    return {
        "item": items[item.id],
        "why": why(items[item.id], items, roles, figures.readiness_now, lambda id: f"{front}{id}/"),
        "roles": roles,
        "phase": phases.get(item.phase, ""),
        "currency": figures.currency,
        "own": own.get(item.id),
        "can_repeat": is_repeatable(scenario, item),
        "details": _details(scenario, item),
        "forms": _forms(scenario, item, kind, form) if context["tools"] else {},
        "failed": TOOL_OF.get(kind, "") if form else "",
        "form": form,
    }


def is_repeatable(scenario: Scenario, item: PlanItem) -> bool:
    """Whether a wave of it over further systems makes sense."""
    guide = scenario.snapshot.guide
    found = next((known for known in guide.initiatives if known.id == item.id), None)
    return found is not None and can_repeat(guide, found)


def _details(scenario: Scenario, item: PlanItem) -> dict[str, Any]:
    """What the guide says of it; of a wave, what it says of the first time."""
    guide = scenario.snapshot.guide
    known = {initiative.id for initiative in guide.initiatives}
    named = item.wave_of if item.is_wave else item.id
    if named not in known:
        return {}
    return initiative_details(guide, scenario.snapshot.answer_set(), guide.initiative(named))


def _forms(
    scenario: Scenario, item: PlanItem, kind: str, failed: ChangeForm | None
) -> dict[str, ChangeForm]:
    auto_id, day = "tool_%s", item.pinned or item.earliest or item.start
    made: dict[str, ChangeForm] = {
        "day": DayForm(auto_id=auto_id, initial={"day": day}),
        "effort": EffortForm(auto_id=auto_id, initial=_effort(scenario, item)),
        "people": PeopleForm(auto_id=auto_id, initial={"names": ", ".join(item.people)}),
        "reason": ReasonForm(auto_id=auto_id),
    }
    if failed is not None and kind in TOOL_OF:
        made[TOOL_OF[kind]] = failed
    return made


def _effort(scenario: Scenario, item: PlanItem) -> dict[str, float]:
    """What it is planned with, the size of the organization counted in: a person's own days."""
    decided: Mapping[str, float] | None = scenario.decisions.get("efforts", {}).get(item.id)
    return dict(decided or item.effort)
