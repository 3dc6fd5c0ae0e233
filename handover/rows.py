"""One line of an archive → one unsaved row, judged column by column."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from math import isfinite
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from accounts.models import User
from handover.models import EarlierEntry
from handover.parts import Part
from handover.reading import ArchiveRefused, damaged
from handover.references import Change, changed_at, pairs_changed, renamed, renumbering

Numbers = dict[str, dict[int, int]]
# JSON columns with addresses that pages link to: sources of an initiative, evidence of a decision.
WITH_LINKS = ("details", "facts", "plan")


class Reader:
    """Turns rows of one archive; `numbers` grows as rows get their numbers here."""

    def __init__(self, people: Mapping[int, int], guides: Mapping[str, str]) -> None:
        self.people = people
        self.guides = guides
        self.numbers: Numbers = {}

    def read(self, part: Part, row: dict[str, Any]) -> tuple[dict[str, Any], dict[str, list[int]]]:
        """Values by attribute, and the people of its lists.

        Raises:
            ArchiveRefused: it names what the archive does not hold, or holds what no page writes.
        """
        fields = {f.name: f for f in part.fields}
        lists = {f.name for f in part.lists}
        unknown = set(row) - set(fields) - lists - {"id"}
        if unknown:
            raise _bad(part, row, ", ".join(sorted(unknown)))
        for name, field in fields.items():
            if name not in row and _must_be_told(field):
                raise _bad(part, row, name)
        values: dict[str, Any] = {}
        for name, value in row.items():
            if name in fields:
                field = fields[name]
                try:
                    values[field.attname] = self._value(field, value)
                except (ValidationError, ValueError, TypeError, KeyError, ArithmeticError):
                    raise _bad(part, row, name) from None
        self._inside(part, values)
        named = {name: self._people(part, row, name) for name in lists}
        return values, named

    def _value(self, field: models.Field, value: Any) -> Any:
        if field.is_relation:
            if value is None:
                if not field.null:
                    raise ValueError(field.name)
                return None
            if type(value) is not int:
                raise TypeError(field.name)
            if field.related_model is User:
                return self.people[value]
            return self.numbers[field.related_model._meta.label][value]
        if isinstance(field, models.JSONField):
            if field.default in (dict, list) and not isinstance(value, field.default):
                raise TypeError(field.name)
            if field.name in WITH_LINKS and not _leads_to_the_web(value):
                raise ValueError(field.name)
            # What a chain of hashes covers stays as it was.
            return value if field.model is EarlierEntry else renamed(value, self.guides)
        return self._column(field, value)

    def _column(self, field: models.Field, value: Any) -> Any:
        if value is None:
            if not field.null:
                raise ValueError(field.name)
            return None
        is_text = isinstance(field, models.CharField | models.TextField)
        if is_text and not isinstance(value, str):
            raise TypeError(field.name)
        found = field.to_python(value)
        if isinstance(found, datetime) and found.tzinfo is None:
            raise ValueError(field.name)
        if isinstance(found, str):
            found = self.guides.get(found, found)
            if "\x00" in found or (field.name == "url" and not _is_web(found)):
                raise ValueError(field.name)
        if isinstance(found, float) and not isfinite(found):
            raise ValueError(field.name)
        if found not in ("", None) and not isinstance(found, date | time):
            field.run_validators(found)
        if field.choices and found and found not in dict(field.flatchoices):
            raise ValueError(field.name)
        return found

    def _inside(self, part: Part, values: dict[str, Any]) -> None:
        """Numbers inside JSON: of people, and of rows. What is not here any more is left out.

        Those of rows of the part itself wait until all of them have numbers: `own_inside`.
        """
        for path in part.people:
            _replace(values, path, self.people.get)
        for path, target in part.rows.items():
            if target != part.label:
                _replace(values, path, renumbering(target, self.numbers))
        for name in part.pairs:
            if name in values:
                app = part.label.partition(".")[0]
                values[name] = pairs_changed(values[name], app, self.numbers)

    def own_inside(self, part: Part, values: dict[str, Any]) -> dict[str, Any]:
        """JSON columns that name rows of their own kind, once all of these have numbers."""
        found: dict[str, Any] = {}
        for path in (path for path, target in part.rows.items() if target == part.label):
            name = column_of(path)
            if name in values:
                found.setdefault(name, values[name])
                _replace(found, path, renumbering(part.label, self.numbers))
        return {name: value for name, value in found.items() if value != values[name]}

    def _people(self, part: Part, row: dict[str, Any], name: str) -> list[int]:
        try:
            return [self.people[pk] for pk in row.get(name, ())]
        except (KeyError, TypeError):
            raise _bad(part, row, name) from None


def column_of(path: str) -> str:
    return path.partition(".")[0].removesuffix("[]")


def _replace(values: dict[str, Any], path: str, change: Change) -> None:
    name = column_of(path)
    if name in values:
        values[name] = changed_at({name: values[name]}, path, change)[name]


def _must_be_told(field: models.Field) -> bool:
    """Whether a row without this column could not be written, or would say something else."""
    has_own = field.has_default() or getattr(field, "auto_now", 0) or field.null
    return not has_own and not isinstance(field, models.CharField | models.TextField)


def _leads_to_the_web(value: Any) -> bool:
    """Whether every “url” in it is one a page may link to."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            if not _is_web(one.get("url") or ""):
                return False
            left += one.values()
        elif isinstance(one, list):
            left += one
    return True


def _is_web(url: object) -> bool:
    return not url or (isinstance(url, str) and url.startswith(("https://", "http://")))


def _bad(part: Part, row: dict[str, Any], name: str) -> ArchiveRefused:
    return bad(part, row.get("id"), name)


def bad(part: Part, number: object, name: str) -> ArchiveRefused:
    told = {"row": number, "part": part.file_name, "name": name[:120]}
    return damaged(_("Row %(row)s of “%(part)s” cannot be taken: look at “%(name)s”.") % told)
