"""Records entered by hand, one form for each kind."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.validators import refuse_control_characters
from delivery.domain.payloads.reading import EARLIEST
from delivery.enums import ChangeKind, DeploymentResult, Severity
from delivery.import_forms import WallTimeField
from delivery.models import Deployment, System

AHEAD = timedelta(minutes=10)


def line(label: Any, length: int, hint: Any = "", **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=length,
        required=False,
        help_text=hint,
        validators=[refuse_control_characters],
        **kwargs,
    )


class RecordForm(forms.Form):
    """`pairs`: (beginning, end) fields; `model_names`: field → column, where they differ."""

    pairs: tuple[tuple[str, str], ...] = ()
    columns: dict[str, str] = {}

    external_id = line(
        _("Id"), 200, _("As your ticket system or pipeline calls it. Empty: one is made.")
    )

    def __init__(self, *args: Any, system: System, record: Any = None, **kwargs: Any) -> None:
        self.system, self.record = system, record
        if record is not None:
            kwargs["initial"] = {
                name: getattr(record, self.columns.get(name, name))
                for name in self.base_fields
                if name != "external_id"
            }
        super().__init__(*args, **kwargs)
        if record is not None:
            del self.fields["external_id"]
        else:
            # Few know one: it comes last.
            self.order_fields([name for name in self.fields if name != "external_id"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        self._keep_moments(said)
        now = timezone.now()
        for name, value in list(said.items()):
            if isinstance(value, datetime) and value > now + AHEAD:
                self.add_error(name, _("This lies in the future. Enter when it happened."))
            elif isinstance(value, datetime) and value < EARLIEST:
                self.add_error(name, _("This lies before the year 2000. Check the year."))
        for first, then in self.pairs:
            begin, end = said.get(first), said.get(then)
            if begin and end and begin > end:
                self.add_error(then, _("This lies before “%s”.") % self.fields[first].label)
        return said

    def _keep_moments(self, said: dict[str, Any]) -> None:
        """A field shows no seconds, and not which of the two half past twos of the night when the
        clocks go back: who changes something else must not move the moment.
        """
        for name in self.fields if self.record is not None else ():
            before, value, field = self.initial.get(name), said.get(name), self.fields[name]
            if before and value and isinstance(field, WallTimeField):
                is_as_shown = field.prepare_value(before) == field.prepare_value(value)
                said[name] = before if is_as_shown else value


class DeploymentForm(RecordForm):
    pairs = (("committed_at", "deployed_at"),)

    deployed_at = WallTimeField(label=_("Deployed at"))
    result = forms.ChoiceField(label=_("Result"), choices=DeploymentResult.choices)
    version = line(_("Version"), 200)
    environment = line(_("Environment"), 60, _("Empty: production."))
    is_production = forms.BooleanField(label=_("It is production"), required=False, initial=True)
    committed_at = WallTimeField(label=_("First commit"), required=False)
    is_rework = forms.BooleanField(
        label=_("Unplanned: made only to repair what users noticed"), required=False
    )
    url = forms.URLField(label=_("Address"), max_length=500, required=False, assume_scheme="https")

    def __init__(self, *args: Any, system: System, **kwargs: Any) -> None:
        super().__init__(*args, system=system, **kwargs)
        if system.is_vendor_managed:
            self.fields["committed_at"].label = _("Ticket opened")
            self.fields["committed_at"].help_text = _(
                "The vendor deploys this system: its lead time runs from the change ticket."
            )


class IncidentForm(RecordForm):
    pairs = (("opened_at", "resolved_at"),)
    columns = {"deployment": "deployment_external_id"}

    title = line(
        _("Title"), 300, _("What users noticed. No patient data: everyone here can read it.")
    )
    opened_at = WallTimeField(label=_("Began"))
    resolved_at = WallTimeField(label=_("Users could work again"), required=False)
    severity = forms.ChoiceField(
        label=_("Severity"), choices=Severity.choices, initial=Severity.MEDIUM
    )
    deployment = forms.ChoiceField(
        label=_("Perhaps caused by"),
        required=False,
        help_text=_("It counts as a failed deployment once a person has confirmed the cause."),
    )
    url = forms.URLField(label=_("Address"), max_length=500, required=False, assume_scheme="https")

    def __init__(self, *args: Any, system: System, **kwargs: Any) -> None:
        super().__init__(*args, system=system, **kwargs)
        _offer_deployments(self, system, _("No deployment"))


class ChangeForm(RecordForm):
    pairs = (("opened_at", "deployed_at"),)
    columns = {"deployment": "deployment_external_id"}

    ticket = line(_("Ticket"), 200)
    deployed_at = WallTimeField(label=_("In production since"))
    kind = forms.ChoiceField(label=_("Kind"), choices=ChangeKind.choices, initial=ChangeKind.NORMAL)
    author = line(_("Author"), 200)
    approver = line(_("Approver"), 200, _("Someone other than the author."))
    approved_at = WallTimeField(label=_("Approved at"), required=False)
    opened_at = WallTimeField(label=_("Ticket opened"), required=False)
    test_evidence = line(_("Test evidence"), 500, _("Where the results can be seen."))
    deployment = forms.ChoiceField(label=_("Deployed with"), required=False)

    def __init__(self, *args: Any, system: System, **kwargs: Any) -> None:
        super().__init__(*args, system=system, **kwargs)
        _offer_deployments(self, system, _("Not recorded"))


class VulnerabilityForm(RecordForm):
    pairs = (("found_at", "fixed_at"), ("found_at", "dismissed_at"))

    title = line(_("Title"), 300, _("Such as its CVE number and the part concerned."))
    severity = forms.ChoiceField(
        label=_("Severity"), choices=Severity.choices, initial=Severity.HIGH
    )
    found_at = WallTimeField(label=_("Found"))
    fixed_at = WallTimeField(label=_("Fixed in production"), required=False)
    dismissed_at = WallTimeField(
        label=_("Dismissed"),
        required=False,
        help_text=_("A false alarm, or a risk that somebody signed for."),
    )
    dismissed_because = line(_("Why dismissed"), 300)

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("dismissed_at") and not said.get("dismissed_because"):
            self.add_error("dismissed_because", _("Say why it was dismissed."))
        return said


class CoverageForm(RecordForm):
    measured_at = WallTimeField(label=_("Measured at"))
    lines_covered = forms.IntegerField(label=_("Lines covered"), min_value=0, max_value=10**12)
    lines_total = forms.IntegerField(label=_("Lines in all"), min_value=1, max_value=10**12)
    tool = line(_("Tool"), 40)

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        covered, total = said.get("lines_covered"), said.get("lines_total")
        if covered is not None and total is not None and covered > total:
            self.add_error("lines_covered", _("More lines are covered than there are."))
        return said


def _offer_deployments(form: RecordForm, system: System, empty: Any) -> None:
    """The newest deployments, and the one that is named already."""
    newest = Deployment.objects.filter(system=system).order_by("-deployed_at", "-pk")[:100]
    choices = [
        (
            each.external_id,
            f"{timezone.localtime(each.deployed_at):%Y-%m-%d %H:%M} · "
            f"{each.version or each.external_id}",
        )
        for each in newest
    ]
    named = form.record.deployment_external_id if form.record is not None else ""
    if named and named not in dict(choices):
        choices.append((named, named))
    form.fields["deployment"].choices = [("", empty), *choices]  # type: ignore[attr-defined]


FORMS: dict[str, type[RecordForm]] = {
    "deployment": DeploymentForm,
    "incident": IncidentForm,
    "change": ChangeForm,
    "vulnerability": VulnerabilityForm,
    "coverage": CoverageForm,
}
TITLES = {
    "deployment": (_("Enter a deployment"), _("Change a deployment")),
    "incident": (_("Enter an incident"), _("Change an incident")),
    "change": (_("Enter a change"), _("Change a change record")),
    "vulnerability": (_("Enter a vulnerability"), _("Change a vulnerability")),
    "coverage": (_("Enter a coverage reading"), _("Change a coverage reading")),
}
