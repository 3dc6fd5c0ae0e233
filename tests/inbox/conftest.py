import pytest

from inbox import kinds


@pytest.fixture(autouse=True)
def kinds_of_this_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kinds that a test registers are gone after it."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
