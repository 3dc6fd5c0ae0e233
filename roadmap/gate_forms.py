"""What people type at a gate."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.pages.room.evidence import ACCEPT
from roadmap.domain.tracking.approving import ApproverRole
from roadmap.enums import Verdict
from roadmap.services.gates.opening import CONFIRMATION_LIMIT, NAME_LIMIT


class NamedForm(forms.Form):
    """Several of these stand on one page, so each has ids of its own.

    `place`: where the same form stands more than once, the item it belongs to.
    """

    name = ""

    def __init__(self, *args: Any, place: str = "", **kwargs: Any) -> None:
        prefix = f"{self.name}-{place}" if place else self.name
        super().__init__(*args, **{"auto_id": f"{prefix}-%s", **kwargs})
        for field in self.fields.values():
            if not isinstance(field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
                field.widget.attrs.setdefault("class", "wm-input")


def text(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=CONFIRMATION_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ConfirmationForm(NamedForm):
    name = "confirm"
    note = text(_("What shows it"))


class ProofForm(NamedForm):
    """A link or a file, for an item of the checklist or for the gate itself."""

    name = "proof"
    url = forms.CharField(label=_("Link"), required=False)
    file = forms.FileField(
        label=_("or a file"), required=False, widget=forms.FileInput(attrs={"accept": ACCEPT})
    )
    title = forms.CharField(label=_("Title"), required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        has_url, has_file = bool(data.get("url")), bool(data.get("file"))
        if has_url == has_file and not self.errors:
            message = _("Give one of the two.") if has_url else _("Give a link or choose a file.")
            self.add_error("url", message)
        return data


class AskForm(NamedForm):
    name = "ask"
    note = text(_("What should they know?"), _("They see it with the request."), required=False)


class WithdrawForm(NamedForm):
    name = "withdraw"
    reason = text(_("Why is it taken back?"), required=False)


class RefuseForm(NamedForm):
    name = "refuse"
    reason = text(_("Why does the gate stay closed?"))


class ClosingForm(NamedForm):
    name = "close"
    reason = text(_("Why is it closed again?"))


class OpenForm(NamedForm):
    """`outside`: only where the organization has one member."""

    name = "open"
    reason = text(_("On what grounds?"), _("A sentence, and where the minutes are."))
    outside = forms.CharField(
        label=_("Who approved outside Waymark?"),
        help_text=_("Name and function. What they signed has to be attached to this gate below."),
        max_length=NAME_LIMIT,
        required=False,
    )


class SayForm(NamedForm):
    """An approver's word. `round` is the one the person saw."""

    name = "say"
    verdict = forms.ChoiceField(
        label=_("Your word"),
        choices=[
            (Verdict.APPROVE.value, _("I approve opening this gate")),
            (Verdict.REFUSE.value, _("I refuse")),
        ],
        widget=forms.RadioSelect,
    )
    roles = forms.MultipleChoiceField(label=_("You speak for"), widget=forms.CheckboxSelectMultiple)
    reason = text(
        _("Reason"), _("Needed when you refuse: what is missing or wrong?"), required=False
    )
    round = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, roles: Iterable[ApproverRole], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(role.id, role.title) for role in roles]
        self.fields["roles"].choices = choices  # type: ignore[attr-defined]
        self.fields["roles"].initial = [role_id for role_id, _title in choices]
        self.has_several = len(choices) > 1
        if not self.has_several:
            self.fields["roles"].required = False

    def clean_roles(self) -> list[str] | None:
        """None: for every role the person speaks for; a single one is not asked about."""
        return self.cleaned_data["roles"] or None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("verdict") == Verdict.REFUSE and not data.get("reason"):
            self.add_error("reason", _("Say what is missing or wrong, so that it can be mended."))
        return data


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, person: User) -> str:
        return f"{person} ({person.email})" if person.name else person.email


class ApproverForm(NamedForm):
    name = "approver"
    role = forms.ChoiceField(label=_("Role"))
    person = PersonChoice(label=_("Who speaks for it"), queryset=User.objects.none())

    def __init__(
        self, *args: Any, roles: Iterable[ApproverRole], people: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(r.id, r.title) for r in roles]  # type: ignore[attr-defined]
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
