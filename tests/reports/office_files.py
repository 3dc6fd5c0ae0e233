"""Snapshots that Office files are tested with, and every such file as LibreOffice opens it.

One run of LibreOffice opens all of them: starting it costs more than a file.
"""

import io
import re
import zipfile
from datetime import date
from functools import cache
from pathlib import Path

import pypdf

from reports.choices import Choices
from reports.files.forms import form_of
from reports.frozen.charter import CharterEntry, CriterionLine, TeamLine
from reports.frozen.outlook import ForecastEntry, FreezeEntry, MonthEntry, RoleEntry
from reports.frozen.prices import PartnerEntry, PricesEntry, RateEntry
from reports.frozen.snapshot import ChallengeResult, ReportSnapshot
from reports.frozen.working_time import CalendarEntry, CapacityEntry
from roadmap.domain.forecasting.ranges import Range
from tests.once import made_once
from tests.reports.libreoffice import convert, without_values
from tests.reports.samples import initiative, small_snapshot

FORMS = ("pptx", "xlsx", "docx")
FORMULA = '=HYPERLINK("http://evil.example","x")'
HEBREW = "בית חולים רמב״ם"
ARABIC = "مستشفى السلام"
LONG = "A very long name of an organization with many sites " * 8


def tell(percent: int, phrase: str) -> None:
    pass


def rich_snapshot(**changes) -> ReportSnapshot:
    """A little of everything an Office file shows."""
    usual = {
        "roadmap": "First",
        "prices": PricesEntry(
            "EUR",
            2000.0,
            900.0,
            2900.0,
            (RateEntry("OPS", "IT operations", 400.0), RateEntry("SP", "Sponsor", 500.0)),
            (PartnerEntry("Security", 0.5, 2, 900.0, "Review"),),
        ),
        "load": (
            RoleEntry(
                "OPS",
                "IT operations",
                (MonthEntry("2026-11", 1.5, 2.5), MonthEntry("2026-12", 4.5, 3.8)),
            ),
        ),
        "calendar": CalendarEntry((0, 1, 2, 3, 4), (date(2026, 12, 8),)),
        "capacity": (CapacityEntry("OPS", "IT operations", 0.5),),
        "freezes": (FreezeEntry(date(2026, 12, 21), date(2027, 1, 3), "Turn of the year"),),
        "forecast": ForecastEntry(
            300, Range(date(2027, 1, 4), date(2027, 2, 1), date(2027, 3, 1)), 0.2
        ),
        "charter": CharterEntry(
            "Interface engine",
            why="It changes weekly.",
            criteria=(CriterionLine("Failed changes", "Safety", "", "1 in 4", "1 in 20"),),
            stop_rules=("An interface is silent for an hour",),
            team=(TeamLine("Lead", "Ada", "8"),),
        ),
    }
    return small_snapshot(**(usual | changes))


def nasty_snapshot() -> ReportSnapshot:
    """Long, right-to-left, and looking like formulas."""
    exposure = ChallengeResult(
        "CHAL-F", FORMULA, FORMULA, "Bad", 88, 80, 90, "severe", 60, 28, 1, 0.6
    )
    items = (
        initiative(1, title=FORMULA, what=LONG),
        initiative(2, title=HEBREW, reasons=(f"{ARABIC}\x00\ud800",)),
        initiative(3, title=LONG),
    )
    return rich_snapshot(organization=LONG, initiatives=items, challenges=(exposure,))


SNAPSHOTS = {
    "rich": rich_snapshot(),
    "nasty": nasty_snapshot(),
    "hebrew": rich_snapshot(organization=HEBREW),
    "empty": small_snapshot(initiatives=(), phases=(), gates=(), risks=(), challenges=()),
}


def made(form: str, name: str = "rich") -> bytes:
    return form_of(form).make(SNAPSHOTS[name], Choices(form=form), tell).body


body_of = cache(made)
"""The same, made once: what is read from it does not change it."""


def opened(shared: Path) -> Path:
    """A folder with `<form>-<name>.pdf` of each file, and `xlsx-<name>.xlsx` worked out anew."""

    def make(folder: Path) -> None:
        asked = folder / "asked"
        asked.mkdir()
        files = []
        for form in FORMS:
            for name in SNAPSHOTS:
                path = asked / f"{form}-{name}.{form}"
                path.write_bytes(body_of(form, name))
                files.append(path)
        convert(folder, [path for path in files if "hebrew" not in path.name], "pdf")
        blank = folder / "blank"
        blank.mkdir()
        books = [blank / path.name for path in files if path.suffix == ".xlsx"]
        for path in books:
            path.write_bytes(without_values((asked / path.name).read_bytes()))
        convert(folder, books, "xlsx")

    return made_once(shared, "office-files", make)


def pages_of(path: Path) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(path).pages]


def outside_links(body: bytes) -> list[str]:
    """Relations that lead out of a file, macros, and fields that fetch something."""
    found = []
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        for name in archive.namelist():
            part = archive.read(name)
            if name.endswith(".rels") and b'TargetMode="External"' in part:
                found.append(name)
            if re.search(r"vbaProject|externalLink|activeX|oleObject", name):
                found.append(name)
            if re.search(rb"DDEAUTO|INCLUDEPICTURE|INCLUDETEXT|WEBSERVICE\(", part):
                found.append(name)
            if name.endswith(".xlsx"):
                found += outside_links(part)
    return found
