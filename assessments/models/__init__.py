from assessments.models.answer import Answer
from assessments.models.assessment import Assessment
from assessments.models.snapshot import Snapshot, SnapshotIsFrozen

__all__ = ["Answer", "Assessment", "Snapshot", "SnapshotIsFrozen"]
