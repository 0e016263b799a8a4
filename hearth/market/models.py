"""Competitor projects 竞品项目 with their prices over time, and what happens to the whole market."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from hearth.core.actor import Actor
from hearth.core.models import Record
from hearth.core.querysets import ScopedQuerySet
from hearth.market.permissions import VIEW_MARKET
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project


class CompetitorQuerySet(ScopedQuerySet["Competitor"]):
    view_permission = VIEW_MARKET


class Competitor(Record):
    """A project of somebody else that the customers of own projects look at too; `org_unit` is the city company."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="competitors")
    name = models.CharField(pgettext_lazy("competitor", "name"), max_length=120)
    developer = models.CharField(pgettext_lazy("competitor", "developer"), max_length=120, blank=True)
    district = models.CharField(pgettext_lazy("competitor", "district"), max_length=60, blank=True)
    note = models.CharField(pgettext_lazy("competitor", "what speaks for it"), max_length=300, blank=True)
    is_active = models.BooleanField(pgettext_lazy("competitor", "is watched"), default=True)
    projects = models.ManyToManyField(Project, through="Rivalry", related_name="competitors")

    objects = CompetitorQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["org_unit", "name"], name="one_competitor_for_each_name_in_a_company"
            )
        ]

    def __str__(self) -> str:
        return self.name


class RivalryQuerySet(ScopedQuerySet["Rivalry"]):
    view_permission = VIEW_MARKET


class Rivalry(Record):
    """That a competitor and an own project are looked at by the same customers."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    competitor = models.ForeignKey(Competitor, on_delete=models.CASCADE, related_name="rivalries")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="rivalries")

    objects = RivalryQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["competitor", "project"], name="a_competitor_meets_a_project_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.competitor_id} {self.project_id}"


class CompetitorPriceQuerySet(ScopedQuerySet["CompetitorPrice"]):
    view_permission = VIEW_MARKET

    def standing(self) -> "CompetitorPriceQuerySet":
        """Keep those that were not struck out."""
        return self.filter(struck_at__isnull=True)


class CompetitorPrice(Record):
    """What a competitor asked or got for a square metre on a day. A wrong one is struck out and stays."""

    class Kind(models.TextChoices):
        FILED = "filed", pgettext_lazy("price", "filed with the authority")
        ASKED = "asked", pgettext_lazy("price", "asked in the sales office")
        SOLD = "sold", pgettext_lazy("price", "average of signed contracts")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    competitor = models.ForeignKey(Competitor, on_delete=models.CASCADE, related_name="prices")
    kind = models.CharField(pgettext_lazy("price", "kind"), max_length=6, choices=Kind)
    observed_date = models.DateField(pgettext_lazy("price", "as of"))
    area_price = models.DecimalField(pgettext_lazy("price", "¥ per m²"), max_digits=10, decimal_places=2)
    source = models.CharField(pgettext_lazy("price", "seen where"), max_length=200)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = CompetitorPriceQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["competitor", "observed_date"], name="price_of_a_competitor"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["competitor", "kind", "observed_date"],
                condition=models.Q(struck_at__isnull=True),
                name="one_standing_price_of_a_kind_and_day",
            ),
            models.CheckConstraint(
                condition=models.Q(area_price__gt=0), name="a_competitor_asks_a_positive_price"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.observed_date} {self.area_price}"


class MarketEventQuerySet(ScopedQuerySet["MarketEvent"]):
    view_permission = VIEW_MARKET

    def visible_to(self, actor: Actor) -> "MarketEventQuerySet":
        """Keep what bears on a place where the actor sees the market: noted there, below it or above it."""
        scope = actor.scope(VIEW_MARKET)
        if scope.everywhere:
            return self
        if not scope:
            return self.none()
        below = OrgUnit.objects.filter(
            pk__in=sorted(scope.org_unit_ids), path__startswith=models.OuterRef("org_unit__path")
        )
        return self.filter(models.Exists(below))

    def bearing_on(self, place: OrgUnit) -> "MarketEventQuerySet":
        """Keep what holds at a place: noted there or above it."""
        return self.filter(org_unit__in=OrgUnit.objects.above(place))

    def between(self, first: date, last: date) -> "MarketEventQuerySet":
        """Keep what began within the days, both included."""
        return self.filter(starts_date__range=(first, last))


class MarketEvent(Record):
    """Something outside that moves prices and demand: a purchase limit, a rate, an auction of land."""

    class Kind(models.TextChoices):
        PURCHASE_LIMIT = "purchase_limit", pgettext_lazy("market", "purchase limit")
        LENDING = "lending", pgettext_lazy("market", "lending and interest")
        PRICE_RULE = "price_rule", pgettext_lazy("market", "price rule")
        TAX = "tax", pgettext_lazy("market", "tax and fees")
        LAND = "land", pgettext_lazy("market", "land and planning")
        SUPPORT = "support", pgettext_lazy("market", "subsidy or support")
        COMPETITOR = "competitor", pgettext_lazy("market", "act of a competitor")
        OTHER = "other", pgettext_lazy("market", "other")

    class Effect(models.TextChoices):
        TIGHTENS = "tightens", pgettext_lazy("market", "dampens demand")
        LOOSENS = "loosens", pgettext_lazy("market", "lifts demand")
        OPEN = "open", pgettext_lazy("market", "not yet known")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="market_events")
    kind = models.CharField(pgettext_lazy("market", "kind"), max_length=14, choices=Kind)
    title = models.CharField(pgettext_lazy("market", "what happened"), max_length=120)
    effect = models.CharField(
        pgettext_lazy("market", "expected effect"), max_length=8, choices=Effect, default=Effect.OPEN
    )
    starts_date = models.DateField(pgettext_lazy("market", "from"))
    ends_date = models.DateField(pgettext_lazy("market", "until"), null=True, blank=True)
    reference = models.CharField(pgettext_lazy("market", "document or source"), max_length=200, blank=True)
    note = models.TextField(pgettext_lazy("market", "note"), blank=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = MarketEventQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["org_unit", "starts_date"], name="market_event_at_a_place")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_date__isnull=True) | models.Q(ends_date__gte=models.F("starts_date")),
                name="a_market_event_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return self.title
