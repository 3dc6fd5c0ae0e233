"""Who advises an organization, and whom it asks: accounts/adviser_urls.py."""

from typing import Any

from accounts.models import EngagementRequest, Organization
from accounts.secret_addresses import token_of
from accounts.tenancy import Can
from accounts.views.advisers import ASK
from tests.factories import make_engagement, make_organization
from tests.tenancy_table.rows import OpenPage, Page, TenantPage

TERMS = {"role": "viewer", "areas": ["roadmap"], "until": "2027-06-30"}


def engaged(organization: Organization) -> dict[str, Any]:
    return {"pk": make_engagement(organization).pk}


def adviser(organization: Organization) -> dict[str, Any]:
    Organization.objects.filter(pk=organization.pk).update(advises=True)
    return {}


def asked(organization: Organization) -> dict[str, Any]:
    adviser(organization)
    made = EngagementRequest.objects.create(consultancy=organization, name="Elm", **TERMS)
    return {"pk": made.pk}


def advised(organization: Organization) -> dict[str, Any]:
    adviser(organization)
    return {"pk": make_engagement(consultancy=organization).pk}


def address(organization: Organization) -> dict[str, Any]:
    made = EngagementRequest.objects.create(
        consultancy=make_organization(advises=True), name="Elm", **TERMS
    )
    return {"token": token_of(ASK, made.nonce)}


PAGES: dict[str, Page] = {
    "accounts:engagement_request": OpenPage(get=(302, 200), post=(302, 422), arguments=address),
    "advisers:list": TenantPage(Can.VIEW),
    "advisers:change": TenantPage(Can.MANAGE, Can.MANAGE, engaged, data=TERMS),
    "advisers:end": TenantPage(None, Can.MANAGE, engaged),
    "advisers:requests": TenantPage(Can.EDIT, Can.EDIT, adviser, data=TERMS | {"name": "Elm"}),
    "advisers:withdraw": TenantPage(None, Can.EDIT, asked),
    "advisers:step_back": TenantPage(None, Can.MANAGE, advised),
}
