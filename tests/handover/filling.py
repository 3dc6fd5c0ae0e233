"""An organization with two rows of every kind that is carried: one full to the brim, one bare.

Values go by the kind of a column, so a new column or model is filled without a word here; only
what a constraint asks for is told in `OWN`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from django.db import connection, models
from PIL import Image

from accounts.models import Organization, User
from assessments.evidence_files import store
from assessments.models import StoredGuide
from assessments.services.guides import guide_upload
from guide.archive import guide_to_zip
from guide.registry import CONTENT
from handover.parts import CARRIED, Part
from reports import logos, storage

TEXT = "שלום \u202e🏥 =1+1 \x1b[31m \u2028\r\n'\"\\ <svg onload=x> " + "ж" * 400
JSON = {"": {}, "ключ 🏥": [None, True, 1.5, 2**53, "\u2028", {"a": []}], "x" * 400: TEXT}
LAST_MOMENT = datetime(9998, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
BIG_FILE = b"What we measured.\n" * 200_000
NOT_HERE = ("assessments.StoredGuide", "accounts.AuditEntry", "accounts.AuditSeal")
Made = dict[str, list[models.Model]]
# Either an initiative or a gate; once per snapshot; a colour; a guide that exists.
OWN: dict[str, Callable[[Made, bool], dict[str, Any]]] = {
    "roadmap.WorkComment": lambda made, full: {"gate": None if full else gate(made)},
    "roadmap.WorkEvidence": lambda made, full: {"gate": None if full else gate(made)},
    "reports.Brand": lambda made, full: {"main": "#123abc", "accent": ""},
    "reports.ReportTemplate": lambda made, full: {"is_start": full},
    # Sealed is what fits; what was not sealed yet may be anything.
    "handover.EarlierEntry": lambda made, full: {"number": None},
    "reports.Report": lambda made, full: {"form": "json"},
}
ONCE = ("reports.Brand",)


class Filling:
    def __init__(self, organization: Organization, people: list[User]) -> None:
        self.organization, self.people = organization, people
        self.made: Made = {}

    def fill(self) -> None:
        data = guide_to_zip(CONTENT / "starter")
        guide_upload(organization=self.organization, user=self.people[0], data=data)
        self.guide = StoredGuide.objects.get(organization=self.organization)
        for part in CARRIED:
            if part.label not in NOT_HERE:
                self.made[part.label] = []
                for full in (True,) if part.label in ONCE else (True, False):
                    self._make(part, full)

    def _make(self, part: Part, full: bool) -> None:
        values = {f.name: self._value(part, f, full) for f in part.fields}
        values |= self._files(part, full) | OWN.get(part.label, lambda made, full: {})(
            self.made, full
        )
        if any(f.name == "organization" for f in part.model._meta.concrete_fields):
            values["organization"] = self.organization
        every = part.model._base_manager
        (row,) = every.bulk_create([part.model(**values)])
        self.made[part.label].append(row)
        for path in self._paths(part) if full else ():
            name, number = path.partition(".")[0].removesuffix("[]"), self._number(part, path)
            setattr(row, name, put(getattr(row, name), path.split(".")[1:], path, number))
        for name in part.pairs if full else ():
            other = self.made["delivery.Deployment"][0]
            setattr(row, name, [[other._meta.model_name, other.pk]])
        told = {f.name: getattr(row, f.name) for f in part.fields if f.name in values}
        dated = {n: values[n] for n in told if is_dated(part.model._meta.get_field(n))}
        loops = {n: row for n in told if is_loop(part, n) and full}
        every.filter(pk=row.pk).update(**told | dated | loops)
        for field in part.lists if full else ():
            getattr(row, field.name).set(self.people)

    def _paths(self, part: Part) -> list[str]:
        return [*part.people, *part.rows]

    def _number(self, part: Part, path: str) -> int:
        if path in part.people:
            return self.people[1].pk
        target = part.rows[path]
        if isinstance(target, tuple):
            return -self.made[target[1]][0].pk
        return self.made[target][0].pk if target in self.made else 1

    def _value(self, part: Part, field: models.Field, full: bool) -> Any:
        if field.is_relation:
            if field.null and (not full or field.related_model is part.model):
                return None
            if field.related_model is User:
                return self.people[0 if full else 1]
            rows = self.made[field.related_model._meta.label]
            return rows[0 if full else -1]
        if field.name == "guide_id":
            return self.guide.key if full else "waymark"
        if field.name in part.files and not isinstance(field, models.JSONField):
            return ""
        return (brim if full else bare)(field)

    def _files(self, part: Part, full: bool) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, kept_in in part.files.items() if full else ():
            if kept_in == "evidence":
                kept = store.write(BytesIO(BIG_FILE))
                found |= {name: kept.name, "size": kept.size, "sha256": kept.sha256}
                found |= {"file_name": "measured.txt", "content_type": "text/plain"}
            elif kept_in == "logos":
                found[name] = logo()
            elif kept_in == "frozen_logo":
                found[name] = JSON | {"brand": {"logo": logo(), "main": "#123456"}}
            else:
                found[name] = storage.write(7, "filled", b"{}", "json")
        return found


def gate(made: Made) -> models.Model:
    return made["roadmap.GateState"][-1]


def is_dated(field: models.Field) -> bool:
    return bool(getattr(field, "auto_now", 0) or getattr(field, "auto_now_add", 0))


def is_loop(part: Part, name: str) -> bool:
    return part.model._meta.get_field(name).related_model is part.model


def logo() -> str:
    picture = BytesIO()
    Image.new("RGB", (60, 20), "navy").save(picture, "PNG")
    return logos.write(picture.getvalue())


def put(value: Any, steps: list[str], path: str, number: int) -> Any:
    """The number at the path, with what leads there; lists have one element."""
    if path.partition(".")[0].endswith("[]"):
        return [put({}, steps, "", number)]
    if not steps:
        return number
    step, *rest = steps
    name = "Q1.01" if step == "*" else step.removesuffix("[]")
    inner = (value if isinstance(value, dict) else {}).get(name)
    inner = [put({}, rest, "", number)] if step.endswith("[]") else put(inner, rest, "", number)
    return {**(value if isinstance(value, dict) else {}), name: inner}


def brim(field: models.Field) -> Any:
    if field.choices:
        return list(dict(field.flatchoices))[-1]
    if isinstance(field, models.JSONField):
        return [JSON, TEXT] if field.default is list else dict(JSON)
    if isinstance(field, models.URLField):
        return ("https://example.org/" + "ж" * field.max_length)[: field.max_length]
    if isinstance(field, models.SlugField):
        return "a" * field.max_length
    if isinstance(field, models.CharField):
        return (TEXT * 4)[: field.max_length]
    if isinstance(field, models.TextField):
        return TEXT * 20
    if isinstance(field, models.BooleanField):
        return True
    if isinstance(field, models.DateTimeField):
        return LAST_MOMENT
    if isinstance(field, models.DateField):
        return date.max
    if isinstance(field, models.IntegerField):
        return connection.ops.integer_field_range(field.get_internal_type())[1]
    if isinstance(field, models.FloatField):
        return 1.7976931348623157e308
    raise NotImplementedError(f"say what fills {field} to the brim")


def bare(field: models.Field) -> Any:
    if field.null:
        return None
    if field.choices:
        return next(iter(dict(field.flatchoices)))
    if isinstance(field, models.JSONField):
        return [] if field.default is list else {}
    if isinstance(field, models.CharField | models.TextField):
        return ""
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.DateTimeField):
        return datetime.min.replace(tzinfo=UTC)
    if isinstance(field, models.DateField):
        return date.min
    if isinstance(field, models.FloatField):
        return 5e-324
    return 0
