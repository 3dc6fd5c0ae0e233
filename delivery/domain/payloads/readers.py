"""Which reader a kind of source has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from delivery.domain.payloads import azure, devlake, github, gitlab, jenkins, own
from delivery.domain.payloads.reading import Context, Said, check_clock, read_json

_READERS: Mapping[str, Callable[[Mapping[str, Any], Context], list[Said]]] = {
    "own": own.read,
    "devlake": devlake.read,
    "github": github.read,
    "gitlab": gitlab.read,
    "jenkins": jenkins.read,
    "azure": azure.read,
}


def read_event(kind: str, body: str, context: Context) -> list[Said]:
    """What an event says.

    Raises:
        Malformed: it cannot be read, or its clock is wrong.
        Ignored: it says nothing that is measured.
    """
    payload = read_json(body)
    # Tools told to speak Waymark's own JSON may do so, whatever they are.
    if kind in ("jenkins", "azure", "devlake") and "kind" in payload:
        kind = "own"
    found = _READERS[kind](payload, context)
    for said in found:
        check_clock(said.what, context.received_at)
    return found
