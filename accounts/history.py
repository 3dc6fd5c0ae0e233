"""The history as people read it: entries found by what one asks, told in words.

Apps above this one say in their `AppConfig.ready()` what their verbs mean and where a thing is
found; accounts never imports them. A verb nobody explained is shown as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import NoReverseMatch
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, AuditSeal, Organization

PAGE = 50
EMPTY = (None, "", [], {})
Words = Mapping[str, "str | Promise"]
LinkMaker = Callable[[AuditEntry, str], str | None]

_verbs: dict[str, str | Promise] = {}
_kinds: dict[str, str | Promise] = {}
_fields: dict[str, str | Promise] = {}
_values: dict[str, str | Promise] = {}
_lists: set[str] = set()
_links: dict[str, LinkMaker] = {}
# Numbers of rows and versions say nothing to a reader.
HIDDEN = frozenset(
    {
        "assessment",
        "entries",
        "from",
        "input_hash",
        "job",
        "previous",
        "question",
        "roadmap",
        "round",
        "scenario",
        "snapshot",
        "system_id",
        "version",
    }
)


def register_history(
    *,
    kinds: Words | None = None,
    verbs: Words | None = None,
    fields: Words | None = None,
    values: Words | None = None,
    lists: Iterable[str] = (),
    links: Mapping[str, LinkMaker] | None = None,
) -> None:
    """Say what entries of an app mean.

    `kinds`: what stands before the dot of a verb → what to call these entries. `verbs`: verb →
    what was done, as in “opened the gate”. `fields`, `values`: names in the details → words.
    `lists`: names of details that are lists, so that two of them are no before and after.
    `links`: the model an entry is about → its address, given the entry and the organization's slug.
    """
    _kinds.update(kinds or {})
    _verbs.update(verbs or {})
    _fields.update(fields or {})
    _values.update(values or {})
    _lists.update(lists)
    _links.update(links or {})


@dataclass(frozen=True)
class Asked:
    """What someone wants to see; every part may be left out. Days are the organization's."""

    person: int | None = None
    kind: str = ""
    first: date | None = None
    last: date | None = None
    about: str = ""
    text: str = ""


@dataclass(frozen=True)
class Detail:
    """One thing that changed; without `before` it is only stated."""

    name: str
    after: str
    before: str | None = None


@dataclass(frozen=True)
class Line:
    """An entry in words. `number` of its seal: None while it waits to be sealed."""

    entry: AuditEntry
    who: str
    what: str
    about: str
    href: str | None
    details: tuple[Detail, ...]
    number: int | None


def kinds_of_entries() -> list[tuple[str, str]]:
    return sorted(((kind, str(label)) for kind, label in _kinds.items()), key=lambda k: k[1])


def entries_asked(organization: Organization, asked: Asked) -> QuerySet[AuditEntry]:
    """The entries someone asked for, newest first."""
    found = AuditEntry.objects.filter(organization=organization).order_by("-pk")
    if asked.person:
        found = found.filter(actor=asked.person)
    if asked.kind:
        found = found.filter(verb__startswith=f"{asked.kind}.")
    if asked.about:
        kind, _colon, key = asked.about.partition(":")
        found = found.filter(target_type=kind, target_id=key)
    if asked.text:
        found = found.filter(target_name__icontains=asked.text)
    if asked.first:
        found = found.filter(created_at__gte=_midnight(organization, asked.first))
    if asked.last:
        found = found.filter(created_at__lt=_midnight(organization, asked.last + timedelta(days=1)))
    return found


def lines_of(entries: list[AuditEntry], slug: str) -> list[Line]:
    """Entries in words: one query for all their seals."""
    seals = AuditSeal.objects.filter(entry_id__in=[entry.pk for entry in entries])
    numbers = dict(seals.values_list("entry_id", "number"))
    return [_line(entry, slug, numbers.get(entry.pk)) for entry in entries]


def latest_about(organization: Organization, target: str, count: int = 5) -> list[AuditEntry]:
    """The newest entries about one thing, named as `app.model:id`."""
    return list(entries_asked(organization, Asked(about=target))[:count])


def told_verb(verb: str) -> str:
    return str(_verbs.get(verb) or verb.replace(".", " ").replace("_", " "))


def _line(entry: AuditEntry, slug: str, number: int | None) -> Line:
    return Line(
        entry=entry,
        who=entry.actor_name or _("Waymark"),
        what=told_verb(entry.verb),
        about=entry.target_name,
        href=_href(entry, slug),
        details=tuple(_details(entry.detail)),
        number=number,
    )


def _href(entry: AuditEntry, slug: str) -> str | None:
    maker = _links.get(entry.target_type)
    try:
        return maker(entry, slug) if maker else None
    except NoReverseMatch:
        # Of an entry that came with an archive, about what was gone by then: it has no number here.
        return None


def _details(detail: dict[str, Any]) -> list[Detail]:
    found = []
    for name, value in detail.items():
        if name in HIDDEN or value in EMPTY:
            continue
        label = str(_fields.get(name) or name.replace("_", " "))
        if name not in _lists and isinstance(value, list) and _is_change(value):
            before, after = value
            if before in EMPTY and after in EMPTY:
                continue
            told = None if before in EMPTY else _told(before)
            found.append(Detail(label, _told(after), told))
        else:
            found.append(Detail(label, _told(value)))
    return found


def _is_change(value: list[Any]) -> bool:
    """Two of the same kind, or something where nothing was: before and after."""
    if len(value) != 2:
        return False
    before, after = value
    return before is None or after is None or type(before) is type(after)


def _told(value: Any) -> str:
    if value is None or value == "":
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        if set(value) == {"rows"}:
            return _("%s rows") % value["rows"]
        if set(value) == {"characters"}:
            return _("a text of %s characters") % value["characters"]
        return ", ".join(f"{name}: {_told(part)}" for name, part in value.items())
    if isinstance(value, list):
        return ", ".join(_told(part) for part in value) or _("nothing")
    return str(_values.get(str(value)) or value)


def _midnight(organization: Organization, day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=organization.zone)
