"""The diagram of data flows as a page or a report shows it: picture, facts in words, table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.pictures.diagram import (
    NOT_STATED,
    Flow,
    FlowMap,
    Row,
    dot_text,
    drawable,
    flow_map,
)
from assessments.pictures.graphviz import NoPicture, picture
from guide.model import Question


@dataclass(frozen=True)
class FlowsPage:
    """`svg` is empty where there is no picture; everything it says is in the table too."""

    drawn: FlowMap
    svg: str
    facts: tuple[str, ...]
    legend: tuple[tuple[str, str], ...]

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [
            {
                "flow": flow,
                "source": end_in_words(flow.source.name, flow.source.tier),
                "target": end_in_words(flow.target.name, flow.target.tier),
                "direction": direction_in_words(flow),
            }
            for flow in self.drawn.flows
        ]


def flows_page(question: Question, flows: Sequence[Row], systems: Iterable[Row]) -> FlowsPage:
    drawn = flow_map(question, flows, systems)
    svg = ""
    if drawn.flows:
        try:
            svg = _svg(drawn, name="flows-title", described_by="flows-facts")
        except NoPicture:
            svg = ""
    legend = tuple((style, label or _("Not stated")) for style, label in drawn.styles.items())
    return FlowsPage(drawn, svg, tuple(_facts(drawn)), legend)


def diagram_svg(
    question: Question,
    flows: Sequence[Row],
    systems: Iterable[Row] = (),
    *,
    name: str = "flows-title",
    described_by: str = "flows-facts",
) -> str:
    """The picture alone, for reports: lines and shapes in the colour of the text around it.

    Raises:
        NoPicture: dot is missing or failed; print the table alone.
    """
    return _svg(flow_map(question, flows, systems), name=name, described_by=described_by)


def _svg(drawn: FlowMap, *, name: str, described_by: str) -> str:
    words = {
        "tier": _("tier %s"),
        "phi": _("patient data: %s"),
        "phi_unknown": _("patient data not known"),
    }
    titles = {flow.id: _title(flow) for flow in drawn.flows}
    for system in drawn.systems:
        titles[system.id] = end_in_words(system.name, system.tier)
    titles = {key: drawable(text) for key, text in titles.items()}
    return picture(dot_text(drawn, words), titles, name=name, described_by=described_by)


def end_in_words(name: str, tier: str) -> str:
    return _("%(name)s (tier %(tier)s)") % {"name": name, "tier": tier} if tier else name


def direction_in_words(flow: Flow) -> str:
    known = {"one_way": _("One way"), "both_ways": _("Both ways")}
    return known.get(flow.direction, "")


def _title(flow: Flow) -> str:
    ends = _("%(from)s to %(to)s") % {"from": flow.source.name, "to": flow.target.name}
    tested = _("tested by: %s") % flow.test_label if flow.test_label else ""
    phi = _("patient data: %s") % flow.phi_label if flow.phi_label else ""
    parts = (flow.name, ends, flow.standard, direction_in_words(flow), phi, tested)
    return "; ".join(part for part in parts if part)


def _facts(drawn: FlowMap) -> Iterable[str]:
    """What the picture shows, for those who do not see it, and for those in a hurry."""
    count, flows = drawn.count, drawn.flows
    if drawn.is_cut:
        yield _(
            "Drawn are %(shown)s of %(count)s flows: those of tier 1 and 2 systems first, then "
            "those with patient data. The table of all rows has every flow."
        ) % {"shown": len(flows), "count": count}
    else:
        yield ngettext("%s flow is drawn.", "%s flows are drawn.", count) % count
    with_data = [flow for flow in flows if flow.has_patient_data]
    untested = [flow for flow in with_data if flow.style in ("untested", NOT_STATED)]
    yield _(
        "With patient data: %(with_data)s; of these not tested before a change, or not stated: "
        "%(untested)s."
    ) % {"with_data": len(with_data), "untested": len(untested)}
    critical = [system.name for system in drawn.systems if system.is_critical]
    if critical:
        shown = ", ".join(critical[:12]) + ("…" if len(critical) > 12 else "")
        yield _("Critical systems (tier 1 or 2): %s.") % shown
    unlisted = sum(not system.is_listed for system in drawn.systems)
    if unlisted:
        yield (
            ngettext(
                "%s sender or receiver is not in the table of systems.",
                "%s senders or receivers are not in the table of systems.",
                unlisted,
            )
            % unlisted
        )
    if drawn.nameless:
        yield (
            ngettext(
                "%s row lacks “From” or “To” and can’t be drawn.",
                "%s rows lack “From” or “To” and can’t be drawn.",
                drawn.nameless,
            )
            % drawn.nameless
        )
