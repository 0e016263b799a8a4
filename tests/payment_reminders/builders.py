"""Instalments to be reminded of, for tests."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hearth.accounts.models import User
from hearth.customers.models import ContactPoint, Customer
from hearth.customers.services.contact_points import add_contact_point
from hearth.organization.models import OrgUnit, Role
from hearth.sales.models import Instalment
from hearth.sales.services import make_plan
from hearth.sales.terms import NewInstalment, NewPlan
from tests.customers.builders import make_customer, make_home
from tests.sales.builders import make_contract
from tests.sales.plans import SYSTEM

NOON = datetime(2026, 3, 18, 4, 0, tzinfo=UTC)
TODAY = date(2026, 3, 18)
TOTAL = Decimal(1_000_000)


def make_due(company: OrgUnit, *, days: int = -3, customer: Customer | None = None) -> Instalment:
    """Write a contract whose whole price is due in so many days from today, before it if negative."""
    contract = make_contract(
        make_home(company),
        customer or make_customer(company),
        total_amount=TOTAL,
        signed_date=date(2025, 1, 1),
    )
    part = NewInstalment("whole", TOTAL, TODAY + timedelta(days=days))
    plan = make_plan(contract, NewPlan("一次性付款", "once", (part,)), actor=SYSTEM, now=NOON)
    return Instalment.objects.select_related("plan__contract__customer").get(plan=plan)


def make_team_role(code: str) -> Role:
    """Write one of the roles that ship."""
    role, _made = Role.objects.get_or_create(
        code=code,
        defaults={"name_zh": code, "name_en": code, "permissions": ["core.signed_in", "tasks.view"]},
    )
    return role


def give_mail(customer: Customer, address: str = "wang@example.invalid") -> ContactPoint:
    """Give a customer a mail address."""
    return add_contact_point(customer, actor=SYSTEM, kind="email", value=address, now=NOON)


def put_in_charge(customer: Customer, user: User) -> None:
    """Make a colleague the responsible person of a customer."""
    Customer.objects.filter(pk=customer.pk).update(responsible=user)
