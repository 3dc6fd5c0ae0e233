"""Bringing an archive into an empty organization: all of it or nothing.

First everything is read and judged, with numbers made up, and files are judged and stored under
new names. Only then are rows written, in the one transaction that ends the job.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import count, islice
from typing import Any, TypeVar
from uuid import uuid4

from django.db import DataError, IntegrityError, models
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import AuditEntry, AuditSeal, Organization, User
from assessments.domain.guide_keys import key_of, owner_of, plain_id
from assessments.models import StoredGuide
from guide.compiled import load_compiled
from guide.loading import GuideError
from handover.arriving_files import ArrivingFiles
from handover.models import Arrival, EarlierEntry
from handover.old_history import Chain, EarlierChains
from handover.parts import CARRIED, Part
from handover.people import match, new_names
from handover.reading import Archive, ArchiveRefused, damaged, people_of
from handover.references import renumbering
from handover.rows import Reader, bad, column_of

HISTORY = (AuditEntry, AuditSeal)
BATCH = 200
IMPORTED = "handover.imported"
Tell = Callable[[int, str], None]
Row = TypeVar("Row")


def is_empty(organization: Organization) -> bool:
    """Whether nothing was entered here yet; one's own first entries of the history do not count."""
    return not any(
        part.model._base_manager.filter(**{part.owner: organization.pk}).exists()
        for part in CARRIED
        if part.model not in HISTORY
    )


def batched(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    left = iter(rows)
    while batch := list(islice(left, size)):
        yield batch


class Taking:
    """One archive on its way into one organization."""

    def __init__(self, archive: Archive, organization: Organization, tell: Tell) -> None:
        self.archive, self.organization, self.tell = archive, organization, tell
        self.guides = self._guide_keys()
        self.files = ArrivingFiles(archive)
        self.rows = 0

    # Before the transaction: read all of it, and change nothing.

    def judge(self) -> None:
        with self._nothing_stays():
            self._judge()

    @contextmanager
    def _nothing_stays(self) -> Iterator[None]:
        """Of what fails no file stays."""
        try:
            yield
        except BaseException:
            self.files.forget()
            raise

    def _judge(self) -> None:
        people = people_of(self.archive)
        numbers = count(1)
        reader = Reader({pk: pk for pk in people}, self.guides)
        for place, part in enumerate(CARRIED):
            self.tell(5 + 50 * place // len(CARRIED), _("Checking the entries"))
            self._judge_part(reader, part, numbers)
        named = [name for name in self.archive.parts if name.startswith("files/")]
        for place, name in enumerate(named):
            self.tell(55 + 25 * place // len(named), _("Checking the files"))
            self.files.take(name)

    def _judge_part(self, reader: Reader, part: Part, numbers: Iterator[int]) -> None:
        known = reader.numbers[part.label] = {}
        loops, named, earlier = own_kind(part), [], EarlierChains()
        for row in self.archive.rows(part.file_name):
            if row["id"] in known:
                raise damaged(_("The archive holds a row twice."))
            named += [(row["id"], f.name, row.pop(f.name, None)) for f in loops]
            values, _lists = reader.read(part, row)
            self._judge_guide(part, values)
            if part.model is EarlierEntry:
                _follow(earlier, row)
            self.files.expect(part, row)
            known[row["id"]] = next(numbers)
        if earlier.faults:
            raise _not_as_sealed()
        for pk, name, other in named:
            if other is not None and (type(other) is not int or other not in known):
                raise bad(part, pk, name)

    def _guide_keys(self) -> dict[str, str]:
        """Uploaded guides go by their organization's number: the old key and the new one."""
        found = {}
        for row in self.archive.rows("data/assessments.StoredGuide.jsonl"):
            key = str(row.get("key"))
            if owner_of(key) != str(self.archive.home.pk):
                raise damaged(_("The archive holds a guide of another organization."))
            found[key] = key_of(plain_id(key), self.organization.pk)
        return found

    def _judge_guide(self, part: Part, values: dict[str, Any]) -> None:
        own = values.get("guide_id", "")
        if isinstance(own, str) and owner_of(own) not in ("", str(self.organization.pk)):
            raise damaged(_("The archive rests on a guide that it does not hold."))
        if part.model is not StoredGuide:
            return
        text = values["content"]
        try:
            load_compiled(text, values["title"])
            is_sound = hashlib.sha256(text.encode()).hexdigest() == values["sha256"]
        except (GuideError, ValueError):
            is_sound = False
        if not is_sound:
            raise damaged(_("The guide in the archive is damaged, or was altered."))

    # Inside the transaction.

    def settle_in(self, organization: Organization) -> None:
        """Where it goes, when that was made only after all was judged."""
        self.organization = organization
        self.guides = self._guide_keys()

    def take(self, arrival: Arrival | None, user: User | None) -> None:
        """`arrival`: none where an operator brings it in; `user`: who did, as the history says."""
        with self._nothing_stays():
            self._take(arrival, user)

    def _take(self, arrival: Arrival | None, user: User | None) -> None:
        home = self.archive.home
        # Whoever else brings something in waits here, and then finds it no longer empty.
        Organization.objects.select_for_update().filter(pk=self.organization.pk).first()
        if not is_empty(self.organization):
            raise ArchiveRefused(
                _(
                    "Something was entered here meanwhile. Nothing was changed. Make a new "
                    "organization for the archive."
                )
            )
        self.files.hold()
        Organization.objects.filter(pk=self.organization.pk).update(
            name=(arrival.found.get("called") if arrival else "") or home.name,
            kind=home.kind,
            time_zone=home.time_zone,
            language=home.language,
            advises=home.advises or self.organization.advises,
        )
        reader = Reader(new_names(self.organization, people_of(self.archive)), self.guides)
        for part in CARRIED:
            reader.numbers[part.label] = {}
            if part.model not in HISTORY:
                self._write(reader, part)
        detail = self._write_history(reader)
        record(
            organization=self.organization,
            actor=user,
            verb=IMPORTED,
            target=arrival or self.organization,
            name=home.name,
            detail={"name": home.name, "rows": self.rows, **detail},
        )
        if arrival is not None:
            Arrival.objects.filter(pk=arrival.pk).update(taken_at=timezone.now(), file="")
        for membership in self.organization.memberships.select_related("user"):
            match(self.organization, membership.user)

    def _write(self, reader: Reader, part: Part) -> None:
        loops = own_kind(part)
        known = reader.numbers[part.label]
        later: list[tuple[int, str, Any]] = []
        inside: list[tuple[int, dict[str, Any]]] = []
        naming: dict[str, list[tuple[int, int]]] = {}
        own_columns = [column_of(path) for path, label in part.rows.items() if label == part.label]
        for rows in batched(self.archive.rows(part.file_name), BATCH):
            # What names another row of its own kind is told when all of them have numbers.
            named = [{f: row.pop(f.name, None) for f in loops} for row in rows]
            read = [(row["id"], *reader.read(part, row)) for row in rows]
            made = self._insert(part, [self._with_files(part, values) for _pk, values, _n in read])
            for one, (old, values, lists), others in zip(made, read, named, strict=True):
                known[old] = one.pk
                later += [(one.pk, f.attname, pk) for f, pk in others.items() if pk is not None]
                for name, people in lists.items():
                    naming.setdefault(name, []).extend((one.pk, person) for person in people)
                if own_columns:
                    inside.append((one.pk, {name: values.get(name) for name in own_columns}))
        for field in part.lists:
            _insert_list(field, naming.get(field.name, []))
        for pk, column, other in later:
            part.model._base_manager.filter(pk=pk).update(**{column: known[other]})
        for pk, told in inside:
            if changed := reader.own_inside(part, told):
                part.model._base_manager.filter(pk=pk).update(**changed)

    def _insert(self, part: Part, values: Iterable[dict[str, Any]]) -> list[models.Model]:
        named = list(values)
        has_home = any(f.name == "organization" for f in part.model._meta.concrete_fields)
        own = {"organization_id": self.organization.pk} if has_home else {}
        try:
            made = part.model._base_manager.bulk_create([part.model(**own, **one) for one in named])
        except (IntegrityError, DataError) as problem:
            raise damaged(_("Rows of “%s” contradict each other.") % part.file_name) from problem
        # Inserting writes today's date into these, whatever the row says.
        dated = [
            f for f in part.fields if getattr(f, "auto_now", 0) or getattr(f, "auto_now_add", 0)
        ]
        if dated:
            for row, one in zip(made, named, strict=True):
                for field in dated:
                    if field.attname in one:
                        setattr(row, field.attname, one[field.attname])
            part.model._base_manager.bulk_update(made, [f.name for f in dated])
        self.rows += len(made)
        return made

    def _with_files(self, part: Part, values: dict[str, Any]) -> dict[str, Any]:
        found = dict(values)
        for name, kept_in in part.files.items():
            if kept_in != "frozen_logo" and values.get(name):
                path = f"files/{kept_in}/{values[name]}"
                found[name] = self.files.stored.get(path, "")
                if path in self.files.kinds:
                    found["content_type"] = self.files.kinds[path]
        return found

    def _write_history(self, reader: Reader) -> dict[str, Any]:
        """The entries for people to read here, and as they were sealed there."""
        entries = next(p for p in CARRIED if p.model is AuditEntry)
        seals = next(p for p in CARRIED if p.model is AuditSeal)
        try:
            chain = Chain(self.archive.home.pk, uuid4().hex, self.archive.rows(seals.file_name))
            for earlier in batched(chain.judged(self.archive.rows(entries.file_name)), BATCH):
                for one in earlier:
                    one.organization = self.organization
                EarlierEntry.objects.bulk_create(earlier)
        except (LookupError, TypeError, ValueError) as problem:
            raise _not_as_sealed() from problem
        if chain.faults:
            raise _not_as_sealed()
        first = last = 0
        for rows in batched(self.archive.rows(entries.file_name), BATCH):
            read = [self._aimed(reader, reader.read(entries, row)[0]) for row in rows]
            made = self._insert(entries, read)
            first, last = first or made[0].pk, made[-1].pk
        return {"chain": chain.digest, "entries": [first, last]}

    def _aimed(self, reader: Reader, values: dict[str, Any]) -> dict[str, Any]:
        """What the entry is about has another number here; nothing rather than a wrong one."""
        numbers = {label.lower(): known for label, known in reader.numbers.items()}
        numbers["accounts.organization"] = {self.archive.home.pk: self.organization.pk}
        known = numbers.get(values.get("target_type", ""), {})
        old = values.get("target_id", "")
        new = known.get(int(old)) if old.isdecimal() and len(old) < 19 else None
        verb, detail = values.get("verb", ""), dict(values.get("detail", {}))
        if type(detail.get("from")) is int:
            subject = verb.partition(".")[0]
            kind = {"roadmap": "roadmap.Roadmap", "scenario": "roadmap.Scenario"}.get(subject, "")
            detail["from"] = renumbering(kind, reader.numbers)(detail["from"])
        if verb == IMPORTED:
            # Numbers of entries there: here they would excuse others from being checked.
            detail.pop("entries", None)
        return {**values, "target_id": str(new) if new else "", "detail": detail}


def _insert_list(field: models.ManyToManyField, pairs: list[tuple[int, int]]) -> None:
    between = field.remote_field.through
    row, person = field.m2m_field_name(), field.m2m_reverse_field_name()
    between._base_manager.bulk_create(
        [between(**{f"{row}_id": pk, f"{person}_id": one}) for pk, one in dict.fromkeys(pairs)],
        batch_size=BATCH,
    )


def _follow(chains: EarlierChains, row: dict[str, Any]) -> None:
    try:
        chains.take(row)
    except (LookupError, TypeError, ValueError) as problem:
        raise _not_as_sealed() from problem


def own_kind(part: Part) -> list[models.Field]:
    """Columns that name another row of the same model."""
    return [f for f in part.fields if f.is_relation and f.related_model is part.model]


def _not_as_sealed() -> ArchiveRefused:
    return damaged(_("The history in the archive does not fit its seals: it was altered."))
