"""Pairs of records that may be one customer, for a person to judge."""

from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.models import Record
from hearth.core.querysets import RecordQuerySet
from hearth.customers.models.merges import CustomerMerge
from hearth.customers.models.people import Customer
from hearth.customers.permissions import MERGE_CUSTOMER, VIEW_CUSTOMER


def _record(side: str) -> Coalesce:
    return Coalesce(f"{side}__merged_into_id", f"{side}_id", output_field=models.UUIDField())


class DuplicatePairQuerySet(RecordQuerySet["DuplicatePair"]):
    def with_records(self) -> "DuplicatePairQuerySet":
        """Add `left_id` and `right_id`: the records that the two belong to by now."""
        return self.annotate(left_id=_record("first"), right_id=_record("second"))

    def apart(self) -> "DuplicatePairQuerySet":
        """Keep the pairs that are still two records."""
        return self.with_records().filter(~models.Q(left_id=models.F("right_id")))

    def joined_in(self, survivor_ids: Iterable[UUID]) -> "DuplicatePairQuerySet":
        """Keep the pairs that are one record by now, one of these."""
        ids = list(survivor_ids)
        ours = models.Q(first__in=ids) | models.Q(first__merged_into__in=ids)
        return self.with_records().filter(ours, models.Q(left_id=models.F("right_id")))

    def visible_to(self, actor: Actor) -> "DuplicatePairQuerySet":
        """Keep the pairs of which the actor may see both and merge both, each at a place that knows it."""
        rows = self.with_records()
        for permission in (VIEW_CUSTOMER, MERGE_CUSTOMER):
            if actor.scope(permission).everywhere:
                continue
            known = Customer.objects.visible_with(actor, permission)
            for side in ("left_id", "right_id"):
                rows = rows.filter(models.Exists(known.filter(pk=models.OuterRef(side))))
        return rows


class DuplicatePair(Record):
    """Two records that may be one, `first` being the older id; judged once, and never suggested again.

    A pair stays as it was suggested when one of the two is merged with a third; `with_records` says whom it means
    by then.
    """

    class State(models.TextChoices):
        OPEN = "open", _("to be judged")
        LATER = "later", _("put off")
        MERGED = "merged", _("merged")
        DIFFERENT = "different", _("different people")

    first = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    score = models.FloatField(_("likeness"))
    reasons = models.JSONField(_("reasons"), default=list)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("judged"), null=True)
    merge = models.ForeignKey(CustomerMerge, on_delete=models.SET_NULL, null=True, related_name="pairs")

    objects = DuplicatePairQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "-score", "-id"], name="duplicate_pair_by_likeness")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="two_records_are_one_pair"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="the_first_of_a_pair_is_the_older_id"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id}"
