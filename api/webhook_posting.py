"""One POST to an address that somebody typed.

The address may not lead into our own network: names are resolved here, every address is judged, and
the connection goes to the address that was judged, so that a name cannot change its mind between.
Redirects are answers like others, and are not followed.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

SECONDS = 10.0
LOOK_UP_SECONDS = 5.0
HEAD = 1000
LONGEST = 500
# What looks public and is not: old addresses of a site, gateways that lead to any IPv4 address,
# and the machines that tell guests of two large clouds their secrets.
CLOSED = [
    ipaddress.ip_network(one)
    for one in ("fec0::/10", "64:ff9b::/96", "64:ff9b:1::/48", "168.63.129.16/32", "192.0.0.0/24")
]


class AddressRefused(ValueError):
    """An address that nothing may be sent to; the text says why."""


@dataclass(frozen=True)
class Answer:
    """`status` is None where no answer came; `error` says what happened instead."""

    status: int | None
    head: str = ""
    error: str = ""

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def split_address(url: str) -> SplitResult:
    """Its parts, if it may be an address at all. Raises `AddressRefused`."""
    schemes = ("https", "http") if settings.WEBHOOK_PLAIN_HTTP else ("https",)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefused(_("This is not a complete address.")) from error
    if parts.scheme not in schemes:
        raise AddressRefused(_("The address must begin with https://."))
    if not parts.hostname or port == 0 or len(url) > LONGEST:
        raise AddressRefused(_("This is not a complete address."))
    if not url.isascii() or not url.isprintable() or " " in url:
        raise AddressRefused(_("Write the address without spaces and special letters."))
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise AddressRefused(_("Leave out names, passwords and what follows #."))
    return parts


def resolve(parts: SplitResult) -> list[str]:
    """The addresses to connect to. Raises `AddressRefused` if any of them is not a public one."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    addresses = list(dict.fromkeys(_look_up(parts.hostname or "", port)))
    if not addresses or not all(is_open(address) for address in addresses):
        raise AddressRefused(_("The address leads into a private network."))
    return addresses


def _look_up(name: str, port: int) -> list[str]:
    """Asked in a thread of its own: the system's resolver knows no limit of time."""
    found: list[str] = []
    wrong: list[Exception] = []

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
            found.extend(str(one[4][0]) for one in rows)
        except (OSError, UnicodeError) as error:
            wrong.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(LOOK_UP_SECONDS)
    if asking.is_alive():
        raise AddressRefused(_("The name was not found in time. Is it written right?"))
    if wrong:
        raise AddressRefused(_("No server is known by this name.")) from wrong[0]
    return found


def is_open(address: str) -> bool:
    """Whether it is a public address, or one of a network the operator has named."""
    one = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(one, "ipv4_mapped", None)
    one = mapped or one
    for network in settings.WEBHOOK_NETWORKS:
        allowed = ipaddress.ip_network(network)
        if one.version == allowed.version and one in allowed:
            return True
    if any(one in network for network in CLOSED if network.version == one.version):
        return False
    if isinstance(one, ipaddress.IPv6Address) and (one.sixtofour or one.teredo):
        return False
    return one.is_global and not one.is_multicast and not one.is_reserved


def post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Send it once; never raises for what the other side does."""
    try:
        parts = split_address(url)
        addresses = resolve(parts)
    except AddressRefused as error:
        return Answer(None, error=str(error))
    connection = _Pinned(parts, addresses)
    # A limit for the whole of it: an answer that drips would pass the limit of each read.
    timer = threading.Timer(SECONDS, connection.give_up)
    timer.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body=body, headers=headers)
        answer = connection.getresponse()
        head = answer.read(HEAD).decode("utf-8", "replace").replace("\x00", "�")
        return Answer(answer.status, head)
    except TimeoutError:
        return Answer(None, error=_("No answer within %d seconds.") % SECONDS)
    except (OSError, http.client.HTTPException) as error:
        if connection.gave_up:
            return Answer(None, error=_("No answer within %d seconds.") % SECONDS)
        return Answer(None, error=f"{type(error).__name__}: {error}"[:300].replace("\x00", ""))
    finally:
        timer.cancel()
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """Connects to the addresses that were judged, one after the other, and asks for the
    certificate of the name."""

    def __init__(self, parts: SplitResult, addresses: Sequence[str]) -> None:
        self.tls = parts.scheme == "https"
        self.addresses = addresses
        self.gave_up = False
        port = parts.port or (443 if self.tls else 80)
        super().__init__(parts.hostname or "", port, timeout=SECONDS)

    @property
    def default_port(self) -> int:  # type: ignore[override]
        return 443 if self.tls else 80

    def connect(self) -> None:
        self.sock = self._reach()
        if self.tls:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)

    def _reach(self) -> socket.socket:
        """Not every server that names an address of IPv6 is reached by it."""
        *others, last = self.addresses
        each = SECONDS / len(self.addresses)
        for address in others:
            with suppress(OSError):
                return self._connected(address, each)
        return self._connected(last, each)

    def _connected(self, address: str, seconds: float) -> socket.socket:
        if self.gave_up:
            raise TimeoutError
        found = socket.create_connection((address, self.port), seconds)
        found.settimeout(SECONDS)
        return found

    def give_up(self) -> None:
        self.gave_up = True
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)
