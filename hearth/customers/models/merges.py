"""Records of one customer that became one, and what can part them again."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.crypto import Sealed
from hearth.core.models import Record
from hearth.core.querysets import RecordQuerySet
from hearth.customers.models.people import Customer
from hearth.customers.permissions import VIEW_CUSTOMER


class CustomerMergeQuerySet(RecordQuerySet["CustomerMerge"]):
    def visible_to(self, actor: Actor) -> "CustomerMergeQuerySet":
        """Keep the merges whose survivor the actor may see, under the record it belongs to by now."""
        if actor.scope(VIEW_CUSTOMER).everywhere:
            return self
        survivor = Coalesce(models.OuterRef("survivor__merged_into"), models.OuterRef("survivor"))
        return self.filter(models.Exists(Customer.objects.visible_to(actor).filter(pk=survivor)))

    def standing(self) -> "CustomerMergeQuerySet":
        """Keep the merges that were not undone."""
        return self.filter(undone_at__isnull=True)

    def newest_first(self) -> "CustomerMergeQuerySet":
        return self.order_by("-created_at", "-id")


class CustomerMerge(Record):
    """Two or more records became one: the survivor. `memory` is a JSON text that can put everything back."""

    survivor = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="merges")
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    memory_sealed = models.BinaryField(default=bytes)
    undone_at = models.DateTimeField(_("undone"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    outcome = models.JSONField(default=dict)

    memory = Sealed("memory_sealed")

    objects = CustomerMergeQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-created_at", "-id"], name="merge_by_time")]

    def __str__(self) -> str:
        return f"{self.survivor_id} {self.created_at}"


class AbsorbedCustomerQuerySet(RecordQuerySet["AbsorbedCustomer"]):
    pass


class AbsorbedCustomer(models.Model):
    """A record that a merge took into the survivor; `identity_index` is the number it had then."""

    merge = models.ForeignKey(CustomerMerge, on_delete=models.CASCADE, related_name="absorbed")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="absorptions")
    identity_index = models.BinaryField(null=True, max_length=17)

    objects = AbsorbedCustomerQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merge", "customer"], name="a_merge_absorbs_a_customer_once")
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.merge_id}"
