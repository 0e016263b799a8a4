"""When a person last looked at a customer."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from hearth.core.querysets import RecordQuerySet


class LookQuerySet(RecordQuerySet["Look"]):
    pass


class Look(models.Model):
    """One person's last look at one customer, and the one before it, from which "what is new" counts.

    The customer is named by identifier alone: looks end by themselves, and say nothing of the customer.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="looks")
    customer_id = models.UUIDField()
    looked_at = models.DateTimeField()
    before_at = models.DateTimeField(null=True)

    objects = LookQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "customer_id"], name="one_look_of_a_person_at_a_customer")
        ]
        indexes: ClassVar = [models.Index(fields=["looked_at"], name="look_by_time")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.customer_id}"
