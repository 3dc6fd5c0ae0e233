"""From answers to a dated plan: prepare the problem, schedule it, say what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from assessments.domain.answers import AnswerSet
from assessments.domain.scoring import Scorecard, score
from guide.model import Guide
from roadmap.domain.constraints.stated import Constraints
from roadmap.domain.explaining.binding import Binding, bindings, critical_chain
from roadmap.domain.explaining.findings import plan_findings
from roadmap.domain.explaining.slack import slack
from roadmap.domain.fitting.cost import Pricing, role_days
from roadmap.domain.fitting.deadlines import deadline_results
from roadmap.domain.hand.decisions import Decisions
from roadmap.domain.lifting import readiness_figures
from roadmap.domain.load import role_loads
from roadmap.domain.plan import (
    ByHand,
    Estimate,
    FrozenDays,
    LeftOut,
    Plan,
    PlannedItem,
    ReadinessFigures,
)
from roadmap.domain.preparing import Prepared, prepare
from roadmap.domain.problem import Schedule
from roadmap.domain.scheduling import schedule
from roadmap.domain.selected import Selection

# Counts the changes that give other plans from the same input; a stored plan then counts as old.
PLANNER_VERSION = "2"

__all__ = [
    "PLANNER_VERSION",
    "Estimate",
    "LeftOut",
    "Plan",
    "PlannedItem",
    "Prepared",
    "finish",
    "plan",
    "plan_scored",
    "plan_selection",
    "prepare",
    "quick_schedule",
]


def plan(
    guide: Guide,
    answers: AnswerSet,
    constraints: Constraints,
    today: date,
    decisions: Decisions | None = None,
) -> Plan:
    """The plan that follows from the answers; the same input always gives the same plan."""
    return _planned_at_once(
        prepare(guide, answers, None, constraints, decisions or Decisions(), today)
    )


def plan_scored(
    guide: Guide,
    answers: AnswerSet,
    scorecard: Scorecard,
    constraints: Constraints,
    today: date,
    decisions: Decisions | None = None,
) -> Plan:
    """As `plan`, for those who have the scorecard already."""
    decided = decisions or Decisions()
    return _planned_at_once(prepare(guide, answers, None, constraints, decided, today, scorecard))


def plan_selection(
    guide: Guide, answers: AnswerSet, selection: Selection, constraints: Constraints, today: date
) -> Plan:
    return _planned_at_once(prepare(guide, answers, selection, constraints, Decisions(), today))


def finish(prepared: Prepared, result: Schedule) -> Plan:
    """The plan that a schedule of the prepared problem makes, whoever found the schedule."""
    selection, calendar, limits = prepared.selection, prepared.calendar, prepared.constraints
    guide, problem = prepared.guide, prepared.problem
    pricing = Pricing(limits, calendar, problem)
    found = bindings(problem, result)
    items = tuple(_items(prepared, result, found, pricing))
    used = {role for item in items for role in item.roles}
    last = max((item.finish for item in items), default=None)
    deadlines = deadline_results(guide, limits.deadlines, items, last)
    cost = pricing.total({i.selected.initiative.id: i.person_days for i in items}, result)
    now, after = _readiness(prepared)
    return Plan(
        start=calendar.day_to_date(0),
        finish=last,
        items=items,
        gates=_gates(items),
        excluded=tuple(selection.excluded),
        find_out=tuple(selection.find_out),
        settled=selection.settled,
        notes=prepared.notes,
        capacities=tuple(c for role, c in prepared.capacities.items() if role in used),
        rule=result.rule,
        left_out=prepared.left_out,
        critical_chain=critical_chain(problem, result, found),
        deadlines=deadlines,
        cost=cost,
        load=role_loads(guide, problem, result, calendar),
        freezes=tuple(_freezes(prepared)),
        conflicts=tuple(plan_findings(prepared, result, found, deadlines, cost)),
        holidays=tuple(day for day in sorted(limits.holidays) if last and day <= last),
        working_weekdays=limits.working_weekdays,
        readiness_now=now,
        readiness_after=after,
    )


def quick_schedule(prepared: Prepared, previous: Mapping[str, int] | None = None) -> Schedule:
    """The fast engine's schedule. `previous`: starts to begin from.

    Where preparing had to make one already, it is that one.
    """
    if previous or prepared.draft is None:
        return schedule(prepared.problem, previous)
    return prepared.draft


def _planned_at_once(prepared: Prepared) -> Plan:
    return finish(prepared, quick_schedule(prepared))


def _items(
    prepared: Prepared, result: Schedule, found: Mapping[str, Binding], pricing: Pricing
) -> Iterable[PlannedItem]:
    calendar, late = prepared.calendar, slack(prepared.problem, result)
    critical = set(critical_chain(prepared.problem, result, found))
    for item, task in zip(prepared.selection.items, prepared.problem.tasks, strict=True):
        begin, end = result.starts[task.id], result.finishes[task.id]
        held, effort = found[task.id], prepared.efforts[task.id]
        days = role_days(item.initiative, effort.likely)
        yield PlannedItem(
            selected=item,
            start=calendar.day_to_date(begin),
            finish=calendar.finish_date(begin, end),
            days=task.duration,
            roles=tuple(item.initiative.roles),
            effort=effort,
            bound_by=held,
            bound_until=None if held.until is None else calendar.day_to_date(held.until),
            total_float=late[task.id].total,
            free_float=late[task.id].free,
            is_critical=task.id in critical,
            lifts=prepared.lifting.lifts(item.initiative),
            gain=round(prepared.gains.alone(item.initiative), 2),
            person_days=days,
            cost=_money(pricing.own(days, begin, end)),
            by_hand=prepared.by_hand.get(task.id, ByHand()),
        )


def _readiness(prepared: Prepared) -> tuple[ReadinessFigures, ReadinessFigures]:
    initiatives = [item.initiative for item in prepared.selection.items]
    after = prepared.lifting.answers_after(initiatives)
    return (
        readiness_figures(prepared.scorecard),
        readiness_figures(score(prepared.guide, after)),
    )


def _money(amount: float | None) -> float | None:
    return None if amount is None else round(amount, 2)


def _gates(items: Sequence[PlannedItem]) -> tuple[tuple[str, date], ...]:
    reviews = [item for item in items if item.selected.initiative.kind == "review"]
    dated = [(item.selected.initiative.gate, item.finish) for item in reviews]
    return tuple(sorted(dated, key=lambda gate: (gate[1], gate[0])))


def _freezes(prepared: Prepared) -> Iterable[FrozenDays]:
    for freeze in sorted(prepared.constraints.freezes, key=lambda f: (f.start, f.finish, f.reason)):
        if freeze.finish >= prepared.calendar.start:
            yield FrozenDays(
                freeze.start, freeze.finish, freeze.reason, freeze.kind.value, freeze.roles
            )
