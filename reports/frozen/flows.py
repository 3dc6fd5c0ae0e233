"""The data flows between systems, as the integration map draws them and its table lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assessments.domain.answers import UNANSWERED, AnswerSet, AnswerState
from assessments.pictures import diagram
from guide.model import Guide, Question


@dataclass(frozen=True)
class SystemEntry:
    id: str
    name: str
    tier: str = ""
    is_listed: bool = False


@dataclass(frozen=True)
class FlowEntry:
    """`source` and `target`: ids of systems. `style`: how well it is tested, for the line."""

    id: str
    name: str
    source: str
    target: str
    standard: str = ""
    direction: str = ""
    phi: str = ""
    phi_label: str = ""
    test_label: str = ""
    style: str = diagram.NOT_STATED


@dataclass(frozen=True)
class StyleEntry:
    style: str
    label: str


@dataclass(frozen=True)
class FlowsEntry:
    """`count`: all flows with two ends; `nameless` lack one."""

    systems: tuple[SystemEntry, ...] = ()
    flows: tuple[FlowEntry, ...] = ()
    count: int = 0
    nameless: int = 0
    styles: tuple[StyleEntry, ...] = ()


def flows_entry(guide: Guide, answers: AnswerSet) -> FlowsEntry | None:
    """None where no flow is stated."""
    question = diagram.flows_question(guide)
    if question is None:
        return None
    drawn = diagram.flow_map(
        question, _rows(question, answers), _rows(diagram.systems_question(guide), answers)
    )
    if not drawn.flows:
        return None
    return FlowsEntry(
        systems=tuple(SystemEntry(s.id, s.name, s.tier, s.is_listed) for s in drawn.systems),
        flows=tuple(_flow(flow) for flow in drawn.flows),
        count=drawn.count,
        nameless=drawn.nameless,
        styles=tuple(StyleEntry(style, label) for style, label in drawn.styles.items()),
    )


def _flow(flow: diagram.Flow) -> FlowEntry:
    return FlowEntry(
        id=flow.id,
        name=flow.name,
        source=flow.source.id,
        target=flow.target.id,
        standard=flow.standard,
        direction=flow.direction,
        phi=flow.phi,
        phi_label=flow.phi_label,
        test_label=flow.test_label,
        style=flow.style,
    )


def flow_map_of(entry: FlowsEntry) -> diagram.FlowMap:
    """What the diagram is drawn from."""
    systems = {
        system.id: diagram.System(system.id, system.name, system.tier, system.is_listed)
        for system in entry.systems
    }
    return diagram.FlowMap(
        systems=tuple(systems.values()),
        flows=tuple(
            diagram.Flow(
                id=flow.id,
                name=flow.name,
                source=systems[flow.source],
                target=systems[flow.target],
                standard=flow.standard,
                direction=flow.direction,
                phi=flow.phi,
                phi_label=flow.phi_label,
                test_label=flow.test_label,
                style=flow.style,
            )
            for flow in entry.flows
        ),
        count=entry.count,
        nameless=entry.nameless,
        styles={style.style: style.label for style in entry.styles},
    )


def _rows(question: Question | None, answers: AnswerSet) -> list[Mapping[str, Any]]:
    answer = answers.get(question.id, UNANSWERED) if question else UNANSWERED
    if answer.state is not AnswerState.ANSWERED or not isinstance(answer.value, (list, tuple)):
        return []
    return [row for row in answer.value if isinstance(row, Mapping)]
