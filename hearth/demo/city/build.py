"""Putting one project after the other together."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from hearth.demo.city.contacts import buyer_contacts, decisions, prospect_contacts
from hearth.demo.city.dice import Dice
from hearth.demo.city.homes import build_homes
from hearth.demo.city.matters import matters_of
from hearth.demo.city.people import DUPLICATE_SHARE, enter_family_twice, enter_twice, make_household
from hearth.demo.city.plan import HISTORY_DAYS, plan_projects
from hearth.demo.city.purchases import choose_homes, sell, signing_date
from hearth.demo.city.records import (
    MAKE_PLAN,
    Home,
    Household,
    Matter,
    ProjectCity,
    ProjectPlan,
    Purchase,
)
from hearth.demo.city.stories import delay_handover, spread_leak

REPURCHASE_SHARE = 0.06
PEOPLE_PER_HOUSEHOLD = 2.55


@dataclass
class City:
    """The plan of a city; `projects` builds one project at a time, so that any size fits into memory."""

    households: int
    seed: int
    today: date
    plans: list[ProjectPlan]
    _next_household: int = 0
    _next_matter: int = 0
    _has_family: bool = field(default=False)

    def projects(self) -> Iterator[ProjectCity]:
        """Yield each project with everything that happened there; may be run once for each city."""
        for plan in self.plans:
            yield self._build(plan)

    def _build(self, plan: ProjectPlan) -> ProjectCity:
        dice = Dice(self.seed, 2, plan.index)
        built = ProjectCity(plan)
        built.buildings, built.homes = build_homes(plan, dice)
        owners = self._sell(built, dice)
        self._add_prospects(built, dice)
        self._plant(built, owners, dice)
        self._enter_twice(built, dice)
        built.unsold_states = _unsold_states(built, dice)
        built.matters = [self._numbered(matter) for matter in built.matters]
        return built

    def _sell(self, built: ProjectCity, dice: Dice) -> dict[str, tuple[Household, Purchase]]:
        """Sell to new households, and some second homes to those who bought before."""
        plan = built.plan
        again = int(plan.buyers * REPURCHASE_SHARE)
        sold = choose_homes(plan, built.homes, plan.buyers + again, dice)
        days = sorted(signing_date(plan, dice, today=self.today) for _home in sold)
        owners: dict[str, tuple[Household, Purchase]] = {}
        homes = dice.shuffled(sold)
        for place, (home, day) in enumerate(zip(homes, days, strict=True)):
            household = (
                self._new_buyer(built, day, dice) if place < plan.buyers else dice.pick(built.households)
            )
            purchase = sell(plan, home, household, day, place + 1, dice, today=self.today)
            built.purchases.append(purchase)
            built.contacts.extend(buyer_contacts(household, purchase, dice, today=self.today))
            built.matters.extend(matters_of(household, purchase, dice, today=self.today))
            owners[home.key] = (household, purchase)
        return owners

    def _new_buyer(self, built: ProjectCity, signed: date, dice: Dice) -> Household:
        """Make a household that was first met some weeks before it signed, not before the sales began."""
        first = max(
            built.plan.launch_date - timedelta(days=30), self.today - timedelta(days=HISTORY_DAYS - 2)
        )
        known = max(signed - timedelta(days=int(dice.waiting(21))), min(first, signed))
        return self._new_household(built, known, dice)

    def _new_household(self, built: ProjectCity, known: date, dice: Dice) -> Household:
        self._next_household += 1
        household = make_household(self._next_household, known, dice, today=self.today)
        built.households.append(household)
        built.decisions.extend(decisions(household, dice, today=self.today))
        return household

    def _add_prospects(self, built: ProjectCity, dice: Dice) -> None:
        days = 400 if built.plan.is_selling else 150
        for _prospect in range(built.plan.prospects):
            known = self.today - timedelta(days=dice.between(2, days))
            household = self._new_household(built, known, dice)
            built.contacts.extend(prospect_contacts(household, dice, today=self.today))

    def _plant(self, built: ProjectCity, owners: dict[str, tuple[Household, Purchase]], dice: Dice) -> None:
        plan = built.plan
        if plan.has_leak:
            built.leak, matters = spread_leak(
                plan, built.buildings[0], built.homes, owners, dice, today=self.today
            )
            built.matters.extend(matters)
        if plan.has_delay:
            built.delay, matters = delay_handover(plan, built.buildings[0], owners, dice, today=self.today)
            built.matters.extend(matters)

    def _enter_twice(self, built: ProjectCity, dice: Dice) -> None:
        """Enter one person in a hundred twice, and in the first project a whole family."""
        family = next((home for home in built.households if len(home.members) == 3), None)
        if family and not self._has_family:
            self._has_family = True
            again, pairs = enter_family_twice(family, family.number, dice, today=self.today)
            built.doubled.extend(again)
            built.duplicates.extend(pairs)
        for household in built.households:
            if household is not family and dice.chance(DUPLICATE_SHARE * PEOPLE_PER_HOUSEHOLD):
                again, pairs = enter_twice(household, household.number, dice, today=self.today)
                built.doubled.extend(again)
                built.duplicates.extend(pairs)

    def _numbered(self, matter: Matter) -> Matter:
        self._next_matter += 1
        return replace(matter, key=f"DC{self._next_matter:07d}")


def _unsold_states(built: ProjectCity, dice: Dice) -> dict[str, str]:
    """Say of the homes that nobody bought whether they are for sale, held, or not yet released."""
    sold = {purchase.home.key for purchase in built.purchases}
    if built.plan.life_phase == MAKE_PLAN:
        return {home.key: "planned" for home in built.homes}
    return {home.key: _state(home, dice) for home in built.homes if home.key not in sold}


def _state(home: Home, dice: Dice) -> str:
    draw = dice.uniform()
    return "available" if draw < 0.86 else "held" if draw < 0.93 else "subscribed"


def plan_city(households: int, *, seed: int, today: date) -> City:
    """Plan a city of so many households; the same arguments give the same city.

    :raises CityTooSmall: below 60 households
    """
    return City(households, seed, today, plan_projects(households, seed=seed, today=today))
