"""What brokers register 报备: a customer before the visit, protected for some days."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.brokers.models.partners import Broker, Partner
from hearth.brokers.permissions import VIEW_BROKER
from hearth.core.crypto import Sealed
from hearth.core.models import Record
from hearth.core.querysets import ScopedQuerySet
from hearth.customers.contacts import PHONE, show_masked
from hearth.customers.models import Customer
from hearth.leads.models import Lead
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project

# While it stands there, nobody else registers the same number for the project.
HOLDING = ("waiting", "disputed", "visited")


class ChannelRegistrationQuerySet(ScopedQuerySet["ChannelRegistration"]):
    view_permission = VIEW_BROKER

    def waiting(self) -> "ChannelRegistrationQuerySet":
        return self.filter(state=ChannelRegistration.State.WAITING)

    def holding(self) -> "ChannelRegistrationQuerySet":
        """Keep those that keep others from registering the same number."""
        return self.filter(state__in=HOLDING)

    def past(self, now: datetime) -> "ChannelRegistrationQuerySet":
        """Keep those whose protection is over though they still stand as protected."""
        return self.filter(state__in=("waiting", "visited"), protected_until_at__lte=now)


class ChannelRegistration(Record):
    """A customer whom a broker has registered for a project; `created_at` is when, and nobody changes it.

    The phone is whole, or has four digits hidden until the visit tells them; `masked_index` finds both, `phone_index` a
    whole one. `partner` and `org_unit` repeat the broker's partner and the project's place.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("channel registration", "waits for the visit")
        DISPUTED = "disputed", pgettext_lazy("channel registration", "disputed")
        VISITED = "visited", pgettext_lazy("channel registration", "confirmed by the visit")
        SIGNED = "signed", pgettext_lazy("channel registration", "signed")
        INVALID = "invalid", pgettext_lazy("channel registration", "invalid")
        EXPIRED = "expired", pgettext_lazy("channel registration", "expired")

    class Because(models.TextChoices):
        KNOWN = "known", pgettext_lazy("channel registration", "the customer was known already")
        BEFORE = "before", pgettext_lazy("channel registration", "another had registered the customer before")
        DOOR = "door", pgettext_lazy("channel registration", "registered too shortly before the visit")
        DECIDED = "decided", pgettext_lazy("channel registration", "decided for the other side")

    class Way(models.TextChoices):
        LINK = "link", pgettext_lazy("channel registration", "the broker's own link")
        DESK = "desk", pgettext_lazy("channel registration", "the desk")
        API = "api", pgettext_lazy("channel registration", "interface")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="channel_registrations")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="channel_registrations")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="registrations")
    broker = models.ForeignKey(Broker, on_delete=models.PROTECT, related_name="registrations")
    customer_name = models.CharField(pgettext_lazy("channel registration", "customer"), max_length=60)
    phone_sealed = models.BinaryField(blank=True, default=b"")
    masked_index = models.BinaryField(max_length=17, null=True)
    phone_index = models.BinaryField(max_length=17, null=True)
    is_hidden = models.BooleanField(
        pgettext_lazy("channel registration", "four digits were hidden"), default=False
    )
    planned_date = models.DateField(pgettext_lazy("channel registration", "planned visit"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    because = models.CharField(
        pgettext_lazy("channel registration", "why invalid"), max_length=8, choices=Because, blank=True
    )
    protected_until_at = models.DateTimeField(pgettext_lazy("channel registration", "protected until"))
    way = models.CharField(pgettext_lazy("channel registration", "came by"), max_length=4, choices=Way)
    notice_version = models.PositiveSmallIntegerField(pgettext_lazy("channel registration", "notice"))
    legal_basis = models.CharField(pgettext_lazy("channel registration", "legal basis"), max_length=20)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, related_name="channel_registrations"
    )
    lead = models.ForeignKey(Lead, on_delete=models.SET_NULL, null=True, related_name="registrations")
    visited_at = models.DateTimeField(pgettext_lazy("channel registration", "visited"), null=True)

    phone = Sealed("phone_sealed")

    objects = ChannelRegistrationQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["org_unit", "-id"], name="registration_at_a_place"),
            models.Index(fields=["broker", "-created_at", "-id"], name="registration_of_a_broker"),
            models.Index(fields=["masked_index"], name="registration_by_masked"),
            models.Index(
                fields=["protected_until_at"],
                name="protected_registration",
                condition=models.Q(state__in=("waiting", "visited")),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "phone_index"],
                # Written out, so that PostgreSQL gives the index back as it was made when its key is rotated.
                condition=models.Q(state="waiting") | models.Q(state="disputed") | models.Q(state="visited"),
                name="a_number_is_registered_for_a_project_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("waiting", "disputed")) | models.Q(masked_index__isnull=False),
                name="a_registration_that_waits_is_found_by_its_number",
            ),
            models.CheckConstraint(
                condition=models.Q(state="invalid") ^ models.Q(because=""),
                name="an_invalid_registration_says_why",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("visited", "signed"))
                | models.Q(visited_at__isnull=False, customer__isnull=False),
                name="a_confirmed_registration_names_visit_and_customer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_name} · {self.project}"

    @property
    def masked_phone(self) -> str:
        return show_masked(PHONE, self.phone) if self.phone else ""

    @property
    def is_invalid(self) -> bool:
        return self.state == self.State.INVALID
