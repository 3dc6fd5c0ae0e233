"""The sections of every document, in their order, and the documents made of them.

A document is a shell (cover, contents) around sections. To add a section: a `Section` in the module
of its subject, its template in templates/reports/print/sections/, a line in the order below.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from reports.choices import Choices
from reports.documents import auditor, board, changes, clinician, full
from reports.documents.look import look
from reports.documents.readers import beginnings, in_order_for
from reports.documents.section import ENTRIES, Printed, Section
from reports.enums import Audience, Detail, Document
from reports.frozen.snapshot import ReportSnapshot

__all__ = ["LAYOUTS", "Layout", "Section", "chosen_sections", "document_html", "sections_of"]

LEADERS = Audience.LEADERS.value


@dataclass(frozen=True)
class Layout:
    """A document: the shell it stands in and its sections in their usual order."""

    shell: str
    sections: tuple[Section, ...]


LAYOUTS: dict[str, Layout] = {
    Document.FULL.value: Layout(
        "reports/print/report.html", (*full.SECTIONS[:1], changes.SECTION, *full.SECTIONS[1:])
    ),
    Document.BOARD.value: Layout("reports/print/board.html", board.SECTIONS),
    Document.AUDITOR.value: Layout("reports/print/auditor.html", auditor.SECTIONS),
    Document.CLINICIAN.value: Layout("reports/print/clinician.html", clinician.SECTIONS),
}


def sections_of(document: str, audience: str = LEADERS) -> tuple[Section, ...]:
    """What may be chosen for a document, in the usual order for that reader."""
    layout = LAYOUTS.get(document)
    if layout is None:
        return ()
    # The shorter documents have one kind of reader each.
    is_for_all = document == Document.FULL
    return in_order_for(audience, layout.sections) if is_for_all else layout.sections


def chosen_sections(choices: Choices) -> tuple[Section, ...]:
    """Those that were chosen, in that order; without a choice the document's usual ones,
    and all of them with every detail."""
    known = {section.id: section for section in sections_of(choices.document, choices.audience)}
    chosen = tuple(known[name] for name in dict.fromkeys(choices.sections) if name in known)
    is_all = choices.detail == Detail.EVERYTHING
    return chosen or tuple(one for one in known.values() if one.is_usual or is_all)


def document_html(snapshot: ReportSnapshot, choices: Choices | None = None) -> str:
    """The chosen document as one page of HTML, in the language of the snapshot."""
    choices = choices or Choices()
    with translation.override(snapshot.language):
        base = {"report": snapshot, **look(snapshot, choices)}
        printed = tuple(print_sections(chosen_sections(choices), snapshot, choices, base))
        begin = beginnings(choices.audience, printed)
        context = {**base, "sections": printed, "beginnings": begin}
        return without_dead_links(render_to_string(LAYOUTS[choices.document].shell, context))


def without_dead_links(html: str) -> str:
    """Sections may be left out and lists cut: what points there stays as plain text."""
    known = set(re.findall(r'\bid="([^"]+)"', html))
    return re.sub(r'<a href="#([^"]+)">', lambda link: link[0] if link[1] in known else "<a>", html)


def print_sections(
    sections: Iterable[Section],
    snapshot: ReportSnapshot,
    choices: Choices,
    base: Mapping[str, Any],
) -> Iterable[Printed]:
    """Each section that has something to say; the contents page lists exactly these."""
    for section in sections:
        context = section.context(snapshot, choices)
        if context is not None:
            yield Printed(
                section.id,
                section.title,
                render_to_string(section.template, {**base, **context, "section": section}),
                tuple(context.get(ENTRIES, ())),
            )
