from roadmap.services.gates.approving import (
    GateRoundOver,
    NotAnApprover,
    approver_name,
    approver_remove,
    gate_ask,
    gate_refuse,
    gate_say,
    gate_withdraw_request,
)
from roadmap.services.gates.opening import (
    GateNotApproved,
    GateNotReady,
    gate_close,
    gate_confirm_item,
    gate_open,
    gate_withdraw_item,
)
from roadmap.services.roadmaps import roadmap_create, scenario_adopt
from roadmap.services.work.tracking import ProgressInvalid, StaleInitiative, initiative_update

__all__ = [
    "GateNotApproved",
    "GateNotReady",
    "GateRoundOver",
    "NotAnApprover",
    "ProgressInvalid",
    "StaleInitiative",
    "approver_name",
    "approver_remove",
    "gate_ask",
    "gate_close",
    "gate_confirm_item",
    "gate_open",
    "gate_refuse",
    "gate_say",
    "gate_withdraw_item",
    "gate_withdraw_request",
    "initiative_update",
    "roadmap_create",
    "scenario_adopt",
]
