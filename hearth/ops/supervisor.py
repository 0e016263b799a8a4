"""Runs the processes of the application side by side and restarts what crashes."""

import signal
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import Protocol, TextIO

from hearth.ops.child import Child
from hearth.ops.errors import PostgresError

OWN_NAME = "hearth"
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Command:
    """A process to keep running: its exit is a crash, whatever the code."""

    name: str
    argv: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Patience:
    """How long is waited for what, in seconds."""

    tick: float = 0.2
    steady: float = 10.0
    """Whoever ran this long did not crash at once."""
    crashes: int = 5
    """So many crashes at once in a row end everything."""
    first_delay: float = 0.5
    longest_delay: float = 15.0
    grace: float = 10.0
    """From SIGTERM to SIGKILL."""
    server_check: float = 5.0


class Server(Protocol):
    """What the supervisor asks of a database server."""

    def is_alive(self) -> bool: ...

    def start(self) -> None: ...


class Supervisor:
    """Keeps commands running until a signal or a failure that restarting does not cure."""

    def __init__(
        self,
        commands: Sequence[Command],
        *,
        server: Server | None = None,
        output: TextIO | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._server = server
        self._output = output or sys.stdout
        self._patience = patience or Patience()
        self._writing = threading.Lock()
        self._signals = 0
        self._wake = threading.Event()
        width = max(len(name) for name in [OWN_NAME, *(command.name for command in commands)])
        self._kept = [
            _Kept(command, Child(command.argv, command.environment, self._writer(command.name.ljust(width))))
            for command in commands
        ]
        self._say = self._writer(OWN_NAME.ljust(width))

    def run(self) -> int:
        """Run until ended; return 0 after a signal and 1 after giving up. Leaves no process behind.

        The database server is watched and restarted, but stopped by whoever opened it.
        """
        previous = {number: signal.signal(number, self._on_signal) for number in ENDING_SIGNALS}
        try:
            failure = self._keep_running()
            self._say(failure or "stopping; press Ctrl-C again to stop at once")
            return 1 if failure else 0
        finally:
            self._end_children()
            for number, handler in previous.items():
                signal.signal(number, handler)

    def _keep_running(self) -> str | None:
        """Return why it cannot go on, or None after a signal."""
        next_check = time.monotonic() + self._patience.server_check
        while not self._signals:
            if time.monotonic() >= next_check:
                failure = self._check_server()
                if failure:
                    return failure
                next_check = time.monotonic() + self._patience.server_check
            for kept in self._kept:
                failure = self._tend(kept)
                if failure:
                    return failure
            self._wake.wait(self._patience.tick)
        return None

    def _tend(self, kept: "_Kept") -> str | None:
        now = time.monotonic()
        if kept.starts_at is None:
            code = kept.child.poll()
            return None if code is None else self._plan_restart(kept, code, now)
        if now >= kept.starts_at:
            try:
                kept.child.start()
            except OSError as error:
                return f"{kept.command.name} cannot be started: {error}. Stopping everything."
            kept.started_at, kept.starts_at = now, None
        return None

    def _plan_restart(self, kept: "_Kept", code: int, now: float) -> str | None:
        name, patience = kept.command.name, self._patience
        kept.crashes = 1 if now - kept.started_at >= patience.steady else kept.crashes + 1
        if kept.crashes >= patience.crashes:
            return (
                f"{name} {_ending(code)}, {kept.crashes} times in a row right after its start. "
                "Its last lines are above. Stopping everything."
            )
        delay = min(patience.first_delay * 2 ** (kept.crashes - 1), patience.longest_delay)
        self._say(f"{name} {_ending(code)}; starting it again in {delay:g} s")
        kept.starts_at = now + delay
        return None

    def _check_server(self) -> str | None:
        if self._server is None or self._server.is_alive():
            return None
        self._say("the database does not answer; starting it again")
        try:
            self._server.start()
        except PostgresError as error:
            return f"{error}\nStopping everything."
        return None

    def _end_children(self) -> None:
        """End all at once, so that the slowest decides how long it takes; a second signal ends the grace."""
        running = [kept.child for kept in self._kept]
        for child in running:
            child.terminate()
        deadline = time.monotonic() + self._patience.grace
        while time.monotonic() < deadline and self._signals < 2:
            if all(child.is_gone() for child in running):
                break
            time.sleep(0.05)
        for child in running:
            child.kill()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        # Nothing is written here: the lock of the output may be held by the code that was interrupted.
        self._signals += 1
        self._wake.set()

    def _writer(self, name: str) -> "_Writer":
        return _Writer(name, self._output, self._writing)


@dataclass
class _Kept:
    """A command, its process, and how often that crashed at once."""

    command: Command
    child: Child
    crashes: int = 0
    started_at: float = 0.0
    starts_at: float | None = 0.0


@dataclass(frozen=True)
class _Writer:
    """Writes whole lines with the name of who said them in front."""

    name: str
    output: TextIO
    writing: threading.Lock

    def __call__(self, line: str) -> None:
        # A closed terminal is no reason to end what runs.
        with self.writing, suppress(OSError):
            self.output.write(f"{self.name} | {line.rstrip()}\n")
            self.output.flush()


def _ending(code: int) -> str:
    return f"ended with code {code}" if code >= 0 else f"was ended by {signal.Signals(-code).name}"
