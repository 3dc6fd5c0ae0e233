from roadmap.models.gate import GateConfirmation, GateState
from roadmap.models.plan import PlannedInitiative, Roadmap
from roadmap.models.report import Report

__all__ = ["GateConfirmation", "GateState", "PlannedInitiative", "Report", "Roadmap"]
