"""Which snapshots there are."""

from hearth.warehouse.models import Snapshot


def latest_snapshot() -> Snapshot | None:
    """Return the newest complete snapshot; one query."""
    return Snapshot.objects.done().newest_first().first()
