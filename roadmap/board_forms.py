"""What people send from the board and the table of a roadmap."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roadmap.domain.constraints.stated import MAX_WIP
from roadmap.enums import InitiativeStatus
from roadmap.forms import DateInput
from roadmap.pages.board_view import LimitRow
from roadmap.pages.work_items import NOBODY, Known

KINDS = ("gate", "predecessor", "limit", "back")
REASON_LIMIT = 2_000
FIRST, LAST, UP, DOWN, BEFORE, AFTER = "first", "last", "up", "down", "before", "after"
PLACES = (
    (FIRST, gettext_lazy("At the top")),
    (LAST, gettext_lazy("At the bottom")),
    (UP, gettext_lazy("One up")),
    (DOWN, gettext_lazy("One down")),
    (BEFORE, gettext_lazy("Before the card named here")),
    (AFTER, gettext_lazy("After the card named here")),
)


class MoveForm(forms.Form):
    """A card, where it goes, and the `version` of it the person saw."""

    initiative = forms.CharField(max_length=40)
    status = forms.ChoiceField(choices=InitiativeStatus.choices)
    where = forms.ChoiceField(choices=PLACES, required=False)
    beside = forms.CharField(max_length=300, required=False)
    version = forms.IntegerField(min_value=0)
    reason_gate = forms.CharField(max_length=REASON_LIMIT, required=False)
    reason_predecessor = forms.CharField(max_length=REASON_LIMIT, required=False)
    reason_limit = forms.CharField(max_length=REASON_LIMIT, required=False)
    reason_back = forms.CharField(max_length=REASON_LIMIT, required=False)
    note = forms.CharField(max_length=REASON_LIMIT, required=False)

    def clean_beside(self) -> str:
        """A card by its number; what the list of suggestions adds to it is not read."""
        words = str(self.cleaned_data["beside"]).split()
        return words[0] if words else ""

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("where") in (BEFORE, AFTER) and not found.get("beside"):
            self.add_error("beside", _("Name the card it goes before or after, by its number."))
        return found

    @property
    def reasons(self) -> dict[str, str]:
        found = {kind: self.cleaned_data.get(f"reason_{kind}", "") for kind in KINDS}
        return {kind: text for kind, text in found.items() if text}


class LimitsForm(forms.Form):
    """One number for each limit there may be; empty for none."""

    def __init__(self, rows: tuple[LimitRow, ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            self.fields[row.key] = forms.IntegerField(
                label=row.title or _("In progress at once, altogether"),
                required=False,
                min_value=1,
                max_value=MAX_WIP,
                initial=row.count.limit,
                widget=forms.NumberInput(attrs={"class": "form-control wm-input--short"}),
                error_messages={
                    "invalid": _("Give a whole number, or leave it empty for no limit."),
                    "min_value": _("Give 1 or more, or leave it empty for no limit."),
                },
            )

    @property
    def limits(self) -> dict[str, int]:
        return {key: number for key, number in self.cleaned_data.items() if number}


class ChangeForm(forms.Form):
    """What changes for all rows ticked; what is left alone stays as it is in each."""

    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False)
    owner = forms.ChoiceField(label=gettext_lazy("Owner"), required=False)
    expected_on = forms.DateField(
        label=gettext_lazy("Expected finish"), required=False, widget=DateInput
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, known: Known, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep = ("", _("Leave as it is"))
        people = [(str(pk), name) for pk, name in known.owners.items()]
        self._choices("status", [keep, *InitiativeStatus.choices])
        self._choices("owner", [keep, (NOBODY, _("Nobody")), *people])

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(found.get(n) for n in ("status", "owner", "expected_on")):
            raise forms.ValidationError(_("Choose what to change: status, owner or finish."))
        return found
