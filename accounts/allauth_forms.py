"""allauth's forms with our wording; chosen in settings.ACCOUNT_FORMS.

Labels stand above the fields, so placeholders that repeat them are taken away.
"""

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.utils.translation import gettext_lazy as _

PASSWORD_HINT = _("At least 10 characters, none that are easily guessed. A sentence is good.")


class PlainFields(forms.Form):
    """Takes placeholders away and says once, in words, what a password needs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in ("login", "email"):
                field.label = _("E-mail address")
            elif name == "password1":
                field.help_text = PASSWORD_HINT
            elif name == "password2":
                field.label = _("Password once more")


class LoginForm(PlainFields, allauth_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        self.fields["remember"].label = _("Keep me signed in on this device")


class SignupForm(PlainFields, allauth_forms.SignupForm):
    pass


class AddEmailForm(PlainFields, allauth_forms.AddEmailForm):
    pass


class ChangePasswordForm(PlainFields, allauth_forms.ChangePasswordForm):
    pass


class SetPasswordForm(PlainFields, allauth_forms.SetPasswordForm):
    pass


class ResetPasswordForm(PlainFields, allauth_forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(PlainFields, allauth_forms.ResetPasswordKeyForm):
    pass
