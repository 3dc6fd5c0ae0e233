"""The roadmap people work by is the one adopted last; those before it are kept and take nothing."""

from __future__ import annotations

from roadmap.models import GateState, PlannedInitiative, Roadmap

BIG = ("plan", "forecast", "constraints")


class RoadmapReplaced(Exception):
    """Another roadmap was adopted since. `present`: that one; `about`: what was to be changed."""

    def __init__(self, present: Roadmap, about: PlannedInitiative | GateState | None) -> None:
        self.present, self.about = present, about
        super().__init__(f"replaced by roadmap {present.pk}")


def hold(roadmap_id: int, about: PlannedInitiative | GateState | None = None) -> Roadmap:
    """Lock the roadmap for a change; call it first in the transaction.

    Adopting another one holds it too, so nothing can be said of it between the two.

    Raises:
        RoadmapReplaced
    """
    held = Roadmap.objects.select_for_update().defer(*BIG).get(pk=roadmap_id)
    present = successor_of(held)
    if present is not None:
        raise RoadmapReplaced(present, about)
    return held


def successor_of(roadmap: Roadmap) -> Roadmap | None:
    """The roadmap people work by, where that is not this one."""
    rows = Roadmap.objects.filter(organization=roadmap.organization_id)
    newest = rows.only("name", "organization_id", "created_at").first()
    return None if newest is None or newest.pk == roadmap.pk else newest


def leads_to(about: PlannedInitiative | GateState) -> tuple[Roadmap | None, bool]:
    """The roadmap that replaced the one this belongs to, and whether it has the same there."""
    present = successor_of(about.roadmap)
    return present, present is not None and same_on(present, about) is not None


def same_on(
    present: Roadmap, about: PlannedInitiative | GateState | None
) -> PlannedInitiative | GateState | None:
    """The same initiative or gate on another roadmap, where it has it."""
    if isinstance(about, PlannedInitiative):
        rows = present.initiatives.filter(initiative_id=about.initiative_id)
        return rows.only("roadmap_id", "initiative_id", "title").first()
    if isinstance(about, GateState):
        return present.gates.filter(gate_id=about.gate_id).first()
    return None
