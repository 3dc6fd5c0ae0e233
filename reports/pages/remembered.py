"""The choices that a person was at when the builder was left, for each plan: in their session."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from reports.choices import Choices

KEY = "report_choices"
MOST = 10


def remember(session: MutableMapping[str, Any], roadmap: int, choices: Choices) -> None:
    """Of the ten plans that were last at hand."""
    kept = dict(session.get(KEY, {}))
    kept.pop(str(roadmap), None)
    kept[str(roadmap)] = choices.to_json()
    session[KEY] = dict(list(kept.items())[-MOST:])


def remembered(session: MutableMapping[str, Any], roadmap: int) -> Choices | None:
    stored = session.get(KEY, {}).get(str(roadmap))
    return None if stored is None else Choices.from_json(stored)
