"""Every change of every row, written by the database itself, and the seals that show whether it was touched since."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.querysets import RecordQuerySet


class AuditEntryQuerySet(RecordQuerySet["AuditEntry"]):
    def newest_first(self) -> "AuditEntryQuerySet":
        return self.order_by("-noted_at", "-id")


class AuditEntry(models.Model):
    """What one statement did to rows of one table: up to 1,000 that it added, or one that it changed or removed.

    `values` holds, of a changed row, the columns that changed, each with what it was and what it became; of a removed
    row what it was; nothing of added rows, which the table and later entries tell. Once sealed they are kept encrypted
    in `values_sealed`, and only their digest is part of the chain, so that they can be erased and the chain still
    holds. Partitioned by month of `noted_at`. Only the database's trigger writes it; the application reads.
    """

    class Operation(models.TextChoices):
        INSERT = "I", pgettext_lazy("audit", "added")
        UPDATE = "U", pgettext_lazy("audit", "changed")
        DELETE = "D", pgettext_lazy("audit", "removed")

    pk = models.CompositePrimaryKey("noted_at", "id")
    id = models.BigIntegerField(editable=False)
    noted_at = models.DateTimeField(_("when"))
    transaction = models.BigIntegerField()
    table = models.CharField(_("table"), max_length=63, db_column="table_name")
    operation = models.CharField(_("what"), max_length=1, choices=Operation)
    row_ids = ArrayField(models.TextField())
    user_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=10)
    address = models.CharField(max_length=45)
    roles = models.CharField(max_length=200, blank=True)
    login = models.CharField(max_length=63)
    values = models.JSONField(null=True)
    values_sealed = models.BinaryField(null=True)
    values_digest = models.BinaryField(null=True)
    seal = models.BigIntegerField(null=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["seal", "id"], name="audit_by_seal"),
            models.Index(fields=["table", "-noted_at", "-id"], name="audit_by_table"),
            models.Index(fields=["user_id", "-noted_at", "-id"], name="audit_by_user"),
            GinIndex(fields=["row_ids"], name="audit_by_row"),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.table}"


class AuditSealQuerySet(RecordQuerySet["AuditSeal"]):
    pass


class AuditSeal(models.Model):
    """The digest of a block of entries and of the seal before, signed with the installation's key.

    Whoever changes, removes or adds an entry of a block, or a seal, breaks the chain from there on.
    """

    number = models.BigIntegerField(primary_key=True)
    made_at = models.DateTimeField()
    entries = models.IntegerField()
    digest = models.BinaryField()
    signature = models.BinaryField(null=True)

    objects = AuditSealQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.number} {bytes(self.digest).hex()[:12]}"
