"""Loading the demo, removing it, and telling what is there."""

import gc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.campaigns.models import Campaign
from hearth.cases.models import Case
from hearth.channels.models import Interaction
from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.core.models import EventRecord, StoredFile
from hearth.customers.models import Customer, Household
from hearth.demo.city import SMALLEST, City, ProjectCity, plan_city
from hearth.demo.city.dice import Dice
from hearth.demo.city.families import know_families
from hearth.demo.loading.accounts import load_accounts
from hearth.demo.loading.brokers import BrokerLoader
from hearth.demo.loading.campaigns import Candidate, load_campaigns
from hearth.demo.loading.changes import ChangeLoader
from hearth.demo.loading.contract_texts import TextLoader
from hearth.demo.loading.desk import DeskLoader
from hearth.demo.loading.families import FamilyLoader
from hearth.demo.loading.inventory import SaleLoader
from hearth.demo.loading.leads import LeadWriter
from hearth.demo.loading.letters import load_mails
from hearth.demo.loading.market import MarketLoader
from hearth.demo.loading.organization import Places, load_organization
from hearth.demo.loading.plans import PlanLoader
from hearth.demo.loading.project import LoadedProject, ProjectLoader
from hearth.demo.loading.promises import ToldLoader
from hearth.demo.loading.repairs import RepairLoader
from hearth.demo.permissions import DEMO_MANAGE
from hearth.demo.removal import Kept, remove_samples
from hearth.demo.truth import FILE_NAME, CityTruth, begin_truth, keep_truth, read_truth
from hearth.families.models import NeedProfile, Relationship
from hearth.leads.models import Lead
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project, Unit
from hearth.sales.models import Contract, Payment
from hearth.tasks.models import Task

DEFAULT_SEED = 20_260
LARGEST = 1_000_000
# The first project that still sells, at the place where most of the demo accounts work.
ON_SALE = 2
COUNTED = (
    Project,
    Unit,
    Household,
    Customer,
    Relationship,
    NeedProfile,
    Contract,
    Payment,
    Interaction,
    Case,
    Task,
    Lead,
    Campaign,
    User,
)
Progress = Callable[[int, int, str], None]


class DemoLoaded(DomainError):
    """There is a demo already."""

    code = "demo_loaded"
    message = _("The sample data are loaded already. Remove them first.")


class RealCustomersExist(DomainError):
    """Sample people beside real ones confuse everybody."""

    code = "real_customers_exist"
    message = _("There are real customers here. Sample data are loaded beside them only on request.")


class SizeNotPossible(DomainError):
    """The city would be too small for its stories, or too large for one machine."""

    code = "size_not_possible"
    message = _("The sample city has between %(smallest)s and %(largest)s households.")


@dataclass(frozen=True)
class DemoStatus:
    """What of the demo is in the database; `truth` is None when none is loaded."""

    counts: dict[str, int]
    truth: dict[str, Any] | None

    @property
    def is_loaded(self) -> bool:
        return self.truth is not None or any(self.counts.values())


@dataclass(frozen=True)
class Removal:
    """How many rows of each kind went, and which stayed because real rows need them."""

    removed: dict[str, int]
    kept: list[Kept] = field(default_factory=list)


def _silent(done: int, total: int, stage: str) -> None:
    """Tell nobody."""


@transaction.atomic
def load_demo(
    households: int,
    *,
    seed: int = DEFAULT_SEED,
    today: date,
    actor: Actor,
    now: datetime,
    progress: Progress = _silent,
    is_forced: bool = False,
) -> CityTruth:
    """Invent a city of so many households and write it; `progress` is told projects done, of how many, and a name.

    Everything happens in one transaction: whoever stops it in the middle finds nothing of it afterwards.

    :raises NotAllowed: if the actor may not manage the demo
    :raises SizeNotPossible: outside 60 to 1,000,000 households
    :raises DemoLoaded: if sample rows are there
    :raises RealCustomersExist: if real customers are there, unless forced
    """
    actor.require(DEMO_MANAGE)
    if not SMALLEST <= households <= LARGEST:
        raise SizeNotPossible(smallest=SMALLEST, largest=f"{LARGEST:,}")
    _refuse_second_demo(is_forced=is_forced)
    city = plan_city(households, seed=seed, today=today)
    truth = begin_truth(households, seed=seed, today=today, now=now)
    # The services ask for rights at places that do not exist yet: the demo acts as the installation itself.
    writer = CityWriter(city, truth, Actor.system("demo", kind="demo"), now, progress)
    with without_garbage_collection():
        writer.write()
    keep_truth(truth, now=now)
    return truth


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Keep the collector from walking over hundreds of thousands of rows that hold no cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _refuse_second_demo(*, is_forced: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('hearth.demo'))")
    if read_truth() is not None or Customer.objects.filter(is_sample=True).exists():
        raise DemoLoaded
    if not is_forced and Customer.objects.filter(is_sample=False).exists():
        raise RealCustomersExist


@dataclass
class CityWriter:
    """Writes one project after the other, then what spans them."""

    city: City
    truth: CityTruth
    actor: Actor
    now: datetime
    progress: Progress
    by_email: list[Candidate] = field(default_factory=list)
    by_phone: list[Candidate] = field(default_factory=list)

    def write(self) -> None:
        """Write everything."""
        plans = self.city.plans
        places = load_organization(plans, actor=self.actor, now=self.now)
        users = load_accounts(places, seed=self.city.seed, actor=self.actor, now=self.now)
        counts: Counter[str] = Counter()
        market = MarketLoader(self.actor, self.now, self.city.today)
        for place, project in enumerate(self.city.projects()):
            self.progress(place, len(plans), project.plan.name)
            loaded = self._loader(places, project, users).load(project)
            self.truth.note_project(project, loaded)
            self._note_candidates(project, loaded)
            if place == 0:
                self._write_daily_life(project, loaded, places, users)
                market.load_competitors(project.plan, loaded)
                RepairLoader(users, self.actor, self.now).load(loaded)
            if place == ON_SALE:
                SaleLoader(users, self.now).load(project, loaded)
                leads = LeadWriter(places, users, self.actor, self.now, self.city.today)
                leads.load(project, loaded)
                leads.load_won(project, loaded)
                BrokerLoader(users, self.now).load(loaded, places[project.plan.company_code])
                market.load_competitors(project.plan, loaded)
                ToldLoader(users, self.now).load(loaded)
            counts.update(_count(project))
        self.progress(len(plans), len(plans), "campaigns")
        PlanLoader(users, self.now).load()
        ChangeLoader(users, self.now).load()
        TextLoader(users, self.now).load()
        self._write_campaigns(places)
        market.load_events(OrgUnit.objects.get(parent=None))
        self.truth.counts = dict(counts)

    def _write_daily_life(
        self, project: ProjectCity, loaded: LoadedProject, places: Places, users: dict[str, User]
    ) -> None:
        """Plant families and what lies on desks in the first project, so that their number does not grow."""
        families = know_families(project, Dice(self.city.seed, 6), today=self.city.today)
        place = places[project.plan.code]
        FamilyLoader(place, self.actor, self.now).load(families, loaded)
        DeskLoader(places, users, self.actor, self.now, self.city.today).load(loaded)
        LeadWriter(places, users, self.actor, self.now, self.city.today).load(project, loaded)
        self.truth.note_families(families, loaded)
        load_mails(loaded.project.org_unit, now=self.now)

    def _loader(self, places: Places, project: ProjectCity, users: dict[str, User]) -> ProjectLoader:
        """Give the customers of the first company to the accounts that work there."""
        responsible: tuple[int, ...] = ()
        if project.plan.company_code == self.city.plans[0].company_code:
            working = (users.get("sales_consultant"), users.get("customer_manager"))
            responsible = tuple(user.pk for user in working if user)
        return ProjectLoader(places[project.plan.code], self.actor, self.now, responsible)

    def _note_candidates(self, project: ProjectCity, loaded: LoadedProject) -> None:
        """Remember who agreed to mails and calls, and did not change their mind."""
        said = {(one.person, one.channel): one.decision for one in project.decisions}
        for (person, channel), decision in said.items():
            customer = loaded.customers[person]
            if decision == "given" and customer.household_id:
                chosen = self.by_email if channel == "email" else self.by_phone
                chosen.append(Candidate(customer.pk, customer.household_id))

    def _write_campaigns(self, places: Places) -> None:
        ids = load_campaigns(
            self.by_email,
            self.by_phone,
            group=OrgUnit.objects.get(parent=None),
            seed=self.city.seed,
            today=self.city.today,
            actor=self.actor,
            now=self.now,
        )
        self.truth.note_campaigns(ids)


def _count(project: ProjectCity) -> dict[str, int]:
    listed = ("homes", "households", "purchases", "contacts", "matters", "decisions", "duplicates")
    members = sum(len(household.members) for household in project.households)
    sizes = {name: len(getattr(project, name)) for name in listed}
    return {"projects": 1, "people": members + len(project.doubled), **sizes}


@transaction.atomic
def clear_demo(*, actor: Actor, now: datetime) -> Removal:
    """Remove the sample rows that no real row needs, and tell what stays and why. May be repeated.

    :raises NotAllowed: if the actor may not manage the demo
    """
    actor.require(DEMO_MANAGE)
    removed, kept = remove_samples()
    with connection.cursor() as cursor:
        cursor.execute("SELECT core_remove_sample_events()")
        removed[EventRecord._meta.label_lower] = cursor.fetchone()[0]
    return Removal(removed, kept)


def demo_status() -> DemoStatus:
    """Tell what of the demo is loaded; one count for each kind of row."""
    counts = {
        model._meta.label_lower: model._default_manager.filter(is_sample=True).count() for model in COUNTED
    }
    return DemoStatus(counts, read_truth())


def is_demo_loaded() -> bool:
    """Tell whether the sample stands; one query."""
    return StoredFile.objects.filter(is_sample=True, name=FILE_NAME).exists()


def has_customers() -> bool:
    """Tell whether anybody is recorded, real or sample."""
    return Customer.objects.exists()


def list_demo_accounts() -> list[User]:
    """List the accounts that came with the sample."""
    return list(User.objects.filter(is_sample=True).order_by("username"))
