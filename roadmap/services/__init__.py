from roadmap.services.gates import (
    GateNotReady,
    gate_close,
    gate_confirm_item,
    gate_open,
    gate_withdraw_item,
)
from roadmap.services.roadmaps import roadmap_create, scenario_adopt
from roadmap.services.tracking import ProgressInvalid, StaleInitiative, initiative_update

__all__ = [
    "GateNotReady",
    "ProgressInvalid",
    "StaleInitiative",
    "gate_close",
    "gate_confirm_item",
    "gate_open",
    "gate_withdraw_item",
    "initiative_update",
    "roadmap_create",
    "scenario_adopt",
]
