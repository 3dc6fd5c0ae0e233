"""Secret addresses stay out of the logs."""

import logging
import secrets

import pytest
from django.conf import settings

from accounts.models.tenants import new_token
from accounts.secret_addresses import new_nonce, token_of
from config.secrets_in_logs import HideSecretAddresses

HOOK = token_of("hook", new_nonce())
INVITATION = new_token()
API = secrets.token_urlsafe(32)


@pytest.mark.parametrize(
    ("path", "token"),
    [
        (f"/hooks/{HOOK}/issues", HOOK),
        (f"/calendar/{HOOK}.ics", HOOK),
        (f"/invitations/{INVITATION}/", INVITATION),
        (f"/api/v1/organizations?token=wmk_{API}", API),
    ],
    # Drawn anew in each process, and all of a run must know a test by the same name.
    ids=["hook", "calendar", "invitation", "api"],
)
def test_of_a_secret_address_only_the_beginning_is_logged(path: str, token: str):
    record = logging.LogRecord("django.request", 30, "", 0, "Bad Request: %s", (path,), None)

    assert HideSecretAddresses().filter(record)

    assert record.getMessage() == f"Bad Request: {path.replace(token, token[:6] + '…')}"


def test_other_messages_are_left_as_they_are():
    record = logging.LogRecord("django.request", 30, "", 0, "Not Found: %s", ("/o/x/",), None)

    assert HideSecretAddresses().filter(record)

    assert (record.msg, record.args) == ("Not Found: %s", ("/o/x/",))


def test_all_that_is_logged_goes_through_it():
    handlers = settings.LOGGING["handlers"].values()

    assert all("hide_secrets" in handler["filters"] for handler in handlers)
