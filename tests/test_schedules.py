"""All that is scheduled, asked for by two schedulers at once, on both kinds of installation."""

import json
from email import message_from_string

import pytest

from tests.schedules import BOARD
from tests.stack import Stack

pytestmark = pytest.mark.stack


def test_two_schedulers_have_no_second_effect(stack: Stack) -> None:
    code = "from tests.schedules import ask_twice; ask_twice()"

    said = json.loads(stack.manage("shell", "--verbosity", "0", "--command", code).splitlines()[-1])

    first, second = said["rounds"]
    assert first == {"mail": 1, "roadmap.status_mail": 1, "roadmap.follow": 1}
    assert second == first
    assert said["failed"] == []
    assert {"digest", "status-mail", "follow", "metrics.source_silent"} <= set(said["turns"])
    assert said["forecasts"] == 1
    assert said["silences"] == 1
    sent = [message_from_string(text)["To"] for text in stack.mails()]
    assert len(sent) == 2
    assert sent.count(BOARD) == 1
