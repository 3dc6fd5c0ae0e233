"""The section "What changed since the last report", in the full roadmap and in the board paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.choices import Choices
from reports.documents.section import Section
from reports.enums import Document
from reports.frozen.changes import MOVED_FROM, ChangesEntry, DateShift, Told
from reports.frozen.snapshot import ReportSnapshot

SHOWN = {"short": 5, "usual": 12, "everything": 200}
IN_BOARD_PAPER = 4


@dataclass(frozen=True)
class Family:
    """Things of one kind that came, went or were done; `more`: not listed."""

    title: str
    told: tuple[Told, ...]
    more: int

    @property
    def count(self) -> int:
        return len(self.told) + self.more


def changes(snapshot: ReportSnapshot, choices: Choices) -> dict[str, Any] | None:
    """None without an earlier report: there is nothing to compare with."""
    found = snapshot.changes
    if found is None:
        return None
    is_brief = choices.document == Document.BOARD
    most = min(SHOWN[choices.detail], IN_BOARD_PAPER) if is_brief else SHOWN[choices.detail]
    # Titles of files say little to a board; that there are more of them does.
    counted = (found.proofs_new, found.proofs_gone)
    return {
        "changes": found,
        "families": tuple(
            _family(title, told, 0 if is_brief and told in counted else most)
            for title, told in _families(found)
            if told
        ),
        "moved": found.moved[:most],
        "moved_more": max(0, len(found.moved) - most),
        "moved_from": MOVED_FROM,
        "dates": tuple(_dates(found)),
        "figures": (*_overall(found), *found.steps, *found.challenges),
        "is_brief": is_brief,
    }


def _family(title: str, told: tuple[Told, ...], most: int) -> Family:
    return Family(title, told[:most], max(0, len(told) - most))


def _overall(found: ChangesEntry) -> tuple[Any, ...]:
    return (found.overall,) if found.overall else ()


def _families(found: ChangesEntry) -> tuple[tuple[str, tuple[Told, ...]], ...]:
    return (
        (_("Reported done since"), found.done),
        (_("Reported begun since"), found.started),
        (_("Gates opened"), found.gates_opened),
        (_("Gates closed again"), found.gates_closed),
        (_("New high risks"), found.risks_new),
        (_("High risks no longer there"), found.risks_gone),
        (_("New in the plan"), found.new),
        (_("No longer in the plan"), found.gone),
        (_("Dropped"), found.dropped),
        (_("Open again, or not begun after all"), found.reopened),
        (_("New evidence"), found.proofs_new),
        (_("Evidence no longer there"), found.proofs_gone),
    )


def _dates(found: ChangesEntry) -> list[tuple[str, DateShift]]:
    named = (
        (_("Finish as planned"), found.finish),
        (_("Finish in half of the simulated runs"), found.likely_half),
        (_("Finish in four of five"), found.likely_most),
    )
    gates = [(f"{shift.id} {shift.title}", shift) for shift in found.gates_moved]
    return [(title, shift) for title, shift in named if shift] + gates


SECTION = Section(
    id="changes",
    title=gettext_lazy("What changed since the last report"),
    template="reports/print/changes.html",
    context=changes,
    documents=frozenset({Document.FULL.value, Document.BOARD.value}),
    note=gettext_lazy("Scores, work, gates, dates, cost and evidence beside an earlier report."),
)
