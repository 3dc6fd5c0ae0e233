"""The list of clients as plain values: one page of rows, its columns, filters and heat map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from accounts.tenancy import Access
from assessments.domain.scoring import EXPOSURE_BANDS, band_of
from desk.domain.portfolio import (
    BANDS,
    EXPOSED_TO,
    EXPOSURE_FROM,
    FINISHED,
    NO_PLAN,
    SLIPS,
    Asked,
    ClientRow,
    chosen,
    shown_score,
)
from desk.queries import client_rows
from guide.model import Challenge
from guide.registry import current_guide

PAGE = 50
COLUMNS = (
    ("name", _("Client")),
    ("readiness", _("Readiness")),
    ("target", _("Of target")),
    ("phase", _("Phase")),
    ("progress", _("Done")),
    ("finish", _("Finish")),
    ("slip", _("Slip")),
    ("gate", _("Next gate")),
    ("late", _("Late")),
    ("overdue", _("Overdue")),
    ("activity", _("Last activity")),
)
# What one wants to see first: the largest of these, the smallest or soonest of the others.
LARGEST_FIRST = frozenset({"slip", "late", "overdue", "exposure"})
NUMBERS = frozenset({"target", "progress", "slip", "late", "overdue"})
SLIP_LABELS = {
    "late": _("Later than agreed at likely effort"),
    "even_late": _("Even chance later than agreed"),
    "on_time": _("As agreed or earlier at likely effort"),
    "unknown": _("No forecast yet"),
}
WEEKS = (2, 4, 8, 12)
LIMITS = {"low": _("at all"), "moderate": _("moderate"), "high": _("high"), "severe": _("severe")}


@dataclass(frozen=True)
class Column:
    """`order`: of aria-sort; `query`: the address that sorts by it, or turns its order round."""

    id: str
    title: Any
    order: str
    query: str
    is_number: bool


@dataclass(frozen=True)
class Cell:
    """`score` is None where it is not assessed, or the client's guide knows no such challenge."""

    score: float | None
    band: str

    @property
    def shown(self) -> str:
        """Whole, as the band counts it and as the client's own pages print it."""
        return "" if self.score is None else str(number_format(shown_score(self.score)))


@dataclass(frozen=True)
class HeatRow:
    client: ClientRow
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Portfolio:
    asked: Asked
    page: Page
    total: int
    found: int
    columns: tuple[Column, ...]
    phases: tuple[tuple[str, Any], ...]
    challenges: tuple[Challenge, ...]
    heat: tuple[HeatRow, ...]
    heat_columns: tuple[Column, ...]
    oldest: date | None
    uncounted: int
    today: date

    @property
    def rows(self) -> Sequence[ClientRow]:
        found: Sequence[ClientRow] = self.page.object_list
        return found

    @property
    def query(self) -> str:
        return urlencode(self.asked.to_query())

    @property
    def list_query(self) -> str:
        return urlencode(self.asked.to_query(show="list"))

    @property
    def heat_query(self) -> str:
        return urlencode(self.asked.to_query(show="exposure"))

    @property
    def bands(self) -> tuple[str, ...]:
        return tuple(band for band in BANDS if band != "none")

    slips = tuple((name, SLIP_LABELS[name]) for name in SLIPS)
    limits = tuple((name, LIMITS[name]) for name in EXPOSURE_FROM)
    weeks = WEEKS


def portfolio(access: Access, asked: Asked, number: str | None) -> Portfolio:
    """One query, whatever the number of clients."""
    rows = client_rows(access.organization)
    today = timezone.localdate()
    found = chosen(rows, asked, today)
    page = Paginator(found, PAGE).get_page(number)
    guide = current_guide()
    counted = [row.as_of for row in rows if row.as_of is not None]
    return Portfolio(
        asked=asked,
        page=page,
        total=len(rows),
        found=len(found),
        columns=tuple(_column(id, title, asked) for id, title in COLUMNS),
        phases=_phases(rows),
        challenges=guide.challenges,
        heat=_heat(page.object_list, guide.challenges) if asked.show == "exposure" else (),
        heat_columns=(
            _column("name", COLUMNS[0][1], asked),
            *(_column(f"{EXPOSED_TO}{one.id}", one.title, asked) for one in guide.challenges),
        ),
        oldest=min(counted, default=None),
        uncounted=len(rows) - len(counted),
        today=today,
    )


def _column(id: str, title: Any, asked: Asked) -> Column:
    is_down = id in LARGEST_FIRST or id.startswith(EXPOSED_TO)
    order = ""
    if asked.sort.removeprefix("-") == id:
        order = "descending" if asked.sort.startswith("-") else "ascending"
        is_down = not asked.sort.startswith("-")
    query = urlencode(asked.to_query(sort=f"-{id}" if is_down else id))
    return Column(id, title, order, query, id in NUMBERS)


def _phases(rows: Sequence[ClientRow]) -> tuple[tuple[str, Any], ...]:
    """The phases that clients are in, as the newest words call them, with what has none at last."""
    titles = {row.phase: row.phase_title for row in rows if row.phase}
    used = Counter(row.phase_key for row in rows if row.sees_roadmap)
    rest = ((FINISHED, _("All work done")), (NO_PLAN, _("No roadmap yet")))
    return (
        *sorted(titles.items()),
        *((name, title) for name, title in rest if used[name]),
    )


def _heat(rows: Sequence[ClientRow], challenges: Sequence[Challenge]) -> tuple[HeatRow, ...]:
    return tuple(
        HeatRow(row, tuple(_cell(row.exposures.get(one.id)) for one in challenges)) for row in rows
    )


def _cell(score: float | None) -> Cell:
    if score is None:
        return Cell(None, "")
    return Cell(score, band_of(score, EXPOSURE_BANDS))
