from typing import Any

from accounts.enums import Role
from accounts.models import Organization
from accounts.tenancy import Can
from tests.factories import make_invitation, make_member
from tests.tenancy_table.rows import OpenPage, Page, TenantPage


def member(organization: Organization) -> dict[str, Any]:
    return {"pk": make_member(organization, Role.VIEWER).pk}


def invitation(organization: Organization) -> dict[str, Any]:
    return {"pk": make_invitation(organization).pk}


def token(organization: Organization) -> dict[str, Any]:
    return {"token": make_invitation(organization).token}


ORGANIZATION = {"name": "North Clinic", "kind": "hospital", "time_zone": "UTC"}

PAGES: dict[str, Page] = {
    "accounts:start": OpenPage(get=(200, 302)),
    "accounts:sample_report": OpenPage(get=(200, 200)),
    "accounts:theme": OpenPage(post=(302, 302), data={"theme": "dark"}),
    "accounts:profile": OpenPage(get=(302, 200), post=(302, 302), data={"name": "Ada"}),
    "accounts:organizations": OpenPage(get=(302, 200), post=(302, 405)),
    "accounts:organization_create": OpenPage(get=(302, 200), post=(302, 302), data=ORGANIZATION),
    # A POST by someone who does not hold the invited address changes nothing.
    "accounts:invitation": OpenPage(get=(200, 200), post=(200, 409), arguments=token),
    "accounts:organization_home": TenantPage(Can.VIEW),
    "accounts:organization_settings": TenantPage(Can.MANAGE, Can.MANAGE, data=ORGANIZATION),
    "accounts:members": TenantPage(Can.VIEW),
    "accounts:history": TenantPage(Can.EDIT),
    "accounts:history_csv": TenantPage(Can.EDIT),
    "accounts:history_json": TenantPage(Can.EDIT),
    "accounts:leave": TenantPage(Can.VIEW, Can.VIEW),
    "accounts:member": TenantPage(Can.MANAGE, Can.MANAGE, member, data={"role": "editor"}),
    "accounts:member_remove": TenantPage(Can.MANAGE, Can.MANAGE, member),
    "accounts:invite": TenantPage(
        Can.MANAGE, Can.MANAGE, data={"email": "someone@example.org", "role": "viewer"}
    ),
    "accounts:invitation_resend": TenantPage(None, Can.MANAGE, invitation),
    "accounts:invitation_revoke": TenantPage(None, Can.MANAGE, invitation),
}
