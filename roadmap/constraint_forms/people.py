"""People, money, limit and targets: one field for each role or step of the guide."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guide.model import Guide
from guide.parts import MAX_LEVEL
from roadmap.constraint_forms.fields import AmountField, StyledForm
from roadmap.domain.constraints.stated import (
    MAX_DAYS,
    MAX_DELAY_WEEKS,
    MAX_FTE,
    MAX_MONEY,
    MAX_WIP,
    Constraints,
)

LEVEL_CHOICES = [(str(level), _("Level %(level)s") % {"level": level}) for level in range(1, 5)]
USUAL_TARGET = "3"
assert len(LEVEL_CHOICES) == MAX_LEVEL


class PeopleForm(StyledForm):
    free_share = AmountField(
        label=_("Part of the week that is free at most, in %"), low=1, high=100, unit="%"
    )

    def __init__(self, *args: Any, guide: Guide, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roles = [role.id for role in guide.roles]
        for role in guide.roles:
            self.fields[f"fte-{role.id}"] = AmountField(label=role.title, high=MAX_FTE)

    def part(self) -> dict[str, Any]:
        share = self.cleaned_data["free_share"]
        return {
            "free_share": None if share is None else round(share / 100, 6),
            "role_fte": _given(self.cleaned_data, "fte-", self.roles),
        }


class MoneyForm(StyledForm):
    currency = forms.CharField(
        label=_("Currency, as in USD"),
        required=False,
        max_length=3,
    )
    budget = AmountField(label=_("Budget of the plan"), high=MAX_MONEY)
    budget_days = AmountField(label=_("Person-days of the plan, at most"), high=MAX_DAYS)
    rate = AmountField(label=_("One day rate for all roles"), high=MAX_MONEY)

    def __init__(self, *args: Any, guide: Guide, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roles = [role.id for role in guide.roles]
        for role in guide.roles:
            self.fields[f"rate-{role.id}"] = AmountField(label=role.title, high=MAX_MONEY)

    def clean_currency(self) -> str:
        code: str = self.cleaned_data["currency"].strip().upper()
        if code and not re.fullmatch(r"[A-Z]{3}", code):
            raise forms.ValidationError(_("Give three letters, as in USD or EUR."))
        return code

    def part(self) -> dict[str, Any]:
        data = self.cleaned_data
        rates = _given(data, "rate-", self.roles)
        if data["rate"] is not None:
            rates = {role: rates.get(role, data["rate"]) for role in self.roles}
        return {
            "currency": data["currency"],
            "budget": data["budget"],
            "budget_days": data["budget_days"],
            "day_rates": rates,
        }


class OutsideForm(StyledForm):
    """What others decide: how late vendors answer, and what gives way when time does not reach."""

    vendor_delay_weeks = AmountField(
        label=_("Vendors answer later than usual, in weeks"), high=MAX_DELAY_WEEKS
    )
    may_end_early = forms.BooleanField(
        label=_("The plan may end before the last gates"),
        required=False,
        help_text=_(
            "Where time or money do not reach for all gates, the last ones are left out whole. "
            "Otherwise no gate is left out, and a plan that does not fit says so."
        ),
    )

    def part(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "vendor_delay_weeks": data["vendor_delay_weeks"] or 0,
            "may_end_early": data["may_end_early"],
        }


class LimitsForm(StyledForm):
    wip_limit = AmountField(
        label=_("Initiatives at the same time, at most"), low=1, high=MAX_WIP, whole=True
    )

    def __init__(self, *args: Any, guide: Guide, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.steps = [step.id for step in guide.steps]
        for step in guide.steps:
            self.fields[f"target-{step.id}"] = forms.ChoiceField(
                label=step.title, choices=LEVEL_CHOICES, initial=USUAL_TARGET
            )

    def part(self) -> dict[str, Any]:
        data = self.cleaned_data
        limit = data["wip_limit"]
        levels = {step: data[f"target-{step}"] for step in self.steps}
        return {
            "wip_limit": None if limit is None else int(limit),
            "targets": {s: int(level) for s, level in levels.items() if level != USUAL_TARGET},
        }


def people_initial(constraints: Constraints) -> dict[str, Any]:
    share = constraints.free_share
    return {
        "free_share": None if share is None else float(round(share * 100, 6)),
        **{f"fte-{role}": float(fte) for role, fte in constraints.role_fte.items()},
    }


def money_initial(constraints: Constraints) -> dict[str, Any]:
    return {
        "currency": constraints.currency,
        "budget": constraints.budget,
        "budget_days": constraints.budget_days,
        **{f"rate-{role}": float(rate) for role, rate in constraints.day_rates.items()},
    }


def outside_initial(constraints: Constraints) -> dict[str, Any]:
    return {
        "vendor_delay_weeks": float(constraints.vendor_delay_weeks) or None,
        "may_end_early": constraints.may_end_early,
    }


def limits_initial(constraints: Constraints) -> dict[str, Any]:
    return {
        "wip_limit": constraints.wip_limit,
        **{f"target-{step}": str(level) for step, level in constraints.targets.items()},
    }


def _given(data: Mapping[str, Any], prefix: str, keys: list[str]) -> dict[str, float]:
    found = {key: data[f"{prefix}{key}"] for key in keys}
    return {key: value for key, value in found.items() if value is not None}
