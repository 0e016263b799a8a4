"""The log as auditors read it, and the command that looks whether it holds."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hearth.accounts.models import User
from hearth.audit.models import AuditEntry
from hearth.audit.permissions import VIEW_AUDIT
from hearth.audit.sealing import seal_entries
from hearth.core.attribution import attribute_to, attribute_to_nobody
from hearth.core.permissions import SIGNED_IN
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for
from tests.customers.builders import make_customer
from tests.organization.builders import make_member, sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(group: OrgUnit) -> User:
    return make_member(group, SIGNED_IN, VIEW_AUDIT, username="auditor")


@pytest.fixture
def browser(client: Client, auditor: User) -> Client:
    return sign_in(client, auditor)


@pytest.fixture
def customer(company: OrgUnit, auditor: User) -> Customer:
    """A customer whose name, sex and identity number the auditor has changed."""
    row = make_customer(company, name="王小明")
    attribute_to(actor_for(auditor, today=timezone.localdate()), address="203.0.113.7")
    row.name, row.sex, row.identity_number = "王大明", "male", "11010519491231002X"
    row.save(update_fields=["name", "sex", "identity_sealed"])
    attribute_to_nobody()
    return row


def read(browser: Client, query: str = "") -> str:
    return browser.get(f"/audit/{query}").content.decode()


@pytest.mark.parametrize("is_sealed", [False, True])
def test_an_entry_is_shown_in_words_sealed_or_not(
    browser: Client, customer: Customer, auditor: User, is_sealed: bool
) -> None:
    if is_sealed:
        seal_entries()

    shown = read(browser, f"?row={customer.pk}")

    assert "<del>王小明</del> <ins>王大明</ins>" in shown
    assert "<ins>男</ins>" in shown
    assert auditor.display_name in shown
    assert "203.0.113.7" in shown
    assert "11010519491231002X" not in shown


def test_the_log_is_narrowed_by_record_kind_person_and_day(browser: Client, customer: Customer) -> None:
    today = timezone.localdate()
    tomorrow = today + timedelta(days=1)

    assert "王大明" in read(browser, f"?table=customers_customer&who=auditor&since={today}&until={today}")
    assert "王大明" not in read(browser, "?table=cases_case")
    assert "王大明" not in read(browser, "?who=nobody")
    assert "王大明" not in read(browser, f"?since={tomorrow}")
    assert "此处没有记录" in read(browser, f"?since={tomorrow}")


@pytest.mark.parametrize("query", ["?since=yesterday&until=31.12.", "?table=nothing&row=%00x", "?cursor=x"])
def test_nonsense_in_the_address_breaks_nothing(browser: Client, query: str) -> None:
    assert browser.get(f"/audit/{query}").status_code in (200, 422)


def test_the_log_of_the_group_is_not_for_who_holds_the_right_at_one_place(
    client: Client, company: OrgUnit
) -> None:
    local = sign_in(client, make_member(company, SIGNED_IN, VIEW_AUDIT))

    assert local.get("/audit/").status_code == 403


def test_the_second_page_goes_on_where_the_first_ended(browser: Client, company: OrgUnit) -> None:
    row = make_customer(company)
    for number in range(60):
        Customer.objects.filter(pk=row.pk).update(name=f"第{number:02}名")

    first = browser.get(f"/audit/?row={row.pk}")
    second = browser.get(f"/audit/?row={row.pk}&cursor={first.context['page'].next_cursor}")

    shown = [entry.entry.id for answer in (first, second) for entry in answer.context["noted"]]
    assert shown == sorted(set(shown), reverse=True)
    assert len(shown) == AuditEntry.objects.filter(row_ids__contains=[str(row.pk)]).count()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_any_number_of_entries(
    browser: Client, customer: Customer, rows: int
) -> None:
    for number in range(rows):
        Customer.objects.filter(pk=customer.pk).update(name=f"第{number}名")

    assert count_queries(browser, f"/audit/?row={customer.pk}") == 6


def test_the_history_of_a_customer_stands_on_their_page_for_who_may_audit(
    client: Client, customer: Customer, company: OrgUnit
) -> None:
    address = f"/customers/{customer.pk}/?tab=history"
    auditing = sign_in(client, make_member(company, SIGNED_IN, "customers.view", VIEW_AUDIT))
    shown = auditing.get(address).content.decode()
    other = sign_in(Client(), make_member(company, SIGNED_IN, "customers.view")).get(address)

    assert "<del>王小明</del> <ins>王大明</ins>" in shown
    assert "<del>王小明</del>" not in other.content.decode()
    assert 'href="?tab=history"' not in other.content.decode()
