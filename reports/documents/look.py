"""What every print template gets, whatever the document: its colours, its letters, its name."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from reports.choices import Choices
from reports.enums import Document, PageSize
from reports.frozen.brand import BrandEntry
from reports.frozen.snapshot import ReportSnapshot
from reports.pictures.palette import branded

FONT_STACK = (
    "Waymark Sans, Waymark Sans Extended, Waymark Sans Vietnamese, Waymark Sans Greek, "
    "Waymark Sans Cyrillic, Waymark Hebrew, Waymark Arabic, sans-serif"
)
"""For text in drawings."""

SANS = ", ".join(f'"{name}"' for name in FONT_STACK.split(", ")[:-1]) + ", sans-serif"
SERIF = SANS.replace("Sans", "Serif").replace("sans-serif", "serif")
SIZES = {PageSize.A4.value: ("210mm", "297mm"), PageSize.LETTER.value: ("8.5in", "11in")}


def look(snapshot: ReportSnapshot, choices: Choices) -> dict[str, Any]:
    return {
        "choices": choices,
        "palette": branded(snapshot.brand),
        "font": FONT_STACK,
        "variables": variables(snapshot.brand, choices.page_size),
        "document_title": document_title(choices.document),
    }


def variables(
    brand: BrandEntry | None = None, page_size: str = PageSize.A4.value
) -> dict[str, str]:
    """What the style sheets leave open, by the name of the CSS variable."""
    width, height = SIZES[page_size]
    page = {"page-width": width, "page-height": height, "sans": SANS, "serif": SERIF}
    return page | branded(brand).variables()


def document_title(document: str) -> str:
    """What the document is called on its cover and in its running heads."""
    titles = {
        Document.FULL: _("DevOps adoption roadmap"),
        Document.BOARD: _("Board paper on the DevOps adoption"),
        Document.CLINICIAN: _("What changes for clinicians"),
        Document.AUDITOR: _("Auditor's trace of the DevOps adoption"),
    }
    return titles[Document(document)]
