"""Pages of contracts."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from hearth.organization.models import OrgUnit
from hearth.sales.models import Contract, Payment
from tests.customers.builders import make_customer, make_home
from tests.query_counts import count_queries, tell_the_planner
from tests.sales.builders import make_contract

pytestmark = pytest.mark.django_db


def test_the_list_costs_the_same_with_one_and_three_contracts(signed_in: Client, company: OrgUnit) -> None:
    counts = []

    for extra in (1, 2):
        for _ in range(extra):
            make_contract(make_home(company), make_customer(company))
        tell_the_planner()
        counts.append(count_queries(signed_in, reverse("sales:contracts")))

    assert counts == [11, 11]


def test_the_list_is_empty_before_the_first_contract_and_says_what_to_do(signed_in: Client) -> None:
    page = signed_in.get(reverse("sales:contracts")).content.decode()

    assert "还没有合同" in page
    assert reverse("imports:new") in page


def test_the_list_is_filtered_by_number_and_state(signed_in: Client, company: OrgUnit) -> None:
    for number in ("A-1", "B-1"):
        make_contract(make_home(company), make_customer(company), number=number)

    page = signed_in.get(reverse("sales:contracts"), {"number": "B", "state": "signed"}).content.decode()

    assert "B-1" in page
    assert "A-1" not in page


def test_a_contract_is_signed_paid_and_cancelled_in_the_browser(signed_in: Client, company: OrgUnit) -> None:
    unit, customer = make_home(company), make_customer(company)

    signed = signed_in.post(
        reverse("sales:sign", args=[unit.pk, customer.pk]),
        {"number": "A-1", "signed_date": "2025-06-01", "total_amount": "1000000"},
    )
    contract = Contract.objects.get()
    paid = signed_in.post(
        reverse("sales:pay", args=[contract.pk]),
        {"receipt_number": "R-1", "paid_date": "2025-06-02", "amount": "300000"},
    )
    page = signed_in.get(reverse("sales:contract", args=[contract.pk])).content.decode()
    cancelled = signed_in.post(reverse("sales:cancel", args=[contract.pk]))

    assert (signed.status_code, paid.status_code, cancelled.status_code) == (303, 303, 303)
    assert "¥700,000" in page
    assert Contract.objects.get().state == Contract.State.CANCELLED


def test_a_refused_payment_keeps_what_was_typed_and_says_why(signed_in: Client, company: OrgUnit) -> None:
    contract = make_contract(make_home(company), make_customer(company))

    answer = signed_in.post(
        reverse("sales:pay", args=[contract.pk]),
        {"receipt_number": "R-77", "paid_date": "2025-06-02", "amount": "-5"},
    )

    assert answer.status_code == 422
    assert "R-77" in answer.content.decode()
    assert not Payment.objects.exists()


def test_a_contract_reads_in_english(signed_in: Client, company: OrgUnit) -> None:
    contract = make_contract(make_home(company), make_customer(company), total_amount=Decimal(5_000_000))
    signed_in.cookies["hearth_language"] = "en"

    page = signed_in.get(reverse("sales:contract", args=[contract.pk])).content.decode()

    assert "No money has been received for this contract yet." in page
    assert "¥5,000,000" in page


def test_a_cancelled_contract_offers_to_pay_back_what_was_received(
    signed_in: Client, company: OrgUnit
) -> None:
    contract = make_contract(make_home(company), make_customer(company))
    address = reverse("sales:pay", args=[contract.pk])
    paid = {"receipt_number": "R-1", "paid_date": "2025-06-02", "amount": "500"}
    signed_in.post(address, paid)
    signed_in.post(reverse("sales:cancel", args=[contract.pk]))

    offered = signed_in.get(reverse("sales:contract", args=[contract.pk])).content.decode()
    more = signed_in.post(address, {**paid, "receipt_number": "R-2"})
    back = signed_in.post(address, {**paid, "receipt_number": "R-3", "amount": "-500"})
    done = signed_in.get(reverse("sales:contract", args=[contract.pk])).content.decode()

    assert (more.status_code, back.status_code) == (422, 303)
    assert (address in offered, address in done) == (True, False)
