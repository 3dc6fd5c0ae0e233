"""Which module makes which form of file, and what such a file is called.

A maker is a module with `make(snapshot, choices, tell) -> Made`. It is imported when it is needed:
the libraries behind some are slow to load, and a web process needs none of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from reports.choices import Choices
from reports.enums import Form
from reports.frozen.snapshot import ReportSnapshot

Tell = Callable[[int, str], None]
"""Takes progress (0..100) and a phrase; may raise to stop the making."""


@dataclass(frozen=True)
class Made:
    """A finished file. `pages`: where the form has pages."""

    body: bytes
    pages: int | None = None


Maker = Callable[[ReportSnapshot, Choices, Tell], Made]


@dataclass(frozen=True)
class FileForm:
    module: str
    extension: str
    content_type: str

    @property
    def make(self) -> Maker:
        maker: Any = import_module(self.module)
        made: Maker = maker.make
        return made


OFFICE = "application/vnd.openxmlformats-officedocument"
FORMS: dict[str, FileForm] = {
    Form.PDF: FileForm("reports.printing.pdf", "pdf", "application/pdf"),
    Form.PPTX: FileForm(
        "reports.files.pptx.presentation", "pptx", f"{OFFICE}.presentationml.presentation"
    ),
    Form.XLSX: FileForm("reports.files.xlsx.workbook", "xlsx", f"{OFFICE}.spreadsheetml.sheet"),
    Form.DOCX: FileForm(
        "reports.files.docx.document", "docx", f"{OFFICE}.wordprocessingml.document"
    ),
    Form.CSV: FileForm("reports.files.csv_files", "zip", "application/zip"),
    Form.JSON: FileForm("reports.files.plan_json", "json", "application/json"),
    Form.MSPDI: FileForm("reports.files.mspdi", "xml", "application/xml"),
    Form.ICS: FileForm("reports.files.calendar_file", "ics", "text/calendar"),
    Form.JIRA: FileForm("reports.files.backlogs.jira", "csv", "text/csv"),
    Form.GITHUB: FileForm("reports.files.backlogs.github", "zip", "application/zip"),
    Form.GITLAB: FileForm("reports.files.backlogs.gitlab", "csv", "text/csv"),
    Form.AZURE: FileForm("reports.files.backlogs.azure", "zip", "application/zip"),
}
"""Forms without an entry are not offered."""


def form_of(form: str) -> FileForm:
    return FORMS[form]
