"""What people type at the desk."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.enums import OrganizationKind, Role
from accounts.models import Organization
from accounts.time_zones import time_zone_choices
from desk.models import ClientTemplate
from desk.models.note import TEXT_LIMIT, NoteAbout
from desk.services.templates import MOST_PEOPLE
from guide.model import Guide
from reports.models import ReportTemplate
from roadmap.forms import FIRST_START, LAST_START, DateInput


class ViewForm(forms.Form):
    name = forms.CharField(label=_("Name of the view"), max_length=80)
    is_shared = forms.BooleanField(label=_("For everybody in the consultancy"), required=False)


class NoteForm(forms.Form):
    """`about`: the whole client, a step of the guide or an initiative of its roadmap."""

    text = forms.CharField(
        label=_("Note"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        help_text=_("Never write patient data here."),
    )
    about = forms.ChoiceField(label=_("About"), required=False)

    def __init__(self, *args: Any, guide: Guide, initiatives: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps = [(f"step:{step.id}", f"{step.number}. {step.title}") for step in guide.steps]
        work = [(f"initiative:{id}", f"{id} {title}") for id, title in initiatives]
        groups: list[Any] = [("", _("The client as a whole")), (_now("Steps"), steps)]
        self.fields["about"].choices = groups + ([(_now("Initiatives"), work)] if work else [])  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind, _sign, id = data.get("about", "").partition(":")
        data["about"] = kind or NoteAbout.WHOLE.value
        data["about_id"] = id
        return data


# Of the lines that cannot be read, so many are named at once.
MOST_WRONG = 5


class PeopleField(forms.CharField):
    """One address a line, with the role behind it: “ann@elm.example editor”."""

    widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})

    def to_python(self, value: Any) -> list[dict[str, str]]:
        text = super().to_python(value)
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if len(lines) > MOST_PEOPLE:
            raise ValidationError(_("At most %(most)s people.") % {"most": MOST_PEOPLE})
        people, wrong = [], []
        for line in lines:
            try:
                people.append(self._person(line))
            except ValidationError as error:
                wrong.append(error)
        if wrong:
            raise ValidationError(wrong[:MOST_WRONG])
        return people

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return "\n".join(f"{person['email']} {person['role']}" for person in value)
        return value

    def _person(self, line: str) -> dict[str, str]:
        email, _space, role = line.replace(",", " ").partition(" ")
        role = role.strip().lower() or Role.CONTRIBUTOR.value
        try:
            validate_email(email)
        except ValidationError:
            raise ValidationError(
                _("“%(line)s” does not begin with an e-mail address.") % {"line": line[:100]}
            ) from None
        if role not in Role.values:
            raise ValidationError(
                _("“%(role)s” is no role. Write viewer, contributor, editor or owner.")
                % {"role": role[:40]}
            )
        return {"email": email, "role": role}


PEOPLE_HELP = _(
    "One a line: the address, then viewer, contributor, editor or owner. Without a role somebody "
    "becomes a contributor. They are invited when a client is started."
)


class TemplateForm(forms.Form):
    name = forms.CharField(label=_("Name of the template"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind of client"), choices=OrganizationKind.choices)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zone_choices)
    report_template = forms.ModelChoiceField(
        label=_("Report template"),
        queryset=ReportTemplate.objects.none(),
        required=False,
        empty_label=_("None: the full roadmap"),
    )
    calendar_of = forms.ModelChoiceField(
        label=_("Take the calendar of a client's plan"),
        queryset=Organization.objects.none(),
        required=False,
        empty_label=_("None, or as it is"),
        help_text=_(
            "Working days, holidays, freeze windows and the limit of work in progress. People, "
            "money, targets and reasons stay with the client."
        ),
    )
    people = PeopleField(label=_("People to invite"), required=False, help_text=PEOPLE_HELP)

    def __init__(self, *args: Any, reports: Any, clients: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["report_template"].queryset = reports  # type: ignore[attr-defined]
        self.fields["calendar_of"].queryset = clients  # type: ignore[attr-defined]


class StartForm(forms.Form):
    template = forms.ModelChoiceField(
        label=_("Template"),
        queryset=ClientTemplate.objects.none(),
        required=False,
        empty_label=_("None: begin empty"),
    )
    name = forms.CharField(label=_("Name of the client"), max_length=150)
    kind = forms.ChoiceField(label=_("Kind of client"), choices=OrganizationKind.choices)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zone_choices)
    people = PeopleField(label=_("People to invite"), required=False, help_text=PEOPLE_HELP)

    def __init__(self, *args: Any, templates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].queryset = templates  # type: ignore[attr-defined]


class RoundForm(forms.Form):
    name = forms.CharField(label=_("Name of the round"), max_length=120)


class PlanForm(forms.Form):
    start_on = forms.DateField(label=_("First day of the plan"), widget=DateInput)

    def clean_start_on(self) -> date:
        day: date = self.cleaned_data["start_on"]
        if not FIRST_START <= day <= LAST_START:
            raise ValidationError(_("Give a date between 2000 and 2099."))
        return day
