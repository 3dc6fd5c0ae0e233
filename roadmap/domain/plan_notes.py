"""What a plan says about its own assumptions: size, people, limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from guide.model import Initiative
from roadmap.domain.constraints.capacity import (
    LONGEST_WEEKS,
    Origin,
    RoleCapacity,
    Size,
    Workload,
)
from roadmap.domain.constraints.free_time import FreeTime, free_time_notes
from roadmap.domain.constraints.stated import Constraints
from roadmap.domain.lifting import USUAL_LEVEL

FROM_PROFILE = (Origin.PROFILE, Origin.FALLBACK)


def plan_notes(
    initiatives: Iterable[Initiative],
    size: Size,
    capacities: Mapping[str, RoleCapacity],
    work: Mapping[str, Workload],
    constraints: Constraints,
    free: FreeTime,
) -> Iterable[str]:
    parts = list(initiatives)
    used = {role for part in parts for role in part.roles}
    yield from _size_notes(size, constraints)
    profiled = [c.role for r, c in capacities.items() if r in used and c.origin in FROM_PROFILE]
    yield from free_time_notes(free, profiled)
    for role, capacity in capacities.items():
        if role in used:
            yield from _capacity_note(capacity)
    yield from _shared_notes(capacities, used)
    counted = [c for r, c in capacities.items() if r in used and c.origin is Origin.DEFAULT]
    if counted:
        titles = ", ".join(f"{c.role.title} {c.fte:g}" for c in counted)
        yield (
            "The profile does not count these roles, so an estimate is used (FTE for the "
            f"programme): {titles}. State what you really have in the constraints."
        )
    yield from _rate_notes(constraints, capacities, used)
    if any(level > USUAL_LEVEL for level in constraints.targets.values()):
        yield (
            f"The work of the guide leads to level {USUAL_LEVEL}, unless it says otherwise: a "
            "higher target brings in what also serves better answers, and no more."
        )
    for part in parts:
        short_of = work[part.id].short_of
        if short_of:
            yield (
                f"{part.id} {part.title}: {capacities[short_of].role.title} cannot carry "
                f"this work within {LONGEST_WEEKS} weeks. It is shown with "
                "that length; find more people or help from outside."
            )


def _rate_notes(
    constraints: Constraints, capacities: Mapping[str, RoleCapacity], used: set[str]
) -> Iterable[str]:
    """Only where there are prices at all: a role without one would seem to work for nothing."""
    free = [
        capacity.role.title
        for role, capacity in capacities.items()
        if role in used and not constraints.day_rates.get(role)
    ]
    if constraints.day_rates and free:
        yield f"These roles have no day rate, so their work costs nothing here: {', '.join(free)}."


def _shared_notes(capacities: Mapping[str, RoleCapacity], used: set[str]) -> Iterable[str]:
    """One sentence for each group of roles that the same people fill."""
    groups = dict.fromkeys(
        frozenset((role, *capacity.shared_with)) & used
        for role, capacity in capacities.items()
        if capacity.shared_with
    )
    for group in groups:
        if len(group) > 1:
            titles = ", ".join(c.role.title for r, c in capacities.items() if r in group)
            yield f"The same people fill these roles, so they are counted once: {titles}."


def _size_notes(size: Size, constraints: Constraints) -> Iterable[str]:
    if size.staff is None:
        yield "The number of people is not known: effort is not adapted to your size."
    elif size.multiplier != 1:
        which = "fewer than 50" if size.multiplier < 1 else "more than 300"
        yield (
            f"With {which} people in IT ({size.staff:g} FTE), effort is multiplied by "
            f"{size.multiplier:g} (estimate)."
        )
    if constraints.wip_limit:
        yield f"Limit of initiatives at the same time: {constraints.wip_limit}, as you stated."
    elif size.wip_limit:
        yield f"Limit of initiatives at the same time: {size.wip_limit}, because the team is small."


def _capacity_note(capacity: RoleCapacity) -> Iterable[str]:
    title = capacity.role.title
    if capacity.origin is Origin.NOBODY:
        yield (
            f"Nobody is counted as {title}: planned with {capacity.fte:g} FTE, covered by: "
            f"{capacity.role.covered_by}"
        )
    elif capacity.origin is Origin.FALLBACK:
        yield (
            f"Nobody is counted for {title} itself: planned with {capacity.fte:g} FTE of the "
            "people who stand in."
        )
