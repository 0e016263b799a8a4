"""A webhook leads out, never into the installation's own network."""

import socket
from collections.abc import Callable
from ipaddress import ip_network
from typing import Any

import pytest

from hearth.lib.outside_addresses import AddressRefused, Target, read_destination, resolve

Names = Callable[..., None]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Let a name have these addresses."""

    def have(*addresses: str) -> None:
        def look_up(host: str, port: int, **_options: Any) -> list[Any]:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)

    return have


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.5", "172.16.3.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1"),
        *("224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1%eth0", "fc00::1"),
        *(
            "ff02::1",
            "::ffff:10.0.0.5",
            "::ffff:169.254.169.254",
            "64:ff9b::a00:5",
            "2002:a00:5::1",
            "2001:0::1",
        ),
    ],
)
def test_no_address_inside_is_called(names: Names, address: str) -> None:
    names(address)

    with pytest.raises(AddressRefused, match="address_not_allowed"):
        resolve("https://hooks.example.com/", inside=[])


def test_one_address_inside_among_public_ones_is_enough_to_refuse(names: Names) -> None:
    names("93.184.215.14", "10.0.0.5")

    with pytest.raises(AddressRefused, match="address_not_allowed"):
        resolve("https://hooks.example.com/", inside=[])


def test_the_connection_goes_to_the_address_that_was_judged(names: Names) -> None:
    names("93.184.215.14")

    target = resolve("https://hooks.example.com:8443/in?key=1", inside=[])

    assert target == Target(
        "hooks.example.com", 8443, "/in?key=1", is_encrypted=True, address="93.184.215.14"
    )
    assert target.authority == "hooks.example.com:8443"


def test_an_installation_may_open_a_network_of_its_own(names: Names) -> None:
    names("10.1.0.7")
    inside = [ip_network("10.1.0.0/16")]

    target = resolve("http://crm.internal/hooks", inside=inside)

    assert (target.address, target.port, target.authority) == ("10.1.0.7", 80, "crm.internal")


def test_the_open_net_is_reached_with_encryption_only(names: Names) -> None:
    names("93.184.215.14")

    with pytest.raises(AddressRefused, match="not_encrypted"):
        resolve("http://hooks.example.com/", inside=[ip_network("10.1.0.0/16")])


def test_a_name_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", fail)

    with pytest.raises(AddressRefused, match="name_not_found"):
        resolve("https://hooks.example.com/", inside=[])


@pytest.mark.parametrize(
    "url",
    [
        *("", "hooks.example.com", "ftp://example.com/", "https://", "https:///path", "javascript:alert(1)"),
        *("https://user:secret@example.com/", "https://example.com/#part", "https://example.com:port/"),
        *(
            "https://example.com/a b",
            "https://example.com/\r\nHost: x",
            "https://例子.com/",
            "file:///etc/passwd",
        ),
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused, match="address_malformed"):
        read_destination(url)
