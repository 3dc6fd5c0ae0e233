"""What people say about a file of records."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from delivery.domain.files.moments import NotAMoment, on_the_wall
from delivery.models import System

KINDS = (
    ("deployment", _("Deployments")),
    ("incident", _("Incidents")),
    ("change", _("Changes")),
    ("vulnerability", _("Vulnerabilities")),
    ("coverage", _("Coverage readings")),
)


class WallTimeField(forms.DateTimeField):
    """A time on the organization's walls; in the nights when the clocks change it says so."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        if isinstance(value, str):
            value = value.strip()
            if not value:
                return None
            try:
                value = datetime.fromisoformat(value)
            except ValueError:
                raise forms.ValidationError(
                    _("Write the date and time as 2026-12-31 14:05.")
                ) from None
        if not isinstance(value, datetime):
            return None
        if value.tzinfo is not None:
            return value
        zone = timezone.get_current_timezone()
        assert isinstance(zone, ZoneInfo)
        try:
            found = on_the_wall(value, zone)
        except NotAMoment as problem:
            raise forms.ValidationError(str(problem)) from None
        if found.note == "gap":
            raise forms.ValidationError(
                _("In that night the clocks skipped this hour. Enter a time that there was.")
            )
        return found.at

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime) and timezone.is_aware(value):
            return timezone.localtime(value).replace(tzinfo=None, second=0, microsecond=0)
        return value


class ImportForm(forms.Form):
    kind = forms.ChoiceField(label=_("What is in the file"), choices=KINDS)
    system = forms.ModelChoiceField(
        label=_("System"),
        queryset=System.objects.none(),
        required=False,
        empty_label=_("The file has a column System"),
        help_text=_("Rows without a system of their own are about this one."),
    )
    file = forms.FileField(
        label=_("CSV file"),
        allow_empty_file=True,
        help_text=_("Up to 20,000 rows, with a heading. You see what would be imported first."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )

    def __init__(self, *args: Any, systems: Iterable[System], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["system"].queryset = systems  # type: ignore[attr-defined]


class CoverageForm(forms.Form):
    prefix = "coverage"

    system = forms.ModelChoiceField(
        label=_("System"), queryset=System.objects.none(), empty_label=_("Choose one")
    )
    measured_at = WallTimeField(
        label=_("Measured at"),
        required=False,
        help_text=_("Empty: when the report says it was made, else now."),
    )
    file = forms.FileField(
        label=_("Coverage report"),
        allow_empty_file=True,
        help_text=_("The XML of Cobertura or JaCoCo, up to 15 MB. Only its counts are kept."),
        widget=forms.FileInput(attrs={"accept": ".xml,text/xml,application/xml"}),
    )

    def __init__(self, *args: Any, systems: Iterable[System], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["system"].queryset = systems  # type: ignore[attr-defined]
