"""Batches, prices and homes on sale for tests."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count

from django.utils.timezone import localdate

from hearth.accounts.models import User
from hearth.core.permissions import SIGNED_IN
from hearth.customers.models import Customer
from hearth.inventory.models import Hold, Opening, PriceList, QueueEntry, ReleaseBatch
from hearth.inventory.permissions import (
    APPROVE_INVENTORY,
    CHANGE_INVENTORY,
    HOLD_HOME,
    RUN_OPENING,
    VIEW_INVENTORY,
)
from hearth.inventory.pricing import PriceRule
from hearth.inventory.services import (
    BatchTerms,
    HomesWanted,
    ListTerms,
    add_homes,
    approve_batch,
    approve_prices,
    begin_opening,
    begin_prices,
    create_batch,
    hold_home,
    join_queue,
    release_batch,
    submit_batch,
    submit_prices,
)
from hearth.organization.models import OrgUnit
from hearth.properties.models import Building, Unit
from tests.exports.builders import actor_of
from tests.organization.builders import make_member
from tests.properties.builders import make_building, make_project, make_unit

NOW = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)
OPENED = datetime(2026, 3, 18, 1, 0, tzinfo=UTC)
FLOOR_RULE = PriceRule(label="楼层差", lowest_floor=2, per_floor=Decimal(50))
VIEW_RULE = PriceRule(label="江景", ending="01", percent=Decimal(3))
_numbers = count(1)


def make_preparer(place: OrgUnit) -> User:
    """Write a user who prepares batches and prices at a place."""
    return make_member(place, SIGNED_IN, "properties.view", VIEW_INVENTORY, CHANGE_INVENTORY)


def make_second(place: OrgUnit) -> User:
    """Write a user who approves batches and prices at a place."""
    return make_member(place, SIGNED_IN, "properties.view", VIEW_INVENTORY, APPROVE_INVENTORY)


def make_tower(place: OrgUnit, *, floors: int = 3, lines: int = 2) -> Building:
    """Write a building with homes that are not released yet: rooms 101, 102, 201 …"""
    building = make_building(make_project(place))
    for floor in range(1, floors + 1):
        for line in range(1, lines + 1):
            make_unit(building, number=f"{floor}{line:02d}", floor=floor, state=Unit.State.PLANNED)
    return building


def make_batch(
    place: OrgUnit,
    *,
    preparer: User | None = None,
    building: Building | None = None,
    name: str = "",
    opens_at: datetime | None = OPENED,
    permit_number: str = "深房许字（2026）龙岗012号",
) -> ReleaseBatch:
    """Write a draft with all homes of a building."""
    actor = actor_of(preparer or make_preparer(place))
    building = building or make_tower(place)
    terms = BatchTerms(name or f"第{next(_numbers)}批", permit_number, opens_at)
    batch = create_batch(building.project, terms, actor=actor, now=NOW)
    add_homes(batch, HomesWanted(building), actor=actor, now=NOW)
    return batch


def make_released(batch: ReleaseBatch, *, now: datetime = NOW) -> ReleaseBatch:
    """Bring a draft on sale."""
    preparer, second = actor_of(batch.author), actor_of(make_second(batch.org_unit))
    submit_batch(batch, actor=preparer, now=now)
    approve_batch(batch, actor=second, now=now)
    return release_batch(batch, actor=preparer, now=now)


def make_prices(
    batch: ReleaseBatch,
    *,
    base: int = 30_000,
    rules: Sequence[PriceRule] = (FLOOR_RULE, VIEW_RULE),
    now: datetime = NOW,
) -> PriceList:
    """Write a draft of prices that hold from the day of `now`."""
    terms = ListTerms(Decimal(base), rules, 100, localdate(now))
    return begin_prices(batch, terms, actor=actor_of(batch.author), now=now)


def make_approved(prices: PriceList, *, now: datetime = NOW) -> PriceList:
    """Have a draft of prices submitted and approved."""
    submit_prices(prices, actor=actor_of(prices.author), now=now)
    return approve_prices(prices, actor=actor_of(make_second(prices.org_unit)), now=now)


def make_sale(place: OrgUnit, *, floors: int = 3, lines: int = 2) -> list[Unit]:
    """Write a building whose homes are all free, and return them by floor and number."""
    batch = make_batch(place, building=make_tower(place, floors=floors, lines=lines))
    make_approved(make_prices(batch))
    make_released(batch)
    return list(Unit.objects.filter(released_in__batch=batch).with_place().order_by("floor", "number"))


def make_consultant(place: OrgUnit) -> User:
    """Write a user who holds homes for customers at a place."""
    return make_member(place, SIGNED_IN, "properties.view", "customers.view", VIEW_INVENTORY, HOLD_HOME)


def hold_for(customer: Customer, unit: Unit, *, consultant: User | None = None, now: datetime = NOW) -> Hold:
    """Hold a home for a customer."""
    actor = actor_of(consultant or make_consultant(unit.org_unit))
    return hold_home(unit, customer=customer, actor=actor, now=now)


def queue_up(
    customer: Customer, batch: ReleaseBatch, *, consultant: User | None = None, now: datetime = NOW
) -> QueueEntry:
    """Give a customer the next number of a queue."""
    actor = actor_of(consultant or make_consultant(batch.org_unit))
    return join_queue(batch, customer=customer, actor=actor, now=now)


def make_manager(place: OrgUnit) -> User:
    """Write a user who runs opening days at a place."""
    return make_member(place, SIGNED_IN, "properties.view", "customers.view", VIEW_INVENTORY, RUN_OPENING)


def make_opening(place: OrgUnit, *, manager: User | None = None, now: datetime = NOW) -> Opening:
    """Begin the opening day of a batch of six free homes."""
    batch = ReleaseBatch.objects.get(homes__unit=make_sale(place)[0])
    return begin_opening(batch, actor=actor_of(manager or make_manager(place)), now=now)
