from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import Invitation, Membership, Organization, User
from accounts.models.people import normalized_email
from accounts.time_zones import time_zone_choices
from accounts.validators import NAME_VALIDATORS


class SignupForm(forms.Form):
    """What sign-up asks beside allauth's e-mail address and password."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        help_text=_("As your colleagues know you. They see it beside what you do."),
        validators=NAME_VALIDATORS,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("name", "email", "password1", "password2")

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("name", "language")
        labels = {"name": _("Your name"), "language": _("Language")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["name"].validators += NAME_VALIDATORS
        _offer_languages(self, empty=_("As my organization"))


class OrganizationForm(forms.ModelForm):
    class Meta:
        model = Organization
        fields = ("name", "kind", "time_zone", "language", "advises")
        labels = {
            "name": _("Name of the organization"),
            "kind": _("Kind of organization"),
            "advises": _("This organization advises others on Waymark"),
        }
        help_texts = {
            "advises": _("It gets a desk for its clients, and may ask them for access."),
            "kind": _("It decides which questions and duties are likely to matter to you."),
            "time_zone": _("Dates and times are shown for this place."),
        }
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "organization"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].validators += NAME_VALIDATORS
        self.fields["kind"].choices = [
            ("", _("Choose one")),
            *self.fields["kind"].choices[1:],
        ]
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone"),
            choices=time_zone_choices,
            help_text=self.fields["time_zone"].help_text,
            initial=self.fields["time_zone"].initial,
        )
        if self.instance.pk is None:
            # app.js chooses the browser's zone as long as nobody chose another.
            self.fields["time_zone"].widget.attrs["data-detect-time-zone"] = ""
        _offer_languages(self)


def _offer_languages(form: forms.ModelForm, empty: object | None = None) -> None:
    """A choice of languages where there is more than one; otherwise no field."""
    if len(settings.LANGUAGES) < 2:
        del form.fields["language"]
        return
    choices = [*settings.LANGUAGES] if empty is None else [("", empty), *settings.LANGUAGES]
    form.fields["language"] = forms.ChoiceField(
        label=_("Language"), choices=choices, required=empty is None
    )


def role_choices() -> list[tuple[str, str]]:
    """Each role with what it means, so that nobody has to look it up."""
    return [
        (role.value, format_html("<strong>{}</strong> {}", role.label, role.summary))
        for role in Role
    ]


class RoleForm(forms.ModelForm):
    role = forms.ChoiceField(label=_("Role"), choices=role_choices, widget=forms.RadioSelect)

    class Meta:
        model = Membership
        fields = ("role",)


class InvitationForm(forms.ModelForm):
    role = forms.ChoiceField(
        label=_("Role"), choices=role_choices, widget=forms.RadioSelect, initial=Role.CONTRIBUTOR
    )

    class Meta:
        model = Invitation
        fields = ("email", "role")
        labels = {"email": _("E-mail address")}
        help_texts = {"email": _("We send a link that is good for 14 days.")}
        widgets = {"email": forms.EmailInput(attrs={"autocomplete": "off"})}

    def clean_email(self) -> str:
        return normalized_email(self.cleaned_data["email"])
