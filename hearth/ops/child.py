"""One process with everything it starts, which ends with us however we end."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import IO

# Waits for the end of its input, which comes when the supervisor is gone, also by kill -9.
TETHER = """
read -r _
kill -TERM "-$0"
for second in 1 2 3 4 5 6 7 8 9 10; do
    kill -0 "-$0" || exit 0
    sleep 1
done
kill -KILL "-$0"
"""


class Child:
    """A process in a group of its own, so that a signal reaches its children too, and Ctrl-C does not."""

    def __init__(
        self, argv: Sequence[str], environment: Mapping[str, str], say: Callable[[str], None]
    ) -> None:
        self._argv = argv
        self._environment = environment
        self._say = say
        self._process: subprocess.Popen[str] | None = None
        self._tether: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None

    def start(self) -> None:
        """Start the process.

        :raises OSError: if the program is not there
        """
        self._process = subprocess.Popen(
            self._argv,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self._environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._tether = subprocess.Popen(
            ["/bin/sh", "-c", TETHER, str(self._process.pid)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, args=[self._process.stdout], daemon=True)
        self._reader.start()

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs. At its end, what it left of its group is killed."""
        if self._process is None:
            return None
        code = self._process.poll()
        if code is not None:
            self.kill()
        return code

    def is_gone(self) -> bool:
        """Say whether the process and all of its group have ended."""
        if self._process is None:
            return True
        self._process.poll()
        return not _signal_group(self._process.pid, 0)

    def terminate(self) -> None:
        """Ask the whole group to end."""
        if self._process is not None:
            _signal_group(self._process.pid, signal.SIGTERM)

    def kill(self) -> None:
        """End the whole group now, and wait for the rest of its output. May be repeated."""
        if self._process is None:
            return
        _signal_group(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._release_tether()
        if self._reader is not None:
            self._reader.join(timeout=1)
        self._process = None

    def _release_tether(self) -> None:
        if self._tether is not None:
            self._tether.kill()
            self._tether.communicate()
            self._tether = None

    def _read(self, output: IO[str]) -> None:
        with output:
            for line in output:
                self._say(line)


def _signal_group(group: int, number: int) -> bool:
    """Signal a process group; return whether there was any."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
        return True
    return False
