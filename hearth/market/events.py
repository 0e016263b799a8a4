"""What was noted of the market; `subject_id` is the competitor or the market event."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class CompetitorNoted(Event):
    """A competitor was entered, or what is known of it was changed."""

    type: ClassVar[str] = "market.competitor_noted"
    family: ClassVar[str] = "system"
    label: ClassVar[str | Promise] = pgettext_lazy("market", "Competitor noted")

    name: str
    is_active: bool


@dataclass(frozen=True, kw_only=True)
class CompetitorPriceNoted(Event):
    """A price of a competitor was noted; the amount is for a square metre, in yuan."""

    type: ClassVar[str] = "market.price_noted"
    family: ClassVar[str] = "system"
    label: ClassVar[str | Promise] = pgettext_lazy("market", "Price of a competitor noted")

    kind: str
    day: str
    area_price: str


@dataclass(frozen=True, kw_only=True)
class CompetitorPriceStruck(Event):
    """A price of a competitor was struck out, because it was wrong."""

    type: ClassVar[str] = "market.price_struck"
    family: ClassVar[str] = "system"
    label: ClassVar[str | Promise] = pgettext_lazy("market", "Price of a competitor struck out")

    kind: str
    day: str
    area_price: str


@dataclass(frozen=True, kw_only=True)
class MarketEventNoted(Event):
    """Something that moves the market was noted, or what is known of it was changed."""

    type: ClassVar[str] = "market.event_noted"
    family: ClassVar[str] = "system"
    label: ClassVar[str | Promise] = pgettext_lazy("market", "Market event noted")

    kind: str
    title: str
