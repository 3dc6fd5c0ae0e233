"""What is different between two plans, as pages show it: what was changed, then what follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from guide.model import Guide
from roadmap.charts.documents import to_range
from roadmap.domain.constraints.differences import Names, constraints_diff
from roadmap.domain.constraints.stated import Constraints
from roadmap.domain.forecasting.ranges import Range
from roadmap.domain.plan_diff import FellOut, Moved, PlanDiff, plan_diff
from roadmap.domain.progress import progress
from roadmap.models import Roadmap, Scenario
from roadmap.pages.moves import FIRST_MOVES
from roadmap.services.following.reading import expected_finish

Document = Mapping[str, Any]
OF_PROGRESS = ("roadmap_id", "initiative_id", "phase", "effort", "status")


@dataclass(frozen=True)
class Gone:
    """An initiative that the plan no longer holds; `owner`, where it is somebody's today."""

    item: FellOut
    owner: str = ""


@dataclass(frozen=True)
class Compared:
    """`name` of what it is compared with; `changes`: what was changed, in sentences.

    `other_answers`: the two do not come from the same submitted assessment. `likely_before` and
    `likely_after`: when each ends by its newest forecast; None where it has none that still holds.
    """

    name: str
    diff: PlanDiff
    changes: tuple[str, ...]
    other_answers: bool
    currency: str
    base: Scenario | None = None
    roadmap: Roadmap | None = None
    likely_before: Range | None = None
    likely_after: Range | None = None
    gone: tuple[Gone, ...] = ()

    @property
    def first(self) -> tuple[Moved, ...]:
        return self.diff.moved[:FIRST_MOVES]

    @property
    def rest(self) -> tuple[Moved, ...]:
        return self.diff.moved[FIRST_MOVES:]


def compared_with_scenario(
    base: Scenario, scenario: Scenario, *, became: Roadmap | None = None
) -> Compared:
    """What `scenario` changes against `base`. `became`: the roadmap that `base` became, if any:
    then what is left of it counts, and who has taken it on.
    """
    changes = (
        *_constraints(base.to_constraints(), scenario),
        *_decisions(_of_the_planned(base), _of_the_planned(scenario)),
    )
    return _compared(base.name, base, scenario, changes, base=base, became=became)


def compared_with_roadmap(current: Roadmap | None, scenario: Scenario) -> Compared | None:
    """Against the roadmap people work by; None without one, or when this plan is it."""
    if current is None or current.scenario_id == scenario.pk:
        return None
    changes = tuple(_constraints(current.to_constraints(), scenario))
    return _compared(current.name, current, scenario, changes, roadmap=current, became=current)


def names_of(guide: Guide) -> Names:
    """What constraints name by id, in words."""
    return Names(
        roles={role.id: role.title for role in guide.roles},
        steps={step.id: step.title for step in guide.steps},
        others={
            **{gate.id: f"{gate.id} {gate.title}" for gate in guide.gates},
            **{item.id: f"{item.id} {item.title}" for item in guide.initiatives},
        },
    )


def _compared(
    name: str,
    before: Scenario | Roadmap,
    scenario: Scenario,
    changes: tuple[str, ...],
    base: Scenario | None = None,
    roadmap: Roadmap | None = None,
    became: Roadmap | None = None,
) -> Compared:
    diff = plan_diff(before.plan, scenario.plan)
    return Compared(
        name=name,
        diff=diff,
        changes=changes,
        other_answers=before.snapshot_id != scenario.snapshot_id,
        currency=(scenario.plan.get("cost") or {}).get("currency") or "",
        base=base,
        roadmap=roadmap,
        likely_before=_likely(became) if became else _planned(base),
        likely_after=_planned(scenario),
        gone=_gone(diff, became),
    )


def _likely(roadmap: Roadmap) -> Range | None:
    """Of a roadmap the forecast of what is left, else the one it was adopted with."""
    return to_range(expected_finish(roadmap) or roadmap.forecast.get("finish"))


def _planned(scenario: Scenario | None) -> Range | None:
    if scenario is None or not scenario.is_forecast_current:
        return None
    return to_range(scenario.forecast.get("finish"))


def _gone(diff: PlanDiff, roadmap: Roadmap | None) -> tuple[Gone, ...]:
    """What somebody has taken on comes first: they lose it."""
    owners: dict[str, str] = {}
    if roadmap is not None and diff.fell_out:
        rows = roadmap.initiatives.filter(
            initiative_id__in=[item.id for item in diff.fell_out], owner__isnull=False
        )
        found = rows.select_related("owner").only("roadmap_id", "initiative_id", "owner__name")
        owners = {row.initiative_id: str(row.owner) for row in found}
    gone = [Gone(item, owners.get(item.id, "")) for item in diff.fell_out]
    return tuple(sorted(gone, key=lambda one: not one.owner))


def progress_moved(before: Roadmap | None, after: Roadmap) -> str:
    """Why the percentage is another one on the day of the adoption; empty where it is not."""
    if before is None:
        return ""
    old = {row.initiative_id: row for row in before.initiatives.only(*OF_PROGRESS)}
    new = {row.initiative_id: row for row in after.initiatives.only(*OF_PROGRESS)}
    was, now = (progress(row.to_tracked() for row in rows.values()) for rows in (old, new))
    if round(was.done) == round(now.done):
        return ""
    words = _(
        "Progress by effort is %(now)d%% here and was %(was)d%% on “%(name)s”, because the work to "
        "do is other work: %(came)d initiatives came in, %(gone)d went out, and person-days went "
        "from %(days_was)d to %(days_now)d. What was reported of work that went out stays on the "
        "earlier roadmap."
    )
    days = [sum(row.effort["likely"] for row in rows.values()) for rows in (old, new)]
    return words % {
        "now": round(now.done),
        "was": round(was.done),
        "name": before.name,
        "came": len(new.keys() - old.keys()),
        "gone": len(old.keys() - new.keys()),
        "days_was": round(days[0]),
        "days_now": round(days[1]),
    }


def _constraints(before: Constraints, scenario: Scenario) -> Iterable[str]:
    names = names_of(scenario.snapshot.guide)
    return constraints_diff(before, scenario.to_constraints(), names)


def _of_the_planned(scenario: Scenario) -> Document:
    """Decisions on what is not in the plan after all would only raise the counts."""
    planned = {entry["id"] for entry in scenario.plan.get("initiatives", [])}
    about = {
        kind: {name: value for name, value in (found or {}).items() if name in planned}
        for kind, found in scenario.decisions.items()
        if kind in ("pins", "earliest", "kept", "efforts")
    }
    return {**scenario.decisions, **about}


def _decisions(before: Document, after: Document) -> Iterable[str]:
    """Decisions by hand that only one of them holds, counted: their effect is in the plan."""
    kinds = {
        "pins": _("Starts fixed, by hand or by what was reported"),
        "earliest": _("Starts put off, by hand or because their day has passed"),
        "excluded": _("Initiatives left out by hand"),
        "kept": _("Initiatives kept, by hand or because they were begun"),
        "efforts": _("Efforts changed, by hand or by what is left"),
        "own": _("Initiatives of your own"),
        "waves": _("Waves over further systems"),
    }
    for kind, words in kinds.items():
        old, new = before.get(kind) or {}, after.get(kind) or {}
        if len(old) != len(new):
            values = {"what": words, "new": len(new), "old": len(old)}
            yield _("%(what)s: %(new)s instead of %(old)s.") % values
        elif old != new:
            yield _("%(what)s: others than before.") % {"what": words}
