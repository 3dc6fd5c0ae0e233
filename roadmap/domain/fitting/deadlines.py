"""Days given from outside, and whether a plan keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from guide.model import Guide
from roadmap.domain.constraints.stated import Deadline
from roadmap.domain.plan import DeadlineResult, PlannedItem

WHOLE_PLAN = "The whole plan"
NOT_PLANNED = "It is not in the plan."


def deadline_results(
    guide: Guide,
    deadlines: Sequence[Deadline],
    items: Iterable[PlannedItem],
    plan_finish: date | None,
) -> tuple[DeadlineResult, ...]:
    """In the order they were given."""
    planned = list(items)
    finishes = {
        item.selected.initiative.id: (item.selected.initiative.title, item.finish)
        for item in planned
    }
    for item in planned:
        gate = item.selected.initiative.gate
        if item.selected.initiative.kind == "review" and any(d.about == gate for d in deadlines):
            finishes[gate] = (guide.gate(gate).title, item.finish)
    return tuple(_result(deadline, finishes, plan_finish) for deadline in deadlines)


def _result(
    deadline: Deadline, finishes: Mapping[str, tuple[str, date]], plan_finish: date | None
) -> DeadlineResult:
    if deadline.about:
        title, planned = finishes.get(deadline.about, (deadline.about, None))
        is_met = planned is not None and planned <= deadline.by
    else:
        # A plan of nothing is done by any day.
        title, planned = WHOLE_PLAN, plan_finish
        is_met = planned is None or planned <= deadline.by
    reason = NOT_PLANNED if deadline.about and planned is None else deadline.reason
    return DeadlineResult(deadline.about, title, deadline.by, planned, is_met, reason)
