"""Who belongs to whom, and what customers look for in a home, in versions."""

from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.models import Record
from hearth.core.querysets import RecordQuerySet
from hearth.customers.models import Customer

NEED_FIELDS = (
    "purpose",
    "budget_from_amount",
    "budget_to_amount",
    "area_from",
    "area_to",
    "layout",
    "timing",
    "districts",
    "motives",
    "ability_to_pay",
    "income",
    "decision_makers",
    "value_ratings",
    "note",
)


class NeedProfileQuerySet(RecordQuerySet["NeedProfile"]):
    def newest_first(self) -> "NeedProfileQuerySet":
        return self.order_by("-created_at", "-id")


class NeedProfile(Record):
    """What a customer looks for, as known from one day on; versions are added, never changed, the newest holds.

    `value_ratings` grades the nine value elements from 1 (does not matter) to 5 (decides).
    """

    class Purpose(models.TextChoices):
        UNKNOWN = "", _("unknown")
        FIRST_HOME = "first_home", _("first home")
        UPGRADE = "upgrade", _("better home")
        INVESTMENT = "investment", _("investment")
        FOR_FAMILY = "for_family", _("for parents or children")

    class Timing(models.TextChoices):
        UNKNOWN = "", _("unknown")
        NOW = "now", _("within 3 months")
        HALF_YEAR = "half_year", _("within half a year")
        YEAR = "year", _("within a year")
        LATER = "later", _("later")

    class AbilityToPay(models.TextChoices):
        UNKNOWN = "", _("unknown")
        CASH = "cash", _("whole price at once")
        LOAN = "loan", _("down payment and loan")
        SELLS_FIRST = "sells_first", _("sells another home first")
        SHORT = "short", _("down payment not yet saved")

    class Income(models.TextChoices):
        """What the family earns in a year."""

        UNKNOWN = "", _("unknown")
        BELOW_100K = "below_100k", _("below ¥100,000 a year")
        FROM_100K = "from_100k", _("¥100,000 to 200,000 a year")
        FROM_200K = "from_200k", _("¥200,000 to 400,000 a year")
        FROM_400K = "from_400k", _("¥400,000 to 800,000 a year")
        FROM_800K = "from_800k", _("¥800,000 to 1,500,000 a year")
        FROM_1500K = "from_1500k", _("¥1,500,000 a year and more")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="need_profiles")
    purpose = models.CharField(_("why they buy"), max_length=12, choices=Purpose, blank=True, default="")
    budget_from_amount = models.DecimalField(
        _("budget from, ¥"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    budget_to_amount = models.DecimalField(
        _("budget to, ¥"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    area_from = models.DecimalField(_("area from, m²"), max_digits=7, decimal_places=2, null=True, blank=True)
    area_to = models.DecimalField(_("area to, m²"), max_digits=7, decimal_places=2, null=True, blank=True)
    layout = models.CharField(_("layout"), max_length=60, blank=True)
    timing = models.CharField(_("when to buy"), max_length=10, choices=Timing, blank=True, default="")
    districts = models.CharField(_("districts"), max_length=200, blank=True)
    motives = ArrayField(models.CharField(max_length=20), verbose_name=_("motives"), default=list, blank=True)
    ability_to_pay = models.CharField(
        _("ability to pay"), max_length=12, choices=AbilityToPay, blank=True, default=""
    )
    income = models.CharField(
        _("income of the family"), max_length=12, choices=Income, blank=True, default=""
    )
    decision_makers = models.CharField(_("who decides"), max_length=200, blank=True)
    value_ratings = models.JSONField(_("what counts most"), default=dict, blank=True)
    note = models.TextField(pgettext_lazy("relation", "remark"), blank=True)
    origin = models.JSONField(default=dict, blank=True)
    is_blocked = models.BooleanField(_("blocked"), default=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = NeedProfileQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["customer", "-created_at", "-id"], name="newest_need_first"),
            models.Index(fields=["customer"], name="blocked_needs", condition=models.Q(is_blocked=True)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(budget_from_amount__isnull=True)
                | models.Q(budget_to_amount__isnull=True)
                | models.Q(budget_to_amount__gte=models.F("budget_from_amount")),
                name="a_budget_ends_above_its_beginning",
            ),
            models.CheckConstraint(
                condition=models.Q(area_from__isnull=True)
                | models.Q(area_to__isnull=True)
                | models.Q(area_to__gte=models.F("area_from")),
                name="a_wanted_area_ends_above_its_beginning",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.customer_id}"


class RelationshipQuerySet(RecordQuerySet["Relationship"]):
    def of(self, customer_id: UUID) -> "RelationshipQuerySet":
        """Keep the relationships in which a customer stands on either side."""
        return self.filter(models.Q(customer=customer_id) | models.Q(other=customer_id))

    def open(self) -> "RelationshipQuerySet":
        """Keep those that were not ended."""
        return self.filter(valid_to__isnull=True)


class Relationship(Record):
    """What one customer is to another, from one day to another: `customer` is the parent, payer, … of `other`."""

    class Kind(models.TextChoices):
        SPOUSE = "spouse", _("spouse")
        PARENT = "parent", _("parent")
        REFERRER = "referrer", _("referrer")
        DECISION_MAKER = "decision_maker", _("decision maker")
        PAYER = "payer", _("payer")
        AGENT = "agent", _("agent")
        CONTACT = "contact", _("contact of the company")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="relationships")
    other = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="relationships_of_others")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    position = models.CharField(_("position"), max_length=60, blank=True)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = RelationshipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(customer=models.F("other")), name="nobody_is_related_to_themselves"
            ),
            models.UniqueConstraint(
                fields=["customer", "other", "kind"],
                condition=models.Q(valid_to__isnull=True),
                name="one_open_relationship_of_each_kind_between_two",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_from__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="a_relationship_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.kind} {self.other_id}"
