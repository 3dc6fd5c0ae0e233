"""What is asked of the organization and what it measures: provisions, gates, metrics."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reports import words
from reports.documents.showing import CLAIMED, SHOWN, state_of
from reports.files.xlsx.book import HEAD_ROW, Book, Sheet, here, in_formula
from reports.frozen.snapshot import InitiativeEntry, ReportSnapshot
from reports.templatetags.report_format import named

FIRST = HEAD_ROW + 1
SAID, PLANNED, DONE, STATE = 6, 7, 8, 9


@dataclass(frozen=True)
class Provision:
    regime: str
    cite: str
    title: str
    designation: str
    status: str
    initiatives: tuple[str, ...]
    standing: str = ""


def fill_compliance(book: Book, sheet: Sheet) -> None:
    """Never a verdict: what the plan holds for a provision, and how far that work is."""
    snapshot = book.snapshot
    sheet.heading(
        _("Compliance"),
        _("What answers say and the plan holds for each provision. It is no verdict."),
    )
    head = (_("Regime"), _("Provision"), _("Title"), _("Designation"), _("Source"))
    sheet.widths(34, 22, 48, 16, 22, 26, 26, 10, 10, 28)
    head += (_("Initiatives"), _("What the answers say"))
    sheet.head((*head, _("Planned"), _("Done"), _("State")))
    sheet.freeze(2)
    items = {item.id: item for item in snapshot.initiatives}
    found = provisions(snapshot)
    for number, one in enumerate(found):
        _provision(sheet, FIRST + number, one, [items[i] for i in one.initiatives if i in items])
    if not found:
        sheet.cell(FIRST, 0, _("No provision is cited by this plan."))
        return
    last = FIRST + len(found) - 1
    sheet.page.autofilter(HEAD_ROW, 0, last, STATE)
    _by_regime(sheet, last + 2, found, last)


def provisions(snapshot: ReportSnapshot) -> tuple[Provision, ...]:
    """Every provision of the regimes that apply; where only the work was frozen, those it cites."""
    if snapshot.controls:
        found = [
            Provision(c.regime, c.cite, c.title, c.designation, c.status, c.initiatives, c.standing)
            for c in snapshot.controls
        ]
        return tuple(sorted(found, key=lambda one: (one.regime, one.cite)))
    cited: dict[tuple[str, str, str, str, str], list[str]] = {}
    for item in snapshot.initiatives:
        for one in item.citations:
            key = (one.regime, one.cite, one.title, one.designation, one.status)
            cited.setdefault(key, []).append(item.id)
    return tuple(Provision(*key, tuple(ids)) for key, ids in sorted(cited.items()))


def _provision(sheet: Sheet, row: int, one: Provision, items: list[InitiativeEntry]) -> None:
    texts: tuple[str, ...] = (one.regime, one.cite, one.title)
    texts += (str(named(one.designation, "DESIGNATIONS")),)
    texts += (str(named(one.status, "CONTROL_STATUSES")), ", ".join(i.id for i in items))
    said = str(words.COVERAGE[one.standing]) if one.standing in (SHOWN, CLAIMED) else ""
    for column, text in enumerate((*texts, said)):
        sheet.cell(row, column, text)
    kept = [item for item in items if item.progress.status != "dropped"]
    done = sum(item.progress.status == "done" for item in kept)
    sheet.given(row, PLANNED, len(kept), "0")
    sheet.given(row, DONE, done, "0")
    _state(sheet, row, state_of(one.standing, bool(kept), bool(kept) and done == len(kept)))


def _state(sheet: Sheet, row: int, state: str) -> None:
    """As the printed report has it: answers first, then the work."""
    nothing, done, planned = (
        in_formula(str(words.COVERAGE[key])) for key in ("nothing", "done", "planned")
    )
    said, number = here(row, SAID), here(row, PLANNED)
    work = f"IF({number}=0,{nothing},IF({here(row, DONE)}={number},{done},{planned}))"
    formula = f'=IF({said}<>"",{said},{work})'
    sheet.worked(row, STATE, formula, str(words.COVERAGE[state]))


def _by_regime(sheet: Sheet, row: int, found: tuple[Provision, ...], last: int) -> None:
    sheet.head((_("Regime"), _("Provisions"), _("With work in the plan")), row)
    regimes = sheet.column(0, FIRST, last)
    planned = sheet.column(PLANNED, FIRST, last)
    for number, regime in enumerate(dict.fromkeys(one.regime for one in found)):
        at = row + 1 + number
        sheet.cell(at, 0, regime)
        own = [one for one in found if one.regime == regime]
        name = here(at, 0)
        sheet.worked(at, 1, f"=COUNTIF({regimes},{name})", len(own), "0")
        with_work = sum(bool(one.initiatives) for one in own)
        sheet.worked(at, 2, f'=COUNTIFS({regimes},{name},{planned},">0")', with_work, "0")


def fill_gates(book: Book, sheet: Sheet) -> None:
    sheet.heading(
        _("Gates"), _("A gate opens when its checklist is met and the people named agree.")
    )
    head = (_("Gate"), _("Title"), _("Planned on"), _("Four of five by"), _("Opened on"))
    sheet.widths(8, 34, 12, 14, 12, 46, 46, 30, 70)
    sheet.head((*head, _("Passes when"), _("Holds back"), _("Who has to agree"), _("Checklist")))
    sheet.freeze(2)
    gates = book.snapshot.gates
    for number, gate in enumerate(gates):
        row = FIRST + number
        sheet.cell(row, 0, gate.id)
        sheet.cell(row, 1, gate.title)
        sheet.cell(row, 2, gate.planned_on)
        sheet.cell(row, 3, gate.likely.p80 if gate.likely and not gate.is_open else None)
        sheet.cell(row, 4, gate.opened_on)
        sheet.cell(row, 5, gate.passes_when)
        sheet.cell(row, 6, gate.blocks)
        sheet.cell(row, 7, ", ".join(gate.approvers))
        lines = [f"{'✓' if line.is_met else '○'} {line.text}" for line in gate.checklist]
        sheet.cell(row, 8, "\n".join(lines))
    if not gates:
        sheet.cell(FIRST, 0, _("The plan holds no gate."))


def fill_metrics(book: Book, sheet: Sheet) -> None:
    sheet.heading(
        _("Metrics"), _("Baselines, targets and what was measured, as people stated them.")
    )
    head = (_("Of"), _("Metric"), _("Area or basis"), _("Baseline"), _("Measured"), _("Target"))
    sheet.widths(34, 44, 34, 24, 24, 24, 13, 50)
    sheet.head((*head, _("By"), _("Remark")))
    sheet.freeze(2)
    row = FIRST
    for cells in _metric_rows(book.snapshot):
        for column, cell in enumerate(cells):
            sheet.cell(row, column, cell)
        row += 1
    if row == FIRST:
        sheet.cell(row, 0, _("No metric has a baseline, a target or a measurement yet."))
    elif row > FIRST:
        sheet.page.autofilter(HEAD_ROW, 0, row - 1, 7)


def _metric_rows(snapshot: ReportSnapshot) -> Iterable[tuple]:  # type: ignore[type-arg]
    if snapshot.charter:
        whole = _("Pilot: %(name)s") % {"name": snapshot.charter.name}
        for line in snapshot.charter.criteria:
            texts = (whole, line.metric, line.area, line.baseline, "", line.target)
            yield (*texts, line.by, line.text)
    for system in snapshot.measured:
        for one in system.figures:
            basis = " · ".join(part for part in (one.basis, one.interval, one.few) if part)
            texts = (system.system, one.title, basis, one.baseline, one.value, one.target)
            yield (*texts, None, " ".join(part for part in (one.standing, *one.notes) if part))


def statuses() -> tuple[tuple[str, str], ...]:
    return tuple((key, str(label)) for key, label in words.STATUSES.items())
