"""The pages of books."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hearth.accounts.models import User
from hearth.books.models import BookHandover
from hearth.books.permissions import HAND_OVER
from hearth.books.services import run_handover
from hearth.core.actor import Actor
from hearth.core.ownership import holdings
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from tests.books.builders import hand_over, make_book, make_rule, make_worker, owners
from tests.customers.builders import make_customer
from tests.organization.builders import sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


@pytest.fixture
def desk(client: Client, company: OrgUnit) -> Client:
    return sign_in(client, make_worker(company, HAND_OVER, "organization.change", "accounts.change"))


@pytest.fixture
def leaver(company: OrgUnit) -> User:
    return make_worker(company)


def fields(company: OrgUnit, *people: User, rule: str = "one", **more: str) -> dict[str, Any]:
    return {
        "rule": rule,
        "org_unit": company.pk,
        "recipients": [person.pk for person in people],
        "holdings": list(holdings),
        **more,
    }


@pytest.mark.requirement("S140")
def test_a_book_is_looked_at_before_it_is_handed_over(desk: Client, company: OrgUnit, leaver: User) -> None:
    heir = make_worker(company)
    make_book(leaver, company)
    address = reverse("books:new", args=[leaver.pk])

    seen = desk.get(
        address, fields(company, heir), headers={"HX-Request": "true", "HX-Target": "book-preview"}
    )
    assert ("移交 6 项" in seen.content.decode(), BookHandover.objects.count()) == (True, 0)
    answer = desk.post(address, fields(company, heir))
    row = BookHandover.objects.get()
    under_way = desk.get(reverse("books:handover", args=[row.pk])).content.decode()
    run_handover(row.pk, clock=timezone.now)
    done = desk.get(reverse("books:handover", args=[row.pk])).content.decode()

    assert answer.headers["Location"] == reverse("books:handover", args=[row.pk])
    assert ("every 2s" in under_way, "every 2s" in done, heir.display_name in done) == (True, False, True)
    assert owners("responsible", Customer.objects.all()) == {heir.pk: 2}


def test_by_place_there_is_a_field_for_each_place(desk: Client, company: OrgUnit, leaver: User) -> None:
    heir = make_worker(company)
    make_book(leaver, company, customers=1)
    address = reverse("books:new", args=[leaver.pk])

    form = desk.get(address).content.decode()
    desk.post(address, fields(company, rule="place", **{f"place_{company.pk}": str(heir.pk)}))

    assert f'name="place_{company.pk}"' in form
    assert BookHandover.objects.get().by_place == {str(company.pk): heir.pk}


@pytest.mark.parametrize(
    ("rule", "count", "text"),
    [("one", 0, "请选择由谁接手。"), ("one", 2, "请只选一个人。"), ("cover", 1, "请选择今天之后的一天")],
)
def test_a_rule_that_makes_no_sense_is_refused_in_words(
    desk: Client, company: OrgUnit, leaver: User, rule: str, count: int, text: str
) -> None:
    make_book(leaver, company, customers=1)
    people = [make_worker(company) for _number in range(count)]

    answer = desk.post(reverse("books:new", args=[leaver.pk]), fields(company, *people, rule=rule))

    assert (answer.status_code, text in answer.content.decode()) == (422, True)


def test_the_list_and_the_rows_without_owner_take_as_many_queries_for_three_as_for_one(
    desk: Client, company: OrgUnit
) -> None:
    def add() -> None:
        owner = make_worker(company)
        make_book(owner, company, customers=1)
        hand_over(make_rule(owner, company, make_worker(company)), SYSTEM)
        make_customer(company)

    add()
    before = [count_queries(desk, reverse(name)) for name in ("books:handovers", "books:unowned")]
    add()
    add()

    after = [count_queries(desk, reverse(name)) for name in ("books:handovers", "books:unowned")]
    assert after == before


def test_who_received_sees_what_and_who_gave_sees_how_much(
    client: Client, company: OrgUnit, leaver: User
) -> None:
    heir = make_worker(company)
    [customer] = make_book(leaver, company, customers=1)
    row = hand_over(make_rule(leaver, company, heir), SYSTEM)
    address = reverse("books:mine", args=[row.pk])

    received = sign_in(client, heir).get(address).content.decode()
    given = sign_in(client, leaver).get(address).content.decode()

    assert (customer.name in received, customer.name in given) == (True, False)
    assert sign_in(client, make_worker(company)).get(address).status_code == 404


def test_a_handover_is_undone_from_its_page(desk: Client, company: OrgUnit, leaver: User) -> None:
    make_book(leaver, company)
    row = hand_over(make_rule(leaver, company, make_worker(company)), SYSTEM)

    desk.post(reverse("books:undo", args=[row.pk]))

    assert owners("responsible", Customer.objects.all()) == {leaver.pk: 2}


def test_what_has_no_owner_is_given_from_the_page(desk: Client, company: OrgUnit) -> None:
    heir, customer = make_worker(company), make_customer(company)
    address = reverse("books:unowned")

    shown = desk.get(address).content.decode()
    refused = desk.post(reverse("books:give", args=["customers"]), {})
    desk.post(reverse("books:give", args=["customers"]), {"to_user": heir.pk})

    assert (customer.name in shown, refused.status_code) == (True, 303)
    assert owners("responsible", Customer.objects.all()) == {heir.pk: 1}
    assert desk.post(reverse("books:give", args=["nothing"])).status_code == 404


def test_who_goes_is_asked_for_the_handover_first(
    administrator: User, client: Client, company: OrgUnit, leaver: User
) -> None:
    desk = sign_in(client, administrator)
    make_book(leaver, company, customers=1)
    membership = leaver.memberships.get()
    deactivate = reverse("organization:deactivate_user", args=[leaver.pk])
    end = reverse("organization:end_membership", args=[membership.pk])

    asked = [desk.post(address) for address in (deactivate, end)]
    leaver.refresh_from_db()
    assert [answer.status_code for answer in asked] == [422, 422]
    assert all(reverse("books:new", args=[leaver.pk]) in answer.content.decode() for answer in asked)
    assert leaver.is_active
    for address in (end, deactivate):
        desk.post(address, {"is_decided": "1"})
    leaver.refresh_from_db()
    membership.refresh_from_db()

    assert (leaver.is_active, membership.valid_to) == (False, timezone.localdate())


def test_who_is_in_charge_of_nothing_goes_at_once(administrator: User, client: Client, leaver: User) -> None:
    sign_in(client, administrator).post(reverse("organization:deactivate_user", args=[leaver.pk]))

    leaver.refresh_from_db()
    assert not leaver.is_active
