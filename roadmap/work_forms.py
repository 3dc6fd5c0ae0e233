"""What people report on an initiative, remark on it and attach to it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.tenancy import Access
from roadmap.domain.tracking.moves import KEEP, Hurdle, Report
from roadmap.enums import InitiativeStatus
from roadmap.forms import DateInput
from roadmap.gate_forms import ProofForm
from roadmap.models import PlannedInitiative
from roadmap.services.work.people import People, may_hand_over

DATES = ("started_on", "finished_on", "expected_on")


class PersonField(forms.TypedChoiceField):
    """A member, by number; nobody when left empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, coerce=int, empty_value=None, **kwargs)

    def offer(self, people: Iterable[User], nobody: Any) -> None:
        self.choices = [("", nobody), *((str(person.pk), str(person)) for person in people)]


def day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=DateInput(attrs={"class": "wm-input"}),
        input_formats=["%Y-%m-%d"],
        error_messages={
            "invalid": gettext_lazy("Write the date as year-month-day, as in 2027-06-30.")
        },
    )


def amount(label: Any) -> forms.FloatField:
    """A number of person-days, also with a decimal comma."""
    widget = forms.TextInput(attrs={"class": "wm-input wm-input--short", "inputmode": "decimal"})
    return DaysField(label=label, required=False, widget=widget)


class DaysField(forms.FloatField):
    def to_python(self, value: Any) -> float | None:
        if isinstance(value, str):
            value = value.replace(",", ".").strip()
        return super().to_python(value)


class ReportForm(forms.Form):
    """One report. What is not sent along stays as it is, so a button alone can send its part."""

    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        choices=InitiativeStatus.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    percent = forms.IntegerField(
        label=gettext_lazy("Percent done"),
        required=False,
        widget=forms.TextInput(attrs={"class": "wm-input wm-input--short", "inputmode": "numeric"}),
        error_messages={"invalid": gettext_lazy("Give a whole number from 0 to 100.")},
    )
    spent_days = amount(gettext_lazy("Spent since the last report"))
    remaining_days = amount(gettext_lazy("Still to do"))
    expected_on = day(gettext_lazy("Expected finish"))
    started_on = day(gettext_lazy("Started on"))
    finished_on = day(gettext_lazy("Finished on"))
    owner = PersonField(label=gettext_lazy("Owner"))
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "wm-input"}),
        help_text=gettext_lazy("What happened, where the proof is. No patient data."),
    )
    # From “My work”, where the note is not shown: an empty one changes nothing.
    remark = forms.CharField(required=False, strip=False)
    blocked_because = forms.CharField(
        label=gettext_lazy("What is in the way?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "wm-input"}),
    )
    waits_for = PersonField(label=gettext_lazy("Who can help it on?"))
    reason_gate = forms.CharField(required=False)
    reason_predecessor = forms.CharField(required=False)
    reason_limit = forms.CharField(required=False)
    reason_back = forms.CharField(required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        access: Access,
        initiative: PlannedInitiative,
        people: People,
        version: int | None = None,
    ) -> None:
        """`version`: of the newer report that the person has been shown."""
        self.access, self.initiative, self.people = access, initiative, people
        sent = _without_nul(data)
        self.sent = frozenset(sent)
        shown = {**self._as_it_stands(), **sent}
        if version is not None:
            shown["version"] = str(version)
        super().__init__(shown if data is not None else None, initial=self._as_it_stands())
        self.fields["owner"].offer(self._may_own(), _("Nobody"))
        self.fields["waits_for"].offer(people.members, _("Nobody in particular"))

    def _as_it_stands(self) -> dict[str, str]:
        """As the fields are sent, so that what a button leaves out is shown as it is."""
        found = self.initiative
        owner = found.owner_id if self.people.may_work(found.owner_id) else None
        waits_for = found.waits_for_id if self.people.is_member(found.waits_for_id) else None
        remaining = "" if found.remaining_days is None else f"{found.remaining_days:g}"
        return {
            "status": found.status,
            "percent": str(found.percent),
            "remaining_days": remaining,
            **{name: _iso(getattr(found, name)) for name in DATES},
            "owner": str(owner or ""),
            "note": found.note,
            "blocked_because": found.blocked_because,
            "waits_for": str(waits_for or ""),
            "version": str(found.version),
        }

    def _may_own(self) -> list[User]:
        """Editors give work to anybody; others take what is nobody's, or give their own back."""
        if self.access.can_edit:
            return self.people.workers
        kept = {self.initiative.owner_id}
        if not self.people.may_work(self.initiative.owner_id):
            kept = {self.access.user.pk}
        return [person for person in self.people.workers if person.pk in kept]

    def clean_owner(self) -> int | None:
        owner: int | None = self.cleaned_data["owner"]
        if not may_hand_over(self.access, self.people, self.initiative.owner_id, owner):
            raise forms.ValidationError(_("It is someone else’s. An editor can give it on."))
        return owner

    def clean_spent_days(self) -> float | None:
        return self._finite("spent_days")

    def clean_remaining_days(self) -> float | None:
        return self._finite("remaining_days")

    def _finite(self, name: str) -> float | None:
        value: float | None = self.cleaned_data[name]
        if value is not None and not math.isfinite(value):
            raise forms.ValidationError(_("Give person-days from 0 to 10,000."))
        return value

    def report(self) -> Report:
        data = self.cleaned_data

        def sent(name: str, otherwise: Any) -> Any:
            return data[name] if name in self.sent else otherwise

        return Report(
            status=sent("status", None) or None,
            started_on=sent("started_on", KEEP),
            finished_on=sent("finished_on", KEEP),
            percent=self._percent(),
            remaining_days=sent("remaining_days", KEEP),
            spent_days=sent("spent_days", None),
            expected_on=sent("expected_on", KEEP),
            note=sent("note", None) or data["remark"].strip() or sent("note", None),
            blocked_because=sent("blocked_because", None),
            waits_for=self._person("waits_for", self.people.is_member),
            owner=self._person("owner", self.people.may_work),
        )

    def _percent(self) -> int | None:
        """What the form showed before a change of status is no report on the status after it."""
        percent: int | None = self.cleaned_data["percent"] if "percent" in self.sent else None
        status = self.cleaned_data.get("status") or self.initiative.status
        is_as_before = percent == self.initiative.percent
        return None if is_as_before and status != self.initiative.status else percent

    def _person(self, name: str, is_there: Any) -> Any:
        if name not in self.sent:
            return KEEP
        chosen, before = self.cleaned_data[name], getattr(self.initiative, f"{name}_id")
        # Who has left is shown as nobody; leaving it so is no decision.
        if chosen is None and before is not None and not is_there(before):
            return KEEP
        return self.people.by_pk.get(chosen) if chosen is not None else None

    def reasons(self) -> dict[str, str]:
        return {hurdle.value: self.cleaned_data[f"reason_{hurdle.value}"] for hurdle in Hurdle}


class PieceForm(ProofForm):
    """A link or a file that shows an initiative is done."""

    name = "piece"


def _without_nul(data: Mapping[str, Any] | None) -> dict[str, str]:
    known = data.dict() if isinstance(data, QueryDict) else dict(data or {})
    return {name: str(value).replace("\x00", "") for name, value in known.items()}


def _iso(value: Any) -> str:
    return value.isoformat() if value else ""
