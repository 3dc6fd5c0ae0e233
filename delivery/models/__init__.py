from delivery.models.figures import DailyFigures, StaleDay
from delivery.models.intake import InboundEvent, RefusalCount, Source
from delivery.models.records import Change, Coverage, Deployment, Incident, Vulnerability
from delivery.models.system import System
from delivery.models.upload import RecordUpload

__all__ = [
    "Change",
    "Coverage",
    "DailyFigures",
    "Deployment",
    "InboundEvent",
    "Incident",
    "RecordUpload",
    "RefusalCount",
    "Source",
    "StaleDay",
    "System",
    "Vulnerability",
]
