"""What the plan costs: person-days by role times day rates, and partners by presence."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.files.xlsx.book import DAYS, HEAD_ROW, MONEY, Book, Sheet, here
from reports.files.xlsx.plan_sheet import (
    COST,
    HIGH,
    LIKELY,
    LOW,
    PHASE,
    PlanSheet,
    Role,
)

FIRST = HEAD_ROW + 1
RATE = 1


@dataclass(frozen=True)
class CostSheet:
    total: str
    """Address of the whole sum."""
    value: float


def rate_cells(sheet: Sheet, roles: tuple[Role, ...]) -> dict[str, str]:
    """Where the day rate of each role stands: the plan's sheet counts with it."""
    return {role.id: sheet.at(FIRST + number, RATE) for number, role in enumerate(roles)}


def fill_cost(book: Book, sheet: Sheet, plan: PlanSheet) -> CostSheet:
    """Roles first, as `rate_cells` promised; then partners, the sum, and the phases."""
    prices = book.snapshot.prices
    currency = prices.currency if prices else ""
    sheet.heading(_("Cost"), _note(book, plan))
    unit = f" ({currency})" if currency else ""
    sheet.widths(38, 13, 13, 13, 13, 15, 15, 15)
    sheet.head(
        (
            _("Role"),
            _("Day rate") + unit,
            _("Person-days, low"),
            _("Person-days, likely"),
            _("Person-days, high"),
            _("Cost, low") + unit,
            _("Cost, likely") + unit,
            _("Cost, high") + unit,
        )
    )
    sheet.freeze()
    for number, role in enumerate(plan.roles):
        _role(sheet, FIRST + number, role, plan)
    row = FIRST + len(plan.roles)
    own = _sums(sheet, row, plan)
    row, parts, more = _partners(book, sheet, row + 2, own)
    total = own + more
    sheet.cell(row, 0, _("All together, likely"), **sheet.total())
    formula = "=" + "+".join([here(FIRST + len(plan.roles), 6), *parts])
    sheet.worked(row, 6, formula, total, MONEY, **sheet.total())
    address = sheet.at(row, 6)
    _phases(book, sheet, row + 2, plan)
    return CostSheet(address, total)


def _note(book: Book, plan: PlanSheet) -> str:
    if not book.snapshot.prices:
        return _(
            "No day rates are stated. Fill in the yellow cells, and the sheets count with them."
        )
    note = _("An estimate: estimated person-days times the day rates as stated.")
    if free := sum(not role.rate for role in plan.roles):
        without = ngettext(
            "%(n)s role has no day rate and costs nothing here.",
            "%(n)s roles have no day rate and cost nothing here.",
            free,
        )
        note += " " + without % {"n": free}
    return note


def _role(sheet: Sheet, row: int, role: Role, plan: PlanSheet) -> None:
    sheet.cell(row, 0, role.title)
    sheet.given(row, RATE, role.rate, MONEY)
    for place, column in enumerate((LOW, LIKELY, HIGH)):
        days = _days(plan, role, column)
        formula = f"=SUMPRODUCT({plan.column(column)},{plan.column(role.column)})"
        sheet.worked(row, 2 + place, formula, days, DAYS)
        rate = here(row, RATE)
        cost = f'=IF({rate}="","",{rate}*{here(row, 2 + place)})'
        sheet.worked(row, 5 + place, cost, days * role.rate if role.rate else None, MONEY)


def _days(plan: PlanSheet, role: Role, column: int) -> float:
    which = {LOW: "low", LIKELY: "likely", HIGH: "high"}[column]
    return math.fsum(
        getattr(item.effort, which) * one.share
        for item in plan.items
        for one in item.roles
        if one.id == role.id
    )


def _sums(sheet: Sheet, row: int, plan: PlanSheet) -> float:
    sheet.cell(row, 0, _("Own people, whole plan"), **sheet.total())
    sheet.cell(row, RATE, None, **sheet.total())
    found = 0.0
    for place, column in enumerate((LOW, LIKELY, HIGH)):
        days = [_days(plan, role, column) for role in plan.roles]
        cost = [d * (role.rate or 0.0) for d, role in zip(days, plan.roles, strict=True)]
        for start, values, form in ((2, days, DAYS), (5, cost, MONEY)):
            cells = f"{here(FIRST, start + place)}:{here(max(FIRST, row - 1), start + place)}"
            formula = f"=SUM({cells})" if plan.roles else "=0"
            sheet.worked(row, start + place, formula, math.fsum(values), form, **sheet.total())
        if column == LIKELY:
            found = math.fsum(cost)
    return found


def _partners(book: Book, sheet: Sheet, row: int, own: float) -> tuple[int, list[str], float]:
    """The next free row, the cells to add to the own people's cost, and what they come to."""
    prices = book.snapshot.prices
    if prices is None or not prices.partners:
        return row - 1, [], 0.0
    head = (_("Partner"), _("Day rate"), _("Full-time equivalents"), _("Working days there"))
    sheet.head((*head, "", "", _("Cost")), row)
    cells, whole = [], 0.0
    for number, one in enumerate(prices.partners):
        at = row + 1 + number
        sheet.cell(at, 0, f"{one.title} – {one.reason}" if one.reason else one.title)
        sheet.given(at, 1, one.rate, MONEY)
        sheet.given(at, 2, one.fte, "0.00")
        sheet.given(at, 3, one.days, "0")
        formula = f"={here(at, 1)}*{here(at, 2)}*{here(at, 3)}"
        sheet.worked(at, 6, formula, one.rate * one.fte * one.days, MONEY)
        cells.append(here(at, 6))
        whole += one.rate * one.fte * one.days
    at = row + 1 + len(prices.partners)
    less = round(prices.own - own, 2)
    sheet.cell(
        at, 0, _("Done by partners in place of own people (from the plan, not recalculated)")
    )
    sheet.given(at, 6, less, MONEY)
    return at + 2, [*cells, here(at, 6)], whole + less


def _phases(book: Book, sheet: Sheet, row: int, plan: PlanSheet) -> None:
    """By phase, at the own people's rates."""
    if not book.snapshot.phases:
        return
    sheet.head((_("Phase"), "", "", _("Person-days, likely"), "", "", _("Own people’s cost")), row)
    for number, phase in enumerate(book.snapshot.phases):
        at = row + 1 + number
        sheet.cell(at, 0, phase.title)
        items = [item for item in plan.items if item.phase == phase.id]
        wanted = f"{plan.column(PHASE)},{here(at, 0)}"
        days = math.fsum(item.effort.likely for item in items)
        sheet.worked(at, 3, f"=SUMIFS({plan.column(LIKELY)},{wanted})", days, DAYS)
        cost = math.fsum(plan.cost(item) for item in items)
        sheet.worked(at, 6, f"=SUMIFS({plan.column(COST)},{wanted})", cost, MONEY)
