from accounts.models.audit import AuditEntry, AuditSeal
from accounts.models.people import User
from accounts.models.tenants import Invitation, Membership, Organization

__all__ = ["AuditEntry", "AuditSeal", "Invitation", "Membership", "Organization", "User"]
