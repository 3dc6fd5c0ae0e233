"""Addresses that are a key in themselves, kept out of the logs.

Django logs the path of every refused request. Of feeds, shared reports, webhooks and invitations
the path is the key, and logs are read and kept by more people than may hold it.
"""

from __future__ import annotations

import logging
import re

# What `accounts.secret_addresses.token_of` makes (a nonce, a point and its signature), the token of
# an invitation, and one of the API that somebody put into an address although it is refused there.
TOKEN = re.compile(
    r"(\b[0-9a-f]{6})[0-9a-f]{26}\.[\w-]{40,}|(?<=/invitations/)([\w-]{6})[\w-]{30,}"
    r"|(\bwmk_[\w-]{6})[\w-]{30,}"
)


class HideSecretAddresses(logging.Filter):
    """Leaves of each token its beginning, which opens nothing and still finds the row."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        hidden = TOKEN.sub(r"\1\2\3…", said)
        if hidden != said:
            record.msg, record.args = hidden, ()
        return True
