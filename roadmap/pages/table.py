"""The table of a roadmap's initiatives: sorted, filtered, and as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roadmap.enums import InitiativeStatus
from roadmap.pages.work_items import STATUSES, Filters, Known, WorkItem

Cell = str | int | float | date | None
FAR = date.max


@dataclass(frozen=True)
class Column:
    """`key` sorts; what is not known comes last either way. `value` is what the files hold."""

    id: str
    title: Any
    value: Callable[[WorkItem, Known], Cell]
    key: Callable[[WorkItem, Known], Any]
    is_number: bool = False


def _roles(item: WorkItem, known: Known) -> str:
    return ", ".join(known.roles.get(role, role) for role in item.roles)


def _leading(item: WorkItem, known: Known) -> str:
    """The role that leads, and how many others help: all of them would fill six lines."""
    if not item.roles:
        return ""
    first = known.roles.get(item.roles[0], item.roles[0])
    return f"{first} +{len(item.roles) - 1}" if len(item.roles) > 1 else first


def _phase(item: WorkItem, known: Known) -> str:
    return known.phases.get(item.phase, item.phase)


def _status(item: WorkItem, _known: Known) -> str:
    return str(InitiativeStatus(item.status).label)


def _place_of(names: Mapping[str, str], name: str) -> int:
    return next((at for at, other in enumerate(names) if other == name), len(names))


COLUMNS = (
    Column("id", gettext_lazy("Number"), lambda i, _: i.id, lambda i, _: i.rank),
    Column(
        "title", gettext_lazy("Initiative"), lambda i, _: i.title, lambda i, _: i.title.casefold()
    ),
    Column("phase", gettext_lazy("Phase"), _phase, lambda i, k: _place_of(k.phases, i.phase)),
    Column("role", gettext_lazy("Roles"), _roles, _roles),
    Column(
        "owner",
        gettext_lazy("Owner"),
        lambda i, _: i.owner,
        lambda i, _: i.owner.casefold() or None,
    ),
    Column("status", gettext_lazy("Status"), _status, lambda i, _: STATUSES.index(i.status)),
    Column("percent", gettext_lazy("Done"), lambda i, _: i.percent, lambda i, _: i.percent, True),
    Column(
        "start",
        gettext_lazy("Agreed start"),
        lambda i, _: i.baseline_start,
        lambda i, _: i.baseline_start,
    ),
    Column(
        "finish",
        gettext_lazy("Agreed finish"),
        lambda i, _: i.baseline_finish,
        lambda i, _: i.baseline_finish,
    ),
    Column(
        "expected",
        gettext_lazy("Expected finish"),
        lambda i, _: i.expected_finish,
        lambda i, _: i.expected_finish,
    ),
    Column(
        "slip", gettext_lazy("Slip (working days)"), lambda i, _: i.slip, lambda i, _: i.slip, True
    ),
    Column("gate", gettext_lazy("Gate"), lambda i, _: i.gate, lambda i, _: i.gate or None),
)
BY_ID = {column.id: column for column in COLUMNS}
FIRST_SORT = "expected"
DOWN = "-"


@dataclass(frozen=True)
class Heading:
    """`query`: the address that sorts by it, the other way round if it sorts already."""

    id: str
    title: str
    query: str
    sorted: str
    is_number: bool


@dataclass(frozen=True)
class Row:
    """Texts as they are shown: a template that asks for each would be slow with 300 rows."""

    id: str
    version: int
    title: str
    phase: str
    role: str
    roles: str
    owner: str
    status: str
    percent: str
    days: tuple[str, ...]
    gate: str
    is_late: bool
    is_blocked: bool
    slip: str
    is_slipping: bool


@dataclass(frozen=True)
class TablePage:
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    shown: int
    total: int
    sort: str
    query: str


def read_sort(text: str) -> str:
    return text if text.removeprefix(DOWN) in BY_ID else FIRST_SORT


def in_order(items: Sequence[WorkItem], known: Known, sort: str) -> list[WorkItem]:
    key = BY_ID[sort.removeprefix(DOWN)].key
    told = [(key(item, known), item.rank, item) for item in items]
    with_value = sorted(
        (entry for entry in told if entry[0] is not None),
        key=lambda entry: (entry[0], entry[1]),
        reverse=sort.startswith(DOWN),
    )
    without = sorted((e for e in told if e[0] is None), key=lambda entry: entry[1])
    return [item for *_rest, item in [*with_value, *without]]


def table_page(items: Sequence[WorkItem], known: Known, filters: Filters, sort: str) -> TablePage:
    wanted = in_order([item for item in items if filters.shows(item)], known, sort)
    day = cache(lambda value: date_format(value, "SHORT_DATE_FORMAT"))
    return TablePage(
        headings=tuple(_heading(column, filters, sort) for column in COLUMNS),
        rows=tuple(_row(item, known, day) for item in wanted),
        shown=len(wanted),
        total=len(items),
        sort=sort,
        query=filters.query(sort=sort if sort != FIRST_SORT else ""),
    )


def _heading(column: Column, filters: Filters, sort: str) -> Heading:
    is_sorted = sort.removeprefix(DOWN) == column.id
    is_down = is_sorted and sort.startswith(DOWN)
    other = column.id if not is_sorted or is_down else f"{DOWN}{column.id}"
    return Heading(
        column.id,
        str(column.title),
        filters.query(sort=other),
        ("descending" if is_down else "ascending") if is_sorted else "",
        column.is_number,
    )


def _row(item: WorkItem, known: Known, day: Callable[[date], str]) -> Row:
    days = (item.baseline_start, item.baseline_finish, item.expected_finish)
    return Row(
        id=item.id,
        version=item.version,
        title=item.title,
        phase=_phase(item, known),
        role=_leading(item, known),
        roles=_roles(item, known),
        owner=item.owner,
        status=_status(item, known),
        percent=f"{item.percent}%",
        days=tuple(day(value) if value else "" for value in days),
        gate=item.gate,
        is_late=item.is_late,
        is_blocked=item.is_blocked,
        slip="" if item.slip is None else f"{item.slip:+d}" if item.slip else "0",
        is_slipping=bool(item.slip and item.slip > 0),
    )


def file_cells(
    items: Sequence[WorkItem], known: Known, filters: Filters, sort: str
) -> list[list[Cell]]:
    """Heading and rows of what the filters leave, with what blocks each at the end."""
    wanted = in_order([item for item in items if filters.shows(item)], known, sort)
    titles: list[Cell] = [str(column.title) for column in COLUMNS]
    rows: list[list[Cell]] = [
        [*(column.value(item, known) for column in COLUMNS), item.blocked_because]
        for item in wanted
    ]
    return [[*titles, _("Blocked because")], *rows]
