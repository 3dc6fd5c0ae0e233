"""The broker that needs no server: a folder of message files.

kombu's filesystem transport, mended where a second process can see its half-done work. It writes
a message in place, so that a worker may read it empty and stop for good (kombu issue 1551), and
it keeps its bindings in files that are truncated before they are locked. Here a message appears
whole or not at all, an unreadable one is dropped (it is only a hint; the sweep sends again), and
the bindings live in memory, where every process declares them for itself.
"""

import contextlib
import logging
import time
from pathlib import Path
from queue import Empty
from typing import Any
from uuid import uuid4

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem, virtual
from kombu.utils.json import dumps, loads

SCHEME = "waymark-folder"

log = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    supports_fanout = False
    get_table = virtual.Channel.get_table
    _delete = virtual.Channel._delete

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:
        name = f"{time.time_ns()}_{uuid4().hex}"
        written = Path(self.data_folder_out, f"{name}.part")
        try:
            written.write_text(dumps(payload))
            written.rename(written.with_name(f"{name}.{queue}.msg"))
        except OSError as error:
            raise ChannelError(f"The message could not be written: {error}") from error

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        for path in sorted(Path(self.data_folder_in).glob(f"*.{queue}.msg")):
            taken = path.with_name(f"{path.name}.taken")
            try:
                path.rename(taken)
            except FileNotFoundError:
                continue  # another worker was quicker
            try:
                return loads(taken.read_text())
            except ValueError:
                log.warning("An unreadable message was dropped: %s", path.name)
            finally:
                with contextlib.suppress(FileNotFoundError):
                    taken.unlink()
        raise Empty


class Transport(filesystem.Transport):
    Channel = Channel
    # Not shared with kombu's own transport, whose bindings are of another kind.
    global_state = virtual.BrokerState()


def register() -> None:
    TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"
