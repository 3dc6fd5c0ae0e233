from roadmap.models.approving import GateApproval, GateApprover, GateDecision
from roadmap.models.charter import PilotCharter
from roadmap.models.following import ProgressForecast, ProgressSnapshot
from roadmap.models.gate import GateConfirmation, GateState
from roadmap.models.outcome import PilotOutcome
from roadmap.models.plan import PlannedInitiative, Roadmap
from roadmap.models.scenario import Scenario, ScenarioChange
from roadmap.models.sharing import CalendarFeed, StatusLink, StatusMail
from roadmap.models.tracking import ProgressEntry, StartOverride, WorkComment, WorkEvidence

__all__ = [
    "CalendarFeed",
    "GateApproval",
    "GateApprover",
    "GateConfirmation",
    "GateDecision",
    "GateState",
    "PilotCharter",
    "PilotOutcome",
    "PlannedInitiative",
    "ProgressEntry",
    "ProgressForecast",
    "ProgressSnapshot",
    "Roadmap",
    "Scenario",
    "ScenarioChange",
    "StartOverride",
    "StatusLink",
    "StatusMail",
    "WorkComment",
    "WorkEvidence",
]
