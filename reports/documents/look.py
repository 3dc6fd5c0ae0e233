"""What every print template gets, whatever the document: its colours, its letters, its name."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from reports.choices import Choices
from reports.enums import Document
from reports.frozen.snapshot import ReportSnapshot
from reports.pictures.palette import branded

FONT_STACK = (
    "Waymark Sans, Waymark Sans Extended, Waymark Sans Vietnamese, Waymark Sans Greek, "
    "Waymark Sans Cyrillic, Waymark Hebrew, Waymark Arabic, sans-serif"
)
"""For text in drawings. The page's own is in base.html."""


def look(snapshot: ReportSnapshot, choices: Choices) -> dict[str, Any]:
    return {
        "choices": choices,
        "palette": branded(snapshot.brand),
        "font": FONT_STACK,
        "document_title": document_title(choices.document),
    }


def document_title(document: str) -> str:
    """What the document is called on its cover and in its running heads."""
    titles = {
        Document.FULL: _("DevOps adoption roadmap"),
        Document.BOARD: _("Board paper on the DevOps adoption"),
        Document.CLINICIAN: _("What changes for clinicians"),
        Document.AUDITOR: _("Auditor's trace of the DevOps adoption"),
    }
    return titles[Document(document)]
