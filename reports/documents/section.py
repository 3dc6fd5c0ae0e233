"""What a section of a document is. Sections are listed in `reports.documents.sections`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from reports.choices import Choices
from reports.frozen.snapshot import ReportSnapshot

Text = str | Promise
Context = dict[str, Any]

ENTRIES = "entries"
"""A section's context may hold its own lines of the contents under this name."""


@dataclass(frozen=True)
class Entry:
    """A line of the contents page under its section: `anchor` is an id in the document."""

    anchor: str
    title: Text


@dataclass(frozen=True)
class Section:
    """A part of a document, with its own heading.

    `context` works out what the template needs, beside `report`, `choices`, `section` and the
    looks; None leaves the section out, in the document and in its contents. `documents`: where it
    may stand. `note`: what it says, for whoever chooses sections. `is_usual`: whether it stands in
    the document when nobody chose sections.
    """

    id: str
    title: Text
    template: str
    context: Callable[[ReportSnapshot, Choices], Context | None]
    documents: frozenset[str]
    note: Text = ""
    is_usual: bool = True


@dataclass(frozen=True)
class Printed:
    """A section as it stands in a document."""

    id: str
    title: Text
    html: str
    entries: tuple[Entry, ...] = ()
