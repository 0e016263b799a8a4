"""Run a command with a database of its own: `python -m hearth.ops.with_postgres FOLDER -- COMMAND…`.

Where `DATABASE_URL` names a server the command gets that one. The embedded one gives up safety against
power cuts for speed: it is meant for tests.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from hearth.ops.postgres import PostgresError
from hearth.ops.stack import open_database

FAST_AND_LOSABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
WRONG_USE = 2


def main(arguments: Sequence[str]) -> int:
    """Return the exit code of the command, or 128 + the number of the signal that ended it."""
    if len(arguments) < 3 or arguments[1] != "--":
        sys.stderr.write("Usage: python -m hearth.ops.with_postgres FOLDER -- COMMAND [ARGUMENT …]\n")
        return WRONG_USE
    try:
        with open_database(Path(arguments[0]), os.environ, settings=FAST_AND_LOSABLE) as database:
            return _run(arguments[2:], {**os.environ, **database.environment})
    except PostgresError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _run(command: Sequence[str], environ: dict[str, str]) -> int:
    with subprocess.Popen(command, env=environ) as process:
        # Ctrl-C reaches the command as well, which decides how to end; other signals are passed on.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda number, _frame: process.send_signal(number))
        code = process.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
