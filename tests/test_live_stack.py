"""The fixture the browser tests stand on."""

import urllib.request

import pytest

from tests.stack import Stack


@pytest.mark.stack
def test_live_stack_serves_the_start_page(live_stack: Stack) -> None:
    with urllib.request.urlopen(live_stack.url) as page:
        policy = page.headers["Content-Security-Policy"]

        assert page.status == 200
    assert sorted(policy.split("; ")) == [
        "base-uri 'self'",
        "default-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self' data:",
        "object-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
    ]
    assert live_stack.query("SELECT count(*) FROM accounts_user") == [(0,)]
    assert live_stack.mails() == []
