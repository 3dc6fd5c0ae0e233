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
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

SECONDS = 10.0
HEAD = 1000
LONGEST = 500


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


def resolve(parts: SplitResult) -> str:
    """The address to connect to. Raises `AddressRefused` if any of them is not a public one."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressRefused(_("No server is known by this name.")) from error
    addresses = [str(one[4][0]) for one in found]
    if not addresses or not all(is_open(address) for address in addresses):
        raise AddressRefused(_("The address leads into a private network."))
    return addresses[0]


def is_open(address: str) -> bool:
    """Whether it is a public address, or one of a network the operator has named."""
    one = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(one, "ipv4_mapped", None)
    one = mapped or one
    for network in settings.WEBHOOK_NETWORKS:
        allowed = ipaddress.ip_network(network)
        if one.version == allowed.version and one in allowed:
            return True
    if isinstance(one, ipaddress.IPv6Address) and (one.sixtofour or one.teredo or _is_nat64(one)):
        return False
    return one.is_global and not one.is_multicast and not one.is_reserved


def _is_nat64(one: ipaddress.IPv6Address) -> bool:
    return one in ipaddress.ip_network("64:ff9b::/96")


def post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Send it once; never raises for what the other side does."""
    try:
        parts = split_address(url)
        address = resolve(parts)
    except AddressRefused as error:
        return Answer(None, error=str(error))
    connection = _Pinned(parts, address)
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
    """Connects to the address that was judged, and asks for the certificate of the name."""

    def __init__(self, parts: SplitResult, address: str) -> None:
        self.tls = parts.scheme == "https"
        self.address = address
        self.gave_up = False
        port = parts.port or (443 if self.tls else 80)
        super().__init__(parts.hostname or "", port, timeout=SECONDS)

    @property
    def default_port(self) -> int:  # type: ignore[override]
        return 443 if self.tls else 80

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), self.timeout)
        if self.tls:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)

    def give_up(self) -> None:
        self.gave_up = True
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)
