"""Files on the disk and the transaction that knows of them."""

from collections.abc import Iterator
from contextlib import contextmanager

from hearth.core.models import StoredFile


@contextmanager
def removed_unless_done() -> Iterator[list[StoredFile]]:
    """Collect the files that an act writes, and remove them from the disk if it fails: a rollback takes only rows back.

    Open it outside the transaction of the act.
    """
    written: list[StoredFile] = []
    try:
        yield written
    except BaseException:
        for row in written:
            row.file.delete(save=False)
        raise
