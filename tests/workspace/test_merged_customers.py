"""Readers follow a merged record to its survivor."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.customers.selectors import CustomerFilters, Likeness, customer_list, duplicate_candidates
from hearth.customers.services import merge_customers, undo_merge
from hearth.organization.models import OrgUnit
from hearth.workspace.timeline import timeline_of
from tests.api.builders import make_program
from tests.cases.builders import make_case
from tests.customers.builders import make_customer, make_household
from tests.organization.builders import make_member, sign_in

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


def merge(survivor: Customer, absorbed: Customer, now: datetime) -> None:
    merge_customers(survivor, [absorbed], actor=SYSTEM, now=now)
    survivor.refresh_from_db()


def told(customer: Customer) -> list[tuple[str, str]]:
    """Name the acts of a timeline with whose they are."""
    return [(entry.event.type, entry.whose) for entry in timeline_of(customer, SYSTEM).entries]


def test_the_page_of_a_merged_record_leads_to_its_survivor(
    signed_in: Client, company: OrgUnit, now: datetime
) -> None:
    survivor, absorbed = make_customer(company), make_customer(company)
    merge(survivor, absorbed, now)

    answer = signed_in.get(reverse("workspace:customer", args=[absorbed.pk]))

    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        reverse("workspace:customer", args=[survivor.pk]),
    )


def test_it_leads_nobody_to_a_survivor_they_may_not_see(
    client: Client, company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    survivor, absorbed = make_customer(company), make_customer(company)
    merge(survivor, absorbed, now)
    sign_in(client, make_member(neighbour, "core.signed_in", VIEW_CUSTOMER))

    answer = client.get(reverse("workspace:customer", args=[absorbed.pk]))

    assert answer.status_code == 404


def test_the_timeline_tells_what_happened_to_both_records_until_they_are_parted(
    company: OrgUnit, now: datetime
) -> None:
    survivor, absorbed = make_customer(company), make_customer(company)
    make_case(company, customer=absorbed)

    made = merge_customers(survivor, [absorbed], actor=SYSTEM, now=now)
    together = {act for act, _whose in told(survivor)}
    undo_merge(made, actor=SYSTEM, now=now)
    apart = {act for act, _whose in told(survivor)}

    assert together == {"customer.created", "customer.merged", "cases.opened"}
    assert apart == {"customer.created", "customer.merged", "customer.merge_undone"}


def test_the_timeline_names_a_relative_for_what_their_merged_record_did(
    company: OrgUnit, now: datetime
) -> None:
    husband, wife, absorbed = (make_customer(company, name=name) for name in ("张伟", "李娜", "李娜娜"))
    make_household(husband, wife)
    make_case(company, customer=absorbed)
    merge(wife, absorbed, now)
    husband.refresh_from_db()

    assert ("cases.opened", "李娜") in told(husband)


def test_the_api_tells_the_whole_timeline(company: OrgUnit, now: datetime) -> None:
    survivor, absorbed = make_customer(company), make_customer(company)
    make_case(company, customer=absorbed)
    merge(survivor, absorbed, now)

    answered = make_program(company).get(f"/customers/{survivor.pk}/timeline")

    assert "cases.opened" in {event["type"] for event in answered.body["data"]}


def test_neither_list_nor_duplicates_show_a_merged_record(company: OrgUnit, now: datetime) -> None:
    survivor, absorbed = (
        make_customer(company, phone="13900001111"),
        make_customer(company, phone="13900001111"),
    )
    merge(survivor, absorbed, now)

    candidates = duplicate_candidates(Likeness(phones=("13900001111",)), actor=SYSTEM)

    assert [candidate.customer for candidate in candidates] == [survivor]
    assert list(customer_list(SYSTEM, CustomerFilters(text="13900001111"))) == [survivor]
