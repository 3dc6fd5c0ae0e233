from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.models import Snapshot
from guide.model import Guide
from guide.registry import current_guide
from roadmap.domain.constraints import Constraints
from roadmap.domain.constraints_file import ConstraintsError, parse_constraints
from roadmap.enums import InitiativeStatus
from roadmap.models import PlannedInitiative
from roadmap.services.gates import CONFIRMATION_LIMIT
from roadmap.services.tracking import NOTE_LIMIT

EXAMPLE = """\
# initiatives at the same time, at most
wip_limit: 3
# days on which nobody works
holidays:
  - 2026-12-25
  - 2027-01-01
# full-time equivalents a role really has
role_fte:
  OPS: 0.5   # IT operations
  SEC: 0.2   # security
freezes:
  # nothing goes live
  - start: 2027-03-01
    finish: 2027-03-12
    reason: EHR upgrade
  # half of the staff
  - start: 2027-07-01
    finish: 2027-07-31
    kind: reduced_staff
    capacity: 0.5
    reason: Summer
"""
FIRST_START, LAST_START = date(2000, 1, 1), date(2099, 12, 31)


class DateInput(forms.DateInput):
    """The browser's own calendar; it speaks ISO dates whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class SnapshotChoice(forms.ModelChoiceField):
    def label_from_instance(self, snapshot: Snapshot) -> str:
        return snapshot.assessment.name


class RoadmapForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=150)
    snapshot = SnapshotChoice(
        label=_("From which assessment"),
        queryset=Snapshot.objects.none(),
        empty_label=None,
        help_text=_("Only submitted assessments can become a roadmap."),
    )
    start_on = forms.DateField(
        label=_("First day of the plan"),
        widget=DateInput,
        help_text=_("A weekend or holiday means the next working day."),
    )

    constraints = forms.CharField(
        label=_("Calendar and people"),
        required=False,
        strip=False,
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "rm-code"}),
        help_text=_(
            "Holidays, freezes, a limit of work in progress, and what the programme can really "
            "have of a role, in the format of the constraints file."
        ),
    )

    def __init__(self, *args: Any, snapshots: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["snapshot"].queryset = snapshots  # type: ignore[attr-defined]

    def clean_start_on(self) -> date:
        day: date = self.cleaned_data["start_on"]
        if not FIRST_START <= day <= LAST_START:
            raise forms.ValidationError(_("Give a date between 2000 and 2099."))
        return day

    def clean_constraints(self) -> Constraints:
        text: str = self.cleaned_data["constraints"]
        try:
            constraints = parse_constraints(text, self._guide(), "constraints")
        except ConstraintsError as error:
            raise forms.ValidationError(
                [_line(problem.line, problem.message) for problem in error.problems]
            ) from error
        if constraints.start:
            raise forms.ValidationError(_("Leave “start” out: the first day is given above."))
        return constraints

    def _guide(self) -> Guide:
        """Whose roles the constraints name: the guide of the assessment chosen above."""
        snapshot = self.cleaned_data.get("snapshot")
        return snapshot.guide if snapshot else current_guide()


def _line(number: int, message: str) -> str:
    return gettext("Line %(number)s: %(message)s") % {"number": number, "message": message}


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


class ConfirmationForm(forms.Form):
    note = forms.CharField(
        label=_("What shows it"),
        max_length=CONFIRMATION_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ClosingForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it closed again?"),
        max_length=CONFIRMATION_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
