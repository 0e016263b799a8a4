"""One call to another system: one connection to the address that was judged, no redirect, an end to every wait."""

import http.client
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from threading import Timer

from hearth.lib.outside_addresses import Target


@dataclass(frozen=True)
class Answer:
    """What the other system said; `body` is no longer than was asked for."""

    status: int
    body: bytes
    headers: Message


def exchange(
    target: Target,
    method: str,
    headers: Mapping[str, str],
    body: bytes | None,
    *,
    timeout: float,
    longest: int,
) -> Answer:
    """Send one request and return the answer; `timeout` seconds in all, `longest` bytes of it at most.

    :raises OSError: if the connection fails, its certificate is not good, or time is up
    :raises http.client.HTTPException: if what answers does not speak HTTP
    """
    connection = _Connection(target, timeout)
    watch = Timer(timeout, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        connection.request(method, target.path, body=body, headers={"Host": target.authority, **headers})
        response = connection.getresponse()
        return Answer(response.status, response.read(longest), response.headers)
    finally:
        watch.cancel()
        connection.close()


class _Connection(http.client.HTTPConnection):
    """Connects to the address that was judged, and asks for the certificate of the name."""

    def __init__(self, target: Target, timeout: float) -> None:
        super().__init__(target.host, target.port, timeout=timeout)
        self._target, self._limit = target, timeout
        # The library lets go of its own reference as soon as the answer begins.
        self._kept: socket.socket | None = None

    def connect(self) -> None:
        opened = socket.create_connection((self._target.address, self._target.port), self._limit)
        self.sock = opened
        if self._target.is_encrypted:
            self.sock = ssl.create_default_context().wrap_socket(opened, server_hostname=self._target.host)
        self._kept = self.sock

    def cut(self) -> None:
        """End the connection, whoever waits on it."""
        if self._kept is not None:
            with suppress(OSError):
                self._kept.shutdown(socket.SHUT_RDWR)
