"""Checks of what people type as names."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def refuse_addresses(text: str) -> None:
    """Names go into mails: one that is a web address would make us a sender of foreign links."""
    if re.search(r"https?:|www\.", text, re.IGNORECASE):
        raise ValidationError(_("Enter a name without a web address."), code="address")


def refuse_control_characters(text: str) -> None:
    """No line breaks or other control characters, which can hide what a name says."""
    if any(ord(character) < 32 or ord(character) == 127 for character in text):
        raise ValidationError(_("Enter the name on one line, as plain text."), code="control")


NAME_VALIDATORS = [refuse_addresses, refuse_control_characters]
