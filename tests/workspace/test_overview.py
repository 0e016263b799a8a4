"""The first tab of a customer's page: what is new since the last look, what comes next, what happened last."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hearth.channels.services.composing import pin_contact
from hearth.core.actor import Actor
from hearth.core.permissions import SIGNED_IN
from hearth.customers.models import Customer
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.organization.models import OrgUnit
from hearth.workspace.jobs import forget_old_looks
from hearth.workspace.models import Look
from hearth.workspace.services import note_look
from tests.cases.builders import make_case
from tests.channels.builders import NOW, make_contact
from tests.customers.builders import make_customer
from tests.organization.builders import make_member, sign_in
from tests.query_counts import count_queries
from tests.tasks.builders import make_task

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
DAY = timedelta(days=1)
PART = {"HX-Request": "true", "HX-Target": "customer-overview"}


@pytest.fixture
def customer(company: OrgUnit) -> Customer:
    return make_customer(company, name="张伟")


def overview(client: Client, customer: Customer) -> str:
    answer = client.get(reverse("workspace:overview", args=[customer.pk]), headers=PART)
    assert answer.status_code == 200
    return answer.content.decode()


def move_looks_back(by: timedelta) -> None:
    for look in Look.objects.all():
        Look.objects.filter(pk=look.pk).update(looked_at=look.looked_at - by)


def test_the_first_look_says_so_and_a_later_one_counts_what_others_did_meanwhile(
    signed_in: Client, company: OrgUnit, customer: Customer
) -> None:
    now = timezone.now()
    first = overview(signed_in, customer)
    move_looks_back(2 * DAY)
    nothing = overview(signed_in, customer)
    move_looks_back(2 * DAY)
    make_contact(customer, company, at=now - DAY)
    make_contact(customer, company, at=now - DAY / 2)
    later = overview(signed_in, customer)

    assert "您第一次查看这位客户" in first
    assert "以来没有新动态" in nothing
    for words in ("自您上次查看以来", "往来 2"):
        assert words in later


def test_looks_within_half_an_hour_are_one(signed_in: Client, customer: Customer) -> None:
    user_id, customer_id, now = make_member_id(signed_in), customer.pk, timezone.now()

    looks = [
        note_look(customer_id, user_id=user_id, now=now + after)
        for after in (timedelta(0), timedelta(minutes=10), DAY, DAY + timedelta(minutes=10), 3 * DAY)
    ]

    assert looks == [
        None,
        None,
        now + timedelta(minutes=10),
        now + timedelta(minutes=10),
        now + DAY + timedelta(minutes=10),
    ]


def make_member_id(client: Client) -> int:
    return int(client.session["_auth_user_id"])


def test_the_next_step_is_the_most_pressing_task(
    signed_in: Client, company: OrgUnit, customer: Customer
) -> None:
    without = overview(signed_in, customer)
    make_task(company, customer_id=customer.pk, title="回访客户感受", due_date=timezone.localdate() + 9 * DAY)
    make_task(
        company, customer_id=customer.pk, title="寄送合同复印件", due_date=timezone.localdate() + 2 * DAY
    )

    shown = overview(signed_in, customer)

    assert "还没有安排下一步" in without
    assert "寄送合同复印件" in shown
    assert "回访客户感受" not in shown.split("最近动态")[0]


def test_what_is_pinned_stands_above_all_else(
    signed_in: Client, company: OrgUnit, customer: Customer
) -> None:
    pin_contact(make_contact(customer, company, summary="对花粉过敏"), actor=SYSTEM, now=NOW)

    shown = overview(signed_in, customer)

    assert "对花粉过敏" in shown.split("您第一次查看这位客户")[0]


def test_the_card_of_tasks_comes_by_itself(signed_in: Client, company: OrgUnit, customer: Customer) -> None:
    make_task(company, customer_id=customer.pk, title="寄送合同复印件")

    page = signed_in.get(reverse("workspace:customer", args=[customer.pk])).content.decode()
    card = signed_in.get(reverse("workspace:customer_tasks", args=[customer.pk])).content.decode()

    assert reverse("workspace:customer_tasks", args=[customer.pk]) in page
    assert "寄送合同复印件" in card


def test_who_sees_no_cases_and_tasks_reads_nothing_of_them(
    client: Client, company: OrgUnit, customer: Customer
) -> None:
    sign_in(client, make_member(company, SIGNED_IN, VIEW_CUSTOMER))
    make_case(company, customer=customer, title="卫生间渗漏")
    make_task(company, customer_id=customer.pk, title="寄送合同复印件")
    overview(client, customer)
    move_looks_back(DAY)

    shown = overview(client, customer)

    for words in ("卫生间渗漏", "寄送合同复印件", "下一步", "工单"):
        assert words not in shown
    assert client.get(reverse("workspace:customer_tasks", args=[customer.pk])).status_code == 403


def test_the_queries_do_not_grow_with_what_happened(
    signed_in: Client, company: OrgUnit, customer: Customer
) -> None:
    address = reverse("workspace:overview", args=[customer.pk])
    make_case(company, customer=customer)
    make_task(company, customer_id=customer.pk)

    before = count_queries(signed_in, address)
    for _number in range(3):
        make_case(company, customer=customer)
        make_task(company, customer_id=customer.pk)

    assert count_queries(signed_in, address) == before
    assert before <= 16


def test_looks_of_long_ago_are_forgotten(signed_in: Client, customer: Customer) -> None:
    user_id, now = make_member_id(signed_in), timezone.now()
    note_look(uuid4(), user_id=user_id, now=now - timedelta(days=400))
    note_look(customer.pk, user_id=user_id, now=now)

    forget_old_looks(int(now.timestamp()))

    assert list(Look.objects.values_list("customer_id", flat=True)) == [customer.pk]
