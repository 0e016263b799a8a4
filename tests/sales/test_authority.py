"""How far below the list price somebody may sign."""

from decimal import Decimal
from typing import Any

import pytest

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.inventory.services import reserve_home
from hearth.organization.models import Membership, OrgUnit, Role, Setting
from hearth.properties.models import Unit
from hearth.sales.authority import AUTHORITY
from hearth.sales.models import Contract
from hearth.sales.permissions import CHANGE_CONTRACT
from hearth.sales.services import BelowAuthority, sign_contract
from tests.customers.builders import make_customer, make_home
from tests.exports.builders import actor_of
from tests.inventory.builders import make_approved, make_prices, make_sale
from tests.organization.builders import make_member
from tests.sales.builders import NOW

pytestmark = pytest.mark.django_db
BANDS: list[dict[str, Any]] = [{"role": "consultant", "percent": "1"}, {"role": "manager", "percent": 3.5}]


def set_authority(place: OrgUnit, bands: list[dict[str, Any]] = BANDS) -> None:
    Setting.objects.create(key=AUTHORITY.key, org_unit=place, value=bands, updated_at=NOW)


def make_seller(place: OrgUnit, role: str = "") -> User:
    """Write a user who signs contracts at a place, by a role of this code besides."""
    user = make_member(place, CHANGE_CONTRACT, "inventory.hold", "inventory.view")
    if role:
        named, _made = Role.objects.get_or_create(
            code=role, defaults={"name_zh": "角色", "name_en": "Role", "permissions": []}
        )
        Membership.objects.create(user=user, org_unit=place, role=named, valid_from=NOW.date())
    return user


def sign(unit: Unit, customer: Customer, total: Decimal, actor: Actor) -> Contract:
    return sign_contract(
        unit,
        actor=actor,
        customer=customer,
        number=f"HT{total}",
        signed_date=NOW.date(),
        total_amount=total,
        now=NOW,
    )


@pytest.mark.parametrize(("role", "percent"), [("", "0"), ("consultant", "1"), ("manager", "3.5")])
def test_each_role_signs_as_far_below_the_list_price_as_its_band(
    company: OrgUnit, role: str, percent: str
) -> None:
    unit, customer = make_sale(company)[0], make_customer(company)
    set_authority(company)
    actor = actor_of(make_seller(company, role))
    listed = unit.prices.get().total_amount
    least = listed * (100 - Decimal(percent)) / 100

    with pytest.raises(BelowAuthority, match="权限更高"):
        sign(unit, customer, least - Decimal("0.01"), actor)

    assert sign(unit, customer, least, actor).total_amount == least


def test_a_role_counts_where_it_is_held_and_bands_where_they_are_set(
    group: OrgUnit, company: OrgUnit, neighbour: OrgUnit
) -> None:
    region = OrgUnit.objects.get(code="S")
    here, there = make_sale(company)[0], make_sale(neighbour)[0]
    set_authority(company)
    both = make_seller(neighbour, "manager")
    role = Role.objects.get(pk=both.memberships.exclude(role__code="manager").get().role_id)
    Membership.objects.create(user=both, org_unit=company, role=role, valid_from=NOW.date())
    above = actor_of(make_seller(region, "manager"))

    with pytest.raises(BelowAuthority):
        sign(here, make_customer(company), Decimal(1_000_000), actor_of(both))

    assert sign(there, make_customer(neighbour), Decimal(1), actor_of(both)).total_amount == 1
    least = here.prices.get().total_amount * Decimal("0.965")
    assert sign(here, make_customer(company), least, above).total_amount == least


def test_who_reserved_is_measured_by_the_price_of_that_day(company: OrgUnit) -> None:
    unit, customer = make_sale(company)[0], make_customer(company)
    set_authority(company)
    actor = actor_of(make_seller(company))
    reserved = unit.prices.get().total_amount
    reserve_home(unit, customer=customer, actor=actor, now=NOW)
    batch = unit.prices.get().price_list.batch
    make_approved(make_prices(batch, base=60_000))

    signed = sign(unit, customer, reserved, actor)

    assert signed.total_amount == reserved


def test_a_home_without_a_price_list_and_the_installation_itself_are_asked_nothing(company: OrgUnit) -> None:
    set_authority(company)
    unpriced, priced = make_home(company), make_sale(company)[0]

    own = sign(unpriced, make_customer(company), Decimal(1), actor_of(make_seller(company)))
    by_system = sign(priced, make_customer(company), Decimal(2), Actor.system("test"))

    assert (own.total_amount, by_system.total_amount) == (Decimal(1), Decimal(2))


@pytest.mark.parametrize(
    "bands",
    [
        {},
        ["consultant"],
        [{"role": "consultant"}],
        [{"role": "", "percent": 1}],
        [{"role": "consultant", "percent": 100}],
        [{"role": "consultant", "percent": -1}],
        [{"role": "consultant", "percent": True}],
        [{"role": "consultant", "percent": "NaN"}],
        [{"role": "consultant", "percent": "one"}],
    ],
)
def test_what_is_no_band_of_authority_is_not_set(bands: Any) -> None:
    assert not AUTHORITY.accepts(bands)
    assert AUTHORITY.accepts(BANDS)
    assert AUTHORITY.accepts([])
