"""The plan as a sheet: every initiative with its dates, effort, cost and who does it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from reports.files.tables import joined
from reports.files.xlsx.book import DAYS, HEAD_ROW, MONEY, SHARE, Book, Sheet, across, here
from reports.frozen.snapshot import InitiativeEntry, ReportSnapshot
from reports.templatetags.report_format import named
from roadmap.domain.tracking.slip import WorkingDays

FIRST = HEAD_ROW + 1
RATE_ROW = HEAD_ROW - 1
START, FINISH, WORKED = 6, 7, 8
LOW, LIKELY, HIGH, COST = 11, 12, 13, 14
PHASE, STATUS = 2, 4
WORDS, REPORTED, ROLES = 17, 20, 24
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Role:
    """`rate`: None where nobody stated one."""

    id: str
    title: str
    rate: float | None
    column: int


@dataclass(frozen=True)
class PlanSheet:
    """Where the other sheets find what they count with."""

    sheet: Sheet
    items: tuple[InitiativeEntry, ...]
    roles: tuple[Role, ...]

    @property
    def last(self) -> int:
        return FIRST + max(1, len(self.items)) - 1

    def column(self, column: int) -> str:
        return self.sheet.column(column, FIRST, self.last)

    def cost(self, item: InitiativeEntry) -> float:
        rates = {role.id: role.rate or 0.0 for role in self.roles}
        return item.effort.likely * sum(one.share * rates[one.id] for one in item.roles)


class Calendar:
    """Working days of the plan, in words a worksheet understands and in our own."""

    def __init__(self, snapshot: ReportSnapshot) -> None:
        weekdays = snapshot.calendar.weekdays if snapshot.calendar else (0, 1, 2, 3, 4)
        self.holidays = snapshot.calendar.holidays if snapshot.calendar else ()
        self._days = WorkingDays(self.holidays, weekdays)
        weekend = "".join("0" if day in weekdays else "1" for day in range(7))
        self._rest = f'"{weekend}"' + (",Holidays" if self.holidays else "")

    def formula(self, first: str, last: str) -> str:
        return f"NETWORKDAYS.INTL({first},{last},{self._rest})"

    def between(self, first: date, last: date) -> int:
        return self._days.slip(first - A_DAY, last) if first <= last else 0


def plan_roles(snapshot: ReportSnapshot) -> tuple[Role, ...]:
    """Every role with work in the plan, the largest part first."""
    days: dict[str, float] = {}
    titles: dict[str, str] = {}
    for item in snapshot.initiatives:
        for one in item.roles:
            days[one.id] = days.get(one.id, 0.0) + one.share * item.effort.likely
            titles[one.id] = one.title
    rates = {one.role: one.rate for one in snapshot.prices.rates} if snapshot.prices else {}
    ordered = sorted(days, key=lambda role: (-round(days[role], 6), role))
    return tuple(
        Role(role, titles[role], rates.get(role), ROLES + number)
        for number, role in enumerate(ordered)
    )


def fill_plan(book: Book, sheet: Sheet, calendar: Calendar, rates: dict[str, str]) -> PlanSheet:
    """`rates`: the address of each role's day rate."""
    snapshot = book.snapshot
    items = tuple(sorted(snapshot.initiatives, key=lambda item: (item.start, item.rank, item.id)))
    found = PlanSheet(sheet, items, plan_roles(snapshot))
    _heads(book, found, rates)
    sheet.page.print_area(0, 0, found.last + 1, WORDS - 1)
    phases = {phase.id: phase.title for phase in snapshot.phases}
    for number, item in enumerate(items):
        _plain_cells(sheet, FIRST + number, item, phases.get(item.phase, item.phase))
        _worked_cells(found, FIRST + number, item, calendar)
    _totals(found)
    return found


def _heads(book: Book, found: PlanSheet, rates: dict[str, str]) -> None:
    sheet, currency = found.sheet, book.snapshot.prices.currency if book.snapshot.prices else ""
    sheet.heading(
        _("Plan"),
        _("Change the yellow cells; cost and sums follow. Dates do not: they are planned."),
    )
    cost = (
        _("Cost, likely (%(currency)s)") % {"currency": currency} if currency else _("Cost, likely")
    )
    labels = (_("Id"), _("Initiative"), _("Phase"), _("Step"), _("Status"), _("Priority"))
    labels += (_("Start"), _("Finish"), _("Working days"))
    labels += (_("Half of the runs by"), _("Four of five by"))
    labels += (_("Person-days, low"), _("Person-days, likely"), _("Person-days, high"), cost)
    labels += (_("Gate"), _("After"), _("Why"), _("What"), _("Controls"))
    labels += (_("Started on"), _("Percent done"), _("Agreed start"), _("Agreed finish"))
    sheet.widths(9, 44, 20, 20, 12, 8, 12, 12, 9, 12, 12, 9, 9, 9, 12, 7, 18, 40, 50, 40)
    sheet.widths(12, 9, 12, 12, column=REPORTED)
    sheet.widths(*([13] * len(found.roles)), column=ROLES)
    sheet.head((*labels, *(role.title for role in found.roles)))
    sheet.freeze(2)
    if found.roles:
        sheet.cell(
            RATE_ROW, ROLES - 1, _("Day rate (from the sheet Cost)"), bottom=0, align="right"
        )
    for role in found.roles:
        sheet.worked(RATE_ROW, role.column, f"={rates[role.id]}", role.rate or 0, MONEY)
    last = ROLES + max(0, len(found.roles) - 1)
    sheet.page.autofilter(HEAD_ROW, 0, found.last, last)


def _plain_cells(sheet: Sheet, row: int, item: InitiativeEntry, phase: str) -> None:
    words = (item.id, item.title, phase, item.step.title)
    for column, text in enumerate(words):
        sheet.cell(row, column, text)
    sheet.cell(row, STATUS, str(named(item.progress.status, "STATUSES")))
    sheet.cell(row, 5, item.rank)
    sheet.cell(row, START, item.start)
    sheet.cell(row, FINISH, item.finish)
    sheet.cell(row, 9, item.likely.p50 if item.likely else None)
    sheet.cell(row, 10, item.likely.p80 if item.likely else None)
    sheet.given(row, LOW, item.effort.low, DAYS)
    sheet.given(row, LIKELY, item.effort.likely, DAYS)
    sheet.given(row, HIGH, item.effort.high, DAYS)
    sheet.cell(row, 15, item.gate.id if item.gate else "")
    sheet.cell(row, 16, joined(other.id for other in item.predecessors))
    cited = joined(f"{one.regime} {one.cite}" for one in item.citations)
    for column, text in enumerate((" ".join(item.reasons), item.what, cited)):
        # In one line: a plan is read by its rows, and these would make each a page.
        sheet.cell(row, WORDS + column, text, text_wrap=False)
    done = item.progress
    said = (done.started_on, done.percent, *(done.baseline or (None, None)))
    for column, value in enumerate(said):
        sheet.cell(row, REPORTED + column, value)


def _worked_cells(found: PlanSheet, row: int, item: InitiativeEntry, calendar: Calendar) -> None:
    sheet = found.sheet
    days = calendar.formula(here(row, START), here(row, FINISH))
    sheet.worked(row, WORKED, f"={days}", calendar.between(item.start, item.finish), "0")
    shares = {one.id: one.share for one in item.roles}
    for role in found.roles:
        if role.id in shares:
            sheet.given(row, role.column, shares[role.id], SHARE)
    if found.roles:
        last = found.roles[-1].column
        rates = across(RATE_ROW, ROLES, last)
        cost = f"{here(row, LIKELY)}*SUMPRODUCT({across(row, ROLES, last)},{rates})"
        # Nothing rather than 0: work without a rate is not for free.
        sheet.worked(row, COST, f'=IF({cost}=0,"",{cost})', found.cost(item) or None, MONEY)


def _totals(found: PlanSheet) -> None:
    sheet, row = found.sheet, found.last + 1
    if not found.items:
        sheet.cell(FIRST, 1, _("There is no work in this plan."))
        return
    sums = {
        LOW: sum(item.effort.low for item in found.items),
        LIKELY: sum(item.effort.likely for item in found.items),
        HIGH: sum(item.effort.high for item in found.items),
        COST: sum(found.cost(item) for item in found.items),
    }
    sheet.cell(row, 1, _("Sum of the rows shown"), **sheet.total())
    for column, value in sums.items():
        # 109: without the rows that a filter hides.
        formula = f"=SUBTOTAL(109,{here(FIRST, column)}:{here(found.last, column)})"
        form = MONEY if column == COST else DAYS
        sheet.worked(row, column, formula, value, form, **sheet.total())
