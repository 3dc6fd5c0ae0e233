"""Private notes: written by the consultancy, read by nobody else.

The history tells that a note was written, in the consultancy's own history alone and without its
text; the client's history tells nothing.
"""

from __future__ import annotations

from django.db import transaction

from accounts.audit import record
from accounts.models import Engagement, User
from desk.models import NoteVersion, PrivateNote
from desk.models.note import NoteAbout


class StaleNote(Exception):
    """Somebody changed the note in the meantime; `current` is what stands now."""

    def __init__(self, current: PrivateNote) -> None:
        self.current = current


@transaction.atomic
def note_add(
    *, engagement: Engagement, user: User, text: str, about: str = "whole", about_id: str = ""
) -> PrivateNote:
    note = PrivateNote.objects.create(
        consultancy=engagement.consultancy,
        client=engagement.client,
        about=about,
        about_id="" if about == NoteAbout.WHOLE else about_id,
        text=text,
        author=user,
        changed_by=user,
    )
    _record(note, user, "note.written")
    return note


@transaction.atomic
def note_change(*, note: PrivateNote, user: User, text: str, version: int) -> PrivateNote:
    """Write it anew and keep what it said. Raises `StaleNote`."""
    current = (
        PrivateNote.objects.select_for_update(of=("self",))
        .select_related("consultancy", "client")
        .get(pk=note.pk)
    )
    if current.version != version:
        raise StaleNote(current)
    if current.text == text:
        return current
    NoteVersion.objects.create(
        note=current,
        version=current.version,
        text=current.text,
        written_by_id=current.changed_by_id,
        written_at=current.changed_at,
    )
    current.text, current.changed_by, current.version = text, user, version + 1
    current.save(update_fields=["text", "changed_by", "version", "changed_at"])
    _record(current, user, "note.changed")
    return current


@transaction.atomic
def note_delete(*, note: PrivateNote, user: User) -> None:
    """With all it ever said: what was written about somebody must be removable."""
    _record(note, user, "note.deleted")
    note.delete()


def _record(note: PrivateNote, user: User, verb: str) -> None:
    record(
        organization=note.consultancy,
        actor=user,
        verb=verb,
        target=note,
        name=note.client.name,
    )
