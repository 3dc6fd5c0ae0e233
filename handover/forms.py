"""What the organization that takes an archive shall be called."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from accounts.validators import NAME_VALIDATORS


class ArrivalForm(forms.Form):
    name = forms.CharField(
        label=_("What it is called here"),
        max_length=Organization._meta.get_field("name").max_length,
        validators=NAME_VALIDATORS,
        error_messages={"required": _("Give the organization a name.")},
    )
