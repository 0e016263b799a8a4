"""Telling people that their file is ready."""

from django.db import transaction
from django.urls import reverse

from hearth.accounts.models import Notification
from hearth.accounts.services import notify
from hearth.core.events import subscribe
from hearth.core.models import EventRecord
from hearth.exports.events import ListExported
from hearth.exports.models import Export
from hearth.exports.notifications import EXPORTED


@subscribe(ListExported)
@transaction.atomic
def tell_who_asked(event: EventRecord) -> None:
    """Ring the bell of whoever asked, once; they may have left the page long ago."""
    export = next(iter(Export.objects.in_bulk([event.subject_id]).values()), None)
    if export is None:
        return
    url = reverse("exports:detail", args=[export.pk])
    if not Notification.objects.filter(user_id=export.created_by_id, kind=EXPORTED, url=url).exists():
        notify([export.created_by_id], EXPORTED, url=url, now=event.recorded_at, params={"name": export.name})
