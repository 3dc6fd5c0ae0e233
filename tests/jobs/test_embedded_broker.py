from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection
from kombu.simple import SimpleQueue

from jobs import embedded_broker


@pytest.fixture
def connection(tmp_path: Path) -> Connection:
    embedded_broker.register()
    return Connection(
        f"{embedded_broker.SCHEME}://here",
        transport_options={"data_folder_in": str(tmp_path), "data_folder_out": str(tmp_path)},
    )


def take(queue: SimpleQueue) -> object:
    message = queue.get(timeout=2)
    message.ack()
    return message.payload


def test_broker_gives_messages_once_and_in_order(connection: Connection, tmp_path: Path) -> None:
    with connection.SimpleQueue("celery") as queue:
        queue.put({"job": 1})
        queue.put({"job": 2})

        assert [take(queue), take(queue)] == [{"job": 1}, {"job": 2}]
        with pytest.raises(Empty):
            queue.get(block=False)
    assert list(tmp_path.iterdir()) == []


def test_broker_drops_a_message_it_can_not_read(connection: Connection, tmp_path: Path) -> None:
    (tmp_path / "0_torn.celery.msg").touch()

    with connection.SimpleQueue("celery") as queue:
        queue.put({"job": 1})

        assert take(queue) == {"job": 1}
    assert list(tmp_path.iterdir()) == []


def test_broker_does_not_see_a_message_that_is_being_written(
    connection: Connection, tmp_path: Path
) -> None:
    (tmp_path / "0_half.part").write_text('{"half')

    with connection.SimpleQueue("celery") as queue, pytest.raises(Empty):
        queue.get(block=False)
