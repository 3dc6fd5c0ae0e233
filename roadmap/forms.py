from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Snapshot
from roadmap.enums import InitiativeStatus
from roadmap.models import PlannedInitiative
from roadmap.services.work.tracking import NOTE_LIMIT

FIRST_START, LAST_START = date(2000, 1, 1), date(2099, 12, 31)


class DateInput(forms.DateInput):
    """The browser's own calendar; it speaks ISO dates whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class SnapshotChoice(forms.ModelChoiceField):
    def label_from_instance(self, snapshot: Snapshot) -> str:
        return snapshot.assessment.name


class ProgressForm(forms.Form):
    """Progress of one initiative. `version` is the one the person saw."""

    status = forms.ChoiceField(
        label=_("Status"), choices=InitiativeStatus.choices, widget=forms.RadioSelect
    )
    finished_on = forms.DateField(
        label=_("Finished on"),
        required=False,
        widget=DateInput,
        help_text=_("Only for what is done; empty means today."),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What happened, what is in the way, where the proof is. No patient data."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.limit = NOTE_LIMIT

    @classmethod
    def of(cls, initiative: PlannedInitiative) -> "ProgressForm":
        values = initiative.progress_values()
        return cls(initial={**values, "version": initiative.version})
