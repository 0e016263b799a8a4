"""How far a file is, told while its transaction still runs.

The rows of a file are written in one transaction, which nobody sees before it ends. The number of rows done is
therefore written by a second connection of its own; the transaction leaves the job's row alone until its last
statement, so that the two never wait for each other.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connections

from hearth.core.attribution import tell_other
from hearth.imports.models import ImportJob

Show = Callable[[int], None]


@contextmanager
def progress_of(job: ImportJob) -> Iterator[Show]:
    """Give a function that stores how many rows are done, at once and for all to see."""
    separate = connections["default"].copy()
    tell_other(separate)

    def show(rows: int) -> None:
        with separate.cursor() as cursor:
            cursor.execute(
                "UPDATE imports_importjob SET processed_rows = %s WHERE id = %s", [rows, str(job.pk)]
            )

    try:
        yield show
    finally:
        separate.close()
