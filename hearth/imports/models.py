"""A file on its way in: what it is, how its columns are read, what is wrong with it, what became of each row."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hearth.core.crypto import Sealed, open_sealed, seal
from hearth.core.models import Record, StoredFile
from hearth.core.querysets import RecordQuerySet, ScopedQuerySet
from hearth.core.sealed_places import Renew, renew_remembered
from hearth.imports.permissions import CHANGE_SOURCE, RUN_IMPORT
from hearth.organization.models import OrgUnit


class ImportJobQuerySet(ScopedQuerySet["ImportJob"]):
    view_permission = RUN_IMPORT


class ImportJob(Record):
    """One upload. Nothing but this row and its issues is written before it is committed.

    It is written batch by batch: `written_batches` and `result_bytes` change in the transaction of each batch, so
    that whoever goes on after a crash knows where.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("uploaded")
        CHECKING = "checking", _("being checked")
        CHECKED = "checked", _("checked")
        COMMITTING = "committing", _("being written")
        PAUSED = "paused", _("paused")
        REVERTING = "reverting", _("being taken back")
        REVERTED = "reverted", _("taken back")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("given up")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="import_jobs")
    kind = models.CharField(_("kind"), max_length=30)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.UPLOADED)
    source_file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    result_file = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, related_name="+")
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    sheet = models.CharField(_("sheet"), max_length=100, blank=True)
    columns = models.JSONField(default=list)
    sample_rows = models.JSONField(default=list)
    mapping = models.JSONField(_("mapping"), default=dict)
    options = models.JSONField(_("options"), default=dict)
    good_rows_only = models.BooleanField(_("import the good rows only"), default=False)
    total_rows = models.PositiveIntegerField(_("rows"), default=0)
    processed_rows = models.PositiveIntegerField(default=0)
    bad_rows = models.PositiveIntegerField(default=0)
    issue_count = models.PositiveIntegerField(default=0)
    created_rows = models.PositiveIntegerField(default=0)
    updated_rows = models.PositiveIntegerField(default=0)
    linked_rows = models.PositiveIntegerField(default=0)
    skipped_rows = models.PositiveIntegerField(default=0)
    written_batches = models.PositiveIntegerField(default=0)
    result_bytes = models.PositiveBigIntegerField(default=0)
    run_started_at = models.DateTimeField(null=True)
    run_started_rows = models.PositiveIntegerField(default=0)
    reverted_rows = models.PositiveIntegerField(default=0)
    kept_rows = models.PositiveIntegerField(default=0)
    revert_file = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, related_name="+")
    is_mapping_remembered = models.BooleanField(default=False)
    fingerprint = models.CharField(max_length=64, blank=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_params = models.JSONField(default=dict)
    source = models.ForeignKey("ImportSource", on_delete=models.SET_NULL, null=True, related_name="jobs")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="import_jobs"
    )
    committed_at = models.DateTimeField(_("committed"), null=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-created_at", "-id"], name="import_job_by_time")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["fingerprint"],
                condition=models.Q(state__in=["committing", "paused", "reverting", "done"])
                & ~models.Q(fingerprint=""),
                name="the_same_file_is_imported_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class ImportRowQuerySet(RecordQuerySet["ImportRow"]):
    pass


class ImportRow(models.Model):
    """What became of one row of a file, and what its record said before; `written_at` is its stamp on the record."""

    class Outcome(models.TextChoices):
        CREATED = "created", _("created")
        UPDATED = "updated", _("updated")
        LINKED = "linked", _("linked")
        SKIPPED = "skipped", _("skipped")

    class Reversal(models.TextChoices):
        NONE = "", _("not taken back")
        DONE = "done", _("taken back")
        REFUSED = "refused", _("kept")

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="rows")
    row = models.PositiveIntegerField(_("row"))
    outcome = models.CharField(max_length=8, choices=Outcome)
    record_id = models.UUIDField(null=True)
    before_sealed = models.BinaryField(null=True)
    written_at = models.DateTimeField()
    reversal = models.CharField(max_length=8, choices=Reversal, blank=True, default="")
    reason_code = models.CharField(max_length=30, blank=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "row"], name="each_row_of_a_file_is_written_once")
        ]

    def __str__(self) -> str:
        return f"{self.row} {self.outcome}"

    @property
    def before(self) -> dict[str, Any]:
        """What the record said before the row, empty where nothing was kept."""
        sealed = bytes(self.before_sealed or b"")
        if not sealed or self.record_id is None:
            return {}
        found: dict[str, Any] = json.loads(open_sealed(sealed, column=BEFORE, row_id=self.record_id))
        return found


BEFORE = "imports_importrow.before_sealed"


def renew_before(text: str, record_id: UUID, renew: Renew) -> str:
    """Return what a record said before a row with the sealed values in it renewed; its table is not written down."""
    before = json.loads(text)
    renewed = renew_remembered(before, record_id, apps.get_models(), renew)
    return text if renewed == before else json.dumps(renewed, ensure_ascii=False)


def seal_before(before: Mapping[str, Any], record_id: UUID) -> bytes:
    """Seal what a record said, for that record alone."""
    return seal(json.dumps(before, ensure_ascii=False), column=BEFORE, row_id=record_id)


class RememberedMappingQuerySet(ScopedQuerySet["RememberedMapping"]):
    view_permission = RUN_IMPORT


class RememberedMapping(Record):
    """How files with these column names were read at a place, so that the next one needs no hand."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.CASCADE, related_name="remembered_mappings")
    kind = models.CharField(_("kind"), max_length=30)
    signature = models.CharField(max_length=64)
    columns = models.JSONField(default=list)
    mapping = models.JSONField(_("mapping"), default=dict)
    options = models.JSONField(_("options"), default=dict)
    uses = models.PositiveIntegerField(_("used"), default=0)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = RememberedMappingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["org_unit", "kind", "signature"], name="one_mapping_for_each_header_at_a_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.signature[:8]}"


class ImportIssueQuerySet(RecordQuerySet["ImportIssue"]):
    pass


class ImportIssue(models.Model):
    """Something wrong with one cell or row, as a code and parameters; the page says it in words."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="issues")
    row = models.PositiveIntegerField(_("row"))
    column = models.CharField(_("column"), max_length=200, blank=True)
    code = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    is_warning = models.BooleanField(default=False)

    objects = ImportIssueQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["job", "row", "id"], name="import_issue_by_row")]

    def __str__(self) -> str:
        return f"{self.row} {self.code}"


class ImportSourceQuerySet(ScopedQuerySet["ImportSource"]):
    view_permission = CHANGE_SOURCE

    def due(self, now: datetime) -> "ImportSourceQuerySet":
        """Keep the sources that are to be looked at now."""
        return self.filter(is_active=True, next_at__lte=now)


class ImportSource(Record):
    """A folder, here or over SFTP, from which files are picked up by the clock."""

    class Way(models.TextChoices):
        FOLDER = "folder", _("folder on the server")
        SFTP = "sftp", _("SFTP")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.CASCADE, related_name="import_sources")
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("What do the files hold?"), max_length=30)
    way = models.CharField(_("from"), max_length=6, choices=Way)
    path = models.CharField(_("folder"), max_length=300)
    pattern = models.CharField(_("file names"), max_length=80, default="*.csv")
    host = models.CharField(_("server"), max_length=200, blank=True)
    port = models.PositiveIntegerField(_("port"), default=22)
    username = models.CharField(_("user"), max_length=80, blank=True)
    secret_sealed = models.BinaryField(default=bytes, blank=True)
    host_key = models.TextField(_("public key of the server"), blank=True)
    minutes = models.PositiveIntegerField(_("every … minutes"), default=60)
    good_rows_only = models.BooleanField(_("import the good rows only"), default=False)
    options = models.JSONField(_("options"), default=dict)
    is_active = models.BooleanField(_("in use"), default=True)
    next_at = models.DateTimeField()
    last_at = models.DateTimeField(_("last looked at"), null=True)
    error_code = models.CharField(max_length=60, blank=True)
    set_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    secret = Sealed("secret_sealed")

    objects = ImportSourceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org_unit", "name"], name="one_source_of_each_name_at_a_place"),
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1) & models.Q(minutes__lte=10_080),
                name="a_source_is_looked_at_between_each_minute_and_each_week",
            ),
        ]

    def __str__(self) -> str:
        return self.name
