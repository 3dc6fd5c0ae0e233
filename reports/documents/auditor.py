"""The auditor's trace: answer → rule → initiative → evidence → control, readable from both ends.

At detail "everything" the whole chain; else the chain of each control in short. What is missing is
counted first, and what the snapshot does not hold is printed as "not shown".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from reports.choices import Choices
from reports.documents.auditor_lines import Lines
from reports.documents.section import ENTRIES, Context, Entry, Section
from reports.enums import Detail, Document
from reports.frozen.snapshot import ReportSnapshot

CONTROLS = {"short": 0, "usual": 60, "everything": 500}
ANSWERS = {"short": 0, "usual": 40, "everything": 500}
# What a worker can lay out; the attached plan holds all of it.
WORK = {"short": 0, "usual": 120, "everything": 600}
PROOFS = {"short": 20, "usual": 100, "everything": 600}
LONGEST_REASON = 300
DECISIONS = {"short": 10, "usual": 40, "everything": 500}


def origin(snapshot: ReportSnapshot, choices: Choices) -> Context:
    trace = snapshot.trace
    lines = Lines(snapshot)
    return {
        "trace": trace,
        "missing": lines.missing(),
        "answers": len(lines.answers),
        "controls": len(lines.trace.controls),
        "work": len(lines.work),
        "proofs": len(lines.proofs),
        "detail": choices.detail,
    }


def controls(snapshot: ReportSnapshot, choices: Choices) -> Context | None:
    found = Lines(snapshot).regimes(CONTROLS[choices.detail])
    if not found:
        return None
    return {
        "regimes": found,
        "is_whole": _is_whole(choices),
        ENTRIES: tuple(
            Entry(f"regime-{number}", regime.title) for number, regime in enumerate(found, 1)
        ),
    }


def answers(snapshot: ReportSnapshot, choices: Choices) -> Context | None:
    if choices.detail == Detail.SHORT:
        return None
    is_whole = _is_whole(choices)
    found = Lines(snapshot).by_step(ANSWERS[choices.detail], only_judging=not is_whole)
    return {"steps": found, "is_whole": is_whole} if found else None


def work(snapshot: ReportSnapshot, choices: Choices) -> Context | None:
    most = WORK[choices.detail]
    found = tuple(Lines(snapshot).work.values())
    if not most or not found:
        return None
    return {
        "work": found[:most],
        "more": max(0, len(found) - most),
        "is_whole": _is_whole(choices),
    }


def gates(snapshot: ReportSnapshot, choices: Choices) -> Context | None:
    found = Lines(snapshot).gates()
    if not found:
        return None
    return {
        "gates": found,
        "is_short": choices.detail == Detail.SHORT,
        "longest": _longest(choices),
    }


def decisions(snapshot: ReportSnapshot, choices: Choices) -> Context | None:
    """Never left out: that nobody overrode anything is worth a line."""
    trace = snapshot.trace
    most = DECISIONS[choices.detail]
    made = trace.decisions if trace else ()
    return {
        "overrides": trace.overrides if trace else (),
        "decisions": made[:most],
        "more": max(0, len(made) - most),
        "longest": _longest(choices),
    }


def evidence(snapshot: ReportSnapshot, choices: Choices) -> Context:
    proofs = snapshot.proofs or ()
    most = PROOFS[choices.detail]
    return {"proofs": proofs[:most], "more": max(0, len(proofs) - most)}


def _longest(choices: Choices) -> int:
    """Characters of a reason; 0 for all of it."""
    return 0 if _is_whole(choices) else LONGEST_REASON


def _is_whole(choices: Choices) -> bool:
    return choices.detail == Detail.EVERYTHING


def _section(
    name: str, title: Any, context: Callable[[ReportSnapshot, Choices], Context | None], note: Any
) -> Section:
    return Section(
        id=f"auditor-{name}",
        title=title,
        template=f"reports/print/auditor-{name}.html",
        context=context,
        documents=frozenset({Document.AUDITOR.value}),
        note=note,
    )


SECTIONS = (
    _section("origin", _("What this trace rests on"), origin, _("Hashes, and what is missing.")),
    _section("controls", _("By control"), controls, _("Control → answers → work → evidence.")),
    _section("answers", _("By answer"), answers, _("Answer → who, when, basis → work → control.")),
    _section("work", _("By initiative"), work, _("Rule → reasons → state → evidence.")),
    _section("gates", _("Gates and approvals"), gates, _("Checklists, approvals, decisions.")),
    _section("decisions", _("Overrides and decisions by hand"), decisions, _("With reasons.")),
    _section("evidence", _("Evidence"), evidence, _("Titles, hashes, who added it and when.")),
)
