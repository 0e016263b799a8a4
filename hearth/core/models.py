"""The base record and the one stream of events."""

import uuid
from collections.abc import Collection
from typing import ClassVar

from django.db import models
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from hearth.core.crypto import Sealed
from hearth.core.permissions import VIEW_EVENTS
from hearth.core.querysets import RecordQuerySet, ScopedQuerySet
from hearth.lib.identifiers import uuid7


def next_value(sequence: str) -> models.Func:
    """The next number of a database sequence, as a column's default."""
    return models.Func(models.Value(sequence), function="nextval", output_field=models.BigIntegerField())


def current_transaction() -> models.Func:
    """The id of the writing transaction, as a column's default."""
    xid = models.Func(function="pg_current_xact_id", output_field=models.TextField())
    return Cast(Cast(xid, models.TextField()), models.BigIntegerField())


class Record(models.Model):
    """A row with a sortable identifier made by the client, and the times it was written and last changed.

    Services set both times; `is_sample` marks rows of the demo, which a person can remove.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("changed"))
    is_sample = models.BooleanField(default=False)

    class Meta:
        abstract = True


class EventQuerySet(ScopedQuerySet["EventRecord"]):
    view_permission = VIEW_EVENTS

    def of_customers(self, customer_ids: Collection[uuid.UUID]) -> "EventQuerySet":
        """Keep the events of customers; the ids of their merged records must be among those given."""
        return self.filter(customer_id__in=customer_ids)

    def newest_first(self) -> "EventQuerySet":
        return self.order_by("-occurred_at", "-id")


class EventRecord(models.Model):
    """One business act: timeline, audit trail, trigger, webhook outbox and fact table in one row.

    Partitioned by month of `occurred_at`. Carries ids and codes only, never personal data. `position` orders the
    feed; `transaction` lets a reader stop before acts whose transaction may still be running.

    Index plan (each partition): customer and unit with time for timelines, place with time for lists by
    organisation, transaction with position for the feed, position for the snapshot. Nothing is indexed by type:
    counts by type run on the warehouse.
    """

    pk = models.CompositePrimaryKey("occurred_at", "id")
    id = models.UUIDField(default=uuid7, editable=False)
    position = models.BigIntegerField(db_default=next_value("core_event_position"), editable=False)
    transaction = models.BigIntegerField(db_default=current_transaction(), editable=False)
    type = models.CharField(max_length=60)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    org_unit_id = models.BigIntegerField(null=True)
    customer_id = models.UUIDField(null=True)
    household_id = models.UUIDField(null=True)
    unit_id = models.UUIDField(null=True)
    project_id = models.UUIDField(null=True)
    subject_id = models.UUIDField(null=True)
    actor_id = models.BigIntegerField(null=True)
    actor_kind = models.CharField(max_length=10)
    channel = models.CharField(max_length=12, blank=True)
    amount = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    payload = models.JSONField(default=dict)
    is_sample = models.BooleanField(default=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["customer_id", "-occurred_at", "-id"], name="event_of_customer_by_time"),
            models.Index(
                fields=["unit_id", "-occurred_at", "-id"],
                name="event_of_unit_by_time",
                condition=models.Q(unit_id__isnull=False),
            ),
            models.Index(fields=["org_unit_id", "-occurred_at", "-id"], name="event_of_place_by_time"),
            models.Index(fields=["position"], name="event_by_position"),
            models.Index(fields=["transaction", "position"], name="event_by_transaction"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.id}"


class StoredFileQuerySet(RecordQuerySet["StoredFile"]):
    pass


class StoredFile(Record):
    """A file a person gave or the system made (import, result), kept under the installation's folder."""

    name = models.CharField(_("name"), max_length=255)
    file = models.FileField(upload_to="stored/%Y/%m/")
    size = models.BigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)

    objects = StoredFileQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class IdempotencyKeyQuerySet(RecordQuerySet["IdempotencyKey"]):
    pass


class IdempotencyKey(Record):
    """The answer to a request that a program may repeat, kept sealed for a day and given again.

    Written in the transaction of the act, so that neither exists without the other.
    """

    user_id = models.BigIntegerField()
    key = models.CharField(max_length=255)
    fingerprint = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body_sealed = models.BinaryField()

    body = Sealed("body_sealed")

    objects = IdempotencyKeyQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["created_at"], name="idempotency_key_by_age")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user_id", "key"], name="one_answer_for_each_idempotency_key")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.key}"


class RequestWindowQuerySet(RecordQuerySet["RequestWindow"]):
    pass


class RequestWindow(models.Model):
    """How often a caller asked in the present window of time; not logged, and empty after a crash."""

    caller = models.CharField(max_length=80, primary_key=True)
    number = models.BigIntegerField()
    requests = models.IntegerField()

    objects = RequestWindowQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.caller} {self.requests}"


class ResealingMarkQuerySet(RecordQuerySet["ResealingMark"]):
    pass


class ResealingMark(models.Model):
    """How far one column has come under a new key; `last_row` is the key of the last row that was looked at."""

    place = models.CharField(max_length=130)
    key_number = models.PositiveSmallIntegerField()
    last_row = models.CharField(max_length=40, blank=True, default="")
    rows = models.BigIntegerField(default=0)
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = ResealingMarkQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["place", "key_number"], name="one_mark_for_each_column_and_key")
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.key_number}"
