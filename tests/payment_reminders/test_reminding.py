"""Reminding of payments: once each, kindly, and never by message to whoever waits for an answer."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse

from hearth.cases.models import Case
from hearth.channels.models import Message
from hearth.core.models import EventRecord
from hearth.core.permissions import SIGNED_IN
from hearth.customers.models import Customer
from hearth.group_cases.services import add_household
from hearth.organization.models import OrgUnit
from hearth.organization.services import set_setting
from hearth.payment_reminders.models import PaymentReminder
from hearth.payment_reminders.policy import ReminderRules
from hearth.payment_reminders.services import remind
from hearth.privacy.services import sync_purposes
from hearth.sales.models import Instalment
from hearth.sales.services import cancel_contract
from hearth.tasks.models import Task
from tests.cases.builders import make_case
from tests.customers.builders import make_customer, make_home, make_household
from tests.group_cases.builders import make_group_case
from tests.inventory.racing import at_once
from tests.organization.builders import make_member, sign_in
from tests.payment_reminders.builders import (
    NOON,
    TODAY,
    give_mail,
    make_due,
    make_team_role,
    put_in_charge,
)
from tests.sales.plans import SYSTEM, pay

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shipped(request: pytest.FixtureRequest, company: OrgUnit) -> None:
    """Have what an installation has: purposes, and the roles that reminders go to."""
    sync_purposes()
    for code in ("sales_consultant", "customer_manager"):
        make_team_role(code)


def reached(company: OrgUnit, *, days: int = -3) -> Instalment:
    """Write an instalment of a customer who has a mail address."""
    row = make_due(company, days=days)
    give_mail(row.plan.contract.customer, f"k{row.plan.contract.customer.number}@example.invalid")
    return row


def spared(row: Instalment) -> tuple[str, list[Message], Task]:
    """Return how an instalment was reminded of, the messages there are, and its task."""
    reminder = PaymentReminder.objects.get(instalment=row)
    return reminder.way, list(Message.objects.all()), Task.objects.get(event_id=reminder.pk)


@pytest.mark.requirement("S39")
def test_the_consultant_gets_a_task_and_the_customer_a_message(company: OrgUnit) -> None:
    row = reached(company)
    consultant = make_member(company, SIGNED_IN, "tasks.view")
    put_in_charge(row.plan.contract.customer, consultant)

    made = remind(now=NOON)

    reminder = PaymentReminder.objects.get()
    message, task = Message.objects.get(), Task.objects.get()
    assert (made, reminder.step, reminder.way) == (1, "after", "message")
    assert (reminder.task, reminder.message) == (task, message)
    assert (message.channel, message.purpose_code, message.state) == ("email", "service", "queued")
    assert "1,000,000.00" in message.body
    assert (task.assignee, task.about_kind, task.about_id) == (consultant, "contract", row.plan.contract_id)
    event = EventRecord.objects.get(type="payment_reminders.payment_reminded")
    assert (event.customer_id, event.payload["way"]) == (row.plan.contract.customer_id, "message")


def test_without_an_address_or_a_right_to_write_the_consultant_alone_is_reminded(company: OrgUnit) -> None:
    silent, restricted = make_due(company), reached(company)
    Customer.objects.filter(pk=restricted.plan.contract.customer_id).update(restricted_at=NOON)

    remind(now=NOON)

    assert set(PaymentReminder.objects.values_list("instalment", "way")) == {
        (silent.pk, "task"),
        (restricted.pk, "task"),
    }
    assert not Message.objects.exists()
    assert {task.role.code for task in Task.objects.all() if task.role} == {"sales_consultant"}


@pytest.mark.parametrize("grade", [Case.Grade.HOT, Case.Grade.MAJOR])
def test_whoever_waits_for_an_answer_to_a_severe_complaint_is_not_written_to(
    company: OrgUnit, grade: str
) -> None:
    row = reached(company)
    case = make_case(company, customer=row.plan.contract.customer, grade=grade)

    remind(now=NOON)

    way, messages, task = spared(row)
    assert (way, messages) == ("held", [])
    assert task.role is not None
    assert task.role.code == "customer_manager"
    assert f"#{case.number}" in task.note


def test_a_complaint_of_the_household_spares_all_of_it(company: OrgUnit) -> None:
    row, spouse = reached(company), make_customer(company)
    make_household(row.plan.contract.customer, spouse)
    make_case(company, customer=spouse, grade=Case.Grade.MAJOR)

    remind(now=NOON)

    assert spared(row)[:2] == ("held", [])


def test_a_household_in_an_open_group_complaint_is_spared(company: OrgUnit) -> None:
    row = reached(company)
    group = make_group_case(company, 2)
    add_household(group, row.plan.contract.customer, actor=SYSTEM, now=NOON)

    remind(now=NOON)

    way, messages, task = spared(row)
    assert (way, messages) == ("held", [])
    assert str(group.number) in task.note


@pytest.mark.parametrize(
    "values", [{"grade": Case.Grade.IMPORTANT}, {"kind": "repair", "grade": Case.Grade.HOT}]
)
def test_a_lesser_matter_holds_no_message_back(company: OrgUnit, values: dict[str, str]) -> None:
    row = reached(company)
    make_case(company, customer=row.plan.contract.customer, **values)

    remind(now=NOON)

    assert PaymentReminder.objects.get().way == "message"


def test_once_the_complaint_is_closed_the_next_reminder_goes_out(company: OrgUnit) -> None:
    row = reached(company)
    case = make_case(company, customer=row.plan.contract.customer, grade=Case.Grade.HOT)
    remind(now=NOON)
    Case.objects.filter(pk=case.pk).update(state="closed", closed_at=NOON)

    remind(now=NOON + timedelta(days=12))

    assert list(PaymentReminder.objects.order_by("created_at").values_list("step", "way")) == [
        ("after", "held"),
        ("again", "message"),
    ]


def test_each_reminder_is_made_once_however_often_the_job_runs(company: OrgUnit) -> None:
    reached(company, days=5)

    made = [remind(now=NOON + timedelta(days=day)) for day in range(30) for _twice in range(2)]

    assert sum(made) == 3
    assert list(PaymentReminder.objects.order_by("created_at").values_list("step", flat=True)) == [
        "before",
        "after",
        "again",
    ]
    assert Message.objects.count() == Task.objects.count() == 3


def test_nothing_is_said_of_what_is_paid_cancelled_or_far_off(company: OrgUnit) -> None:
    paid, gone = reached(company), reached(company)
    reached(company, days=8)
    pay(paid.plan.contract, 1_000_000, "R1")
    cancel_contract(gone.plan.contract, actor=SYSTEM, now=NOON)

    assert remind(now=NOON) == 0


def test_days_are_those_of_the_place_and_nought_is_none(company: OrgUnit, neighbour: OrgUnit) -> None:
    region = company.parent
    assert region is not None
    ours, theirs = reached(company, days=10), reached(neighbour, days=10)
    set_setting("payment_reminders.days_before", actor=SYSTEM, now=NOON, org_unit=region, value=10)
    set_setting("payment_reminders.days_before", actor=SYSTEM, now=NOON, org_unit=neighbour, value=0)
    set_setting("payment_reminders.by_message", actor=SYSTEM, now=NOON, org_unit=company, value=False)

    remind(now=NOON)

    assert list(PaymentReminder.objects.values_list("instalment", "way")) == [(ours.pk, "task")]
    assert not theirs.reminders.exists()


def test_the_latest_step_alone_is_called_for() -> None:
    rules = ReminderRules(before=7, after=3, again=15, by_message=True)
    days = (-8, -7, 0, 1, 2, 3, 14, 15, 400)

    found = [rules.step_on(TODAY, TODAY + timedelta(days=day)) for day in days]

    assert found == ["", "before", "before", "", "", "after", "after", "again", "again"]


def test_nobody_of_the_sample_is_written_to(company: OrgUnit) -> None:
    row = reached(company)
    Customer.objects.filter(pk=row.plan.contract.customer_id).update(is_sample=True)

    remind(now=NOON)

    assert PaymentReminder.objects.get().way == "task"


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_before_or_after_its_commit_reminds_once(company: OrgUnit) -> None:
    reached(company)

    def die_within() -> None:
        with transaction.atomic():
            remind(now=NOON)
            assert Message.objects.count() == 1
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    def die() -> None:
        with pytest.raises(OperationalError):
            die_within()

    at_once([die])
    left = (PaymentReminder.objects.count(), Message.objects.count(), Task.objects.count())
    at_once([lambda: remind(now=NOON)])
    at_once([lambda: remind(now=NOON)])

    assert left == (0, 0, 0)
    assert (PaymentReminder.objects.count(), Message.objects.count(), Task.objects.count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_once_one_reminds(company: OrgUnit) -> None:
    for _number in range(3):
        reached(company)

    came = at_once([lambda: remind(now=NOON)] * 2)

    assert came == {"": 2}
    assert PaymentReminder.objects.count() == Message.objects.count() == Task.objects.count() == 3


def test_the_page_of_a_contract_tells_which_reminders_were_made(
    signed_in: Client, company: OrgUnit, neighbour: OrgUnit
) -> None:
    row = reached(company)
    address = reverse("payment_reminders:of_contract", args=[row.plan.contract_id])

    before = signed_in.get(address).content.decode()
    remind(now=NOON)
    after = signed_in.get(address).content.decode()
    page = signed_in.get(reverse("sales:contract", args=[row.plan.contract_id])).content.decode()
    stranger = sign_in(Client(), make_member(neighbour, SIGNED_IN, "sales.view")).get(address)

    assert "尚未" in before
    assert "到期后" in after
    assert address in page
    assert stranger.status_code == 404


def test_reminding_costs_the_same_for_one_and_three_of_a_place(
    company: OrgUnit, django_assert_max_num_queries: object
) -> None:
    make_home(company)
    reached(company)

    with django_assert_max_num_queries(40):  # type: ignore[operator]
        remind(now=NOON)
    for _number in range(3):
        reached(company)
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        remind(now=NOON)
