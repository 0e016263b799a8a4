"""Who was erased, by id alone, in a file beside the keys: a backup that is read in does not know it.

The file is on the installation's disk and in no backup of the database, so that it outlives a restore.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.conf import settings

from hearth.customers.models import Customer


def journal_path() -> Path:
    return Path(settings.KEY_RING).with_name("erased.txt")


def read_journal() -> set[UUID]:
    """Return the ids of all records that were ever erased here; lines that were cut off are passed over."""
    path = journal_path()
    lines = path.read_text(encoding="ascii").split() if path.exists() else []
    return {UUID(line) for line in lines if len(line) == 36}


def keep_journal() -> int:
    """Add the erased records that are missing from the file, and return how many; may be repeated."""
    erased = set(Customer.objects.filter(erased_at__isnull=False).values_list("pk", flat=True))
    missing = sorted(erased - read_journal())
    if missing:
        _append(missing)
    return len(missing)


def _append(ids: Iterable[UUID]) -> None:
    descriptor = os.open(journal_path(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="ascii") as file:
        file.writelines(f"{key}\n" for key in ids)
        file.flush()
        os.fsync(file.fileno())


def returned_records() -> list[Customer]:
    """Return the customers that were erased and are back, because a backup was read in."""
    rows = Customer.objects.filter(pk__any_of=sorted(read_journal()), erased_at=None, merged_into=None)
    return list(rows.order_by("pk"))
