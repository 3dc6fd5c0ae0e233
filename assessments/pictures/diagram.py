"""The table of data flows as a graph: what is drawn, and its text for Graphviz.

A guide's table draws when it has the columns `from` and `to`. Everything else is optional:
`direction`, `phi`, `standard` and `test` mark the flow, and the systems table gives the tiers.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from guide.model import AnswerField, Guide, Question

Row = Mapping[str, Any]
MOST_FLOWS = 60
MOST_LABEL = 60
NAME_WIDTH = 18
LABEL_WIDTH = 22
CRITICAL_TIERS = ("1", "2")
# Line styles from the weakest test to the strongest, and for flows that say nothing of tests.
STYLES = ("untested", "touched", "sampled", "contract", "end-to-end")
NOT_STATED = "not-stated"
# Values of `phi` that mean no patient data, or that nobody knows.
NO_PATIENT_DATA = frozenset({"", "none"})
PHI_UNKNOWN = "unknown"
_NOT_FOR_XML = re.compile("[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class System:
    """A sender or receiver. `tier` is known when the systems table has it."""

    id: str
    name: str
    tier: str = ""
    is_listed: bool = False

    @property
    def is_critical(self) -> bool:
        return self.tier in CRITICAL_TIERS


@dataclass(frozen=True)
class Flow:
    """One row of the table, in the guide's words."""

    id: str
    name: str
    source: System
    target: System
    standard: str
    direction: str
    phi: str
    phi_label: str
    test_label: str
    style: str

    @property
    def is_critical(self) -> bool:
        return self.source.is_critical or self.target.is_critical

    @property
    def has_patient_data(self) -> bool:
        return self.phi not in NO_PATIENT_DATA and self.phi != PHI_UNKNOWN


@dataclass(frozen=True)
class FlowMap:
    """What is drawn. `count` are all flows with two ends; `nameless` lack one."""

    systems: tuple[System, ...]
    flows: tuple[Flow, ...]
    count: int = 0
    nameless: int = 0
    # The line styles in use, with their words; those of flows that say nothing are empty.
    styles: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_cut(self) -> bool:
        return len(self.flows) < self.count


def draws_flows(question: Question) -> bool:
    return question.kind == "table" and {"from", "to"} <= {c.id for c in question.columns}


def flows_question(guide: Guide) -> Question | None:
    """The table of the guide that draws."""
    return next((q for q in guide.tables.values() if draws_flows(q)), None)


def systems_question(guide: Guide) -> Question | None:
    """The table with the systems and their tiers: the first of that shape."""
    tables = guide.tables.values()
    return next((q for q in tables if {"name", "tier"} <= {c.id for c in q.columns}), None)


def flow_map(question: Question, flows: Sequence[Row], systems: Iterable[Row] = ()) -> FlowMap:
    """The systems and flows to draw: all, or where there are too many the critical ones."""
    listed = {_key(row.get("name")): row for row in reversed(list(systems)) if row.get("name")}
    columns = {column.id: column for column in question.columns}
    styles = _styles(columns.get("test"))
    found: dict[str, System] = {}

    def system(name: str) -> System:
        key = _key(name)
        if key not in found:
            row = listed.get(key)
            shown = str(row["name"]) if row else name
            tier = str(row.get("tier") or "") if row else ""
            found[key] = System(f"s{len(found)}", shown, tier, row is not None)
        return found[key]

    named = [row for row in flows if _key(row.get("from")) and _key(row.get("to"))]
    drawn = [
        _flow(number, row, system(str(row["from"])), system(str(row["to"])), columns, styles)
        for number, row in enumerate(named)
    ]
    shown = drawn if len(drawn) <= MOST_FLOWS else _most_critical(drawn)
    ends = {end.id for flow in shown for end in (flow.source, flow.target)}
    used = {flow.style for flow in shown}
    return FlowMap(
        systems=tuple(s for s in found.values() if s.id in ends),
        flows=tuple(shown),
        count=len(drawn),
        nameless=len(flows) - len(named),
        styles={style: label for style, label in _legend(columns, styles) if style in used},
    )


def _key(name: Any) -> str:
    return " ".join(str(name or "").casefold().split())


def _styles(column: AnswerField | None) -> dict[str, str]:
    """The line style of each option of `test`, which the guide lists from weak to strong."""
    options = column.options if column else ()
    last = max(len(options) - 1, 1)
    return {
        option.id: STYLES[round(place * (len(STYLES) - 1) / last)]
        for place, option in enumerate(options)
    }


def _legend(
    columns: Mapping[str, AnswerField], styles: Mapping[str, str]
) -> Iterable[tuple[str, str]]:
    by_style: dict[str, list[str]] = {}
    column = columns.get("test")
    for option in column.options if column else ():
        by_style.setdefault(styles[option.id], []).append(option.label)
    for style, labels in by_style.items():
        yield style, " / ".join(labels)
    yield NOT_STATED, ""


def _label(columns: Mapping[str, AnswerField], name: str, row: Row) -> str:
    column, value = columns.get(name), str(row.get(name) or "")
    options = column.options if column else ()
    return next((option.label for option in options if option.id == value), value)


def _flow(
    number: int,
    row: Row,
    source: System,
    target: System,
    columns: Mapping[str, AnswerField],
    styles: Mapping[str, str],
) -> Flow:
    return Flow(
        id=f"f{number}",
        name=str(row.get("id") or ""),
        source=source,
        target=target,
        standard=str(row.get("standard") or ""),
        direction=str(row.get("direction") or ""),
        phi=str(row.get("phi") or ""),
        phi_label=_label(columns, "phi", row),
        test_label=_label(columns, "test", row),
        style=styles.get(str(row.get("test") or ""), NOT_STATED),
    )


def _most_critical(flows: Sequence[Flow]) -> list[Flow]:
    """The flows that matter most, in the table's order: of critical systems, with patient data."""

    def worth(flow: Flow) -> tuple[int, int]:
        ends = flow.source.is_critical + flow.target.is_critical
        return -ends, -int(flow.has_patient_data)

    chosen = sorted(flows, key=worth)[:MOST_FLOWS]
    kept = {flow.id for flow in chosen}
    return [flow for flow in flows if flow.id in kept]


# The text for Graphviz


def dot_text(drawn: FlowMap, words: Mapping[str, str]) -> str:
    """The graph in Graphviz' language. `words` translates "tier" and "phi_unknown".

    Only shapes and classes are given; colours and lines come from the page's styles.
    """
    lines = [
        "digraph flows {",
        'graph [rankdir=LR, nodesep=0.35, ranksep=0.6, pad=0.1, bgcolor="none"]',
        'node [shape=box, margin="0.16,0.09", fontname="Helvetica", fontsize=14]',
        'edge [fontname="Helvetica", fontsize=12, arrowsize=0.8]',
    ]
    lines += [_node(system, words) for system in drawn.systems]
    lines += [_edge(flow, words) for flow in drawn.flows]
    return "\n".join([*lines, "}", ""])


def _node(system: System, words: Mapping[str, str]) -> str:
    label = _wrapped(system.name, NAME_WIDTH)
    if system.tier:
        label.append(words["tier"] % system.tier)
    classes = ["system"]
    classes += ["critical"] if system.is_critical else []
    classes += [] if system.is_listed else ["unlisted"]
    border = ", peripheries=2" if system.is_critical else ""
    return (
        f'{system.id} [id="{system.id}", class="{" ".join(classes)}", label={_text(label)}{border}]'
    )


def _edge(flow: Flow, words: Mapping[str, str]) -> str:
    label = _wrapped(" · ".join(part for part in (flow.name, flow.standard) if part), LABEL_WIDTH)
    if flow.phi == PHI_UNKNOWN:
        label += _wrapped(words["phi_unknown"], LABEL_WIDTH)
    elif flow.has_patient_data:
        label += _wrapped(words["phi"] % flow.phi_label, LABEL_WIDTH)
    classes = ["flow", flow.style, "phi" if flow.has_patient_data else "plain"]
    arrows = {"both_ways": ", dir=both", "one_way": ""}.get(flow.direction, ", arrowhead=empty")
    named = f'id="{flow.id}", class="{" ".join(classes)}", label={_text(label)}'
    return f"{flow.source.id} -> {flow.target.id} [{named}{arrows}]"


def drawable(text: str) -> str:
    """The text in one line, without what no picture may hold."""
    return " ".join(_NOT_FOR_XML.sub(" ", text).split())


def _wrapped(text: str, width: int) -> list[str]:
    """The text in lines, cut where it is very long; words without end are broken."""
    plain = drawable(text)
    if len(plain) > MOST_LABEL:
        plain = f"{plain[: MOST_LABEL - 1]}…"
    return textwrap.wrap(plain, width)


def _text(lines: Iterable[str]) -> str:
    """A quoted string: dot reads backslashes and HTML's entities in it, and names mean neither."""
    plain = (line.replace("&", "&amp;") for line in lines)
    quoted = (line.replace("\\", "\\\\").replace('"', '\\"') for line in plain)
    return '"' + "\\n".join(quoted) + '"'
