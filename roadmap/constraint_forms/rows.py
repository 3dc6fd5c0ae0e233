"""Rows that come and go: changes of staff, freezes, deadlines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from roadmap.constraint_forms.fields import AmountField, DayField, StyledForm
from roadmap.domain.constraints.stated import (
    MAX_DEADLINES,
    MAX_FREEZES,
    MAX_FTE,
    MAX_MONEY,
    MAX_REASON,
    MAX_STAFFING,
    Constraints,
    Deadline,
    Freeze,
    FreezeKind,
    Staffing,
)

Choices = Sequence[tuple[str, str]]
NO_DAY = {"required": _("Give the day.")}
JOINS, LEAVES, PARTNER = "joins", "leaves", "partner"


class RowForm(StyledForm):
    """One row; an emptied one counts for nothing."""

    span = ("start", "finish")

    @property
    def title(self) -> str:
        """What names the row when it is folded."""
        return ""

    @property
    def is_removed(self) -> bool:
        """Removed without script: it stays in the page, unseen, until the page is saved."""
        return self.is_bound and bool(self.data.get(self.add_prefix("DELETE")))

    @property
    def is_open(self) -> bool:
        """Unfolded: it is new or something in it is wrong."""
        return bool(self.errors if self.is_bound else False) or not self.said("start")

    def said(self, name: str) -> str:
        """A value as it stands in the row now."""
        value = self[name].value()
        return "" if value is None else str(value)

    def chosen(self, name: str) -> str:
        """The label of what is chosen."""
        labels = dict(self.fields[name].choices)  # type: ignore[attr-defined]
        return str(labels.get(self.said(name), self.said(name)))

    @property
    def span_said(self) -> str:
        first, last = self.said("start"), self.said("finish")
        if last:
            return _now("%(first)s to %(last)s") % {"first": first, "last": last}
        return _now("from %(first)s") % {"first": first} if first else _now("no dates yet")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get(self.span[0]), data.get(self.span[1])
        if first and last and last < first:
            message = _now("It ends (%(last)s) before it begins (%(first)s).")
            self.add_error(self.span[1], message % {"last": last, "first": first})
        return data


class StaffingForm(RowForm):
    who = forms.ChoiceField(
        label=_("What changes"),
        choices=[
            (JOINS, _("Somebody joins")),
            (LEAVES, _("Somebody leaves or is away")),
            (PARTNER, _("External partner helps")),
        ],
        initial=JOINS,
    )
    role = forms.ChoiceField(label=_("Role"), error_messages={"required": _("Choose the role.")})
    fte = AmountField(label=_("FTE"), required=True, low=0.01, high=MAX_FTE)
    start = DayField(label=_("From"), error_messages=NO_DAY)
    finish = DayField(label=_("Until (empty: for good)"), required=False)
    day_rate = AmountField(label=_("Day rate (partner)"), high=MAX_MONEY)
    reason = forms.CharField(label=_("Who or why"), required=False, max_length=MAX_REASON)

    def __init__(self, *args: Any, roles: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", _("Choose …")), *roles]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("day_rate") is not None and data.get("who") != PARTNER:
            self.add_error("day_rate", _("Only a partner has a rate of its own here."))
        return data

    @property
    def title(self) -> str:
        what = [self.said("fte"), self.chosen("role") if self.said("role") else ""]
        return " ".join(filter(None, [f"{self.chosen('who')}:", *what])).removesuffix(":")

    @property
    def detail(self) -> str:
        return ", ".join(filter(None, [self.span_said, self.said("reason")]))

    def people(self) -> Staffing:
        data = self.cleaned_data
        return Staffing(
            role=data["role"],
            fte=-data["fte"] if data["who"] == LEAVES else data["fte"],
            start=data["start"],
            finish=data["finish"],
            reason=data["reason"].strip(),
            is_partner=data["who"] == PARTNER,
            day_rate=data["day_rate"],
        )


class FreezeForm(RowForm):
    reason = forms.CharField(label=_("Reason"), required=False, max_length=MAX_REASON)
    start = DayField(label=_("First day"), error_messages=NO_DAY)
    finish = DayField(label=_("Last day"), error_messages=NO_DAY)
    kind = forms.ChoiceField(
        label=_("What it means"),
        choices=[
            (FreezeKind.GO_LIVE.value, _("No change of production")),
            (FreezeKind.REDUCED_STAFF.value, _("People have less time")),
        ],
        initial=FreezeKind.GO_LIVE.value,
    )
    capacity = AmountField(
        label=_("Time left, in % of the usual"), high=100, unit="%", initial=50.0
    )
    roles = forms.MultipleChoiceField(
        label=_("Whose time"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, roles: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = roles  # type: ignore[attr-defined]

    @property
    def title(self) -> str:
        return self.said("reason") or _now("Freeze")

    @property
    def detail(self) -> str:
        if self.said("kind") != FreezeKind.REDUCED_STAFF.value:
            return f"{self.span_said}: {self.chosen('kind').lower()}"
        left = AmountField(high=100).prepare_value(self["capacity"].value())
        whose = {"span": self.span_said, "left": left, "count": self.roles_chosen}
        if self.roles_chosen:
            return _now("%(span)s: %(left)s %% of the time of %(count)s roles") % whose
        return _now("%(span)s: %(left)s %% of everybody's time") % whose

    @property
    def roles_chosen(self) -> int:
        return len(self["roles"].value() or ())

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        reduced = data.get("kind") == FreezeKind.REDUCED_STAFF.value
        if reduced and "capacity" in data and data["capacity"] is None:
            self.add_error("capacity", _("Say how much time is left: 0 to 100 %."))
        return data

    def freeze(self) -> Freeze:
        data = self.cleaned_data
        kind = FreezeKind(data["kind"])
        reduced = kind is FreezeKind.REDUCED_STAFF
        return Freeze(
            start=data["start"],
            finish=data["finish"],
            reason=data["reason"].strip(),
            kind=kind,
            capacity=round(data["capacity"] / 100, 6) if reduced else 0.5,
            roles=tuple(data["roles"]) if reduced else (),
        )


class DeadlineForm(RowForm):
    span = ("by", "by")
    by = DayField(label=_("Finished by"), error_messages=NO_DAY)
    about = forms.ChoiceField(label=_("What"), required=False)
    reason = forms.CharField(
        label=_("Who wants it, and why"), required=False, max_length=MAX_REASON
    )

    def __init__(self, *args: Any, about: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"].choices = about  # type: ignore[attr-defined]

    @property
    def is_open(self) -> bool:
        return bool(self.errors if self.is_bound else False) or not self.said("by")

    @property
    def title(self) -> str:
        return self.chosen("about")

    @property
    def detail(self) -> str:
        by = _now("by %(day)s") % {"day": self.said("by") or "?"}
        return ", ".join(filter(None, [by, self.said("reason")]))

    def deadline(self) -> Deadline:
        data = self.cleaned_data
        return Deadline(data["by"], data["about"], data["reason"].strip())


class RowSet(forms.BaseFormSet):  # type: ignore[type-arg]
    """Every row may be emptied, also those that were there before."""

    def _construct_form(self, i: int, **kwargs: Any) -> forms.Form:
        more = {**kwargs, "empty_permitted": True}
        form: forms.Form = super()._construct_form(i, **more)  # type: ignore[misc]
        return form

    @property
    def kept_forms(self) -> list[forms.Form]:
        """Those with something in them that were not removed."""
        return [
            form
            for form in self.forms
            if form.has_changed() and not form.cleaned_data.get("DELETE")
        ]


def _rows(form: type[RowForm], most: int) -> Any:
    return forms.formset_factory(
        form,
        formset=RowSet,
        extra=0,
        can_delete=True,
        max_num=most,
        absolute_max=most + 1,
        validate_max=True,
    )


StaffingSet = _rows(StaffingForm, MAX_STAFFING)
FreezeSet = _rows(FreezeForm, MAX_FREEZES)
DeadlineSet = _rows(DeadlineForm, MAX_DEADLINES)


def staffing_initial(constraints: Constraints) -> list[dict[str, Any]]:
    return [
        {
            "who": PARTNER if people.is_partner else JOINS if people.fte > 0 else LEAVES,
            "role": people.role,
            "fte": abs(people.fte),
            "start": people.start,
            "finish": people.finish,
            "day_rate": people.day_rate,
            "reason": people.reason,
        }
        for people in constraints.staffing
    ]


def freezes_initial(freezes: Sequence[Freeze]) -> list[dict[str, Any]]:
    return [
        {
            "reason": freeze.reason,
            "start": freeze.start,
            "finish": freeze.finish,
            "kind": freeze.kind.value,
            "capacity": float(round(freeze.capacity * 100, 6)),
            "roles": list(freeze.roles),
        }
        for freeze in freezes
    ]


def deadlines_initial(deadlines: Sequence[Deadline]) -> list[dict[str, Any]]:
    return [{"by": d.by, "about": d.about, "reason": d.reason} for d in deadlines]


def not_before(rows: RowSet, start: date) -> None:
    """A deadline before the plan begins can be met by nothing."""
    for form in rows.kept_forms:
        by = form.cleaned_data.get("by")
        if by and by < start:
            message = _now("This is before the plan begins (%(start)s): nothing could meet it.")
            form.add_error("by", message % {"start": start})
