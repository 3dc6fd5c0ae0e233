"""Adopting a plan while a roadmap is under way: which dates slip counts from."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from roadmap.scenario_starting_forms import NameForm
from roadmap.services.following.baseline import REASON_LIMIT

KEEP, NEW = "keep", "new"


class AdoptForm(NameForm):
    """`asks`: whether there is a baseline to keep; without one nothing is asked."""

    baseline = forms.ChoiceField(
        label=_("Which dates count as agreed"),
        choices=[
            (KEEP, _("Those agreed earlier: slip stays visible; new work gets its own dates")),
            (NEW, _("The dates of this plan: slip counts from zero")),
        ],
        initial=KEEP,
        required=False,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why the dates agreed earlier no longer count"),
        max_length=REASON_LIMIT,
        required=False,
        help_text=_("For the dates of this plan only. It stands on the roadmap's progress page."),
    )

    def __init__(self, *args: Any, asks: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks:
            del self.fields["baseline"], self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("baseline") == NEW and not cleaned.get("reason", "").strip():
            self.add_error(
                "reason", _("Say in a sentence why the dates agreed earlier no longer count.")
            )
        return cleaned

    @property
    def new_baseline(self) -> str | None:
        """The reason, where new dates are wanted."""
        is_new = self.cleaned_data.get("baseline") == NEW
        return str(self.cleaned_data["reason"]) if is_new else None
