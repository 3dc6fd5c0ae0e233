"""What people say about a system that is watched."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from delivery.domain.metrics import METRICS, SEVERITIES, UNITS
from delivery.enums import Severity
from delivery.models import System
from delivery.pages.definitions import DEFINITIONS

MOST = 1_000_000_000
LONGEST_LIMIT = 3650
AIMS = (
    ("baseline", _("Baseline")),
    ("from", _("from")),
    ("until", _("until")),
    ("target", _("Target")),
)
TIERS = [
    ("", _("Not said")),
    ("1", _("1 – care stops within minutes")),
    ("2", _("2 – care suffers within a shift")),
    ("3", _("3 – administration stops within a day")),
    ("4", _("4 – everything else")),
]


class DateInput(forms.DateInput):
    """The browser's own calendar; it speaks ISO dates whatever the language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "wm-input"}, format="%Y-%m-%d")


def _number(label: Any, unit: Any) -> forms.FloatField:
    return forms.FloatField(
        label=label,
        required=False,
        min_value=0,
        max_value=MOST,
        widget=forms.NumberInput(attrs={"step": "any", "class": "wm-input wm-input--short"}),
    )


class SystemForm(forms.Form):
    """A system with its baselines, targets and limits; the rows of metrics are made of METRICS."""

    name = forms.CharField(label=_("Name"), max_length=150)
    key = forms.SlugField(
        label=_("Short name"),
        max_length=80,
        required=False,
        help_text=_(
            "How files and webhooks name it: small letters, digits and hyphens. Left empty, it is "
            "made of the name."
        ),
    )
    tier = forms.ChoiceField(label=_("Tier"), choices=TIERS, required=False)
    is_vendor_managed = forms.BooleanField(
        label=_("The vendor deploys it"),
        required=False,
        help_text=_(
            "Then nobody here sees its commits: lead times run from the opening of the change "
            "ticket, and the page says so."
        ),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For your colleagues. No patient data."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for metric in METRICS:
            definition = DEFINITIONS[metric]
            title, unit = definition.title, definition.unit
            values = {"title": title, "unit": unit}
            self.fields[f"{metric}-baseline"] = _number(
                _("%(title)s: baseline (%(unit)s)") % values, unit
            )
            for name, label in (("from", _("%(title)s: from")), ("until", _("%(title)s: until"))):
                self.fields[f"{metric}-{name}"] = forms.DateField(
                    label=label % values, required=False, widget=DateInput()
                )
            self.fields[f"{metric}-target"] = _number(
                _("%(title)s: target (%(unit)s)") % values, unit
            )
        for severity in SEVERITIES:
            self.fields[f"limit-{severity}"] = forms.IntegerField(
                label=Severity(severity).label,
                required=False,
                min_value=1,
                max_value=LONGEST_LIMIT,
                widget=forms.NumberInput(attrs={"class": "wm-input wm-input--short"}),
            )

    @classmethod
    def initial_of(cls, system: System) -> dict[str, Any]:
        initial: dict[str, Any] = {
            "name": system.name,
            "key": system.key,
            "tier": str(system.tier or ""),
            "is_vendor_managed": system.is_vendor_managed,
            "note": system.note,
        }
        for metric in METRICS:
            baseline = system.baselines.get(metric) or {}
            initial[f"{metric}-baseline"] = baseline.get("value")
            for name in ("from", "until"):
                if baseline.get(name):
                    initial[f"{metric}-{name}"] = date.fromisoformat(baseline[name])
            initial[f"{metric}-target"] = system.targets.get(metric)
        for severity in SEVERITIES:
            initial[f"limit-{severity}"] = system.fix_limits.get(severity)
        return initial

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for metric in METRICS:
            self._check(cleaned, metric)
        return cleaned

    def _check(self, cleaned: dict[str, Any], metric: str) -> None:
        value = cleaned.get(f"{metric}-baseline")
        first, last = cleaned.get(f"{metric}-from"), cleaned.get(f"{metric}-until")
        if (first is None) != (last is None):
            missing = "until" if last is None else "from"
            if f"{metric}-{missing}" not in self.errors:
                self.add_error(f"{metric}-{missing}", _("Give both days of the baseline or none."))
        elif first and last and last < first:
            self.add_error(f"{metric}-until", _("The last day lies before the first one."))
        if first and last and value is None and f"{metric}-baseline" not in self.errors:
            self.add_error(f"{metric}-baseline", _("Give the value that held in those days."))
        for name in ("baseline", "target"):
            given = cleaned.get(f"{metric}-{name}")
            if UNITS[metric] == "percent" and given is not None and given > 100:
                self.add_error(f"{metric}-{name}", _("A percentage is 100 at most."))

    @property
    def metric_rows(self) -> list[dict[str, Any]]:
        """The fields of each metric, for the table of the page."""
        return [
            {
                "definition": DEFINITIONS[metric],
                "fields": [(label, self[f"{metric}-{name}"]) for name, label in AIMS],
            }
            for metric in METRICS
        ]

    @property
    def limit_fields(self) -> list[Any]:
        return [self[f"limit-{severity}"] for severity in SEVERITIES]

    @property
    def own_fields(self) -> list[Any]:
        return [self[name] for name in ("name", "key", "tier", "is_vendor_managed", "note")]

    def values(self, before: System | None = None) -> dict[str, Any]:
        """What `system_create` and `system_update` take."""
        cleaned = self.cleaned_data
        return {
            "name": cleaned["name"].strip(),
            "key": cleaned["key"] or (before.key if before else ""),
            "tier": int(cleaned["tier"]) if cleaned["tier"] else None,
            "is_vendor_managed": cleaned["is_vendor_managed"],
            "note": cleaned["note"],
            "baselines": {m: b for m in METRICS if (b := self._baseline(m, before)) is not None},
            "targets": {
                metric: value
                for metric in METRICS
                if (value := cleaned[f"{metric}-target"]) is not None
            },
            "fix_limits": {
                severity: value
                for severity in SEVERITIES
                if (value := cleaned[f"limit-{severity}"]) is not None
            },
        }

    def _baseline(self, metric: str, before: System | None) -> dict[str, Any] | None:
        value = self.cleaned_data[f"{metric}-baseline"]
        if value is None:
            return None
        known = (before.baselines.get(metric) or {}) if before else {}
        days = {
            name: day.isoformat() if (day := self.cleaned_data[f"{metric}-{name}"]) else ""
            for name in ("from", "until")
        }
        return {"value": value, **days, "note": known.get("note", "")}
