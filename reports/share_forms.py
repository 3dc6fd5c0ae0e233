"""What somebody types to share a report or the live plan."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.models import Report
from roadmap.sharing_forms import LASTS, LinkForm

PLAN = "plan"


class ShareForm(LinkForm):
    what = forms.ChoiceField(label=gettext_lazy("What is shared"), widget=forms.RadioSelect)

    field_order = ("what", "name", "expires_on", "password")

    def __init__(self, reports: Iterable[Report], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reports = {str(report.pk): report for report in reports}
        field: Any = self.fields["what"]
        field.choices = [
            (PLAN, _("The plan as it stands on the day it is read")),
            *((key, _words(report)) for key, report in self.reports.items()),
        ]

    @classmethod
    def opened(cls, reports: Iterable[Report], today: date, wanted: str) -> ShareForm:
        """With what was asked for chosen, where there is such a report."""
        form = cls(reports, initial={"expires_on": today + LASTS, "what": PLAN})
        if wanted in form.reports:
            form.initial["what"] = wanted
        return form

    @property
    def report(self) -> Report | None:
        return self.reports.get(self.cleaned_data["what"])


def _words(report: Report) -> str:
    return _("%(document)s of %(day)s (%(form)s)") % {
        "document": report.get_document_display(),
        "day": date_format(localtime(report.created_at), "DATETIME_FORMAT"),
        "form": report.get_form_display(),
    }
