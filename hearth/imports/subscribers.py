"""Telling people that their file is in."""

from django.db import transaction
from django.urls import reverse

from hearth.accounts.models import Notification
from hearth.accounts.services import notify
from hearth.core.events import subscribe
from hearth.core.models import EventRecord
from hearth.imports.events import FileImported
from hearth.imports.models import ImportJob
from hearth.imports.notifications import IMPORTED


@subscribe(FileImported)
@transaction.atomic
def tell_who_gave_the_file(event: EventRecord) -> None:
    """Ring the bell of whoever gave the file, once; they may have left the page long ago."""
    jobs = ImportJob.objects.select_related("source_file").in_bulk([event.subject_id])
    job = next(iter(jobs.values()), None)
    if job is None or job.created_by_id is None:
        return
    url = reverse("imports:detail", args=[job.pk])
    if not Notification.objects.filter(user_id=job.created_by_id, kind=IMPORTED, url=url).exists():
        params = {"name": job.source_file.name}
        notify([job.created_by_id], IMPORTED, url=url, now=event.recorded_at, params=params)
