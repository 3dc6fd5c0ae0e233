from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def fresh_limits():
    """allauth counts attempts in the cache; one test's attempts are not another's."""
    cache.clear()


@pytest.fixture
def sign_in() -> SignIn:
    def client_of(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return client_of
