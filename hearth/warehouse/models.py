"""Snapshots: what the analysis reads, dated, so that every figure says as of when it speaks."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hearth.core.models import Record
from hearth.core.querysets import RecordQuerySet


class SnapshotQuerySet(RecordQuerySet["Snapshot"]):
    def done(self) -> "SnapshotQuerySet":
        return self.filter(state=Snapshot.State.DONE)

    def unfinished(self) -> "SnapshotQuerySet":
        return self.filter(state__in=[Snapshot.State.QUEUED, Snapshot.State.RUNNING])

    def newest_first(self) -> "SnapshotQuerySet":
        return self.order_by("-taken_at", "-id")


class Snapshot(Record):
    """One consistent copy of the registered tables as Parquet; `tables` counts rows by table."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        PRUNED = "pruned", _("files removed")

    taken_at = models.DateTimeField(_("as of"))
    state = models.CharField(_("state"), max_length=8, choices=State)
    event_position = models.BigIntegerField(default=0)
    tables = models.JSONField(default=dict)
    seconds = models.FloatField(_("seconds"), default=0)
    error = models.TextField(blank=True)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-taken_at", "-id"], name="snapshot_by_time")]

    @property
    def rows(self) -> int:
        return sum(self.tables.values())

    @property
    def is_unfinished(self) -> bool:
        return self.state in {Snapshot.State.QUEUED, Snapshot.State.RUNNING}

    def __str__(self) -> str:
        return str(self.taken_at)
