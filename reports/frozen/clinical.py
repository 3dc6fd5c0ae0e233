"""What a clinician's page says beyond the plan: the unit, its systems, who speaks for it. Pure.

A unit is whatever the answers name: a system of the inventory, or an end of a data flow (a
laboratory, a ward, another site). Nothing here is made up: what the answers do not hold is empty,
and the page says that it is not named yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assessments.domain.answers import UNANSWERED, AnswerSet, AnswerState
from assessments.domain.wording import answer_in_words
from guide.model import Guide

SYSTEMS, FLOWS, CANDIDATES = "T1", "T5", "T3"
SAID = ("Q2.07", "Q2.11", "Q5.01", "Q5.12")
"""A clinician's say, stopping and downtime, being told of changes, the drill."""


@dataclass(frozen=True)
class SystemLine:
    """`tier`: how long care can wait, in the guide's words."""

    name: str
    purpose: str = ""
    owner: str = ""
    tier: str = ""
    is_critical: bool = False


@dataclass(frozen=True)
class FlowLine:
    source: str
    target: str
    content: str = ""


@dataclass(frozen=True)
class SaidLine:
    """An answer that speaks of people on the wards."""

    id: str
    title: str
    answer: str


@dataclass(frozen=True)
class PersonLine:
    role: str
    name: str


@dataclass(frozen=True)
class ClinicalEntry:
    """`unit`: empty for everybody. `is_known`: whether the answers name it. `waves`: ids of
    initiatives that people planned for this unit's systems. `pilot_near`: the pilot is one of the
    unit's systems or exchanges data with it.
    """

    unit: str = ""
    is_known: bool = True
    systems: tuple[SystemLine, ...] = ()
    flows: tuple[FlowLine, ...] = ()
    said: tuple[SaidLine, ...] = ()
    people: tuple[PersonLine, ...] = ()
    waves: tuple[str, ...] = ()
    pilot_near: bool = False


def unit_names(answers: AnswerSet) -> tuple[str, ...]:
    """What a page can be made for, each once, in the order of the answers."""
    names = [
        *(_text(row, "name") for row in _rows(answers, SYSTEMS)),
        *(_text(row, end) for row in _rows(answers, FLOWS) for end in ("from", "to")),
    ]
    first: dict[str, str] = {}
    for name in names:
        if name:
            first.setdefault(name.casefold(), name)
    return tuple(first.values())


def clinical_entry(
    guide: Guide,
    answers: AnswerSet,
    plan: Mapping[str, Any],
    unit: str,
    pilot: str = "",
    people: Iterable[PersonLine] = (),
) -> ClinicalEntry:
    unit = unit.strip()
    flows = tuple(flow for flow in _flows(answers) if not unit or _is_one_of(unit, _ends(flow)))
    near = {unit, *(end for flow in flows for end in _ends(flow))} if unit else set()
    systems = tuple(s for s in _systems(guide, answers) if not unit or _is_one_of(s.name, near))
    known = unit_names(answers)
    return ClinicalEntry(
        unit=unit,
        is_known=not unit or _is_one_of(unit, known),
        systems=systems,
        flows=flows if unit else (),
        said=tuple(_said(guide, answers)),
        people=tuple(people),
        waves=tuple(
            part["id"]
            for part in plan["initiatives"]
            if any(_is_one_of(system, near) for system in part.get("systems") or ())
        ),
        pilot_near=bool(pilot) and any(_is_part_of(name, pilot) for name in near),
    )


def champion_of(answers: AnswerSet, pilot: str) -> str:
    """The clinician whom the table of candidates names for the pilot."""
    for row in _rows(answers, CANDIDATES):
        if _text(row, "name").casefold() == pilot.casefold():
            return _text(row, "champion")
    return ""


def _systems(guide: Guide, answers: AnswerSet) -> Iterable[SystemLine]:
    tiers = _tiers(guide)
    for row in _rows(answers, SYSTEMS):
        tier = _text(row, "tier")
        yield SystemLine(
            name=_text(row, "name"),
            purpose=_text(row, "function"),
            owner=_text(row, "owner_clinical"),
            tier=tiers.get(tier, ""),
            is_critical=tier == "1",
        )


def _tiers(guide: Guide) -> dict[str, str]:
    table = guide.tables.get(SYSTEMS)
    column = next((c for c in table.columns if c.id == "tier"), None) if table else None
    return {option.id: option.label for option in column.options} if column else {}


def _flows(answers: AnswerSet) -> Iterable[FlowLine]:
    for row in _rows(answers, FLOWS):
        yield FlowLine(_text(row, "from"), _text(row, "to"), _text(row, "content"))


def _ends(flow: FlowLine) -> tuple[str, str]:
    return (flow.source, flow.target)


def _said(guide: Guide, answers: AnswerSet) -> Iterable[SaidLine]:
    for name in SAID:
        question = guide.questions.get(name)
        answer = answers.get(name, UNANSWERED)
        if question and answer.state is AnswerState.ANSWERED:
            yield SaidLine(name, question.title, answer_in_words(question, answer))


def _rows(answers: AnswerSet, table: str) -> Iterable[Mapping[str, Any]]:
    answer = answers.get(table, UNANSWERED)
    if answer.state is not AnswerState.ANSWERED or not isinstance(answer.value, (list, tuple)):
        return ()
    return tuple(answer.value)


def _text(row: Mapping[str, Any], column: str) -> str:
    return str(row.get(column) or "").strip()


def _is_part_of(name: str, whole: str) -> bool:
    """Whether it stands there as words of its own: Lab in Lab-results interface."""
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", whole, re.IGNORECASE) is not None


def _is_one_of(name: str, names: Iterable[str]) -> bool:
    return name.casefold() in {other.casefold() for other in names}
