"""Django's system check of the guides that ship with Waymark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, register

from guide.loading import GuideError
from guide.registry import current_guide


@register("guide")
def check_guide(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """Every problem of the shipped guide as an error of ``manage.py check``."""
    try:
        current_guide()
    except GuideError as error:
        return [Error(str(problem), id="guide.E001") for problem in error.problems]
    return []
