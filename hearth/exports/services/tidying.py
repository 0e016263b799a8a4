"""Removing files whose days are over, and what killed workers left behind."""

import shutil
from datetime import datetime, timedelta

from hearth.exports.files import folder, path_of
from hearth.exports.models import Export, ExportedRows

# A worker may still be at a file that no row names.
ABANDONED_AFTER = timedelta(days=1)
ROWS_KEPT = timedelta(days=180)
State = Export.State


def remove_old_files(*, now: datetime) -> int:
    """Remove the files whose days are over and those of attempts that ended halfway; return how many exports expired.

    May be repeated.
    """
    expired = Export.objects.filter(state=State.DONE, expires_at__lte=now)
    removed = 0
    for export in expired.order_by("id"):
        path_of(export).unlink(missing_ok=True)
        removed += Export.objects.filter(pk=export.pk, state=State.DONE).update(
            state=State.EXPIRED, updated_at=now
        )
    ExportedRows.objects.filter(written_at__lt=now - ROWS_KEPT).delete()
    _remove_strays(now)
    return removed


def _remove_strays(now: datetime) -> None:
    kept = Export.objects.filter(state__in=(State.RUNNING, State.DONE)).only("id", "attempts")
    names = {path_of(export).name for export in kept}
    for path in folder().iterdir():
        age = now.timestamp() - path.stat().st_mtime
        if path.name in names or age < ABANDONED_AFTER.total_seconds():
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
