"""What to expect of a plan: how sure its dates are, how readiness grows, who is busy when.

All from the stored documents; nothing is simulated here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from roadmap.charts.curve import ReadinessCharts, readiness_charts
from roadmap.charts.documents import to_range
from roadmap.charts.finish import FinishChart, finish_chart
from roadmap.charts.load import LoadChart, load_charts
from roadmap.domain.forecasting.ranges import Range
from roadmap.models import ProgressForecast
from roadmap.pages.finish import finish_sentence
from roadmap.pages.plan_items import Document

PHONE_WIDTH = 340
MOST_CRITICAL = 12
# Less often than in one run of twenty is not worth a line.
LEAST_CRITICAL = 0.05


@dataclass(frozen=True)
class DatedRow:
    """A phase or a gate: its last day as planned, and in the runs."""

    id: str
    title: str
    planned: date
    likely: Range


@dataclass(frozen=True)
class DeadlineRow:
    """`chance` is None where what it is about is not in the plan."""

    title: str
    reason: str
    by: date
    planned: date | None
    chance: float | None


@dataclass(frozen=True)
class CriticalRow:
    """`share`: part of the runs in which a day more of it would have moved the finish."""

    title: str
    share: float


@dataclass(frozen=True)
class Outlook:
    """`forecast` is empty, and all that rests on it, where the plan was not simulated."""

    forecast: Document
    finish: FinishChart | None
    finish_narrow: FinishChart | None
    phases: tuple[DatedRow, ...]
    gates: tuple[DatedRow, ...]
    deadlines: tuple[DeadlineRow, ...]
    critical: tuple[CriticalRow, ...]
    readiness: ReadinessCharts | None
    load: tuple[LoadChart, ...]


def outlook(plan: Document, forecast: Document) -> Outlook:
    """`forecast`: of this very plan, or empty; the load needs none."""
    gates = {gate["id"]: gate["title"] for gate in plan.get("gates", [])}
    return Outlook(
        forecast=forecast,
        finish=finish_chart(plan, forecast),
        finish_narrow=finish_chart(plan, forecast, PHONE_WIDTH),
        phases=tuple(_phases(plan, forecast)),
        gates=tuple(_gates(plan, forecast)),
        deadlines=tuple(_deadlines(plan, forecast)),
        critical=tuple(_critical(plan, forecast)),
        readiness=readiness_charts(forecast, gates),
        load=load_charts(plan),
    )


@dataclass(frozen=True)
class AsItStands:
    """What the newest forecast of a roadmap under way says, in the shape of `charts/dates.html`."""

    as_of: date
    sentence: str
    phases: tuple[DatedRow, ...]
    gates: tuple[DatedRow, ...]
    deadlines: tuple[DeadlineRow, ...]
    planned_words: str


def as_it_stands(plan: Document, now: ProgressForecast | None) -> AsItStands | None:
    """None where nothing of the rest was forecast: then only what was agreed is known."""
    if now is None or not now.document.get("finish"):
        return None
    phases = {phase["id"]: phase["title"] for phase in plan.get("phases", [])}
    gates = {gate["id"]: gate["title"] for gate in plan.get("gates", [])}
    return AsItStands(
        as_of=now.as_of,
        sentence=finish_sentence(now.document["finish"]),
        phases=tuple(_now(now.document.get("phases", {}), phases)),
        gates=tuple(_now(now.document.get("gates", {}), gates)),
        deadlines=tuple(_deadlines(plan, now.document)),
        planned_words=_("As agreed"),
    )


def _now(found: Document, titles: Document) -> Iterable[DatedRow]:
    """What is still open: a day that has come has no chances."""
    for id, row in found.items():
        likely = to_range(row)
        if likely and not row.get("actual"):
            agreed = date.fromisoformat(row["baseline"])
            yield DatedRow(id, titles.get(id, id), agreed, likely)


def _phases(plan: Document, forecast: Document) -> Iterable[DatedRow]:
    for phase in plan.get("phases", []):
        ends = [i["finish"] for i in plan.get("initiatives", []) if i["phase"] == phase["id"]]
        likely = to_range(forecast.get("phases", {}).get(phase["id"]))
        if ends and likely:
            yield DatedRow(phase["id"], phase["title"], date.fromisoformat(max(ends)), likely)


def _gates(plan: Document, forecast: Document) -> Iterable[DatedRow]:
    for gate in plan.get("gates", []):
        if likely := to_range(forecast.get("gates", {}).get(gate["id"])):
            yield DatedRow(gate["id"], gate["title"], date.fromisoformat(gate["date"]), likely)


def _deadlines(plan: Document, forecast: Document) -> Iterable[DeadlineRow]:
    chances = {(d["about"], d["by"]): d["chance"] for d in forecast.get("deadlines", [])}
    for entry in plan.get("deadlines", []):
        key = (entry["about"], entry["by"])
        if key in chances:
            planned = entry.get("planned")
            yield DeadlineRow(
                title=entry["title"],
                reason=entry.get("reason", ""),
                by=date.fromisoformat(entry["by"]),
                planned=date.fromisoformat(planned) if planned else None,
                chance=chances[key],
            )


def _critical(plan: Document, forecast: Document) -> Iterable[CriticalRow]:
    titles = {entry["id"]: entry["title"] for entry in plan.get("initiatives", [])}
    shares = {
        name: found["critical"]
        for name, found in forecast.get("initiatives", {}).items()
        if name in titles and found["critical"] >= LEAST_CRITICAL
    }
    for name in sorted(shares, key=lambda name: (-shares[name], name))[:MOST_CRITICAL]:
        yield CriticalRow(titles[name], shares[name])
