"""What people type when they change a plan by hand.

Each form says with `detail()` what the change is, in the plain values that are stored with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guide.model import Guide
from roadmap.forms import FIRST_START, LAST_START, DateInput
from roadmap.pages.plan_items import PlanItem

REASON_LIMIT, NAMES_LIMIT, NAME_LIMIT = 300, 20, 80
MOST_DAYS, MOST_WEEKS = 5_000, 260
SYSTEMS_LIMIT = 40


class ChangeForm(forms.Form):
    def detail(self) -> dict[str, Any]:
        return {}


class DayForm(ChangeForm):
    """For a pin and for “not before”."""

    day = forms.DateField(label=_("Day"), widget=DateInput)

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not FIRST_START <= day <= LAST_START:
            raise forms.ValidationError(_("Give a date between 2000 and 2099."))
        return day

    def detail(self) -> dict[str, Any]:
        return {"day": self.cleaned_data["day"].isoformat()}


class ReasonForm(ChangeForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LIMIT,
        error_messages={"required": _("Give the reason in a few words: others will ask.")},
    )

    def detail(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"]}


class EffortForm(ChangeForm):
    """Person-days of the organization itself, in three values; its size is counted in already."""

    low = forms.FloatField(label=_("At least"), min_value=0, max_value=MOST_DAYS)
    likely = forms.FloatField(label=_("Likely"), min_value=0, max_value=MOST_DAYS)
    high = forms.FloatField(label=_("At most"), min_value=0, max_value=MOST_DAYS)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        low, likely, high = (values.get(name) for name in ("low", "likely", "high"))
        if low is not None and likely is not None and low > likely:
            self.add_error("likely", _("This is less than the least."))
        if likely is not None and high is not None and likely > high:
            self.add_error("high", _("This is less than what is likely."))
        if high == 0:
            self.add_error("high", _("Work takes some time: give more than 0."))
        return values

    def detail(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("low", "likely", "high")}


class PeopleForm(ChangeForm):
    names = forms.CharField(
        label=_("Who does it"),
        required=False,
        max_length=NAMES_LIMIT * (NAME_LIMIT + 2),
        help_text=_("Names, separated by commas. They are for reading; the plan counts roles."),
    )

    def clean_names(self) -> list[str]:
        names = [" ".join(name.split()) for name in self.cleaned_data["names"].split(",")]
        found = list(dict.fromkeys(name for name in names if name))
        if len(found) > NAMES_LIMIT:
            raise forms.ValidationError(_now("At most %(n)s names fit here.") % {"n": NAMES_LIMIT})
        if any(len(name) > NAME_LIMIT for name in found):
            raise forms.ValidationError(
                _now("A name here has at most %(n)s characters.") % {"n": NAME_LIMIT}
            )
        return found

    def detail(self) -> dict[str, Any]:
        return {"names": self.cleaned_data["names"]}


CHANGE_FORMS: Mapping[str, type[ChangeForm]] = {
    "pin": DayForm,
    "unpin": ChangeForm,
    "earliest": DayForm,
    "unearliest": ChangeForm,
    "exclude": ReasonForm,
    "include": ChangeForm,
    "keep": ReasonForm,
    "unkeep": ChangeForm,
    "effort": EffortForm,
    "uneffort": ChangeForm,
    "people": PeopleForm,
    "own_remove": ChangeForm,
    "wave_remove": ChangeForm,
}


class WaveForm(ChangeForm):
    """`systems`: those of the assessment's table that are left."""

    systems = forms.MultipleChoiceField(
        label=_("Systems of this wave"), required=False, widget=forms.CheckboxSelectMultiple
    )
    others = forms.CharField(
        label=_("Further systems"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One on each line, for what is not in the systems table."),
    )

    def __init__(self, *args: Any, known: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        systems = self.fields["systems"]
        systems.choices = [(name, name) for name in known]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        typed = [line.strip() for line in values.get("others", "").splitlines()]
        found = list(dict.fromkeys([*values.get("systems", []), *filter(None, typed)]))
        if not found and not self.errors:
            self.add_error("systems", _("Choose at least one system, or name one below."))
        if len(found) > SYSTEMS_LIMIT:
            self.add_error(
                "others",
                _now("At most %(n)s systems fit into one wave; make another one for the rest.")
                % {"n": SYSTEMS_LIMIT},
            )
        if any(len(name) > 150 for name in found):
            self.add_error("others", _("A name here has at most 150 characters."))
        values["all"] = found
        return values

    def detail(self) -> dict[str, Any]:
        return {"systems": self.cleaned_data["all"]}


class OwnForm(EffortForm):
    """Work that the guide does not know. A share for each role stands in `role-<id>`."""

    field_order = ("title", "what", "phase", "step", "low", "likely", "high")
    has_no_role = False

    title = forms.CharField(label=_("Name"), max_length=150)
    what = forms.CharField(
        label=_("What is done"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    phase = forms.ChoiceField(label=_("Phase"))
    step = forms.ChoiceField(label=_("Step it belongs to"))
    needs = forms.MultipleChoiceField(label=_("It waits for"), required=False)
    waits_weeks = forms.FloatField(
        label=_("Weeks of waiting"),
        required=False,
        min_value=0,
        max_value=MOST_WEEKS,
        help_text=_("Time that passes however many help, such as a delivery."),
    )
    go_live = forms.BooleanField(
        label=_("It ends with a change to production"),
        required=False,
        help_text=_("Then its last days stay out of freezes."),
    )

    def __init__(
        self, *args: Any, guide: Guide, items: Iterable[PlanItem], own: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.guide = guide
        choices = {
            "phase": [(phase.id, phase.title) for phase in guide.phases],
            "step": [(step.id, f"{step.number}. {step.title}") for step in guide.steps],
            "needs": [(item.id, f"{item.id} {item.title}") for item in items if item.id != own],
        }
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]
        for role in guide.roles:
            self.fields[f"role-{role.id}"] = forms.FloatField(
                label=role.title, required=False, min_value=0, max_value=100
            )

    @classmethod
    def values_of(cls, own: Mapping[str, Any]) -> dict[str, Any]:
        """The initial values for an own initiative as it is stored."""
        plain = ("title", "what", "phase", "step", "needs", "waits_weeks", "go_live")
        values = {name: own.get(name) for name in plain}
        values |= own.get("effort", {})
        return values | {f"role-{role}": share for role, share in own.get("roles", {}).items()}

    @property
    def role_fields(self) -> list[forms.BoundField]:
        return [self[f"role-{role.id}"] for role in self.guide.roles]

    def shares(self) -> dict[str, float]:
        found = {role.id: self.cleaned_data.get(f"role-{role.id}") for role in self.guide.roles}
        return {role: share for role, share in found.items() if share}

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if not self.shares() and not any(name.startswith("role-") for name in self.errors):
            self.has_no_role = True
            self.add_error(None, _("Say who does it: give at least one role a share."))
        return values

    def detail(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {
            "title": values["title"],
            "what": values["what"],
            "phase": values["phase"],
            "step": values["step"],
            "roles": self.shares(),
            "effort": super().detail(),
            "needs": values["needs"],
            "waits_weeks": values["waits_weeks"] or 0,
            "go_live": values["go_live"],
        }
