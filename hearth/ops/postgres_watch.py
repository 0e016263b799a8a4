"""The process that stops an embedded server when its last user is gone.

Started by `EmbeddedServer` with the folder and the descriptor of the lock it holds while it lives.
"""

import os
import sys
from pathlib import Path

from hearth.ops.postgres import EmbeddedServer


def main(folder: str, watcher_lock: str) -> None:
    # The starter waits for this process: its child goes on, and belongs to nobody.
    if os.fork() != 0:
        os._exit(0)
    EmbeddedServer(Path(folder)).watch(int(watcher_lock))


if __name__ == "__main__":
    main(*sys.argv[1:])
