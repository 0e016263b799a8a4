"""Price lists in versions, and the price of each home by each of them 一房一价."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.models import Record
from hearth.core.querysets import ScopedQuerySet
from hearth.inventory.models.releases import ReleaseBatch
from hearth.inventory.permissions import VIEW_INVENTORY
from hearth.inventory.pricing import PriceRule, PriceTerms
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit


class PriceListQuerySet(ScopedQuerySet["PriceList"]):
    view_permission = VIEW_INVENTORY


class PriceList(Record):
    """One version of the prices of a batch. An approved version is never changed; the next one takes over on its day.

    `author` began the version and `editor` changed it last; neither approves it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("price list", "draft")
        SUBMITTED = "submitted", pgettext_lazy("price list", "waits for approval")
        APPROVED = "approved", pgettext_lazy("price list", "approved")

    class Step(models.IntegerChoices):
        YUAN = 1, pgettext_lazy("price list", "1 yuan")
        TEN = 10, pgettext_lazy("price list", "10 yuan")
        HUNDRED = 100, pgettext_lazy("price list", "100 yuan")
        THOUSAND = 1_000, pgettext_lazy("price list", "1,000 yuan")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="price_lists")
    batch = models.ForeignKey(ReleaseBatch, on_delete=models.PROTECT, related_name="price_lists")
    version = models.PositiveIntegerField(_("version"), default=1)
    base_amount = models.DecimalField(
        pgettext_lazy("price list", "base price, ¥/m²"), max_digits=10, decimal_places=2
    )
    rules = models.JSONField(default=list)
    step = models.PositiveIntegerField(
        pgettext_lazy("price list", "rounded to"), choices=Step, default=Step.YUAN
    )
    valid_from_date = models.DateField(pgettext_lazy("price list", "valid from"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(pgettext_lazy("price list", "approved"), null=True)
    returned_because = models.CharField(max_length=500, blank=True)

    objects = PriceListQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "version"], name="a_version_of_a_price_list_once"),
            models.UniqueConstraint(
                fields=["batch"],
                condition=models.Q(state__in=("draft", "submitted")),
                name="one_version_of_a_price_list_is_written_at_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(approved_by=models.F("author"))
                & ~models.Q(approved_by=models.F("editor")),
                name="nobody_approves_prices_they_wrote",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("draft", "submitted"))
                | models.Q(approved_by__isnull=False, approved_at__isnull=False),
                name="an_approved_price_list_says_by_whom",
            ),
            models.CheckConstraint(condition=models.Q(base_amount__gt=0), name="a_base_price_is_positive"),
        ]

    def __str__(self) -> str:
        return f"V{self.version}"

    @property
    def terms(self) -> PriceTerms:
        """What the prices follow from."""
        rules = [PriceRule.from_json(each) for each in self.rules]
        return PriceTerms(self.base_amount, rules, Decimal(self.step))


class UnitPriceQuerySet(ScopedQuerySet["UnitPrice"]):
    view_permission = VIEW_INVENTORY

    def approved(self) -> "UnitPriceQuerySet":
        return self.filter(price_list__state=PriceList.State.APPROVED)

    def in_force(self, day: date, unit_ids: Iterable[UUID] | None = None) -> "UnitPriceQuerySet":
        """Keep for each home, of all or of these, the price in force on a day; ordered by home."""
        rows = self if unit_ids is None else self.filter(unit_id__in=list(unit_ids))
        rows = rows.approved().filter(price_list__valid_from_date__lte=day)
        newest = ("unit_id", "-price_list__valid_from_date", "-price_list__version")
        return rows.order_by(*newest).distinct("unit_id")


class UnitPrice(Record):
    """The price of one home by one version, with how it came about; never changed once the version is approved.

    `parts` lists what each rule added: label, yuan for each m², yuan for the whole home, as text.
    """

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="prices")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="prices")
    floor_area = models.DecimalField(_("area, m²"), max_digits=8, decimal_places=2)
    per_area_amount = models.DecimalField(
        pgettext_lazy("price list", "price, ¥/m²"), max_digits=12, decimal_places=2
    )
    total_amount = models.DecimalField(
        pgettext_lazy("price list", "price, ¥"), max_digits=14, decimal_places=2
    )
    parts: "models.JSONField[Any, Any]" = models.JSONField(default=list)

    objects = UnitPriceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit", "price_list"], name="one_price_for_each_home_and_version"
            ),
            models.CheckConstraint(
                condition=models.Q(total_amount__gt=0, per_area_amount__gt=0), name="a_price_is_positive"
            ),
        ]

    def __str__(self) -> str:
        return str(self.total_amount)
