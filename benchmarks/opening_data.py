"""A company with homes on sale, a queue and consultants, and what the database holds after an opening day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.crypto import get_random_string

from benchmarks.opening_day import Place
from benchmarks.readers import BACKEND
from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.permissions import permissions
from hearth.customers.models import Customer
from hearth.customers.services import NewCustomer, create_customers
from hearth.inventory.models import Opening, QueueEntry, ReleaseBatch
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
    call_numbers,
    create_batch,
    join_queue,
    release_batch,
    submit_batch,
    submit_prices,
)
from hearth.organization.models import Membership, OrgUnit, Role
from hearth.organization.selectors import actor_for
from hearth.properties.models import Project, Unit
from hearth.properties.services import UnitDraft, create_building, create_project, create_units

SYSTEM = Actor.system("bench")
LINES, FLOORS = 4, 25


@dataclass(frozen=True)
class Prepared:
    """An opening day about to begin."""

    opening: Opening
    manager: Actor
    users: Sequence[User]

    @property
    def call(self) -> Callable[[int], object]:
        """What calls the numbers up to one of them."""
        return lambda up_to: call_numbers(self.opening, up_to=up_to, actor=self.manager, now=timezone.now())

    def place(self, port: int) -> Place:
        """Tell the clients what they need to know; everybody likes the highest homes best."""
        numbers: dict[int, list[tuple[int, str]]] = {user.pk: [] for user in self.users}
        for number, user_id, key in (
            QueueEntry.objects.filter(batch=self.opening.batch_id)
            .order_by("number")
            .values_list("number", "user_id", "id")
        ):
            numbers[user_id].append((number, str(key)))
        units = Unit.objects.filter(released_in__batch=self.opening.batch_id).order_by(
            "-floor", "building__name", "number"
        )
        return Place(
            port,
            f"/inventory/openings/{self.opening.pk}/",
            str(units[0].building_id),
            [_cookie(user) for user in self.users],
            list(numbers.values()),
            [str(key) for key in units.values_list("id", flat=True)],
        )


def _cookie(user: User) -> str:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def prepare(clients: int, units: int) -> Prepared:
    """Write everything up to the moment before the first number is called."""
    now, mark = timezone.now(), get_random_string(6)
    company = _company(mark)
    users = _people(company, clients + 2, mark)
    manager, second = (actor_for(user, today=timezone.localdate()) for user in users[:2])
    batch = _batch(_project(company, units), manager, second)
    _queue(batch, company, users[2:], units)
    opening = begin_opening(batch, actor=manager, now=now)
    return Prepared(opening, manager, users[2:])


def _company(mark: str) -> OrgUnit:
    group = OrgUnit.objects.filter(depth=0).first() or _place(None, "G", "group")
    return _place(group, mark, "city_company")


def _place(parent: OrgUnit | None, code: str, kind: str) -> OrgUnit:
    depth = parent.depth + 1 if parent else 0
    place = OrgUnit.objects.create(
        parent=parent, kind=kind, code=code, name=code, path=f"?{code}", depth=depth
    )
    place.path = f"{parent.path if parent else ''}{place.pk}/"
    place.save(update_fields=["path"])
    return place


def _people(company: OrgUnit, number: int, mark: str) -> list[User]:
    role = Role.objects.create(
        code=f"bench-{mark}", name_zh="", name_en="bench", permissions=sorted(permissions)
    )
    now = timezone.now()
    users: list[User] = User.objects.bulk_create(
        [
            User(
                username=f"consultant{place}",
                email=f"c{place}@example.com",
                display_name=f"c{place}",
                created_at=now,
            )
            for place in range(number)
        ]
    )
    Membership.objects.bulk_create(
        [Membership(user=user, org_unit=company, role=role, valid_from=date(2020, 1, 1)) for user in users]
    )
    return users


def _project(company: OrgUnit, units: int) -> Project:
    now = timezone.now()
    project = create_project(company, code=company.code, name="金色家园", actor=SYSTEM, now=now)
    drafts: list[UnitDraft] = []
    while len(drafts) < units:
        building = create_building(
            project, name=f"{len(drafts) // (LINES * FLOORS) + 1}栋", actor=SYSTEM, now=now
        )
        drafts += [
            UnitDraft(
                building=building,
                number=f"{floor}{line:02d}",
                floor=floor,
                layout=("三室两厅两卫", "两室两厅")[line % 2],
                floor_area=Decimal(80 + 10 * line),
            )
            for floor in range(1, FLOORS + 1)
            for line in range(1, LINES + 1)
        ]
    create_units(drafts[:units], actor=SYSTEM, now=now)
    return project


def _batch(project: Project, preparer: Actor, second: Actor) -> ReleaseBatch:
    now = timezone.now()
    batch = create_batch(
        project, BatchTerms("首批", "许1", now - timedelta(hours=1)), actor=preparer, now=now
    )
    for building in project.buildings.order_by("id"):
        add_homes(batch, HomesWanted(building), actor=preparer, now=now)
    rules = [PriceRule(label="楼层差", lowest_floor=2, per_floor=Decimal(60))]
    terms = ListTerms(Decimal(40_000), rules, 100, timezone.localdate())
    prices = begin_prices(batch, terms, actor=preparer, now=now)
    submit_prices(prices, actor=preparer, now=now)
    approve_prices(prices, actor=second, now=now)
    submit_batch(batch, actor=preparer, now=now)
    approve_batch(batch, actor=second, now=now)
    return release_batch(batch, actor=preparer, now=now)


def _queue(batch: ReleaseBatch, company: OrgUnit, users: Sequence[User], length: int) -> None:
    """Give each consultant every so many-th number."""
    now = timezone.now()
    new = [NewCustomer(name=f"客户{number}", phones=(f"139{number:08d}",)) for number in range(length)]
    customers: list[Customer] = create_customers(new, org_unit=company, actor=SYSTEM, now=now)
    actors = [actor_for(user, today=timezone.localdate()) for user in users]
    for number, customer in enumerate(customers):
        join_queue(batch, customer=customer, actor=actors[number % len(actors)], now=now)


def check(opening: Opening) -> dict[str, int]:
    """Count, from the rows themselves, what was sold and what must not have happened."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH sold AS (
                SELECT h.unit_id, h.entry_id, u.state FROM inventory_hold h JOIN properties_unit u ON u.id = h.unit_id
                WHERE h.ended_at IS NULL AND h.org_unit_id = %(place)s
            ), queue AS (
                SELECT number, called_at, chosen_at, lag(called_at) OVER (ORDER BY number) AS called_before
                FROM inventory_queueentry WHERE batch_id = %(batch)s
            )
            SELECT (SELECT count(*) FROM sold),
                (SELECT count(*) - count(DISTINCT unit_id) + count(*) FILTER (WHERE state <> 'subscribed') FROM sold),
                (SELECT count(*) - count(DISTINCT entry_id) FROM sold),
                (SELECT count(*) FILTER (WHERE chosen_at < called_at OR (called_at IS NULL AND chosen_at IS NOT NULL))
                    + count(*) FILTER (WHERE called_at < called_before) + max(number) - count(*) FROM queue)
            """,
            {"place": opening.org_unit_id, "batch": opening.batch_id},
        )
        sold, double_sales, doubled, order_breaks = cursor.fetchone()
    return {
        "sold": sold,
        "double_sales": double_sales,
        "numbers_with_two_homes": doubled,
        "order_breaks": order_breaks,
    }
