# domain data
"""Work on a list by keyboard alone, and the life of a saved view."""

import re

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from hearth.accounts.models import User
from hearth.cases.models import Case
from hearth.customers.models import Customer
from hearth.lists.models import SavedView
from hearth.organization.models import OrgUnit
from tests.browser.conftest import RunJobs, sign_in_by_form
from tests.browser.journeys import faults_of, has_visible_focus
from tests.cases.builders import NOW, make_case
from tests.customers.builders import make_customer, make_profile

pytestmark = pytest.mark.django_db(transaction=True)


def open_list(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")  # the keys work once the scripts have run


def walk_beside_the_list(page: Page, first: Customer, second: Customer) -> None:
    """Look at the second row, at the one before, close by the back button and by a key."""
    beside = page.locator("#list-peek")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    expect(beside).to_contain_text(second.name)
    expect(page).to_have_url(re.compile(f"peek={second.pk}"))
    page.keyboard.press("k")
    expect(beside).to_contain_text(first.name)
    expect(page).to_have_url(re.compile(f"peek={first.pk}"))
    assert faults_of(page) == []
    page.go_back()
    expect(beside).to_be_hidden()
    page.go_forward()
    expect(beside).to_contain_text(first.name)
    page.keyboard.press("Escape")
    expect(beside).to_be_hidden()


def test_a_list_is_worked_by_keyboard_alone(page: Page, person: User, company: OrgUnit) -> None:
    first, second = make_customer(company, name="李小龙"), make_customer(company, name="王小明")
    sign_in_by_form(page, person.username)
    open_list(page, "/customers/?sort=name")

    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("j")
    expect(page.locator("#list-table tbody tr").first).to_be_focused()
    assert has_visible_focus(page)
    walk_beside_the_list(page, first, second)

    page.keyboard.press("f")
    page.keyboard.type("jjxo")
    expect(page).to_have_url(re.compile("q=jjxo"))
    page.locator("#list-text").fill("")
    expect(page.locator("#list-table tbody tr")).to_have_count(2)
    page.locator("#list-text").blur()
    page.keyboard.press("k")
    page.keyboard.press("o")
    expect(page.locator("h1")).to_contain_text("李小龙")


def save_what_callers_see(page: Page) -> None:
    """Narrow the list to callers and save that as a view in the rail."""
    page.get_by_role("button", name="筛选").click()
    page.locator(".list-editor").get_by_role("button", name="来源").first.click()
    page.get_by_label("来电").check()
    page.get_by_role("button", name="应用").click()
    expect(page.locator("#list-table tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile("source=call"))
    page.get_by_role("button", name="另存为").click()
    page.fill("#list-dialog [name=name]", "来电客户")
    page.locator("#list-dialog").get_by_role("button", name="保存").click()
    expect(page).to_have_url(re.compile("view="))
    page.get_by_role("button", name="来电客户").click()
    page.get_by_role("button", name="固定到左侧栏").click()
    expect(page.locator(".hearth-pins")).to_contain_text("来电客户")


def test_a_view_is_saved_kept_at_hand_changed_and_removed(page: Page, person: User, company: OrgUnit) -> None:
    make_customer(company, name="来电客", source="call")
    make_customer(company, name="网上客", source="web")
    sign_in_by_form(page, person.username)
    open_list(page, "/customers/")
    rows = page.locator("#list-table tbody tr")

    save_what_callers_see(page)
    page.get_by_role("link", name="移除筛选").click()
    expect(rows).to_have_count(2)
    expect(page.get_by_title("有未保存的更改")).to_be_visible()
    page.get_by_role("link", name="还原").click()
    expect(rows).to_have_count(1)
    page.get_by_role("link", name="移除筛选").click()
    page.locator(".list-toolbar").get_by_role("button", name="保存", exact=True).click()
    expect(page).to_have_url(re.compile("view="))
    assert SavedView.objects.get().parameters == {}

    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="来电客户").click()
    page.get_by_role("button", name="删除视图").click()
    expect(page.locator(".hearth-pins")).to_have_count(0)
    assert SavedView.objects.count() == 0


def test_a_card_moves_on_the_board_and_a_refused_one_goes_back(
    page: Page, person: User, company: OrgUnit
) -> None:
    with transaction.atomic():
        answered = make_case(company, title="已答复的工单", answered_at=NOW, reply="好", kind="repair")
        make_case(company, title="未答复的工单")
    sign_in_by_form(page, person.username)
    open_list(page, "/cases/?display=board")
    columns = page.locator(".list-cards")

    columns.nth(1).locator(".list-card").focus()
    page.keyboard.press("m")
    with page.expect_response("**/move/**"):
        page.keyboard.press("3")
    expect(columns.nth(2)).to_contain_text("已答复的工单")
    answered.refresh_from_db()
    assert answered.state == Case.State.CLOSED

    columns.nth(0).locator(".list-card").focus()
    page.keyboard.press("m")
    page.keyboard.press("3")
    expect(page.locator("#toasts")).to_contain_text("请先答复客户")
    expect(columns.nth(0)).to_contain_text("未答复的工单")
    expect(page.locator("[data-number]").nth(0)).to_have_text("1")


def test_chosen_rows_are_assigned_and_that_is_taken_back(
    page: Page, person: User, company: OrgUnit, run_jobs: RunJobs
) -> None:
    customers = [make_customer(company, name=name) for name in ("李小龙", "王小明")]
    sign_in_by_form(page, person.username)
    open_list(page, "/customers/?sort=name")

    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#list-selection [data-chosen]")).to_have_text("1")
    page.get_by_role("button", name="选择全部").click()
    expect(page.locator("#list-selection [data-chosen]")).to_have_text("2")
    page.get_by_role("button", name="分配给同事").click()
    page.select_option("#list-dialog [name=person]", label="林晓安")
    page.get_by_role("button", name="预览更改").click()
    expect(page.locator("#list-dialog")).to_contain_text("将更改 2 行")
    page.get_by_role("button", name="确认更改").click()
    expect(page).to_have_url(re.compile("/lists/runs/"))
    run_jobs()
    page.get_by_role("button", name="撤销").click()
    assert [each.responsible_id for each in Customer.objects.all()] == [person.pk] * 2
    run_jobs()
    expect(page.locator("#run")).to_contain_text("已撤销")
    assert Customer.objects.filter(responsible__isnull=True).count() == len(customers)


def tab_to(page: Page, name: str) -> None:
    """Walk by Tab until the button of that name has the focus."""
    button = page.get_by_role("button", name=name)
    for _ in range(20):
        page.keyboard.press("Tab")
        if button.evaluate("(element) => element === document.activeElement"):
            return
    pytest.fail(f"Tab does not lead to {name}.")


def narrow_to_prospects_by_keyboard(page: Page) -> None:
    """Open the filter of stages from the keyboard, choose the first and apply it."""
    page.locator("[data-filter=stage]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".list-editor input[type=checkbox]").first).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("stage="))


def assign_both_by_keyboard(page: Page) -> None:
    """Select two rows, say who takes them, look at what will change, and have it done."""
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator("#list-selection [data-chosen]")).to_have_text("2")
    page.keyboard.press("a")
    person = page.locator("#list-dialog select")
    expect(person).to_be_visible()
    person.focus()
    page.keyboard.press("ArrowDown")
    tab_to(page, "预览更改")
    page.keyboard.press("Enter")
    expect(page.locator("#list-dialog")).to_contain_text("将更改 2 行")
    tab_to(page, "确认更改")
    page.keyboard.press("Enter")


def test_from_filter_to_assignment_and_the_page_of_a_row_no_mouse_is_needed(
    page: Page, person: User, company: OrgUnit, run_jobs: RunJobs
) -> None:
    first, second = make_customer(company, name="李小龙"), make_customer(company, name="王小明")
    make_customer(company, name="张三丰")
    for customer in (first, second):
        make_profile(customer, owner_stage="prospect")
    sign_in_by_form(page, person.username)
    open_list(page, "/customers/?sort=name")

    narrow_to_prospects_by_keyboard(page)
    expect(page.locator("#list-table tbody tr")).to_have_count(2)
    page.keyboard.press("Escape")
    assign_both_by_keyboard(page)
    expect(page).to_have_url(re.compile("/lists/runs/"))
    run_jobs()
    assert Customer.objects.filter(responsible=person).count() == 2

    open_list(page, "/customers/?sort=name&stage=prospect")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    expect(page.locator("#list-peek")).to_contain_text("李小龙")
    page.keyboard.press("o")
    expect(page.locator("h1")).to_contain_text("李小龙")
    page.keyboard.press("Alt+ArrowLeft")
    expect(page).to_have_url(re.compile("/customers/"))


def test_a_record_leads_to_those_before_and_after_it_in_its_list(
    page: Page, person: User, company: OrgUnit
) -> None:
    names = ["丁一", "李小龙", "王小明", "赵四"]
    customers = [
        make_customer(company, name=name, source="call" if name != "李小龙" else "web") for name in names
    ]
    sign_in_by_form(page, person.username)
    open_list(page, "/customers/?sort=name&source=call")

    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page.locator("h1")).to_contain_text("丁一")
    expect(page.locator("[data-beside]")).to_be_visible()
    page.keyboard.press(">")
    expect(page.locator("h1")).to_contain_text("王小明")
    expect(page.locator("[data-beside]")).to_be_visible()
    page.keyboard.press("<")
    expect(page.locator("h1")).to_contain_text("丁一")
    expect(page.locator("[data-beside]")).to_be_visible()
    page.keyboard.press("<")
    expect(page.locator("body")).to_contain_text("已经是列表中的第一个")
    page.evaluate("sessionStorage.clear()")
    page.goto(f"/customers/{customers[1].pk}/")
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-beside]")).to_be_hidden()
