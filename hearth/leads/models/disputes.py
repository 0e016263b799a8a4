"""Two consultants claim one customer; somebody above decides on what is on record."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from hearth.core.actor import Actor
from hearth.core.models import Record
from hearth.core.querysets import RecordQuerySet
from hearth.leads.models.leads import Lead


class LeadDisputeQuerySet(RecordQuerySet["LeadDispute"]):
    def visible_to(self, actor: Actor) -> "LeadDisputeQuerySet":
        return self.filter(lead__in=Lead.objects.visible_to(actor))

    def waiting(self) -> "LeadDisputeQuerySet":
        return self.filter(decided_at=None)


class LeadDispute(Record):
    """A colleague says that a lead is theirs. Who had it then is kept; who decides is neither of the two."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="disputes")
    claimant = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    claim = models.CharField(pgettext_lazy("dispute", "why it is theirs"), max_length=300)
    awarded_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(pgettext_lazy("dispute", "decided"), null=True)
    reason = models.CharField(pgettext_lazy("dispute", "reason"), max_length=300, blank=True)

    objects = LeadDisputeQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-created_at", "-id"], name="dispute_by_day")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["lead"],
                condition=models.Q(decided_at=None),
                name="a_lead_is_disputed_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_at=None) | ~models.Q(reason=""),
                name="a_decided_dispute_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None)
                | (~models.Q(decided_by=models.F("claimant")) & ~models.Q(decided_by=models.F("holder"))),
                name="nobody_decides_their_own_dispute",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id} {self.claimant_id}"

    @property
    def is_waiting(self) -> bool:
        return self.decided_at is None
