"""Which addresses may be called: never one inside the installation's own network, unless it says so.

The name is resolved once, every address it has is judged, and the connection goes to the judged address. A name that
changes its mind between the two cannot lead inside.
"""

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
PORTS = {"https": 443, "http": 80}
# These carry an IPv4 address inside, which a gateway may unpack and follow to where it should not.
TRANSLATED = tuple(
    ipaddress.ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)


class AddressRefused(Exception):
    """The address may not be called; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Target:
    """Where to connect, and what to ask for there."""

    host: str
    port: int
    path: str
    is_encrypted: bool
    address: str

    @property
    def authority(self) -> str:
        """The host as the header `Host` names it."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        is_usual = self.port == PORTS["https" if self.is_encrypted else "http"]
        return name if is_usual else f"{name}:{self.port}"


@dataclass(frozen=True)
class Destination:
    """The parts of an address before its name is resolved."""

    host: str
    port: int
    path: str
    is_encrypted: bool


def read_destination(url: str) -> Destination:
    """Take an address apart.

    :raises AddressRefused: `address_malformed` if it is none that can be called
    """
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
        host = parts.hostname
    except (ValueError, KeyError) as error:
        raise AddressRefused("address_malformed") from error
    is_plain = url.isascii() and url.isprintable() and " " not in url
    if not host or not is_plain or parts.username is not None or parts.fragment:
        raise AddressRefused("address_malformed")
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    return Destination(host, port, path, parts.scheme == "https")


def resolve(url: str, *, inside: Sequence[Network]) -> Target:
    """Resolve an address and choose where to connect; `inside` are the private networks that may be called.

    :raises AddressRefused: `address_malformed`, `name_not_found`, `address_not_allowed` or `not_encrypted`
    """
    wanted = read_destination(url)
    address, is_inside = judge(wanted.host, wanted.port, inside=inside)
    if not wanted.is_encrypted and not is_inside:
        raise AddressRefused("not_encrypted")
    return Target(wanted.host, wanted.port, wanted.path, wanted.is_encrypted, address)


def judge(host: str, port: int, *, inside: Sequence[Network]) -> tuple[str, bool]:
    """Resolve a host, and return the address to connect to and whether all it has lie in the networks `inside`.

    :raises AddressRefused: `name_not_found` or `address_not_allowed`
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressRefused("name_not_found") from error
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    are_inside = [_is_inside(address, inside) for address in addresses]
    if not all(own or _is_public(address) for address, own in zip(addresses, are_inside, strict=True)):
        raise AddressRefused("address_not_allowed")
    return str(addresses[0]), all(are_inside)


def _plain(address: Address) -> Address:
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _is_inside(address: Address, inside: Sequence[Network]) -> bool:
    return any(_plain(address) in network for network in inside)


def _is_public(address: Address) -> bool:
    address = _plain(address)
    is_translated = any(address in network for network in TRANSLATED)
    return address.is_global and not address.is_multicast and not is_translated
