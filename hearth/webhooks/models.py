"""Other systems that are told of events, and what was sent to them."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from hearth.core.crypto import Sealed
from hearth.core.models import Record
from hearth.core.querysets import RecordQuerySet, ScopedQuerySet
from hearth.organization.models import OrgUnit
from hearth.webhooks.permissions import MANAGE_WEBHOOK

LAST_POSITION = 2**63 - 1


class EndpointQuerySet(ScopedQuerySet["Endpoint"]):
    view_permission = MANAGE_WEBHOOK


class Endpoint(Record):
    """An address that is told of events at and below a place, as far as its owner may see them.

    `after_transaction` and `after_position` are where it stands in the stream: everything up to there has become a
    delivery or is not for it. A paused endpoint keeps its place, so that nothing is lost while it is paused.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("active")
        PAUSED = "paused", _("paused")
        DISABLED = "disabled", _("switched off")

    class Reason(models.TextChoices):
        NONE = "", _("none")
        GONE = "gone", _("the other system answered that the address is gone (410)")
        FAILING = "failing", _("nothing has arrived for three days")
        OWNER_LEFT = "owner_left", _("the account of its owner was deactivated")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="webhooks")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="webhooks")
    name = models.CharField(_("name"), max_length=80)
    url = models.CharField(_("address"), max_length=500)
    types = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    is_full = models.BooleanField(_("send the records too"), default=False)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ACTIVE)
    state_reason = models.CharField(max_length=10, choices=Reason, blank=True, default="")
    first_failed_at = models.DateTimeField(_("first failed"), null=True)
    hold_ends_at = models.DateTimeField(null=True)
    after_transaction = models.BigIntegerField()
    after_position = models.BigIntegerField()

    objects = EndpointQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.state == Endpoint.State.ACTIVE


class SigningSecretQuerySet(RecordQuerySet["SigningSecret"]):
    pass


class SigningSecret(Record):
    """A secret that deliveries are signed with; an older one signs beside the new one until `expires_at`."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="secrets")
    secret_sealed = models.BinaryField()
    expires_at = models.DateTimeField(null=True)

    secret = Sealed("secret_sealed")

    objects = SigningSecretQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["endpoint"],
                condition=models.Q(expires_at__isnull=True),
                name="one_lasting_secret_for_each_webhook",
            )
        ]

    def __str__(self) -> str:
        return f"{self.endpoint_id}"


class DeliveryQuerySet(RecordQuerySet["Delivery"]):
    pass


class Delivery(Record):
    """One event for one endpoint, from the moment it is due until it has arrived or is given up.

    The row is the queue: a worker takes it until `claim_ends_at`, and if the worker dies another takes it then. So an
    event may arrive twice, with the same id, and is never lost. What is sent is put together at each attempt and not
    kept.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("arrived")
        FAILED = "failed", _("given up")
        DROPPED = "dropped", _("no longer visible to the owner")

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    event_id = models.UUIDField()
    event_type = models.CharField(_("type of event"), max_length=60)
    event_occurred_at = models.DateTimeField(_("occurred"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("next attempt"))
    claim_ends_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["endpoint", "due_at", "id"],
                name="webhook_delivery_waiting",
                condition=models.Q(state="waiting"),
            ),
            models.Index(fields=["endpoint", "-created_at", "-id"], name="webhook_delivery_by_time"),
            models.Index(
                fields=["endpoint", "state"],
                name="webhook_delivery_given_up",
                condition=models.Q(state__in=["failed", "dropped"]),
            ),
            models.Index(
                fields=["finished_at"],
                name="webhook_delivery_by_end",
                condition=models.Q(finished_at__isnull=False),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["endpoint", "event_id"], name="an_event_is_delivered_once_to_a_webhook"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.state}"


class AttemptQuerySet(RecordQuerySet["Attempt"]):
    pass


class Attempt(Record):
    """One try to deliver: what the other system answered, or why there was no answer.

    The beginning of the answer is sealed, since nobody knows what other systems write there.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries")
    status = models.PositiveSmallIntegerField(_("status answered"), null=True)
    error = models.CharField(max_length=20, blank=True)
    seconds = models.FloatField(_("seconds"))
    answer_sealed = models.BinaryField(default=bytes, blank=True)

    answer = Sealed("answer_sealed")

    objects = AttemptQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.status or self.error}"
