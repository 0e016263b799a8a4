"""A changed need becomes a task before it becomes a complaint."""

from datetime import date, datetime

import pytest

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.customers.models import Customer
from hearth.families.services import NeedValues, state_needs
from hearth.organization.models import OrgUnit, Role
from hearth.organization.services import sync_roles
from hearth.tasks.models import Task
from hearth.tasks.subscribers import ask_to_answer_a_changed_need
from tests.customers.builders import make_customer
from tests.organization.builders import make_actor
from tests.tasks.builders import make_colleague

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(company: OrgUnit) -> Customer:
    return make_customer(company, name="欧阳明月")


@pytest.fixture
def clerk(company: OrgUnit) -> Actor:
    return make_actor(company, "customers.change", "customers.view")


def change_need(customer: Customer, clerk: Actor, now: datetime) -> EventRecord:
    """State a need, and another one afterwards; return what was recorded of the change."""
    state_needs(customer, NeedValues(note="两房"), actor=clerk, now=now)
    state_needs(customer, NeedValues(note="三房"), actor=clerk, now=now)
    return EventRecord.objects.get(type="need.changed")


@pytest.mark.requirement("S10")
@pytest.mark.requirement("S107")
def test_a_changed_need_is_a_task_for_whoever_is_responsible(
    company: OrgUnit, customer: Customer, clerk: Actor, now: datetime
) -> None:
    responsible = make_colleague(company)
    Customer.objects.update(responsible=responsible)
    event = change_need(customer, clerk, now)

    for _time in range(2):
        ask_to_answer_a_changed_need(event)

    task = Task.objects.get()
    assert (task.assignee, task.role, task.customer, task.due_date) == (
        responsible,
        None,
        customer,
        date(2026, 3, 20),
    )
    assert (task.rule, "欧阳明月" in task.title) == ("need_changed", True)


@pytest.mark.requirement("S10")
def test_without_a_responsible_person_it_waits_for_the_customer_managers_of_the_place(
    company: OrgUnit, neighbour: OrgUnit, customer: Customer, clerk: Actor, now: datetime
) -> None:
    Customer.objects.update(responsible=make_colleague(neighbour))
    sync_roles()
    team = Role.objects.get(code="customer_manager")

    ask_to_answer_a_changed_need(change_need(customer, clerk, now))

    task = Task.objects.waiting_for_a_person().get()
    assert (task.role, task.org_unit) == (team, company)


def test_the_first_statement_of_a_need_asks_for_nothing(
    customer: Customer, clerk: Actor, now: datetime
) -> None:
    state_needs(customer, NeedValues(note="两房"), actor=clerk, now=now)

    assert not EventRecord.objects.filter(type="need.changed").exists()
    assert User.objects.filter(tasks__isnull=False).count() == 0
