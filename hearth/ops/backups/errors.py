"""What can go wrong with a backup, in words a person can act on."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FULL = {errno.ENOSPC, errno.EDQUOT}
FULL_IN_WORDS = "No space left on device"


class BackupError(Exception):
    """The backup or the restore cannot go on; the message says what to do about it."""


@contextmanager
def disk_explained(folder: Path) -> Iterator[None]:
    """Turn what the operating system says about a folder into advice.

    :raises BackupError: instead of any `OSError`
    """
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise disk_full(folder) from error
        place = error.filename or folder
        raise BackupError(f"{place}: {error.strerror or error}.") from error


def disk_full(folder: Path) -> BackupError:
    return BackupError(
        f"The disk that holds {folder} is full. What was unfinished is no backup and goes at the next try. "
        "Make room, or name another place."
    )
