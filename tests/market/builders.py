"""Competitors, prices and market events for tests."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.permissions import SIGNED_IN
from hearth.market.models import Competitor, CompetitorPrice, MarketEvent
from hearth.market.permissions import CHANGE_MARKET, VIEW_MARKET
from hearth.market.services import (
    AboutCompetitor,
    AboutEvent,
    PriceSeen,
    add_competitor,
    note_event,
    note_price,
)
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project
from tests.organization.builders import make_member
from tests.properties.builders import make_project

NOW = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)
TODAY = date(2026, 3, 18)
SYSTEM = Actor.system("test")
_numbers = count(1)


def make_watcher(place: OrgUnit, *more: str) -> User:
    """Write a user who notes the market at a place."""
    return make_member(place, SIGNED_IN, "properties.view", VIEW_MARKET, CHANGE_MARKET, *more)


def make_competitor(place: OrgUnit, *projects: Project, name: str = "") -> Competitor:
    """Write a competitor of projects, of one of its own where none is named."""
    met = projects or (make_project(place),)
    about = AboutCompetitor(name or f"竞品{next(_numbers)}", met, developer="滨江置业")
    return add_competitor(place, about, actor=SYSTEM, now=NOW)


def make_price(
    competitor: Competitor, price: str = "21000", *, day: date = TODAY, kind: str = "asked"
) -> CompetitorPrice:
    """Write a price of a competitor."""
    seen = PriceSeen(kind, day, Decimal(price), "售楼处")
    return note_price(competitor, seen, actor=SYSTEM, now=NOW)


def make_event(place: OrgUnit, title: str = "取消限购", *, day: date = TODAY) -> MarketEvent:
    """Write a market event of a place."""
    about = AboutEvent("purchase_limit", title, day, effect="loosens")
    return note_event(place, about, actor=SYSTEM, now=NOW)
