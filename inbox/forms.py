from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from inbox.kinds import NoticeKind, all_kinds
from inbox.models import NoticeSettings
from inbox.wishes import is_mailed

MONDAY_FIRST = (
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
)


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M", attrs={"class": "wm-input--short"})


class SettingsForm(forms.ModelForm):
    """How one wants to hear; one tick for each kind of notice."""

    kinds = forms.MultipleChoiceField(
        label=_("Mailed at once"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What is not ticked stands in the inbox, and in the digest."),
    )
    digest_weekday = forms.TypedChoiceField(
        label=_("Day of the weekly digest"), choices=MONDAY_FIRST, coerce=int
    )
    is_stopped = forms.BooleanField(
        label=_("Send me no mail at all from this organization"),
        required=False,
        help_text=_("The inbox goes on. Invitations and mails about your account still come."),
    )

    class Meta:
        model = NoticeSettings
        fields = (
            "digest",
            "digest_weekday",
            "digest_at",
            "quiet_from",
            "quiet_until",
            "quiet_weekends",
        )
        labels = {
            "digest": _("Digest"),
            "digest_at": _("Time of the digest"),
            "quiet_from": _("Quiet from"),
            "quiet_until": _("Quiet until"),
            "quiet_weekends": _("Quiet on Saturdays and Sundays"),
        }
        help_texts = {
            "digest": _("One mail with what is new, due and blocked. None when nothing is."),
            "quiet_from": _("Mails wait until these hours are over. Leave both empty for none."),
        }
        widgets = {
            "digest": forms.RadioSelect,
            "digest_at": TimeInput,
            "quiet_from": TimeInput,
            "quiet_until": TimeInput,
        }

    field_order = (
        "kinds",
        "digest",
        "digest_weekday",
        "digest_at",
        "quiet_from",
        "quiet_until",
        "quiet_weekends",
        "is_stopped",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = all_kinds()
        self.fields["kinds"].choices = [  # type: ignore[attr-defined]
            (kind.id, _label(kind)) for kind in offered
        ]
        chosen = NoticeSettings(mails=self.instance.mails)
        self.initial["kinds"] = [kind.id for kind in offered if is_mailed(chosen, kind.id)]
        self.initial["is_stopped"] = self.instance.stopped_at is not None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if "quiet_from" in cleaned and "quiet_until" in cleaned:
            if (begins is None) != (ends is None):
                missing = "quiet_from" if begins is None else "quiet_until"
                self.add_error(missing, _("Give both times, or leave both empty."))
            elif begins is not None and begins == ends:
                self.add_error(
                    "quiet_until",
                    _("Both times are the same. Choose another, or leave both empty."),
                )
        return cleaned

    def save(self, commit: bool = True) -> NoticeSettings:
        chosen = set(self.cleaned_data["kinds"])
        # Kinds this page did not offer keep what was chosen for them.
        self.instance.mails = {
            **self.instance.mails,
            **{kind.id: kind.id in chosen for kind in all_kinds()},
        }
        saved: NoticeSettings = super().save(commit=commit)
        return saved


def _label(kind: NoticeKind) -> SafeString:
    hint = '{}<span class="wm-choice__hint in-hint">{}</span>'
    return format_html(hint, kind.title, kind.description)
