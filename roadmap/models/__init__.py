from roadmap.models.gate import GateConfirmation, GateState
from roadmap.models.plan import PlannedInitiative, Roadmap

__all__ = ["GateConfirmation", "GateState", "PlannedInitiative", "Roadmap"]
