"""Scores as sheets: readiness by step, exposure to the challenges, and the high risks."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from reports.files.xlsx.book import HEAD_ROW, SCORE, SHARE, Book, Sheet, here
from reports.frozen.snapshot import ChallengeResult, ReportSnapshot
from reports.templatetags.report_format import amount, named

FIRST = HEAD_ROW + 1
MOST_REASONS = 5


def fill_readiness(book: Book, sheet: Sheet) -> None:
    snapshot = book.snapshot
    sheet.heading(
        _("Readiness"),
        _("0 to 100, high is good. Low and high: all open questions at their worst or best."),
    )
    head = (_("Step"), _("Readiness"), _("Low"), _("High"), _("Band"), _("Confidence"))
    sheet.widths(44, 14, 9, 9, 15, 12, 10, 11, 70)
    sheet.head((*head, _("Target"), _("Still to go"), _("What costs the most points")))
    sheet.freeze()
    targets = {t.id: t.target for t in snapshot.targets.steps} if snapshot.targets else {}
    for number, step in enumerate(snapshot.steps):
        row = FIRST + number
        sheet.cell(row, 0, f"{step.number} {step.title}")
        _scores(sheet, row, step.score, step.low, step.high)
        sheet.cell(row, 4, str(named(step.band, "READINESS_BANDS")))
        sheet.cell(row, 5, step.confidence, SHARE)
        _to_go(sheet, row, 6, step.score, targets.get(step.id))
        sheet.cell(row, 8, _losses((one.question.title, one.points) for one in step.losses))
    _overall(sheet, FIRST + len(snapshot.steps), snapshot)
    _bars(book, sheet, len(snapshot.steps), book.palette.band["developing"])


def _overall(sheet: Sheet, row: int, snapshot: ReportSnapshot) -> None:
    overall = snapshot.overall
    sheet.cell(row, 0, _("All steps together"), **sheet.total())
    for column, value in enumerate((overall.score, overall.low, overall.high)):
        sheet.cell(row, 1 + column, value, SCORE, **sheet.total())
    sheet.cell(row, 4, str(named(overall.band, "READINESS_BANDS")), **sheet.total())
    sheet.cell(row, 5, overall.confidence, SHARE, **sheet.total())


def fill_challenges(book: Book, sheet: Sheet) -> None:
    snapshot = book.snapshot
    sheet.heading(
        _("Challenges"), _("Exposure, 0 to 100, high is bad. What is usual is an estimate.")
    )
    head = (_("Challenge"), _("Exposure"), _("Low"), _("High"), _("Band"), _("Usual"))
    head += (_("Against usual"), _("Rank"), _("Accepted"), _("Above what is accepted"))
    sheet.widths(44, 14, 9, 9, 13, 9, 10, 8, 10, 12, 60, 60)
    sheet.head((*head, _("What the answers say"), _("What helps")))
    sheet.freeze()
    targets = {t.id: t.target for t in snapshot.targets.challenges} if snapshot.targets else {}
    ordered = sorted(snapshot.challenges, key=lambda one: (one.rank is None, one.rank or 0))
    for number, one in enumerate(ordered):
        _challenge(sheet, FIRST + number, one, targets.get(one.id))
    _bars(book, sheet, len(ordered), book.palette.exposure["high"])
    _risks(sheet, FIRST + len(ordered) + 2, snapshot)


def _challenge(sheet: Sheet, row: int, one: ChallengeResult, accepted: float | None) -> None:
    sheet.cell(row, 0, one.title)
    _scores(sheet, row, one.score, one.low, one.high)
    sheet.cell(row, 4, str(named(one.band, "EXPOSURE_BANDS")))
    sheet.given(row, 5, one.usual, SCORE)
    above = None if one.score is None or one.usual is None else one.score - one.usual
    exposure, usual = here(row, 1), here(row, 5)
    formula = f'=IF(OR({exposure}="",{usual}=""),"",{exposure}-{usual})'
    sheet.worked(row, 6, formula, above, "+0;-0;0")
    sheet.cell(row, 7, one.rank)
    sheet.given(row, 8, accepted, SCORE)
    over = None if one.score is None or accepted is None else max(0.0, one.score - accepted)
    limit = here(row, 8)
    formula = f'=IF(OR({exposure}="",{limit}=""),"",MAX(0,{exposure}-{limit}))'
    sheet.worked(row, 9, formula, over, SCORE)
    sheet.cell(row, 10, _losses((r.question.title, r.points) for r in one.reasons))
    sheet.cell(row, 11, one.mitigation)


def _risks(sheet: Sheet, row: int, snapshot: ReportSnapshot) -> None:
    """Below the challenges: answers that are a high risk whatever the scores say."""
    head = (_("High risk"), _("Question"), _("In the plan"), "", "", "", _("Step"), "", "", "")
    sheet.head((*head, _("Answer given")), row)
    if not snapshot.risks:
        sheet.cell(row + 1, 0, _("No single answer is a high risk in itself."))
    for number, risk in enumerate(snapshot.risks):
        at = row + 1 + number
        planned = ", ".join(item.id for item in risk.initiatives)
        sheet.cell(at, 0, risk.question.title)
        sheet.cell(at, 1, risk.question.id)
        sheet.cell(at, 2, planned, text_wrap=False)
        sheet.cell(at, 6, risk.step.title, text_wrap=False)
        sheet.cell(at, 10, risk.reason)


def _scores(
    sheet: Sheet, row: int, score: float | None, low: float | None, high: float | None
) -> None:
    for column, value in enumerate((score, low, high)):
        sheet.cell(row, 1 + column, value, SCORE)


def _to_go(sheet: Sheet, row: int, column: int, score: float | None, target: float | None) -> None:
    sheet.given(row, column, target, SCORE)
    gap = None if score is None or target is None else max(0.0, target - score)
    now, aim = here(row, 1), here(row, column)
    formula = f'=IF(OR({now}="",{aim}=""),"",MAX(0,{aim}-{now}))'
    sheet.worked(row, column + 1, formula, gap, SCORE)


def _losses(parts: Iterable[tuple[str, float]]) -> str:
    lines = [f"{title} ({amount(points)})" for title, points in parts]
    return "; ".join(lines[:MOST_REASONS])


def _bars(book: Book, sheet: Sheet, rows: int, color: str) -> None:
    if not rows:
        return
    look = {"type": "data_bar", "bar_color": color, "bar_solid": True}
    ends = {"min_type": "num", "max_type": "num", "min_value": 0, "max_value": 100}
    sheet.page.conditional_format(FIRST, 1, FIRST + rows - 1, 1, look | ends)
