"""`hearth web` and `hearth worker` as they run in an installation, for the time of a measurement."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.crypto import get_random_string

from benchmarks.installation import Installation
from benchmarks.load import Act, Client
from benchmarks.pages import Page, Request
from benchmarks.readers import Reader
from benchmarks.works import RULE, SYSTEM
from hearth.cli.database import CommandRefused
from hearth.config.environment import ROOT
from hearth.warehouse.models import Snapshot
from hearth.warehouse.services import start_snapshot

HOST = "127.0.0.1"
START_SECONDS, SNAPSHOT_SECONDS = 90, 900


@dataclass(frozen=True)
class Served:
    """The running processes, by name, and where the pages are."""

    port: int
    processes: dict[str, subprocess.Popen[bytes]]

    def memory(self) -> dict[str, float]:
        """Return the memory each command holds with its children, in MB: a shared page counts in parts."""
        return {name: _tree_memory(process.pid) for name, process in self.processes.items()}


@contextmanager
def serving(installation: Installation) -> Iterator[Served]:
    """Run web and worker; both end with the block.

    :raises CommandRefused: if the pages do not answer in time
    """
    port = _free_port()
    environment = {**os.environ, **installation.environment(as_application=True)}
    own = [sys.executable, "-m", "hearth"]
    commands = {"web": [*own, "web", "--host", HOST, "--port", str(port)], "worker": [*own, "worker"]}
    processes = {
        name: subprocess.Popen(words, env=environment, cwd=ROOT, start_new_session=True)
        for name, words in commands.items()
    }
    try:
        _wait(port, processes["web"])
        yield Served(port, processes)
    finally:
        for process in processes.values():
            _end(process)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


def _wait(port: int, web: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and web.poll() is None:
        try:
            _exchange(
                http.client.HTTPConnection(HOST, port, timeout=30), Request("GET", "/accounts/login/"), {}
            )
        except OSError:
            time.sleep(0.2)
        else:
            return
    message = "The pages do not answer."
    raise CommandRefused(message)


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class UnexpectedStatus(Exception):
    """A page did not answer as it should."""


def _exchange(connection: http.client.HTTPConnection, request: Request, headers: dict[str, str]) -> bytes:
    connection.request(request.method, request.path, request.body or None, {**headers, **request.headers})
    response = connection.getresponse()
    body = response.read()
    if response.status != request.status:
        message = f"{request.method} {request.path}: {response.status}, {body[:300]!r}"
        raise UnexpectedStatus(message)
    return body


def browser(served: Served, page: Page, reader: Reader) -> Client:
    """Return what opens a connection that is kept and asks for a page again and again."""

    @contextmanager
    def opened() -> Iterator[Act]:
        connection = http.client.HTTPConnection(HOST, served.port, timeout=60)
        headers = {"Cookie": reader.cookie, "Accept-Language": "zh-hans"}

        def act(chance: Random) -> None:
            request = page.request(reader, chance.choice(reader.customers), chance)
            kept = {} if "Authorization" in request.headers else headers
            _exchange(connection, request, kept)

        try:
            yield act
        finally:
            connection.close()

    return opened


def _tree_memory(pid: int) -> float:
    """Add up the proportional set size of a process and all below it."""
    return sum(_proportional_size(each) for each in _family(pid)) / 1024


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(each for child in children for each in _family(int(child)))]


def _proportional_size(pid: int) -> int:
    """Read the size in kB; nothing where the process has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def work_a_little(served: Served, reader: Reader) -> None:
    """Let the worker take a snapshot and the web estimate a segment on it, so that both have loaded everything.

    :raises UnexpectedStatus: if a page refuses
    """
    snapshot = start_snapshot(actor=SYSTEM, now=timezone.now())
    deadline = time.monotonic() + SNAPSHOT_SECONDS
    while not Snapshot.objects.done().filter(pk=snapshot.pk).exists():
        if time.monotonic() > deadline:
            message = "The worker took no snapshot."
            raise UnexpectedStatus(message)
        time.sleep(0.5)
    token = get_random_string(32)
    form = {
        "rule": json.dumps(RULE),
        "org_unit": reader.org_unit.pk,
        "name": "-",
        "csrfmiddlewaretoken": token,
    }
    headers = {
        "Cookie": f"{reader.cookie}; csrftoken={token}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection = http.client.HTTPConnection(HOST, served.port, timeout=120)
    for _number in range(3):
        _exchange(connection, Request("POST", "/segments/estimate/", urlencode(form).encode()), headers)
    connection.close()
