"""The full roadmap: its sections in their usual order."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from reports.choices import Choices
from reports.documents import back, cards, showing, standing, timeline
from reports.documents.section import Context, Section, Text
from reports.enums import Document
from reports.frozen.snapshot import ReportSnapshot

FULL = frozenset({Document.FULL.value})


def _nothing_more(_snapshot: ReportSnapshot, _choices: Choices) -> Context:
    return {}


def _charter(snapshot: ReportSnapshot, _choices: Choices) -> Context | None:
    return {} if snapshot.charter else None


def _section(
    name: str,
    title: Text,
    note: Text,
    context: Callable[..., Context | None] = _nothing_more,
    *,
    is_usual: bool = True,
) -> Section:
    template = f"reports/print/sections/{name.replace('-', '_')}.html"
    return Section(name, title, template, context, FULL, note, is_usual)


SECTIONS: tuple[Section, ...] = (
    _section(
        "summary",
        _("Summary"),
        _("The three numbers, the biggest moves and the plan at a glance."),
        standing.summary,
    ),
    _section(
        "standing",
        _("Where you stand"),
        _("Readiness beside its targets, heat map and exposure to the known challenges."),
        standing.standing,
    ),
    _section(
        "risks",
        _("Highest risks"),
        _("Answers that are a risk in themselves, with what they rest on."),
        standing.risks,
    ),
    _section(
        "charter",
        _("Pilot charter"),
        _("Scope, criteria, team, rollback, and what was decided."),
        _charter,
    ),
    _section("plan", _("The plan"), _("Phases and the Gantt chart."), timeline.plan),
    _section(
        "load",
        _("Who is needed when"),
        _("Person-days by role, and load against capacity by month."),
        timeline.load,
    ),
    _section(
        "cost", _("What it costs"), _("Money by phase and role; what is unpriced."), timeline.cost
    ),
    _section(
        "outlook",
        _("How sure this is"),
        _("Dates as ranges, from the forecast."),
        timeline.outlook,
    ),
    _section("gates", _("Gates"), _("Checklists, approvals, proof, decisions."), timeline.gates),
    _section("initiatives", _("Initiatives"), _("Every initiative on a card."), cards.initiatives),
    _section(
        "progress",
        _("What was reported"),
        _("Progress, obstacles and notes on the work."),
        timeline.progress,
    ),
    _section(
        "integration",
        _("Integration map"),
        _("Which systems exchange data, drawn and as a table."),
        showing.integration,
    ),
    _section(
        "compliance",
        _("Compliance coverage"),
        _("Control by control: shown, claimed, planned or open."),
        showing.compliance,
    ),
    _section(
        "metrics",
        _("Measured figures"),
        _("Delivery metrics beside their baselines and targets."),
        showing.metrics,
    ),
    _section(
        "scenarios",
        _("Plans side by side"),
        _("This plan beside the scenarios that were chosen."),
        showing.scenarios,
    ),
    _section(
        "remarks",
        _("Comments and open questions"),
        _("The comments chosen for print, and what is most worth finding out."),
        showing.remarks,
    ),
    _section(
        "stated",
        _("What was stated and decided"),
        _("Calendar, people, money, dates, and decisions by hand."),
        showing.stated,
    ),
    _section(
        "left-out",
        _("Left out, and what to find out"),
        _("What is not in the plan, and what nobody knew."),
        timeline.left_out,
    ),
    _section(
        "answers",
        _("All answers"),
        _("Every answer with its note. Printed when chosen, or with every detail."),
        showing.answers,
        is_usual=False,
    ),
    _section("method", _("How this was worked out"), _("Scores, plan, limits, regulations.")),
    _section("sources", _("Sources"), _("What the guide rests on."), back.sources),
    _section("glossary", _("Words used here"), _("The terms of this report."), back.glossary),
    _section("legal", _("Legal note"), _("What this report is not."), back.legal),
)
