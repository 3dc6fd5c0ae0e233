"""The first sheet and the last: the figures that matter, and what they rest on."""

from __future__ import annotations

import math
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.files.xlsx.book import DAYS, MONEY, SCORE, Book, Cell, Sheet, here, in_formula
from reports.files.xlsx.cost_sheet import CostSheet
from reports.files.xlsx.load_sheet import last_day
from reports.files.xlsx.plan_sheet import FIRST, HIGH, LIKELY, LOW, STATUS, PlanSheet
from reports.files.xlsx.proof_sheets import statuses
from reports.frozen.snapshot import ReportSnapshot
from reports.templatetags.report_format import named, percent

WEEKDAY_NAMES = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)
WORST = 3


def fill_summary(book: Book, sheet: Sheet, plan: PlanSheet, cost: CostSheet) -> None:
    snapshot = book.snapshot
    sheet.widths(44, 20, 20, 70)
    sheet.heading(snapshot.organization, _subject(snapshot))
    sheet.page.set_tab_color(book.palette.brand)
    rows = _Rows(book, sheet, 3)
    _scores(rows, snapshot)
    _dates(rows, snapshot)
    _effort(rows, snapshot, plan, cost)
    _progress(rows, plan)
    rows.head(_("How to read this file"))
    rows.given_sample()
    rows.note(_("Cells with a white ground are either plain figures or formulas that follow."))
    rows.note(_("Changing a number here does not change the plan in Waymark."))
    if snapshot.brand and snapshot.brand.legal:
        rows.note(snapshot.brand.legal)


def _subject(snapshot: ReportSnapshot) -> str:
    made = _("Roadmap as of %(day)s") % {"day": snapshot.generated_on.isoformat()}
    parts = (made, snapshot.roadmap, f"{snapshot.guide.title} {snapshot.guide.version}")
    return " · ".join(part for part in parts if part)


class _Rows:
    """Rows of the two outer sheets, one below the other."""

    def __init__(self, book: Book, sheet: Sheet, row: int) -> None:
        self.book, self.sheet, self.row = book, sheet, row

    def head(self, title: str) -> None:
        self.row += 1
        self.sheet.head((title, "", "", ""), self.row)
        self.row += 1

    def line(self, label: str, value: Cell, form: str = "", note: str = "") -> int:
        for column, cell in enumerate((label, value, None, note)):
            self.sheet.cell(self.row, column, cell, form if column == 1 else "", align="left")
        self.row += 1
        return self.row - 1

    def worked(self, label: str, formula: str, value: Cell, form: str, note: str = "") -> None:
        row = self.line(label, None, "", note)
        self.sheet.worked(row, 1, formula, value, form, align="left")

    def note(self, text: str) -> None:
        self.sheet.page.merge_range(self.row, 0, self.row, 3, "", self.book.look(text_wrap=True))
        self.sheet.text(self.row, 0, text, self.book.look(text_wrap=True))
        # A merged cell does not grow by itself.
        self.sheet.page.set_row(self.row, 13.5 * max(1, math.ceil(len(text) / 150)))
        self.row += 1

    def given_sample(self) -> None:
        self.sheet.given(self.row, 0, _("Yellow cells are meant to be changed."))
        self.row += 1


def _scores(rows: _Rows, snapshot: ReportSnapshot) -> None:
    overall = snapshot.overall
    rows.head(_("Where it stands"))
    band = named(overall.band, "READINESS_BANDS") if overall.band else _("no verdict yet")
    spread = _("%(band)s; between %(low)s and %(high)s once every open question is answered") % {
        "band": band,
        "low": "–" if overall.low is None else round(overall.low),
        "high": "–" if overall.high is None else round(overall.high),
    }
    rows.line(_("Readiness when assessed, of 100"), overall.score, SCORE, spread)
    rows.line(_("Confidence"), percent(overall.confidence))
    worst = sorted((c for c in snapshot.challenges if c.rank and c.band), key=lambda c: c.rank or 0)
    for one in worst[:WORST]:
        label = _("Exposure: %(title)s") % {"title": one.title}
        rows.line(label, one.score, SCORE, str(named(one.band, "EXPOSURE_BANDS")))
    rows.line(_("Answers that are a high risk in themselves"), len(snapshot.risks))


def _dates(rows: _Rows, snapshot: ReportSnapshot) -> None:
    rows.head(_("When"))
    start = rows.line(_("Plan starts"), snapshot.plan.start)
    planned = last_day(snapshot)
    finish = rows.line(
        _("Planned finish"),
        planned,
        note=_("Takes the likely effort and the shortest waiting everywhere."),
    )
    _name(rows, "PlanStart", start)
    _name(rows, "PlanFinish", finish)
    if snapshot.going:
        told = _("by what was reported to %(day)s") % {"day": snapshot.going.as_of.isoformat()}
        rows.line(_("Half of the runs finish by"), snapshot.going.likely.p50, note=told)
        rows.line(_("Four of five runs finish by"), snapshot.going.likely.p80, note=told)
    elif snapshot.forecast:
        runs = _("of %(n)s simulated runs; an estimate") % {"n": snapshot.forecast.runs}
        rows.line(_("Half of the runs finish by"), snapshot.forecast.finish.p50, note=runs)
        rows.line(_("Four of five runs finish by"), snapshot.forecast.finish.p80, note=runs)


def _name(rows: _Rows, name: str, row: int) -> None:
    rows.book.file.define_name(name, f"={rows.sheet.at(row, 1)}")


def _effort(rows: _Rows, snapshot: ReportSnapshot, plan: PlanSheet, cost: CostSheet) -> None:
    rows.head(_("How much"))
    items = plan.items
    for label, column, value in (
        (_("Person-days, low"), LOW, sum(i.effort.low for i in items)),
        (_("Person-days, likely"), LIKELY, sum(i.effort.likely for i in items)),
        (_("Person-days, high"), HIGH, sum(i.effort.high for i in items)),
    ):
        rows.worked(label, f"=SUM({plan.column(column)})", value, DAYS)
    currency = snapshot.prices.currency if snapshot.prices else ""
    label = _("Cost, likely") + (f" ({currency})" if currency else "")
    note = (
        _("An estimate.") if snapshot.prices else _("No day rates are stated: see the sheet Cost.")
    )
    total = f'=IF({cost.total}=0,"–",{cost.total})'
    rows.worked(label, total, cost.value or "–", MONEY, note)
    budget = snapshot.cost.budget if snapshot.cost else None
    if budget:
        row = rows.line(_("Budget stated"), None)
        rows.sheet.given(row, 1, budget, MONEY)
        rows.worked(
            _("Budget left"), f"={here(row, 1)}-{here(row - 1, 1)}", budget - cost.value, MONEY
        )


def _progress(rows: _Rows, plan: PlanSheet) -> None:
    rows.head(_("Initiatives"))
    states = plan.column(STATUS)
    for status, label in statuses():
        count = sum(item.progress.status == status for item in plan.items)
        rows.worked(label, f"=COUNTIF({states},{in_formula(label)})", count, "0")
    last = FIRST + max(1, len(plan.items)) - 1
    ids = plan.sheet.column(0, FIRST, last)
    rows.worked(_("All"), f"=COUNTA({ids})", len(plan.items), "0")


def fill_assumptions(book: Book, sheet: Sheet) -> None:
    snapshot = book.snapshot
    sheet.widths(44, 24, 24, 70)
    sheet.heading(_("Assumptions"), _("What the figures rest on. All of them are estimates."))
    rows = _Rows(book, sheet, 2)
    rows.head(_("Stated for the plan"))
    for note in snapshot.plan.notes:
        rows.note(f"• {note}")
    for stated in snapshot.stated:
        rows.line(stated.label, None, note=stated.text)
    _calendar(rows, snapshot)
    _people(rows, snapshot)
    _freezes(rows, snapshot)
    rows.head(_("Profile"))
    for fact in snapshot.profile:
        rows.line(fact.label, None, note=fact.value)
    _left_out(rows, snapshot)
    rows.head(_("Limits"))
    for text in (snapshot.estimates_note, snapshot.disclaimer):
        if text:
            rows.note(text)


def _calendar(rows: _Rows, snapshot: ReportSnapshot) -> None:
    rows.head(_("Working time"))
    weekdays = snapshot.calendar.weekdays if snapshot.calendar else range(5)
    rows.line(_("Days worked"), None, note=", ".join(str(WEEKDAY_NAMES[day]) for day in weekdays))
    holidays: tuple[date, ...] = snapshot.calendar.holidays if snapshot.calendar else ()
    for number, day in enumerate(sorted(holidays)):
        row = rows.line(_("Day off") if number == 0 else "", None)
        rows.sheet.given(row, 1, day, "ddd d mmm yyyy")
    if holidays:
        first = rows.row - len(holidays)
        rows.book.file.define_name("Holidays", f"={rows.sheet.column(1, first, rows.row - 1)}")


def _people(rows: _Rows, snapshot: ReportSnapshot) -> None:
    if not snapshot.capacity:
        return
    rows.head(_("People for this plan, in full-time equivalents"))
    for one in snapshot.capacity:
        rows.line(one.title, one.fte, "0.00")


def _freezes(rows: _Rows, snapshot: ReportSnapshot) -> None:
    if not snapshot.freezes:
        return
    rows.head(_("Freeze windows"))
    for freeze in snapshot.freezes:
        kind = _("fewer people") if freeze.is_reduced else _("no change in production")
        row = rows.line(freeze.reason or kind, freeze.start, note=kind)
        rows.sheet.cell(row, 2, freeze.finish, align="left")


def _left_out(rows: _Rows, snapshot: ReportSnapshot) -> None:
    if not snapshot.left_out:
        return
    rows.head(_("Left out of the plan"))
    for part in snapshot.left_out:
        rows.line(f"{part.id} {part.title}", None, note=part.reason)
