"""A caller: a client with a token of every scope, or of those that are named."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership
from api.scopes import Scope
from api.tokens import token_make
from tests.factories import make_member


class Caller:
    def __init__(self, member: Membership, scopes: Any = tuple(Scope.values)) -> None:
        self.member, self.organization = member, member.organization
        today = timezone.localdate()
        self.token, self.secret = token_make(
            organization=member.organization,
            person=member.user,
            name="Script",
            scopes=scopes,
            expires_on=today + timedelta(days=30),
            today=today,
        )
        self.client = Client()

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        path = path.replace("{own}", f"/organizations/{self.organization.slug}")
        return self.client.generic(
            method.upper(),
            f"/api/v1{path}",
            data="" if body is None else __import__("json").dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.secret}", **headers},
        )


@pytest.fixture(autouse=True)
def fresh_counts():
    cache.clear()


@pytest.fixture
def call(db) -> Caller:
    return Caller(make_member(role=Role.EDITOR))
