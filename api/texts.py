"""Texts and days that come from outside."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import AwareDatetime, BeforeValidator

from api.problems import Problem


def storable(text: str) -> str:
    """PostgreSQL takes no NUL in a text."""
    if "\x00" in text:
        raise Problem(422, _("A text cannot hold the character NUL."))
    return text


def written(value: Any) -> Any:
    """A day or moment is written as the standard has it; a number would be taken for seconds."""
    if not isinstance(value, str):
        raise ValueError("Write it as text: 2027-01-31, or 2027-01-31T09:30:00Z.")
    return value


Day = Annotated[date, BeforeValidator(written)]
Moment = Annotated[AwareDatetime, BeforeValidator(written)]
