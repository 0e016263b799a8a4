"""What each buyer of a contract read and confirmed of a version of its text."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from hearth.contract_texts.models.texts import ContractText, TextClause
from hearth.contract_texts.permissions import VIEW_TEXT
from hearth.core.actor import Actor
from hearth.core.models import Record
from hearth.core.querysets import ScopedQuerySet
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit


class How(models.TextChoices):
    """How a buyer confirmed."""

    PHONE = "phone", pgettext_lazy("reading", "on their own phone")
    DESK = "desk", pgettext_lazy("reading", "at the desk")


class TextReadingQuerySet(ScopedQuerySet["TextReading"]):
    view_permission = VIEW_TEXT

    def visible_buyers(self, actor: Actor) -> "TextReadingQuerySet":
        """Keep those of customers whom the actor may see."""
        return self.filter(customer__in=Customer.objects.visible_to(actor))


class TextReading(Record):
    """One buyer reads one version: since when it lies before them, when they first opened it and confirmed it whole.

    A new version has readings of its own; these stay as they are and count no more.
    """

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    text = models.ForeignKey(ContractText, on_delete=models.CASCADE, related_name="readings")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="text_readings")
    opened_at = models.DateTimeField(pgettext_lazy("reading", "opened"), null=True)
    confirmed_at = models.DateTimeField(pgettext_lazy("reading", "confirmed"), null=True)
    how = models.CharField(pgettext_lazy("reading", "how"), max_length=5, choices=How, blank=True)
    proof = models.CharField(pgettext_lazy("reading", "where the proof is"), max_length=300, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = TextReadingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["text", "customer"], name="a_buyer_reads_a_version_of_a_text_once"
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_at=None, how="")
                | models.Q(confirmed_at__isnull=False) & ~models.Q(how=""),
                name="a_confirmed_reading_says_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text_id} {self.customer_id}"


class ClauseConfirmationQuerySet(ScopedQuerySet["ClauseConfirmation"]):
    view_permission = VIEW_TEXT


class ClauseConfirmation(Record):
    """A buyer confirmed one clause by itself, at `created_at`; `digest` is the checksum of the words they saw."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    reading = models.ForeignKey(TextReading, on_delete=models.CASCADE, related_name="confirmations")
    clause = models.ForeignKey(TextClause, on_delete=models.PROTECT, related_name="confirmations")
    how = models.CharField(pgettext_lazy("reading", "how"), max_length=5, choices=How)
    proof = models.CharField(pgettext_lazy("reading", "where the proof is"), max_length=300, blank=True)
    digest = models.CharField(max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ClauseConfirmationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reading", "clause"], name="a_buyer_confirms_a_clause_once"),
        ]

    def __str__(self) -> str:
        return f"{self.reading_id} {self.clause_id}"
