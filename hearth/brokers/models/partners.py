"""Partners who bring customers: agencies with their brokers, and customers who recommend 老带新."""

from datetime import date, datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import pgettext_lazy

from hearth.brokers.permissions import VIEW_BROKER
from hearth.core.crypto import Sealed
from hearth.core.models import Record
from hearth.core.querysets import ScopedQuerySet
from hearth.customers.contacts import PHONE, show_masked
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit


class PartnerQuerySet(ScopedQuerySet["Partner"]):
    view_permission = VIEW_BROKER

    def active_on(self, day: date) -> "PartnerQuerySet":
        """Keep those that work with us on a day."""
        return self.filter(
            models.Q(active_until_date=None) | models.Q(active_until_date__gte=day), active_from_date__lte=day
        )


class Partner(Record):
    """Whoever brings customers to a company: an agency, or all of its customers who recommend."""

    class Kind(models.TextChoices):
        AGENCY = "agency", pgettext_lazy("partner", "agency")
        REFERRAL = "referral", pgettext_lazy("partner", "customers who recommend")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="partners")
    kind = models.CharField(pgettext_lazy("partner", "kind"), max_length=8, choices=Kind)
    name = models.CharField(pgettext_lazy("partner", "name"), max_length=80)
    active_from_date = models.DateField(pgettext_lazy("partner", "active from"))
    active_until_date = models.DateField(pgettext_lazy("partner", "active until"), null=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org_unit", "name"], name="a_company_names_each_partner_once"),
            models.CheckConstraint(
                condition=models.Q(active_until_date=None)
                | models.Q(active_until_date__gte=models.F("active_from_date")),
                name="a_partner_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_active(self, day: date) -> bool:
        return self.active_from_date <= day and (
            self.active_until_date is None or day <= self.active_until_date
        )

    @property
    def is_referral(self) -> bool:
        return self.kind == self.Kind.REFERRAL


class BrokerQuerySet(ScopedQuerySet["Broker"]):
    view_permission = VIEW_BROKER


class Broker(Record):
    """A person who registers customers: an agent of an agency, or a customer who recommends.

    Of the secret link only the hash is kept. `org_unit` repeats the partner's place.
    """

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="brokers")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="brokers")
    name = models.CharField(pgettext_lazy("broker", "name"), max_length=60)
    phone_sealed = models.BinaryField(blank=True, default=b"")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="recommending")
    active_from_date = models.DateField(pgettext_lazy("broker", "active from"))
    active_until_date = models.DateField(pgettext_lazy("broker", "active until"), null=True)
    digest = models.CharField(max_length=64, blank=True, default="")
    link_ends_at = models.DateTimeField(pgettext_lazy("broker", "link good until"), null=True)

    phone = Sealed("phone_sealed")

    objects = BrokerQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partner", "customer"], name="a_customer_recommends_for_a_partner_once"
            ),
            models.CheckConstraint(
                condition=models.Q(active_until_date=None)
                | models.Q(active_until_date__gte=models.F("active_from_date")),
                name="a_broker_ends_after_they_began",
            ),
            models.CheckConstraint(
                condition=models.Q(digest="", link_ends_at=None)
                | (~models.Q(digest="") & models.Q(link_ends_at__isnull=False)),
                name="a_link_of_a_broker_ends",
            ),
            models.UniqueConstraint(
                fields=["digest"], condition=~models.Q(digest=""), name="a_link_is_of_one_broker"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def masked_phone(self) -> str:
        return show_masked(PHONE, self.phone) if self.phone else ""

    def is_active(self, day: date) -> bool:
        """Tell whether both the broker and the partner work with us on a day."""
        own = self.active_from_date <= day and (
            self.active_until_date is None or day <= self.active_until_date
        )
        return own and self.partner.is_active(day)

    def has_link(self, now: datetime) -> bool:
        return self.link_ends_at is not None and now < self.link_ends_at
