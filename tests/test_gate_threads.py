"""Four people at one gate at once, on PostgreSQL: nobody waits for ever, no decision is lost."""

import json
from pathlib import Path

import pytest

from tests.gate_threads import ROUNDS
from tests.servers import PostgresServer
from tests.stack import Stack

pytestmark = pytest.mark.stack


def test_four_threads_at_one_gate_neither_block_nor_lose_a_decision(
    postgres_server: PostgresServer, migrated_postgres_url: str, tmp_path: Path
) -> None:
    made = Stack(
        folder=tmp_path,
        name="servers",
        database_url=postgres_server.create_database(migrated_postgres_url),
    )
    code = "from tests.gate_threads import play; play()"

    found = json.loads(made.manage("shell", "--verbosity", "0", "--command", code).splitlines()[-1])

    assert found["failures"] == []
    assert found["hanging"] == 0
    said, decisions = found["said"], found["decisions"]
    assert said["reported"] > 0
    # What was answered as done is stored, each once.
    assert said["opened"] == decisions["opened"] == ROUNDS
    assert said["closed"] == decisions["closed"] == ROUNDS
    assert found["rounds"] == 1 + ROUNDS
    assert (found["is_open"], found["was_opened_last"]) == (False, False)
    assert (found["review_is_done"], found["approvals"]) == (False, 0)
