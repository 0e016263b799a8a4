"""Files that go out, written and removed in the background."""

from uuid import UUID

from django.utils import timezone

from hearth.core.jobs import job, periodic
from hearth.exports.models import Export
from hearth.exports.services import remove_old_files, write_export


@job("exports.write", queue="exports", retry=False)
def write(*, export_id: str) -> None:
    """Write one file for the person who asked; repeated after a crash, and begins anew."""
    export = Export.objects.select_related("created_by").get(pk=UUID(export_id))
    write_export(export, now=timezone.now())


@periodic("exports.remove_old", cron="23 * * * *")
def remove_old(timestamp: int) -> None:
    """Remove the files whose days are over."""
    remove_old_files(now=timezone.now())
