# domain data
"""Who belongs to whom is recorded by typing, and a changed need becomes somebody's task."""

import pytest
from playwright.sync_api import Page, expect

from hearth.accounts.models import User
from hearth.customers.models import Customer
from hearth.families.models import NeedProfile, Relationship
from hearth.organization.models import OrgUnit
from tests.browser.conftest import RunJobs, sign_in_by_form
from tests.browser.journeys import faults_of, overflow_of
from tests.customers.builders import make_customer
from tests.families.builders import make_relationship

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def husband(company: OrgUnit, person: User) -> Customer:
    """The customer whose page is open, looked after by the person at the desk."""
    customer = make_customer(company, name="欧阳明月", phone="13912345678")
    Customer.objects.filter(pk=customer.pk).update(responsible=person)
    return customer


def open_customer(page: Page, customer: Customer) -> None:
    """Open the page and scroll to the family, which is loaded when it is seen."""
    page.goto(f"/customers/{customer.pk}/")
    expect(page.locator("#customer-overview")).to_contain_text(
        "最近动态"
    )  # until it is there, the page grows
    page.evaluate("document.querySelector('#family').scrollIntoView()")
    expect(page.locator("#family h2", has_text="完整度")).to_be_visible()


def relate(page: Page, typed: str, hit: str, what: str) -> None:
    """Type who it is, choose the one who is found, and say what they are."""
    page.locator("#family summary", has_text="添加关系").click()
    page.fill("#family [name=who]", typed)
    page.locator("#kin label", has_text=hit).click()
    page.locator("#family [name=what]").select_option(label=what)
    page.locator("#family form").get_by_role("button", name="保存").click()


def test_a_spouse_is_found_by_typing_and_stands_on_both_pages(
    page: Page, person: User, company: OrgUnit, husband: Customer
) -> None:
    wife, namesake = (make_customer(company, name="林小燕") for _number in range(2))
    sign_in_by_form(page, person.username)
    open_customer(page, husband)

    relate(page, "linxiaoyan", f"#{wife.number}", "配偶")

    expect(page.locator("#family svg[role=img]")).to_contain_text("林小燕")
    relationship = Relationship.objects.get()
    assert {relationship.customer_id, relationship.other_id} == {husband.pk, wife.pk}
    page.locator("#family .list-group-item a", has_text="林小燕").click()
    expect(page.locator("h1")).to_contain_text("林小燕")
    expect(page.locator("#family")).to_contain_text("欧阳明月")
    open_customer(page, namesake)
    expect(page.locator("#family svg[role=img]")).to_have_count(0)


def test_a_contradiction_is_refused_with_its_reason_and_what_was_typed_stays(
    page: Page, person: User, company: OrgUnit, husband: Customer
) -> None:
    make_relationship(make_customer(company, name="林小燕"), husband, kind="spouse")
    other = make_customer(company, name="周若云")
    sign_in_by_form(page, person.username)
    open_customer(page, husband)

    relate(page, "周若云", f"#{other.number}", "配偶")

    expect(page.locator("#family [role=alert]")).to_contain_text("其中一人已有配偶")
    expect(page.locator("#family [name=who]")).to_have_value("周若云")
    expect(page.locator("#kin input:checked")).to_have_value(str(other.pk))
    assert Relationship.objects.count() == 1


def test_a_changed_need_becomes_a_task_of_whoever_is_responsible(
    page: Page, person: User, husband: Customer, run_jobs: RunJobs
) -> None:
    sign_in_by_form(page, person.username)
    for purpose in ("首次置业", "改善"):
        page.goto(f"/families/{husband.pk}/needs/")
        page.locator("[name=purpose]").select_option(label=purpose)
        page.get_by_label("子女教育").check()
        page.get_by_role("button", name="保存").click()
        expect(page.locator("body")).to_contain_text("需求已保存")
    run_jobs()

    page.goto("/tasks/")
    expect(page.locator("main")).to_contain_text("欧阳明月 的需求有变化")
    assert NeedProfile.objects.count() == 2


def test_family_and_needs_fit_a_phone(phone: Page, person: User, company: OrgUnit, husband: Customer) -> None:
    for name, kind in (("林小燕", "spouse"), ("欧阳震寰天华", "parent")):
        make_relationship(make_customer(company, name=name), husband, kind=kind)
    sign_in_by_form(phone, person.username)

    open_customer(phone, husband)
    phone.locator("#family summary", has_text="添加关系").click()
    assert overflow_of(phone) <= 0
    assert faults_of(phone) == []
    phone.goto(f"/families/{husband.pk}/needs/")
    expect(phone.locator("h1")).to_be_visible()
    assert overflow_of(phone) <= 0
    assert faults_of(phone) == []
