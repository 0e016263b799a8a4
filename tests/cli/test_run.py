"""`hearth run` from nothing: the pages answer, a crash is healed, Ctrl-C leaves nothing behind."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from hearth.config.environment import ROOT

PATIENCE = 120.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > deadline:
            pytest.fail(f"Waited {PATIENCE} s in vain: {what}")
        time.sleep(0.2)


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


@contextmanager
def open_connections(port: int, number: int) -> Iterator[None]:
    """Hold connections as browsers do whose readers read: each had its answer and stays open."""
    with ExitStack() as kept:
        for _ in range(number):
            connection = kept.enter_context(
                closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10))
            )
            connection.request("GET", "/accounts/login/")
            assert connection.getresponse().read()
        yield


def processes_of(folder: Path) -> list[tuple[int, str]]:
    """Every process that has this installation's folder in its environment, with its command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            environment, command = (entry / "environ").read_bytes(), (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in environment and command:
            found.append((int(entry.name), command.replace(b"\0", b" ").decode()))
    return found


@pytest.fixture
def installation(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Path, int, subprocess.Popen[str]]]:
    """An installation of its own with an embedded server, started empty."""
    folder, port = tmp_path_factory.mktemp("run"), free_port()
    inherited = {
        key: value for key, value in os.environ.items() if not key.startswith(("DATABASE_", "HEARTH_"))
    }
    command = [sys.executable, "-m", "hearth", "run", "--empty", "--port", str(port)]
    with (folder / "log").open("w") as log:
        running = subprocess.Popen(
            command, cwd=ROOT, env={**inherited, "HEARTH_VAR": str(folder)}, stdout=log, stderr=log, text=True
        )
    yield folder, port, running
    if running.poll() is None:
        running.send_signal(signal.SIGINT)
        running.wait(timeout=60)


@pytest.mark.slow
def test_everything_starts_heals_and_ends(installation: tuple[Path, int, subprocess.Popen[str]]) -> None:
    folder, port, running = installation

    wait_until(lambda: answers(port) or running.poll() is not None, "the sign-in page")
    assert running.poll() is None, (folder / "log").read_text()
    wait_until(lambda: "First account: user name admin" in (folder / "log").read_text(), "the first account")
    with open_connections(port, 60):
        assert answers(port)
    web = next(pid for pid, command in processes_of(folder) if "granian" in command and "--port" in command)
    os.kill(web, signal.SIGKILL)
    wait_until(
        lambda: not answers(port) or web not in dict(processes_of(folder)), "the web process to be gone"
    )
    wait_until(lambda: answers(port), "the web process to be started again")
    running.send_signal(signal.SIGINT)

    assert running.wait(timeout=60) == 0
    wait_until(lambda: processes_of(folder) == [], "every process to be gone")
