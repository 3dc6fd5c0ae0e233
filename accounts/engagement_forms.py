"""What people fill in when a consultancy asks for access and a client grants it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.enums import Area
from accounts.models import Organization
from accounts.models.engagement import ENGAGED_ROLES

USUAL = timedelta(days=183)


def role_choices() -> list[tuple[str, str]]:
    return [
        (role.value, format_html("<strong>{}</strong> {}", role.label, role.summary))
        for role in ENGAGED_ROLES
    ]


def area_choices() -> list[tuple[str, str]]:
    return [
        (area.value, format_html("<strong>{}</strong> {}", area.label, area.summary))
        for area in Area
    ]


class TermsForm(forms.Form):
    """Role, parts and last day; what they may be is judged where they are stored."""

    role = forms.ChoiceField(
        label=_("What they may do"), choices=role_choices, widget=forms.RadioSelect
    )
    areas = forms.MultipleChoiceField(
        label=_("In which parts"),
        choices=area_choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one part that the consultancy may see.")},
    )
    until = forms.DateField(
        label=_("Until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The last day, in the client’s time zone. It can be ended at any time before."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["areas"].initial = list(Area.values)
        self.fields["until"].initial = timezone.localdate() + USUAL


class RequestForm(TermsForm):
    name = forms.CharField(
        label=_("For whom"),
        max_length=150,
        help_text=_("The client’s name, for your own list. The client chooses the organization."),
    )

    field_order = ("name", "role", "areas", "until")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].label = _("What you ask to do")


class GrantForm(TermsForm):
    """`owned`: the organizations that the person may open to the consultancy."""

    client = forms.ModelChoiceField(
        label=_("Which organization of yours"),
        queryset=Organization.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the organization that they are to advise.")},
    )

    field_order = ("client", "role", "areas", "until")

    def __init__(self, owned: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["client"]
        field.queryset = owned
        if len(owned) == 1:
            field.initial = owned[0].pk
