"""An uploaded file as rows of a table, judged by its content and not by its name."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.domain.table_file import TableFile, TableFileError, read_table
from assessments.tables.csv_file import read_csv
from assessments.tables.excel_file import read_excel
from assessments.tables.workbook_parts import refused
from guide.model import Question

MAX_BYTES = 5_000_000
# How files of other kinds begin.
_OTHER_KINDS = (
    (
        b"\xd0\xcf\x11\xe0",
        gettext_lazy("This is an old Excel workbook (.xls), or one locked with a password."),
    ),
    (b"%PDF", gettext_lazy("This is a PDF file.")),
    (b"{\\rtf", gettext_lazy("This is a text document (.rtf).")),
    (b"\x1f\x8b", gettext_lazy("This is a packed file.")),
    (b"\x89PNG", gettext_lazy("This is a picture.")),
    (b"\xff\xd8\xff", gettext_lazy("This is a picture.")),
)


@dataclass(frozen=True)
class ReadFile:
    """The rows, and what the person should know of how the file was read."""

    table: TableFile
    notes: list[str] = field(default_factory=list)


def read_upload(content: bytes, file_name: str, question: Question) -> ReadFile:
    """Read the file.

    Raises:
        TableFileError: with what is wrong with the whole of it, and what to do.
    """
    if len(content) > MAX_BYTES:
        raise TableFileError(too_large())
    for start, what in _OTHER_KINDS:
        if content.startswith(start):
            raise refused(str(what))
    if content.lstrip()[:200].lower().startswith((b"<?xml", b"<html", b"<!doctype", b"<table")):
        raise refused(_("This is a web page or an XML file."))
    notes = []
    if content.startswith(b"PK"):
        excel = read_excel(content, question)
        table = read_table(question, excel.cells)
        notes += _excel_notes(excel.sheet, excel.other_sheets, excel.formulas)
        is_as_named = file_name.lower().endswith(".xlsx")
    else:
        text = read_csv(content, question)
        table = read_table(question, text.cells, separator=text.separator)
        if text.guessed:
            notes.append(
                _(
                    "The file does not say how its letters are encoded; it was read as %s. "
                    "Check names with accents below."
                )
                % text.guessed
            )
        is_as_named = not file_name.lower().endswith((".xlsx", ".xls", ".ods"))
    if not is_as_named:
        notes.append(_("The file’s name says another kind of file; its content was read."))
    return ReadFile(table, notes + _table_notes(table))


def too_large() -> str:
    return _("The file is larger than 5 MB. Copy the rows alone into a new file.")


def _excel_notes(sheet: str, others: tuple[str, ...], formulas: int) -> list[str]:
    notes = []
    if others:
        notes.append(
            _("Only the sheet “%(sheet)s” was read, not: %(others)s.")
            % {"sheet": sheet, "others": ", ".join(others)[:300]}
        )
    if formulas:
        notes.append(
            ngettext(
                "%s cell holds a formula: what the spreadsheet last showed there was taken.",
                "%s cells hold formulas: what the spreadsheet last showed there was taken.",
                formulas,
            )
            % formulas
        )
    return notes


def _table_notes(table: TableFile) -> list[str]:
    notes = []
    if table.lines_above:
        notes.append(
            ngettext(
                "%s line above the heading was left out.",
                "%s lines above the heading were left out.",
                table.lines_above,
            )
            % table.lines_above
        )
    if table.unnamed:
        notes.append(
            ngettext(
                "%s filled cell below no heading was left out.",
                "%s filled cells below no heading were left out.",
                table.unnamed,
            )
            % table.unnamed
        )
    for column in table.left_out:
        text = _("The column “%s” is not one of this table and was left out.")
        if column.perhaps:
            text = _(
                "The column “%s” is not one of this table and was left out. Did you mean “%s”?"
            )
            notes.append(text % (column.heading[:60], column.perhaps))
        else:
            notes.append(text % column.heading[:60])
    if table.missing:
        notes.append(_("The file has no column for: %s.") % ", ".join(table.missing))
    return notes
