"""Beginning a plan: its name, its assessment, its first day."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Snapshot
from roadmap.forms import FIRST_START, LAST_START, DateInput, SnapshotChoice


class NameForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=150)


class RefreshForm(NameForm):
    snapshot = SnapshotChoice(
        label=_("From which assessment"),
        queryset=Snapshot.objects.none(),
        empty_label=None,
        help_text=_("Only submitted assessments can be planned from; the newest comes first."),
    )

    def __init__(self, *args: Any, snapshots: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["snapshot"].queryset = snapshots  # type: ignore[attr-defined]


class ScenarioForm(RefreshForm):
    start_on = forms.DateField(
        label=_("First day of the plan"),
        widget=DateInput,
        help_text=_("A weekend or holiday means the next working day."),
    )

    def clean_start_on(self) -> date:
        day: date = self.cleaned_data["start_on"]
        if not FIRST_START <= day <= LAST_START:
            raise forms.ValidationError(_("Give a date between 2000 and 2099."))
        return day
