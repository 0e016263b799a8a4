"""Customers, households and homes for tests."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from hearth.core.actor import Actor
from hearth.customers.models import Customer, CustomerMerge, DuplicatePair, Household, UnitRole
from hearth.customers.services import (
    NewCustomer,
    NewUnitRole,
    ProfileValues,
    SuggestedDuplicate,
    assign_unit_roles,
    create_customer,
    form_household,
    merge_customers,
    suggest_duplicates,
    write_profiles,
)
from hearth.lib.chinese import address_tokens
from hearth.organization.models import OrgUnit
from hearth.properties.models import Building, Project, Unit

NOW = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)
SYSTEM = Actor.system("test")
_numbers = count(1)


def make_customer(
    org_unit: OrgUnit,
    *,
    name: str = "",
    phone: str = "",
    at: datetime = NOW,
    is_sample: bool = False,
    **values: Any,
) -> Customer:
    """Write a customer known at a place; further values are those of `NewCustomer`."""
    number = next(_numbers)
    phones = values.pop("phones", (phone or f"139{number:08d}",))
    new = NewCustomer(name=name or f"客户{number}", phones=phones, **values)
    return create_customer(
        new, org_unit=org_unit, actor=SYSTEM, now=at, accepts_duplicates=True, is_sample=is_sample
    )


def make_household(*members: Customer, name: str = "") -> Household:
    """Write a household of these customers."""
    return form_household(members, actor=SYSTEM, now=NOW, name=name)


def make_home(
    org_unit: OrgUnit, *, project: str = "金色家园", building: str = "7栋", number: str = ""
) -> Unit:
    """Write a home of a project at a place; project and building are made when they are missing."""
    kept_project, _made = Project.objects.get_or_create(
        org_unit=org_unit,
        name=project,
        defaults={"code": f"P{next(_numbers)}", "created_at": NOW, "updated_at": NOW},
    )
    kept_building, _made = Building.objects.get_or_create(
        project=kept_project, name=building, defaults={"created_at": NOW, "updated_at": NOW}
    )
    number = number or f"{next(_numbers):04d}"
    unit = Unit(
        org_unit=org_unit,
        project=kept_project,
        building=kept_building,
        number=number,
        list_price_amount=Decimal(2_000_000),
        created_at=NOW,
        updated_at=NOW,
        address_tokens=address_tokens(f"{project} {building} {number}"),
    )
    unit.save()
    return unit


def make_unit_role(
    customer: Customer, unit: Unit, *, role: str = UnitRole.Role.OWNER, valid_from: date | None = None
) -> UnitRole:
    """Write what a customer is to a home."""
    new = NewUnitRole(customer_id=customer.pk, unit_id=unit.pk, role=role, valid_from=valid_from)
    return assign_unit_roles([new], actor=SYSTEM, now=NOW)[0]


def make_profile(customer: Customer, *, owner_stage: str = "stable_owner", value_tier: str = "gold") -> None:
    """Write what the analysis says of a customer."""
    values = ProfileValues(
        customer_id=customer.pk,
        recency_days=12,
        purchase_recency_days=400,
        frequency=3,
        monetary_amount=Decimal("2100000.00"),
        contacts={"phone_30": 1, "visit_365": 4},
        open_complaints=0,
        homes=1,
        owner_stage=owner_stage,
        value_tier=value_tier,
        portfolio_action="keep",
    )
    write_profiles([values], now=NOW)


def make_pair(one: Customer, other: Customer, *, score: float = 0.9, at: datetime = NOW) -> DuplicatePair:
    """Write two records that may be one."""
    row = SuggestedDuplicate(one.pk, other.pk, score, ("same_phone", "similar_name"))
    suggest_duplicates([row], actor=SYSTEM, now=at)
    first, second = sorted([one.pk, other.pk])
    return DuplicatePair.objects.get(first=first, second=second)


def make_merge(survivor: Customer, *absorbed: Customer, at: datetime = NOW) -> CustomerMerge:
    """Merge records."""
    return merge_customers(survivor, absorbed, actor=SYSTEM, now=at)
