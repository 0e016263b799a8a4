# domain data
"""A note names a colleague, a task is taken on, and a book goes to another."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from hearth.accounts.models import User
from hearth.core.permissions import permissions
from hearth.customers.models import Customer
from hearth.organization.models import Membership, OrgUnit, Role
from hearth.tasks.models import Task
from tests.browser.conftest import PASSWORD, PHONE, RunJobs, sign_in_by_form
from tests.browser.journeys import choose, faults_of, overflow_of
from tests.customers.builders import make_customer
from tests.organization.builders import DAY, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def company(group: OrgUnit) -> OrgUnit:
    return OrgUnit.objects.get(code="SZ")


@pytest.fixture
def colleague(company: OrgUnit) -> User:
    """A customer manager of the company who can sign in."""
    user = make_user(username="chenyu", display_name="陈雨")
    user.set_password(PASSWORD)
    user.save()
    role = Role.objects.create(
        code="customer_manager", name_zh="客户经理", name_en="Customer manager", permissions=list(permissions)
    )
    Membership.objects.create(user=user, org_unit=company, role=role, valid_from=DAY)
    return user


def write_note_and_task(page: Page, customer: Customer) -> None:
    """Write a note that names the colleague, pin it, and ask the colleague's role for a visit."""
    page.goto(f"/customers/{customer.pk}/?tab=timeline")
    page.fill("#composer [name=body]", "@陈雨 请带上图纸")
    page.set_input_files(
        "#composer [name=attachments]",
        {"name": "户型图.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"},
    )
    page.locator("#composer [name=body]").press("Control+Enter")
    entries = page.locator("#timeline-entries")
    expect(entries).to_contain_text("请带上图纸")
    expect(entries.get_by_role("link", name="户型图.pdf")).to_be_visible()
    entries.get_by_role("button", name="置顶").first.click()
    expect(entries.locator(".border-yellow")).to_contain_text("请带上图纸")
    page.locator("#composer .nav-link", has_text="任务").click()
    choose(page, "doer", "客户经理")
    page.fill("#composer [name=body]", "上门送图纸")
    page.locator("#composer .btn-primary").click()
    expect(entries).to_contain_text("上门送图纸")


def take_and_complete(page: Page) -> None:
    """Find both messages under the bell, take the task on and complete it in the list."""
    expect(page.locator("#bell-count")).to_contain_text("2")
    page.get_by_role("button", name="通知").click()
    menu = page.locator("#bell-menu")
    expect(menu).to_contain_text("提到了您")
    menu.get_by_role("button", name="上门送图纸").click()
    page.get_by_role("button", name="认领").click()
    expect(page.get_by_role("button", name="认领")).to_have_count(0)
    page.wait_for_load_state()  # the keys work once the scripts have run
    page.keyboard.press("g")
    page.keyboard.press("t")
    row = page.locator("#tasks .list-group-item", has_text="上门送图纸")
    row.get_by_role("button", name="完成").click()
    expect(row).to_contain_text("已完成")


def hand_over(page: Page, owner: User, run_jobs: RunJobs) -> None:
    """Try to deactivate the owner, and hand the book over first."""
    page.goto(f"/organization/users/{owner.pk}/")
    page.get_by_role("button", name="停用").click()
    page.get_by_role("link", name="先移交").click()
    choose(page, "recipients", "林晓安")
    expect(page.locator("#book-preview")).to_contain_text("林晓安")
    page.get_by_role("button", name="移交 1 项").click()
    expect(page.locator("#handover")).to_be_visible()
    run_jobs()
    expect(page.locator("#handover")).to_contain_text("已移交")


@pytest.mark.requirement("S140")
def test_a_note_a_task_and_a_book_find_their_people(
    page: Page,
    open_page: Callable[..., Page],
    person: User,
    colleague: User,
    company: OrgUnit,
    run_jobs: RunJobs,
) -> None:
    customer = make_customer(company, name="欧阳明月")
    Customer.objects.update(responsible=colleague)
    sign_in_by_form(page, person.username)

    write_note_and_task(page, customer)
    other = open_page()
    sign_in_by_form(other, colleague.username)
    take_and_complete(other)
    hand_over(page, colleague, run_jobs)

    assert Task.objects.get().assignee == colleague
    assert Customer.objects.get().responsible == person


def test_the_timeline_tasks_and_books_fit_a_phone(
    open_page: Callable[..., Page], person: User, colleague: User, company: OrgUnit
) -> None:
    customer = make_customer(company, name="欧阳明月")
    page = open_page(PHONE, is_mobile=True, has_touch=True)
    sign_in_by_form(page, person.username)

    for address in (f"/customers/{customer.pk}/", "/tasks/?whose=team", f"/books/of/{colleague.pk}/"):
        page.goto(address)
        assert (faults_of(page), overflow_of(page)) == ([], 0), address
