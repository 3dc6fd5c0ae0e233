"""Changes by hand in words: what was done, by whom, and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from roadmap.models import ScenarioChange

UNDO = "undo"


@dataclass(frozen=True)
class ChangeLine:
    number: int
    words: str
    who: str
    when: datetime
    is_undone: bool
    about: str = ""
    kind: str = ""

    @property
    def ago(self) -> str:
        if timezone.now() - self.when < timedelta(minutes=1):
            return _("just now")
        return _("%(time)s ago") % {"time": timesince(self.when)}


def change_lines(changes: Iterable[ScenarioChange]) -> tuple[ChangeLine, ...]:
    return tuple(
        ChangeLine(
            number=change.number,
            words=change_words(change.kind, change.about, change.detail),
            who=str(change.made_by) if change.made_by else _("someone"),
            when=change.made_at,
            is_undone=change.is_undone,
            about=change.about,
            kind=change.kind,
        )
        for change in changes
    )


def change_words(kind: str, about: str, detail: Mapping[str, Any]) -> str:
    """What somebody did, to go on with “… by Ann”."""
    if kind == UNDO:
        what = change_words(str(detail.get("kind", "")), about, {**detail, "kind": ""})
        return _("took back: %(what)s") % {"what": what}
    texts = {
        "pin": _("pinned %(about)s to %(day)s"),
        "unpin": _("took the pin off %(about)s"),
        "earliest": _("let %(about)s start on %(day)s at the earliest"),
        "unearliest": _("let %(about)s start whenever it can"),
        "exclude": _("took %(about)s out of the plan: %(reason)s"),
        "include": _("put %(about)s back into the plan"),
        "keep": _("kept %(about)s in the plan: %(reason)s"),
        "unkeep": _("no longer keep %(about)s at any price"),
        "effort": _("set the effort of %(about)s to %(likely)s person-days"),
        "uneffort": _("went back to the guide's effort for %(about)s"),
        "people": _("gave %(about)s to %(names)s"),
        "own_add": _("added %(title)s"),
        "own_edit": _("changed %(about)s %(title)s"),
        "own_remove": _("removed %(about)s"),
        "wave_add": _("added a wave of %(about)s for %(systems)s"),
        "wave_remove": _("removed the wave %(about)s"),
    }
    text = texts.get(kind)
    if text is None:
        return f"{kind} {about}".strip()
    return text % {
        "about": about,
        "day": _day(detail.get("day")),
        "reason": detail.get("reason", ""),
        "likely": f"{detail.get('likely') or 0:g}",
        "names": ", ".join(detail.get("names", [])) or _("nobody"),
        "title": detail.get("title", ""),
        "systems": ", ".join(detail.get("systems", [])),
    }


def _day(text: str | None) -> str:
    return date_format(date.fromisoformat(text), "DATE_FORMAT") if text else ""
