"""The income of a family is told by right and place, and uncovered for a reason that is kept."""

from dataclasses import replace

import pytest
from django.test import Client
from django.utils import timezone

from hearth.audit.models import AuditEntry
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.field_rules import Access
from hearth.core.models import EventRecord
from hearth.customers.models import Customer, Reveal
from hearth.families.models import NeedProfile
from hearth.families.services import NeedValues, reveal_income, state_needs
from hearth.families.services.needs import NeedNotPossible
from hearth.organization.models import OrgUnit, Role
from hearth.organization.selectors import actor_for
from hearth.organization.services.field_rules import set_field_rule
from tests.customers.builders import NOW, SYSTEM, make_customer
from tests.organization.builders import make_actor, make_member, sign_in

pytestmark = pytest.mark.django_db
SEEING = ("core.signed_in", "customers.view", "customers.change")
TRUSTED = (*SEEING, "families.view_income")
NEEDS = NeedValues(purpose="upgrade", income="from_800k")
WORDS = "80–150 万元"


@pytest.fixture
def customer(company: OrgUnit) -> Customer:
    row = make_customer(company, name="王小明")
    state_needs(row, NEEDS, actor=SYSTEM, now=NOW)
    return row


def pages(browser: Client, customer: Customer) -> dict[str, str]:
    addresses = {"card": f"/families/{customer.pk}/", "needs": f"/families/{customer.pk}/needs/"}
    return {name: browser.get(address).content.decode() for name, address in addresses.items()}


def chosen_on(page: str) -> bool:
    """Tell whether the form has the income chosen."""
    return 'value="from_800k" selected' in page


@pytest.mark.requirement("S107")
def test_it_is_told_with_the_right_and_masked_without(
    client: Client, company: OrgUnit, customer: Customer
) -> None:
    trusted = pages(sign_in(client, make_member(company, *TRUSTED)), customer)
    others = pages(sign_in(Client(), make_member(company, *SEEING)), customer)

    assert WORDS in trusted["card"]
    assert chosen_on(trusted["needs"])
    assert WORDS not in others["card"]
    assert "•••" in others["card"]
    assert not chosen_on(others["needs"])
    assert "•••" in others["needs"]


def test_a_rule_hides_even_that_it_is_known(client: Client, company: OrgUnit, customer: Customer) -> None:
    member = make_member(company, *TRUSTED, "customers.reveal")
    role = Role.objects.get(memberships__user=member)
    set_field_rule(role, "income", company, Access.HIDDEN, actor=Actor.system(), now=NOW)

    shown = pages(sign_in(client, member), customer)

    assert [name for name, page in shown.items() if WORDS in page or "•••" in page] == []
    with pytest.raises(NotAllowed):
        reveal_income(customer, reason="回访", actor=actor_for(member, today=timezone.localdate()), now=NOW)


def test_who_does_not_see_it_keeps_or_replaces_it(
    client: Client, company: OrgUnit, customer: Customer
) -> None:
    browser = sign_in(client, make_member(company, *SEEING))
    address = f"/families/{customer.pk}/needs/state/"

    browser.post(address, {"purpose": "investment", "income": "kept"})
    kept = NeedProfile.objects.newest_first()[0]
    browser.post(address, {"purpose": "investment", "income": "from_100k"})
    replaced = NeedProfile.objects.newest_first()[0]

    assert (kept.purpose, kept.income) == ("investment", "from_800k")
    assert replaced.income == "from_100k"


def test_who_may_not_know_of_it_cannot_change_it(
    client: Client, company: OrgUnit, customer: Customer
) -> None:
    member = make_member(company, *TRUSTED)
    role = Role.objects.get(memberships__user=member)
    set_field_rule(role, "income", company, Access.HIDDEN, actor=Actor.system(), now=NOW)

    sign_in(client, member).post(
        f"/families/{customer.pk}/needs/state/", {"purpose": "investment", "income": "from_100k"}
    )

    assert NeedProfile.objects.newest_first()[0].income == "from_800k"


def test_a_reason_uncovers_it_and_is_kept(client: Client, company: OrgUnit, customer: Customer) -> None:
    browser = sign_in(client, make_member(company, *SEEING, "customers.reveal"))
    address = f"/families/{customer.pk}/income/reveal/"

    refused = browser.post(address, {"reason": ""})
    opened = browser.post(address, {"reason": "推荐户型"})
    blind = sign_in(Client(), make_member(company, *SEEING)).post(address, {"reason": "好奇"})

    assert (refused.status_code, WORDS in refused.content.decode()) == (422, False)
    assert (opened.status_code, WORDS in opened.content.decode()) == (200, True)
    assert [(row.field, row.reason) for row in Reveal.objects.all()] == [("income", "推荐户型")]
    assert blind.status_code == 403


def test_the_stream_says_that_it_changed_and_not_to_what(company: OrgUnit, customer: Customer) -> None:
    state_needs(customer, replace(NEEDS, income="from_200k"), actor=make_actor(company, *TRUSTED), now=NOW)

    changed = EventRecord.objects.get(type="need.changed")
    assert changed.payload["fields"] == ["income"]
    assert "from_200k" not in str(changed.payload)


def test_the_log_of_changes_hides_it(client: Client, group: OrgUnit, customer: Customer) -> None:
    row_id = NeedProfile.objects.get().pk
    NeedProfile.objects.all().delete()
    assert AuditEntry.objects.filter(table="families_needprofile", operation="D").exists()
    address = f"/audit/?table=families_needprofile&row={row_id}"
    rights = ("core.signed_in", "audit.view")

    auditor = sign_in(client, make_member(group, *rights)).get(address).content.decode()
    officer = sign_in(Client(), make_member(group, *rights, "families.view_income")).get(address)

    assert WORDS not in auditor
    assert WORDS in officer.content.decode()


def test_an_income_nobody_offers_is_refused(customer: Customer) -> None:
    with pytest.raises(NeedNotPossible):
        state_needs(customer, replace(NEEDS, income="a lot"), actor=SYSTEM, now=NOW)
