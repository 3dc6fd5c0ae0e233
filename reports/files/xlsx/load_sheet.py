"""Load against capacity: people times working days, less what the plan asks of them."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _

from reports.files.xlsx.book import DAYS, HEAD_ROW, MONTH, SHARE, Book, Sheet, here
from reports.files.xlsx.plan_sheet import Calendar
from reports.frozen.outlook import MonthEntry, RoleEntry
from reports.frozen.snapshot import ReportSnapshot
from roadmap.charts.scale import next_month

FIRST = HEAD_ROW + 1
FTE, WORKED, THERE, USED, LEFT, PART = 2, 3, 4, 5, 6, 7


def fill_load(book: Book, sheet: Sheet, calendar: Calendar) -> None:
    sheet.heading(
        _("Load"),
        _(
            "Full-time equivalents times working days is what there is; change the yellow cells. "
            "What is planned is that of the day of this file: person-days changed in Plan do not "
            "reach it, as the plan would have to be made anew."
        ),
    )
    sheet.widths(38, 12, 14, 12, 12, 12, 12, 16)
    sheet.head(
        (
            _("Role"),
            _("Month"),
            _("Full-time equivalents for this plan"),
            _("Working days of the plan"),
            _("Person-days there are"),
            _("Person-days planned"),
            _("Left"),
            _("Used"),
        )
    )
    sheet.freeze(2)
    rows = [(role, month) for role in book.snapshot.load for month in role.months]
    finish = last_day(book.snapshot)
    for number, (role, month) in enumerate(rows):
        _row(book, sheet, FIRST + number, role, month, calendar, finish)
    if not rows:
        sheet.cell(FIRST, 0, _("The plan holds no load by month."))
        return
    last = FIRST + len(rows) - 1
    sheet.page.autofilter(HEAD_ROW, 0, last, PART)
    _totals(sheet, last, rows)
    _marks(book, sheet, last)


def last_day(snapshot: ReportSnapshot) -> date:
    ends = [item.finish for item in snapshot.initiatives]
    return max([snapshot.plan.finish or snapshot.plan.start, *ends])


def _row(
    book: Book,
    sheet: Sheet,
    row: int,
    role: RoleEntry,
    month: MonthEntry,
    calendar: Calendar,
    finish: date,
) -> None:
    first = date.fromisoformat(f"{month.month}-01")
    end = min(next_month(first) - timedelta(days=1), finish)
    days = calendar.between(max(first, book.snapshot.plan.start), end)
    # What is stated as half a person for half a month stands here as a quarter.
    fte = month.capacity / days if days else 0.0
    there = fte * days
    sheet.cell(row, 0, role.title)
    sheet.cell(row, 1, first, MONTH)
    sheet.given(row, FTE, fte, "0.00")
    counted = calendar.formula(
        f"MAX({here(row, 1)},PlanStart)", f"MIN(EOMONTH({here(row, 1)},0),PlanFinish)"
    )
    sheet.worked(row, WORKED, f"={counted}", days, "0")
    sheet.worked(row, THERE, f"={here(row, FTE)}*{here(row, WORKED)}", there, DAYS)
    sheet.given(row, USED, month.used, DAYS)
    left = f"={here(row, THERE)}-{here(row, USED)}"
    sheet.worked(row, LEFT, left, there - month.used, DAYS)
    part = f'=IF({here(row, THERE)}=0,"",{here(row, USED)}/{here(row, THERE)})'
    sheet.worked(row, PART, part, month.used / there if there else None, SHARE)


def _totals(sheet: Sheet, last: int, rows: list[tuple[RoleEntry, MonthEntry]]) -> None:
    row = last + 1
    sheet.cell(row, 0, _("Sum of the rows shown"), **sheet.total())
    there = sum(month.capacity for _role, month in rows)
    used = sum(month.used for _role, month in rows)
    for column, value in ((THERE, there), (USED, used), (LEFT, there - used)):
        cells = f"{here(FIRST, column)}:{here(last, column)}"
        sheet.worked(row, column, f"=SUBTOTAL(109,{cells})", value, DAYS, **sheet.total())


def _marks(book: Book, sheet: Sheet, last: int) -> None:
    """Bars for the share used, and red where more is planned than there is."""
    palette = book.palette
    sheet.page.conditional_format(
        FIRST,
        PART,
        last,
        PART,
        {
            "type": "data_bar",
            "bar_color": palette.band["developing"],
            "bar_solid": True,
            "min_type": "num",
            "max_type": "num",
            "min_value": 0,
            "max_value": 1,
        },
    )
    sheet.page.conditional_format(
        FIRST,
        LEFT,
        last,
        LEFT,
        {
            "type": "cell",
            "criteria": "<",
            "value": -0.005,
            "format": book.file.add_format({"font_color": palette.bad, "bold": True}),
        },
    )
