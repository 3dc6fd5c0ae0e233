"""Tokens and the API's description: api/urls.py. Its operations: tests/api/."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Organization
from accounts.tenancy import Can
from api.models import ApiToken
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


PAGES: dict[str, Page] = {
    "api:tokens": TenantPage(
        Can.EDIT,
        Can.EDIT,
        data={"name": "Script", "scopes": ["clients:read"], "expires_on": TOMORROW},
        post_ok=200,
    ),
    "api:token_end": TenantPage(None, Can.MANAGE, token),
}
