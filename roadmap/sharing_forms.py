"""What people type to share a status report."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from roadmap.enums import Rhythm
from roadmap.forms import DateInput

LASTS = timedelta(days=30)


class LinkForm(forms.Form):
    name = forms.CharField(
        label=_("For whom"),
        max_length=150,
        help_text=_("Only you and other editors see it: the board, a partner, the press office."),
    )
    expires_on = forms.DateField(
        label=_("Readable until"), widget=DateInput, help_text=_("The whole of this day.")
    )
    password = forms.CharField(
        label=_("Password"),
        required=False,
        min_length=8,
        max_length=100,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "At least 8 characters. If you set one, tell it by another way than the address."
        ),
    )

    @classmethod
    def from_today(cls, today: date) -> LinkForm:
        return cls(initial={"expires_on": today + LASTS}, prefix="link")


class MailForm(forms.Form):
    address = forms.EmailField(label=_("E-mail address"))
    rhythm = forms.ChoiceField(label=_("How often"), choices=Rhythm.choices)
    weekday = forms.TypedChoiceField(
        label=_("On"),
        coerce=int,
        choices=list(WEEKDAYS.items()),
        help_text=_("Of a month, on the first such day."),
    )
    hour = forms.TypedChoiceField(
        label=_("From"),
        coerce=int,
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
        help_text=_("In the organization's time zone."),
    )

    @classmethod
    def new(cls) -> MailForm:
        return cls(initial={"weekday": 0, "hour": 7}, prefix="mail")
