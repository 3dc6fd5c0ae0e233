from assessments.models.answer import Answer
from assessments.models.assessment import Assessment
from assessments.models.assignment import Assignment
from assessments.models.comment import Comment
from assessments.models.evidence import Evidence
from assessments.models.expiry import ExpiryNotice
from assessments.models.guide import StoredGuide
from assessments.models.peers import PeerRelease
from assessments.models.seat import SeatAnswer, Settlement
from assessments.models.snapshot import Snapshot, SnapshotIsFrozen
from assessments.models.suggestion import Suggestion
from assessments.models.target import TargetProfile
from assessments.models.upload import TableUpload
from assessments.models.workshop import ParkedTalk

__all__ = [
    "Answer",
    "Assessment",
    "Assignment",
    "Comment",
    "Evidence",
    "ExpiryNotice",
    "ParkedTalk",
    "PeerRelease",
    "SeatAnswer",
    "Settlement",
    "Snapshot",
    "SnapshotIsFrozen",
    "StoredGuide",
    "Suggestion",
    "TableUpload",
    "TargetProfile",
]
