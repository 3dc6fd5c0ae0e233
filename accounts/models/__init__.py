from accounts.models.audit import AuditEntry
from accounts.models.people import User
from accounts.models.tenants import Invitation, Membership, Organization

__all__ = ["AuditEntry", "Invitation", "Membership", "Organization", "User"]
