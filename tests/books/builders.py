"""Books for tests."""

from datetime import UTC, date, datetime
from typing import Any

from hearth.accounts.models import User
from hearth.books.models import BookHandover
from hearth.books.permissions import HAND_OVER
from hearth.books.planning import HandoverRule
from hearth.books.services import hand_over_book, run_handover
from hearth.cases.models import Case
from hearth.cases.permissions import CHANGE_CASE, VIEW_CASE
from hearth.core.actor import Actor
from hearth.core.ownership import holdings
from hearth.customers.models import Customer
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for
from hearth.tasks.permissions import CHANGE_TASK, VIEW_TASK
from tests.cases.builders import make_case
from tests.customers.builders import make_customer
from tests.organization.builders import make_member
from tests.tasks.builders import make_task

NOW = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)
TODAY = date(2026, 3, 18)
WORK = ("core.signed_in", VIEW_CUSTOMER, VIEW_CASE, CHANGE_CASE, VIEW_TASK, CHANGE_TASK, "organization.view")


def make_worker(org_unit: OrgUnit, *more: str) -> User:
    """Write a person who may be in charge of customers, cases and tasks at a place."""
    return make_member(org_unit, *WORK, *more)


def make_manager(org_unit: OrgUnit) -> Actor:
    """Return the actor of a person who hands over books at a place."""
    return actor_for(make_worker(org_unit, HAND_OVER), today=TODAY)


def make_book(owner: User, org_unit: OrgUnit, *, customers: int = 2) -> list[Customer]:
    """Write customers a person is responsible for, each with an open case and a task."""
    made = [make_customer(org_unit) for _number in range(customers)]
    Customer.objects.filter(pk__in=[customer.pk for customer in made]).update(responsible=owner)
    for customer in made:
        case = make_case(org_unit, customer=customer)
        Case.objects.filter(pk=case.pk).update(assignee=owner)
        make_task(org_unit, assignee=owner, customer_id=customer.pk)
    return made


def make_rule(
    owner: User, org_unit: OrgUnit, *recipients: User, kind: str = "one", **values: Any
) -> HandoverRule:
    """Write down a rule over everything the person holds."""
    people = tuple(person.pk for person in recipients)
    return HandoverRule(owner, org_unit, kind, people, tuple(holdings), **values)


def hand_over(rule: HandoverRule, actor: Actor, now: datetime = NOW) -> BookHandover:
    """Ask for a handover and do its job."""
    handover = hand_over_book(rule, actor=actor, now=now)
    run_handover(handover.pk, clock=lambda: now)
    handover.refresh_from_db()
    return handover


def owners(owner_field: str, rows: Any) -> dict[int | None, int]:
    """Count rows by who is in charge."""
    counted: dict[int | None, int] = {}
    for owner in rows.values_list(owner_field, flat=True):
        counted[owner] = counted.get(owner, 0) + 1
    return counted
