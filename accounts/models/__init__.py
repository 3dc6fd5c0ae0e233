from accounts.models.audit import AuditEntry, AuditSeal
from accounts.models.engagement import Engagement, EngagementRequest
from accounts.models.people import User
from accounts.models.tenants import Invitation, Membership, Organization

__all__ = [
    "AuditEntry",
    "AuditSeal",
    "Engagement",
    "EngagementRequest",
    "Invitation",
    "Membership",
    "Organization",
    "User",
]
