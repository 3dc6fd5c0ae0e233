import pytest

from accounts.enums import Role
from tests.factories import make_member


@pytest.fixture
def member():
    """An editor; where another role is at work, its test says so itself."""
    return make_member(role=Role.EDITOR)
