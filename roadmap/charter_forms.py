from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from delivery.models import System
from roadmap.domain.pilot.charter import METRICS, Charter, Criterion, TeamMember
from roadmap.forms import DateInput

LONG, SHORT = 4000, 300
MOST_ROWS = 20
METRIC_CHOICES = [
    ("", _("Choose …")),
    ("DF", _("Deployment frequency, per four weeks (speed)")),
    ("LT", _("Lead time for changes, hours (speed)")),
    ("CFR", _("Change failure rate, % (stability)")),
    ("MTTR", _("Time to recovery, minutes (stability)")),
    ("COV", _("Automated test coverage, % (stability)")),
    ("SVRT", _("Vulnerability resolution time, days (security)")),
    ("ATC", _("Audit trail completeness, % (compliance)")),
    ("OWN", _("A measure of the clinic or your own")),
]


def _long(label: Any, hint: Any, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class CharterForm(forms.Form):
    why = _long(_("Why this pilot"), _("What speaks for it, in a sentence a board member reads."))
    scope = _long(
        _("Scope"), _("What belongs to it: system, users, sites, work, money and time it may take.")
    )
    outside = _long(_("Outside the scope"), _("What stays out, so that nobody expects it."))
    stop_rules = _long(
        _("Stop rules"),
        _("One in a line. When one comes true, the named people stop the pilot."),
        5,
    )
    rollback = _long(
        _("Rollback plan"),
        _("The way back, who decides, how long it may take, and how users carry on meanwhile."),
        4,
    )
    system = forms.ModelChoiceField(
        label=_("Measured system"),
        queryset=System.objects.none(),
        required=False,
        empty_label=_("None yet"),
        help_text=_("Its measured values are held against the numbers below."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, systems: QuerySet[System], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["system"]
        field.queryset = systems

    @classmethod
    def of(
        cls, charter: Charter, version: int, system: int | None, systems: QuerySet[System]
    ) -> CharterForm:
        return cls(
            systems=systems,
            initial={
                "system": system,
                "why": charter.why,
                "scope": charter.scope,
                "outside": charter.outside,
                "stop_rules": "\n".join(charter.stop_rules),
                "rollback": charter.rollback,
                "version": version,
            },
        )


class CriterionForm(forms.Form):
    metric = forms.ChoiceField(label=_("Metric"), choices=METRIC_CHOICES, required=False)
    text = forms.CharField(label=_("What exactly"), max_length=SHORT, required=False)
    baseline = forms.CharField(label=_("Baseline"), max_length=80, required=False)
    target = forms.CharField(label=_("Target"), max_length=80, required=False)
    aim = forms.FloatField(label=_("As a number"), min_value=0, max_value=1_000_000, required=False)
    by = forms.DateField(label=_("By"), widget=DateInput, required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        said = any(data.get(part) for part in ("text", "baseline", "target", "by"))
        if said and not data.get("metric"):
            self.add_error("metric", _("Choose the metric of this row."))
        if said and data.get("metric") == "OWN" and not data.get("text"):
            self.add_error("text", _("Say what is measured."))
        return data


class TeamMemberForm(forms.Form):
    role = forms.CharField(label=_("Role"), max_length=120, required=False)
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    hours = forms.CharField(label=_("Hours a week"), max_length=40, required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if (data.get("name") or data.get("hours")) and not data.get("role"):
            self.add_error("role", _("Say what this person does in the pilot."))
        return data


CriterionFormSet = forms.formset_factory(CriterionForm, extra=1, max_num=MOST_ROWS)
TeamFormSet = forms.formset_factory(TeamMemberForm, extra=2, max_num=MOST_ROWS)


def charter_of(name: str, form: CharterForm, criteria: Any, team: Any) -> Charter:
    """What was typed; rows without a word in them are left out."""
    said = form.cleaned_data
    return Charter(
        name=name,
        why=said["why"].strip(),
        scope=said["scope"].strip(),
        outside=said["outside"].strip(),
        criteria=tuple(_criterion(row) for row in criteria.cleaned_data if _is_said(row)),
        stop_rules=tuple(line.strip() for line in said["stop_rules"].splitlines() if line.strip()),
        team=tuple(
            TeamMember(row["role"], row["name"], row["hours"])
            for row in team.cleaned_data
            if row.get("role")
        ),
        rollback=said["rollback"].strip(),
    )


def _is_said(row: dict[str, Any]) -> bool:
    if row.get("metric") == "OWN":
        return any(row.get(part) for part in ("text", "baseline", "target", "by"))
    return row.get("metric") in METRICS


def _criterion(row: dict[str, Any]) -> Criterion:
    return Criterion(
        metric=row["metric"],
        text=row["text"],
        baseline=row["baseline"],
        target=row["target"],
        by=row["by"].isoformat() if row["by"] else "",
        aim=row["aim"] if row["metric"] != "OWN" else None,
    )
