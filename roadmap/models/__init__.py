from roadmap.models.charter import PilotCharter
from roadmap.models.gate import GateConfirmation, GateState
from roadmap.models.plan import PlannedInitiative, Roadmap
from roadmap.models.report import Report
from roadmap.models.scenario import Scenario, ScenarioChange

__all__ = [
    "GateConfirmation",
    "GateState",
    "PilotCharter",
    "PlannedInitiative",
    "Report",
    "Roadmap",
    "Scenario",
    "ScenarioChange",
]
