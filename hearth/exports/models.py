"""A file on its way out: which rows and columns, for whom and why, and how far it is."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.actor import Actor
from hearth.core.models import Record
from hearth.core.querysets import RecordQuerySet
from hearth.exports.permissions import APPROVE_EXPORT, EXPORT, VIEW_EXPORTS
from hearth.lib.typed_tables import TableFormat

NOTHING, EVERYTHING = models.Q(pk__in=[]), models.Q(pk__isnull=False)


class ExportQuerySet(RecordQuerySet["Export"]):
    def visible_to(self, actor: Actor) -> "ExportQuerySet":
        """Keep the actor's own and, for who watches or decides over exports at places, those made with rights there.

        Only the person who asked gets the file.
        """
        own = models.Q(created_by_id=actor.user_id or 0)
        return self.filter(own | _made_with(actor, VIEW_EXPORTS) | _to_decide(actor))

    def to_decide_by(self, actor: Actor) -> "ExportQuerySet":
        """Keep what waits for a second person, where the actor is one."""
        return self.filter(_to_decide(actor), state=Export.State.HELD)

    def own_of(self, actor: Actor) -> "ExportQuerySet":
        return self.filter(created_by_id=actor.user_id or 0)

    def light(self) -> "ExportQuerySet":
        """Leave out what can be large and no list shows."""
        return self.defer("row_ids", "rights", "limited_to")

    def unfinished(self) -> "ExportQuerySet":
        return self.filter(state__in=UNFINISHED)


def _made_with(actor: Actor, right: str) -> models.Q:
    """Match the exports made with rights at places where the actor holds `right`."""
    scope = actor.scope(right)
    if scope.everywhere:
        return EVERYTHING
    if not scope:
        return NOTHING
    return models.Q(**{f"rights__{EXPORT}__contained_by": sorted(scope.org_unit_ids)})


def _to_decide(actor: Actor) -> models.Q:
    """Match what was ever held and is not the actor's own, where the actor approves exports."""
    was_held = ~models.Q(created_by_id=actor.user_id or 0) & models.Q(held_at__isnull=False)
    return _made_with(actor, APPROVE_EXPORT) & was_held


class Export(Record):
    """Rows of a list, written to a file by a job with the rights of who asked, as they are then.

    `parameters` are those of the list's address that decide over rows and their order; `row_ids` are rows that were
    chosen one by one, `source_key` and `source_id` what chose them otherwise. `limited_to` are the rights of a token
    that asked, `rights` those the file was written with, as `hearth.exports.rights` notes them. The row outlives its
    file: it says who took what.

    A file of more rows than policy lets one person take waits in the state `held` for a second one; `approved_rows` is
    how many that person approved.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("export", "waiting")
        HELD = "held", pgettext_lazy("export", "waits for approval")
        RUNNING = "running", pgettext_lazy("export", "being written")
        DONE = "done", pgettext_lazy("export", "ready")
        FAILED = "failed", pgettext_lazy("export", "failed")
        CANCELLED = "cancelled", pgettext_lazy("export", "given up")
        REFUSED = "refused", pgettext_lazy("export", "refused")
        EXPIRED = "expired", pgettext_lazy("export", "removed")

    class Format(models.TextChoices):
        XLSX = TableFormat.XLSX.value, _("Excel workbook (.xlsx)")
        CSV = TableFormat.CSV.value, _("CSV in UTF-8, for Excel and most programs")
        CSV_GB18030 = TableFormat.CSV_GB18030.value, _("CSV in GB 18030, for older Chinese programs")
        NDJSON = TableFormat.NDJSON.value, _("NDJSON, for programs")
        PARQUET = TableFormat.PARQUET.value, _("Parquet, for analysis")

    name = models.CharField(_("name"), max_length=120)
    object_key = models.CharField(max_length=40)
    source_key = models.CharField(max_length=40, blank=True)
    source_id = models.UUIDField(null=True)
    parameters = models.JSONField(default=dict)
    row_ids = models.JSONField(null=True)
    columns = models.JSONField(default=list)
    format = models.CharField(_("format"), max_length=12, choices=Format)
    reason = models.CharField(pgettext_lazy("export", "reason"), max_length=300)
    language = models.CharField(max_length=10)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    total_rows = models.PositiveIntegerField(_("rows"), null=True)
    written_rows = models.PositiveIntegerField(default=0)
    cut_cells = models.PositiveIntegerField(default=0)
    size = models.BigIntegerField(_("size"), null=True)
    error_code = models.CharField(max_length=60, blank=True)
    limited_to = models.JSONField(null=True)
    rights = models.JSONField(default=dict)
    held_at = models.DateTimeField(null=True)
    approved_rows = models.PositiveIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="decided_exports"
    )
    decision_note = models.CharField(max_length=300, blank=True)
    finished_at = models.DateTimeField(_("ready since"), null=True)
    expires_at = models.DateTimeField(_("kept until"), null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="exports")

    objects = ExportQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["created_by", "-id"], name="export_of_a_person"),
            models.Index(fields=["expires_at"], name="export_by_its_end", condition=models.Q(state="done")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(source_key="", source_id__isnull=True)
                | (~models.Q(source_key="") & models.Q(source_id__isnull=False)),
                name="a_source_of_an_export_says_which",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="done") | models.Q(expires_at__isnull=False, size__isnull=False),
                name="a_file_that_is_ready_has_an_end",
            ),
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("created_by")),
                name="nobody_decides_over_their_own_export",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED

    @property
    def code(self) -> str:
        """The end of the id, which stands in the file and its name for people to quote."""
        return self.pk.hex[-8:].upper()


class ExportedRowsQuerySet(RecordQuerySet["ExportedRows"]):
    pass


class ExportedRows(models.Model):
    """Which rows a file holds, some at a time, by id alone; kept for half a year, as long as who read what."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="rows_written")
    row_ids = ArrayField(models.UUIDField())
    written_at = models.DateTimeField()

    objects = ExportedRowsQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [BrinIndex(fields=["written_at"], name="exported_rows_by_time")]

    def __str__(self) -> str:
        return f"{self.export_id} {len(self.row_ids)}"


UNFINISHED = (Export.State.WAITING, Export.State.HELD, Export.State.RUNNING)
