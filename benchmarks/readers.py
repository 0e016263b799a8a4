"""The two people who read: one of a city company, whom the row rules bind, and one of the group."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from hearth.accounts.models import User
from hearth.accounts.services import create_token
from hearth.core.actor import Actor
from hearth.core.pages import _write
from hearth.core.partitions import ensure_months
from hearth.core.permissions import permissions
from hearth.customers.models import Customer
from hearth.organization.models import Membership, OrgUnit, Role
from hearth.organization.selectors import actor_for

SAMPLE, BUSY_EVENTS = 200, 10_000
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True)
class Known:
    """A customer the reader may see, and what finds them."""

    id: UUID
    name: str
    phone: str
    updated_at: datetime
    cursor: str


@dataclass(frozen=True)
class Reader:
    """Somebody signed in, with a sample of the customers they may see; the place is none at the group."""

    name: str
    actor: Actor
    org_unit: OrgUnit
    cookie: str
    token: str
    customers: Sequence[Known]
    busy: Known

    @property
    def places(self) -> list[int] | None:
        return None if self.org_unit.depth == 0 else _below(self.org_unit)


def make_readers() -> list[Reader]:
    """Make both, or find them from the run before; their sessions and tokens are new."""
    role, _is_new = Role.objects.update_or_create(
        code="bench", defaults={"name_zh": "", "name_en": "bench", "permissions": sorted(permissions)}
    )
    city = OrgUnit.objects.filter(kind=OrgUnit.Kind.CITY_COMPANY).order_by("id")[:1].get()
    group = OrgUnit.objects.get(depth=0)
    return [_make_reader("city", city, role), _make_reader("group", group, role)]


def make_region_reader() -> Reader:
    """Make the one of a region, who works at a quarter of all places; other measures go without."""
    region = OrgUnit.objects.filter(kind=OrgUnit.Kind.REGION).order_by("id")[:1].get()
    return _make_reader("region", region, Role.objects.get(code="bench"))


def _below(org_unit: OrgUnit) -> list[int]:
    return list(OrgUnit.objects.below(org_unit).order_by("pk").values_list("pk", flat=True))


def _make_reader(name: str, org_unit: OrgUnit, role: Role) -> Reader:
    now = timezone.now()
    user, _is_new = User.objects.get_or_create(
        username=f"bench-{name}", defaults={"display_name": name, "created_at": now}
    )
    Membership.objects.get_or_create(
        user=user, org_unit=org_unit, role=role, defaults={"valid_from": date(2020, 1, 1)}
    )
    client = Client()
    client.force_login(user, backend=BACKEND)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    _token, secret = create_token(
        user,
        actor=Actor.system("bench"),
        now=now,
        name="bench",
        expires_at=now + timedelta(days=1),
        can_write=True,
    )
    actor = actor_for(user, today=timezone.localdate())
    customers = _sample(org_unit)
    return Reader(name, actor, org_unit, cookie, secret, customers, _make_busy(customers[-1], org_unit))


def _make_busy(customer: Known, org_unit: OrgUnit) -> Known:
    """Have ten thousand things happen to a customer over four years, unless they did in the run before."""
    now = timezone.now()
    ensure_months({now - timedelta(days=10 * back) for back in range(150)})
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_eventrecord WHERE customer_id = %s", [customer.id])
        missing = BUSY_EVENTS - cursor.fetchone()[0]
        cursor.execute(
            """
            INSERT INTO core_eventrecord (id, type, occurred_at, recorded_at, org_unit_id, customer_id, actor_kind,
                channel, payload, is_sample)
            SELECT gen_random_uuid(), (ARRAY['channels.interaction_recorded', 'sales.payment_received',
                    'cases.opened', 'campaigns.response_recorded'])[1 + i %% 4],
                now() - i * interval '3 hours 30 minutes', now(), p.org_unit_id, p.customer_id, 'system', '', '{}',
                false
            FROM generate_series(1, %s) AS i
            JOIN LATERAL (SELECT * FROM customers_customerplace WHERE customer_id = %s LIMIT 1) p ON true
            """,
            [max(missing, 0), customer.id],
        )
    return customer


def _sample(org_unit: OrgUnit) -> list[Known]:
    """Draw customers of the place, the same ones every time; far into the list as most of them are."""
    places = "" if org_unit.depth == 0 else "WHERE p.org_unit_id = ANY(%s)"
    # The condition is one of two constants.
    query = f"""
        SELECT c.id, c.name, c.external_key, c.updated_at FROM customers_customer c
        WHERE c.id IN (SELECT customer_id FROM customers_customerplace p {places}
            ORDER BY md5(customer_id::text) LIMIT {SAMPLE}) AND c.external_key LIKE 'B%%'
    """
    with connection.cursor() as cursor:
        cursor.execute(query, [] if org_unit.depth == 0 else [_below(org_unit)])
        return [_known(row) for row in cursor.fetchall()]


def _known(row: tuple[Any, ...]) -> Known:
    key, name, external_key, updated_at = row
    phone = f"138{int(external_key.removeprefix('B')):08}"
    cursor = _write(Customer(id=key, updated_at=updated_at), "updated_at", "-updated_at")
    return Known(key, name, phone, updated_at, cursor)
