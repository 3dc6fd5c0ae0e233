"""What the page of an initiative shows beside its plan: how it stands, its log, its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.tenancy import Access
from roadmap.enums import EntryKind, InitiativeStatus
from roadmap.models import PlannedInitiative, ProgressEntry, WorkEvidence
from roadmap.services.work.evidence import may_remove
from roadmap.services.work.people import People

LOG_ROWS = 50
EMPTY = (None, "")


@dataclass(frozen=True)
class LogRow:
    """One entry of the log: who, when, and what changed in a few words each."""

    entry: ProgressEntry
    who: str
    changes: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class PieceRow:
    piece: WorkEvidence
    host: str
    may_remove: bool


@dataclass(frozen=True)
class Standing:
    """`owner` None: nobody's; `gone`: whoever owned it and has left or only reads now."""

    owner: User | None
    gone: User | None
    waits_for: User | None
    is_blocked: bool
    may_take: bool
    spent: float


def standing(
    access: Access, found: PlannedInitiative, people: People, entries: Iterable[ProgressEntry]
) -> Standing:
    is_owned = people.may_work(found.owner_id)
    is_open = found.is_open
    return Standing(
        owner=found.owner if is_owned else None,
        gone=found.owner if found.owner_id and not is_owned else None,
        waits_for=found.waits_for if people.is_member(found.waits_for_id) else None,
        is_blocked=bool(found.blocked_because) and is_open,
        may_take=access.can_track and not is_owned and is_open,
        spent=sum(entry.spent_days or 0.0 for entry in entries),
    )


def log_rows(entries: Sequence[ProgressEntry], people: People) -> list[LogRow]:
    """The newest first. People who have left are looked up in one query, where there are any."""
    known = {**_names_of(entries, people), **{pk: str(p) for pk, p in people.by_pk.items()}}
    return [
        LogRow(
            entry=entry,
            who=str(entry.made_by) if entry.made_by else _("Someone"),
            changes=tuple(_changes(entry, known)),
            note=entry.note,
        )
        for entry in entries[:LOG_ROWS]
    ]


def piece_rows(access: Access, pieces: Iterable[WorkEvidence]) -> list[PieceRow]:
    return [
        PieceRow(piece, urlsplit(piece.url).hostname or "", may_remove(access, piece))
        for piece in pieces
    ]


def _names_of(entries: Sequence[ProgressEntry], people: People) -> dict[int, str]:
    named = {
        side.get(field)
        for entry in entries
        for side in (entry.before, entry.after)
        for field in ("owner_id", "waits_for_id")
    }
    missing = {pk for pk in named if isinstance(pk, int)} - set(people.by_pk)
    return {pk: str(user) for pk, user in User.objects.in_bulk(missing).items()} if missing else {}


def _changes(entry: ProgressEntry, names: Mapping[int, str]) -> Iterable[str]:
    if entry.kind == EntryKind.OVERRIDE:
        yield _("Started although:")
        for _kind, _about, text in entry.after.get("obstacles", []):
            yield text
        return
    if entry.kind == EntryKind.PROOF:
        for word, text in (("added", _("Evidence added: %s")), ("removed", _("Removed: %s"))):
            if word in entry.after:
                yield text % entry.after[word]
        return
    for field, after in entry.after.items():
        if field in SENTENCES:
            before = entry.before.get(field)
            yield _sentence(field, _in_words(field, before, names), _in_words(field, after, names))
    if entry.spent_days:
        words = ngettext(
            "%(n)s person-day spent", "%(n)s person-days spent", round(entry.spent_days)
        )
        yield words % {"n": _number(entry.spent_days)}


def _sentence(field: str, before: str, after: str) -> str:
    title = str(SENTENCES[field])
    if not before:
        return _("%(what)s: %(after)s") % {"what": title, "after": after or _("none")}
    words = _("%(what)s: %(after)s (was %(before)s)")
    return words % {"what": title, "after": after or _("none"), "before": before}


def _in_words(field: str, value: Any, names: Mapping[int, str]) -> str:
    if value in EMPTY:
        return ""
    if field == "status":
        return str(dict(InitiativeStatus.choices).get(value, value))
    if field in ("owner_id", "waits_for_id"):
        return names.get(value, _("someone"))
    if field.endswith("_on"):
        return str(date_format(date.fromisoformat(value), "DATE_FORMAT"))
    if field == "percent":
        return _("%(number)s%%") % {"number": value}
    return _number(value) if isinstance(value, int | float) else str(value)


def _number(value: float) -> str:
    return number_format(round(value, 2), use_l10n=True)


SENTENCES = {
    "status": gettext_lazy("Status"),
    "percent": gettext_lazy("Done"),
    "remaining_days": gettext_lazy("Person-days left"),
    "expected_on": gettext_lazy("Expected finish"),
    "started_on": gettext_lazy("Started"),
    "finished_on": gettext_lazy("Finished"),
    "owner_id": gettext_lazy("Owner"),
    "blocked_because": gettext_lazy("In the way"),
    "waits_for_id": gettext_lazy("Waits for"),
}
