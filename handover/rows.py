"""One line of an archive → one unsaved row, judged column by column."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from accounts.models import User
from handover.models import EarlierEntry
from handover.parts import Part
from handover.reading import ArchiveRefused
from handover.references import changed_at, renamed

Numbers = dict[str, dict[int, int]]


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
        values: dict[str, Any] = {}
        for name, value in row.items():
            if name in fields:
                field = fields[name]
                try:
                    values[field.attname] = self._value(field, value)
                except (ValidationError, ValueError, TypeError, KeyError, OverflowError):
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
        if found not in ("", None) and not isinstance(found, date | time):
            field.run_validators(found)
        if field.choices and found and found not in dict(field.flatchoices):
            raise ValueError(field.name)
        return found

    def _inside(self, part: Part, values: dict[str, Any]) -> None:
        """Numbers inside JSON: of people, and of rows. What is not here any more is left out."""
        for path in part.people:
            self._replace(values, path, self.people.get)
        for path, label in part.rows.items():
            self._replace(values, path, self.numbers.get(label, {}).get)

    @staticmethod
    def _replace(values: dict[str, Any], path: str, change: Any) -> None:
        name = path.partition(".")[0].removesuffix("[]")
        if name in values:
            values[name] = changed_at({name: values[name]}, path, change)[name]

    def _people(self, part: Part, row: dict[str, Any], name: str) -> list[int]:
        try:
            return [self.people[pk] for pk in row.get(name, ())]
        except (KeyError, TypeError):
            raise _bad(part, row, name) from None


def _is_web(url: str) -> bool:
    return not url or url.startswith(("https://", "http://"))


def _bad(part: Part, row: dict[str, Any], name: str) -> ArchiveRefused:
    return ArchiveRefused(
        _("Row %(row)s of %(part)s cannot be taken: look at “%(name)s”. Nothing was changed.")
        % {"row": row.get("id"), "part": part.file_name, "name": name[:120]}
    )
