"""Tokens and the API's description: api/urls.py. Its operations: tests/api/."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Organization
from accounts.tenancy import Can
from api.models import ApiToken, WebhookDelivery, WebhookEndpoint
from tests.factories import make_user
from tests.tenancy_table.rows import Page, TenantPage

TOMORROW = timezone.localdate() + timedelta(days=1)


def token(organization: Organization) -> dict[str, Any]:
    """Somebody else's: an owner alone may end it."""
    made = ApiToken.objects.create(
        organization=organization,
        person=make_user(),
        name="Script",
        prefix="wmk_abc",
        digest=str(organization.pk) * 8,
        expires_on=TOMORROW,
    )
    return {"pk": made.pk}


def webhook(organization: Organization) -> dict[str, Any]:
    url = "https://198.51.100.7/hook"
    made = WebhookEndpoint.objects.create(organization=organization, url=url, events=[])
    return {"pk": made.pk}


def delivery(organization: Organization) -> dict[str, Any]:
    found = webhook(organization)
    WebhookDelivery.objects.create(
        endpoint_id=found["pk"], number=1, event="gate.opened", body="{}", next_at=timezone.now()
    )
    return {**found, "number": 1}


PAGES: dict[str, Page] = {
    "api:tokens": TenantPage(
        Can.EDIT,
        Can.EDIT,
        data={"name": "Script", "scopes": ["clients:read"], "expires_on": TOMORROW},
    ),
    "api:webhooks": TenantPage(
        Can.MANAGE,
        Can.MANAGE,
        data={"url": "https://8.8.8.8/hook", "events": ["gate.opened"]},
    ),
    "api:webhook": TenantPage(Can.MANAGE, None, webhook),
    "api:webhook_renew": TenantPage(None, Can.MANAGE, webhook),
    "api:webhook_go_on": TenantPage(None, Can.MANAGE, webhook),
    "api:webhook_try": TenantPage(None, Can.MANAGE, webhook),
    "api:webhook_end": TenantPage(None, Can.MANAGE, webhook),
    "api:webhook_resend": TenantPage(None, Can.MANAGE, delivery),
    "api:token_end": TenantPage(None, Can.MANAGE, token),
}
