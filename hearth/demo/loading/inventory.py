"""What is on sale in one project: two batches, their prices in versions, and who stands behind them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.timezone import localdate

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.demo.city.records import ProjectCity
from hearth.demo.city.sale import BATCHES, FLOOR_RULE, PERMIT, RISE, VIEW_RULE, BatchPlan
from hearth.demo.loading.hands import actor_of_role
from hearth.demo.loading.project import LoadedProject
from hearth.inventory.models import ReleaseBatch
from hearth.inventory.services import (
    BatchTerms,
    HomesWanted,
    ListTerms,
    add_homes,
    approve_batch,
    approve_prices,
    begin_prices,
    create_batch,
    release_batch,
    submit_batch,
    submit_prices,
)
from hearth.inventory.services.releases import UNSOLD
from hearth.properties.models import Building


@dataclass(frozen=True)
class SaleLoader:
    """Puts the unsold homes of one project on sale, through the hands of the demo accounts."""

    users: Mapping[str, User]
    now: datetime

    def load(self, city: ProjectCity, loaded: LoadedProject) -> list[ReleaseBatch]:
        """Write the batches of a project; nothing where the accounts that would do it are missing."""
        preparer, second = (
            actor_of_role(self.users, "sales_manager", self.now),
            actor_of_role(self.users, "city_cr_manager", self.now),
        )
        if preparer is None or second is None:
            return []
        return list(self._batches(city, loaded, preparer, second))

    def _batches(
        self, city: ProjectCity, loaded: LoadedProject, preparer: Actor, second: Actor
    ) -> Iterator[ReleaseBatch]:
        buildings = list(Building.objects.filter(pk__in=loaded.buildings.values()).order_by("id"))
        for plan, building in zip(BATCHES, self._with_homes(buildings), strict=False):
            begun = self.now - timedelta(days=plan.days_ago)
            terms = BatchTerms(plan.name, PERMIT.format(city=city.plan.city, number=plan.permit), begun)
            batch = create_batch(loaded.project, terms, actor=preparer, now=begun)
            add_homes(batch, HomesWanted(building), actor=preparer, now=begun)
            submit_batch(batch, actor=preparer, now=begun)
            if plan.is_released:
                self._release(batch, plan, city.plan.price, preparer, second)
            yield batch

    def _with_homes(self, buildings: list[Building]) -> list[Building]:
        unsold = Building.objects.filter(units__state__in=UNSOLD).distinct()
        some = set(unsold.filter(pk__in=[building.pk for building in buildings]).values_list("pk", flat=True))
        return [building for building in buildings if building.pk in some]

    def _release(
        self, batch: ReleaseBatch, plan: BatchPlan, price: int, preparer: Actor, second: Actor
    ) -> None:
        """Approve prices at the opening, release, and raise the prices some weeks later."""
        begun = self.now - timedelta(days=plan.days_ago)
        for days_ago, base in ((plan.days_ago, Decimal(price)), (plan.days_ago // 3, Decimal(price) * RISE)):
            at = self.now - timedelta(days=days_ago)
            terms = ListTerms(base.quantize(Decimal(1)), [FLOOR_RULE, VIEW_RULE], 1_000, localdate(at))
            prices = begin_prices(batch, terms, actor=preparer, now=at)
            submit_prices(prices, actor=preparer, now=at)
            approve_prices(prices, actor=second, now=at)
        approve_batch(batch, actor=second, now=begun)
        release_batch(batch, actor=preparer, now=begun)
