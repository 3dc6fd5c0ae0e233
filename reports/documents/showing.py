"""What shows it: integration map, controls, measured figures, answers, other plans. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.pages.flows import direction_in_words, end_in_words
from assessments.pictures.diagram import Flow, FlowMap, dot_text, drawable
from assessments.pictures.graphviz import NoPicture, picture
from reports.choices import Choices
from reports.documents.amounts import Limit, Shown, shown
from reports.documents.cards import proofs_by
from reports.documents.section import Context
from reports.enums import Detail
from reports.frozen.flows import flow_map_of
from reports.frozen.snapshot import ReportSnapshot
from reports.frozen.standing import AnswerEntry
from reports.frozen.stated import DismissedEntry, FigureEntry, MeasuredEntry
from reports.frozen.trace import ControlTrace

FLOWS = Limit(short=20, usual=40, everything=60)
CONTROLS = Limit(short=12, usual=60, everything=400)
SYSTEMS = Limit(short=4, usual=12, everything=24)
DISMISSED = Limit(short=3, usual=10, everything=40)
ROWS = Limit(short=10, usual=20, everything=200)
NARROWING = Limit(short=5, usual=10, everything=15)
REMARKS = Limit(short=20, usual=60, everything=300)
ANSWERS = "answers"

SHOWN, CLAIMED, DONE, PLANNED, NOTHING = "shown", "claimed", "done", "planned", "nothing"
STATES = (SHOWN, CLAIMED, DONE, PLANNED, NOTHING)


@dataclass(frozen=True)
class FlowLine:
    flow: Flow
    source: str
    target: str
    direction: str


def integration(snapshot: ReportSnapshot, choices: Choices) -> Context | None:
    if snapshot.flows is None:
        return None
    drawn = flow_map_of(snapshot.flows)
    lines = [
        FlowLine(
            flow,
            end_in_words(flow.source.name, flow.source.tier),
            end_in_words(flow.target.name, flow.target.tier),
            direction_in_words(flow),
        )
        for flow in drawn.flows
    ]
    with_data = [flow for flow in drawn.flows if flow.has_patient_data]
    return {
        "drawn": drawn,
        "svg": _svg(drawn),
        "lines": shown(lines, FLOWS, choices),
        "not_printed": drawn.count - min(len(lines), FLOWS.of(choices)),
        "with_data": len(with_data),
        "untested": sum(flow.style in ("untested", "not-stated") for flow in with_data),
        "legend": [(style, label or _("Not stated")) for style, label in drawn.styles.items()],
    }


def _svg(drawn: FlowMap) -> str:
    """The map as the app draws it; empty where it cannot be laid out, and the table says it all."""
    words = {
        "tier": _("tier %s"),
        "phi": _("patient data: %s"),
        "phi_unknown": _("patient data not known"),
    }
    titles = {
        system.id: drawable(end_in_words(system.name, system.tier)) for system in drawn.systems
    }
    try:
        return picture(
            dot_text(drawn, words), titles, name="flows-title", described_by="flows-facts"
        )
    except NoPicture:
        return ""


@dataclass(frozen=True)
class ControlLine:
    """`state`: one of `STATES`. `work`: the initiatives that serve it and were not dropped."""

    control: ControlTrace
    state: str
    work: tuple[str, ...] = ()


@dataclass(frozen=True)
class RegimeLines:
    title: str
    counts: tuple[tuple[str, int], ...]
    lines: Shown[ControlLine]


def compliance(snapshot: ReportSnapshot, choices: Choices) -> Context | None:
    if not snapshot.controls:
        return None
    by_regime: dict[str, list[ControlLine]] = defaultdict(list)
    statuses = {item.id: item.progress.status for item in snapshot.initiatives}
    for control in snapshot.controls:
        work = tuple(i for i in control.initiatives if statuses.get(i) not in (None, "dropped"))
        is_done = bool(work) and all(statuses[i] == "done" for i in work)
        line = ControlLine(control, state_of(control.standing, bool(work), is_done), work)
        by_regime[control.regime].append(line)
    return {
        "coverage": [
            RegimeLines(title, _counts(lines), shown(lines, CONTROLS, choices))
            for title, lines in by_regime.items()
        ],
        "has_unchecked": any(c.status in ("partly", "unconfirmed") for c in snapshot.controls),
    }


def state_of(standing: str, has_work: bool, is_done: bool) -> str:
    """Work counts only where no answer speaks for the control well enough; done is not shown."""
    if standing in (SHOWN, CLAIMED):
        return standing
    if is_done:
        return DONE
    return PLANNED if has_work else NOTHING


def _counts(lines: list[ControlLine]) -> tuple[tuple[str, int], ...]:
    found = Counter(line.state for line in lines)
    return tuple((state, found[state]) for state in STATES)


@dataclass(frozen=True)
class SystemLines:
    """`not_printed`: how many more vulnerabilities somebody dismissed."""

    entry: MeasuredEntry
    figures: tuple[FigureEntry, ...]
    dismissed: tuple[DismissedEntry, ...] = ()
    not_printed: int = 0


def metrics(snapshot: ReportSnapshot, choices: Choices) -> Context | None:
    """The systems about which there is a figure, an aim or anything that somebody wrote."""
    told = [line for one in snapshot.measured if _says_something(line := _lines(one, choices))]
    if not told:
        return None
    return {"systems": shown(told, SYSTEMS, choices)}


def _lines(entry: MeasuredEntry, choices: Choices) -> SystemLines:
    dismissed = shown(entry.dismissed, DISMISSED, choices)
    return SystemLines(
        entry,
        tuple(f for f in entry.figures if f.is_known or f.baseline or f.target),
        dismissed.items,
        dismissed.more + entry.dismissed_more,
    )


def _says_something(line: SystemLines) -> bool:
    entry = line.entry
    return bool(line.figures or entry.note or entry.fix_limits or entry.dismissed)


@dataclass(frozen=True)
class StepAnswers:
    title: str
    answers: tuple[AnswerEntry, ...]


def answers(snapshot: ReportSnapshot, choices: Choices) -> Context | None:
    """Every answer with its note: where everything is told, or the section was asked for."""
    if choices.detail != Detail.EVERYTHING and ANSWERS not in choices.sections:
        return None
    titles = {step.id: step.title for step in snapshot.steps}
    by_step: dict[str, list[AnswerEntry]] = defaultdict(list)
    for answer in snapshot.answers:
        by_step[titles.get(answer.step, "")].append(answer)
    if not by_step:
        return None
    groups = [StepAnswers(title, tuple(found)) for title, found in by_step.items()]
    return {"groups": groups, "rows_each": ROWS.of(choices), "proofs": proofs_by(snapshot)}


def remarks(snapshot: ReportSnapshot, choices: Choices) -> Context | None:
    if not snapshot.remarks and not snapshot.narrowing:
        return None
    return {
        "remarks": shown(snapshot.remarks, REMARKS, choices),
        "narrowing": shown(snapshot.narrowing, NARROWING, choices),
    }


def scenarios(snapshot: ReportSnapshot, choices: Choices) -> Context | None:
    if not snapshot.compared:
        return None
    return {
        "plans": snapshot.compared,
        "has_cost": any(plan.cost is not None for plan in snapshot.compared),
    }


def stated(snapshot: ReportSnapshot, choices: Choices) -> Context | None:
    decided = [decision for decision in snapshot.by_hand if not decision.is_undone]
    if not snapshot.stated and not decided and not snapshot.profile:
        return None
    return {
        "lines": shown(snapshot.stated, Limit(30, 80, 400), choices),
        "decided": shown(decided, Limit(20, 60, 400), choices),
    }
