"""An SFTP server of our own on this machine, for as long as a test runs."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncssh

PASSWORD = "drawbridge"


@dataclass(frozen=True)
class Served:
    """Where the server is, and by which key it is known."""

    port: int
    host_key: str
    root: Path
    met: list[str]
    """The addresses that connected."""


class _Server(asyncssh.SSHServer):
    def __init__(self, met: list[str]) -> None:
        self._met = met

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._met.append(str(conn.get_extra_info("peername")[0]))

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("hearth", PASSWORD)


@contextmanager
def serve_folder(root: Path) -> Iterator[Served]:
    """Serve a folder to the user `hearth`."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    loop, ready = asyncio.new_event_loop(), threading.Event()
    ports: list[int] = []
    met: list[str] = []

    async def start() -> asyncssh.SSHAcceptor:
        return await asyncssh.create_server(
            lambda: _Server(met),
            "127.0.0.1",
            0,
            server_host_keys=[key],
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=str(root).encode()),
        )

    def run() -> None:
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(start())
        ports.append(server.get_port())
        ready.set()
        loop.run_forever()
        server.close()
        loop.run_until_complete(server.wait_closed())
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield Served(ports[0], key.export_public_key().decode().strip(), root, met)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
