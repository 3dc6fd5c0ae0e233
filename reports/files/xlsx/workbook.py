"""The plan as an Excel workbook, with formulas where a reader would change a number."""

from __future__ import annotations

from datetime import datetime, time

from django.utils import translation
from django.utils.translation import gettext as _

from reports.choices import Choices
from reports.files.forms import Made, Tell
from reports.files.office.packages import sealed
from reports.files.office.texts import one_line
from reports.files.xlsx.book import Book
from reports.files.xlsx.cost_sheet import fill_cost, rate_cells
from reports.files.xlsx.load_sheet import fill_load
from reports.files.xlsx.plan_sheet import Calendar, fill_plan, plan_roles
from reports.files.xlsx.proof_sheets import fill_compliance, fill_gates, fill_metrics
from reports.files.xlsx.standing_sheets import fill_challenges, fill_readiness
from reports.files.xlsx.summary_sheets import fill_assumptions, fill_summary
from reports.frozen.snapshot import ReportSnapshot


def make(snapshot: ReportSnapshot, choices: Choices, tell: Tell) -> Made:
    with translation.override(snapshot.language):
        tell(10, _("Writing the sheets"))
        book = Book(snapshot, choices)
        _properties(book)
        _fill(book, tell)
        return Made(sealed(book.bytes(), snapshot.generated_on))


def _fill(book: Book, tell: Tell) -> None:
    summary = book.add("summary", _("Summary"))
    readiness = book.add("readiness", _("Readiness"))
    challenges = book.add("challenges", _("Challenges"))
    plan = book.add("plan", _("Plan"))
    load = book.add("load", _("Load"))
    cost = book.add("cost", _("Cost"))
    compliance = book.add("compliance", _("Compliance"))
    gates = book.add("gates", _("Gates"))
    metrics = book.add("metrics", _("Metrics"))
    assumptions = book.add("assumptions", _("Assumptions"))
    calendar = Calendar(book.snapshot)
    planned = fill_plan(book, plan, calendar, rate_cells(cost, plan_roles(book.snapshot)))
    tell(50, _("Writing the formulas"))
    fill_summary(book, summary, planned, fill_cost(book, cost, planned))
    fill_load(book, load, calendar)
    fill_readiness(book, readiness)
    fill_challenges(book, challenges)
    fill_compliance(book, compliance)
    fill_gates(book, gates)
    fill_metrics(book, metrics)
    fill_assumptions(book, assumptions)
    tell(90, _("Packing the workbook"))


def _properties(book: Book) -> None:
    snapshot = book.snapshot
    name = one_line(snapshot.organization)[:200]
    book.file.set_properties(
        {
            "title": _("Roadmap of %(organization)s") % {"organization": name},
            "author": one_line(snapshot.brand.name)[:200] if snapshot.brand else "Waymark",
            "created": datetime.combine(snapshot.generated_on, time()),
            "comments": f"{snapshot.guide.title} {snapshot.guide.version}"[:200],
        }
    )
    book.file.set_calc_mode("auto")
