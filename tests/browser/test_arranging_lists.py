# domain data
"""Arranging lists by mouse and keyboard: widths that a view keeps, favourites in order, figures, changes of many."""

import re
from collections.abc import Callable

import pytest
from django.db import transaction
from django.utils.timezone import localdate
from playwright.sync_api import Locator, Page, expect

from hearth.accounts.models import User
from hearth.cases.models import Case
from hearth.core.permissions import SIGNED_IN
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.lists.models import SavedView
from hearth.lists.services import pin_view
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for
from tests.browser.conftest import PASSWORD, RunJobs, sign_in_by_form
from tests.browser.journeys import faults_of, has_visible_focus
from tests.cases.builders import make_case
from tests.customers.builders import make_customer, make_home
from tests.lists.builders import make_view
from tests.organization.builders import make_member

pytestmark = pytest.mark.django_db(transaction=True)


def visit(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")  # the scripts have run


def head(page: Page, column: str) -> Locator:
    return page.locator(f"th[data-column={column}]")


def width_of(page: Page, column: str) -> int:
    box = head(page, column).bounding_box()
    assert box is not None
    return round(box["width"])


def drag_edge(page: Page, column: str, by: int) -> None:
    box = page.locator(f"#width-{column}").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by, y, steps=5)
    page.mouse.up()


def save_as(page: Page, name: str) -> str:
    """Save what the list shows as a view of one's own and return its address."""
    page.get_by_role("button", name="另存为").click()
    page.fill("#list-dialog [name=name]", name)
    page.locator("#list-dialog").get_by_role("button", name="保存").click()
    expect(page).to_have_url(re.compile("view="))
    page.wait_for_load_state("networkidle")
    return page.url


def test_a_dragged_width_is_kept_by_the_view_and_shown_to_a_stranger(
    page: Page, open_page: Callable[..., Page], person: User, company: OrgUnit
) -> None:
    with transaction.atomic():
        make_customer(company, name="李小龙")
        stranger = make_member(company, SIGNED_IN, VIEW_CUSTOMER)
        stranger.set_password(PASSWORD)
        stranger.save()
    sign_in_by_form(page, person.username)
    visit(page, "/customers/")
    before = width_of(page, "phone")

    drag_edge(page, "phone", 120)
    expect(page).to_have_url(re.compile("widths=phone:"))
    expect(page.get_by_title("有未保存的更改")).to_be_visible()
    link, wide = page.url, width_of(page, "phone")
    view = save_as(page, "宽电话")
    visit(page, "/customers/?view=all")
    narrow = width_of(page, "phone")
    visit(page, view)
    other = open_page()
    sign_in_by_form(other, stranger.username)
    visit(other, link)

    assert abs(wide - before - 120) <= 1
    assert narrow < wide
    assert [width_of(each, "phone") for each in (page, other)] == [wide, wide]
    assert SavedView.objects.get().parameters == {"widths": f"phone:{wide}"}
    expect(page.get_by_title("有未保存的更改")).to_have_count(0)


def test_a_width_is_set_fitted_and_freed_by_keyboard(page: Page, person: User, company: OrgUnit) -> None:
    make_customer(company, name="李小龙")
    sign_in_by_form(page, person.username)
    visit(page, "/customers/")
    edge, before = page.locator("#width-stage"), width_of(page, "stage")

    edge.focus()
    assert has_visible_focus(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(f"widths=stage:{before + 32}"))
    expect(edge).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile(f"widths=stage:{before + 32}"))
    expect(page).to_have_url(re.compile("widths=stage:"))
    page.wait_for_load_state("networkidle")
    page.keyboard.press("Delete")
    expect(page).not_to_have_url(re.compile("widths="))
    assert faults_of(page) == []


def test_rows_are_as_high_as_the_view_says(page: Page, person: User, company: OrgUnit) -> None:
    make_customer(company, name="李小龙")
    sign_in_by_form(page, person.username)
    visit(page, "/customers/")

    page.locator(".list-columns").evaluate("form => form.previousElementSibling.click()")
    page.locator("[name=density][value=compact]").check()
    page.locator(".list-columns").get_by_role("button").click()
    expect(page).to_have_url(re.compile(r"\?density=compact$"))
    row = page.locator("#list-table tbody tr").first.bounding_box()

    assert row is not None
    assert round(row["height"]) == 32


def test_favourites_are_put_in_order_and_into_folders(page: Page, person: User) -> None:
    with transaction.atomic():
        for name in ("甲", "乙", "丙"):
            pin_view(make_view(person, name=name), actor=actor_for(person, today=localdate()), is_pinned=True)
    sign_in_by_form(page, person.username)
    visit(page, "/customers/")
    page.locator(".hearth-pins").get_by_role("link", name="收藏").click()
    page.wait_for_load_state("networkidle")
    rows = page.locator("[data-favourite]")

    rows.nth(2).get_by_role("button").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(rows.nth(1)).to_contain_text("丙")
    assert has_visible_focus(page)
    rows.nth(0).locator(".list-handle").drag_to(rows.nth(2).locator(".list-handle"))
    expect(rows.nth(2)).to_contain_text("甲")
    page.get_by_label("“乙”的文件夹").fill("例会")
    assert faults_of(page) == []
    page.locator("#content").get_by_role("button", name="保存").click()

    pins = page.locator(".hearth-pins")
    expect(pins.locator("details")).to_contain_text("例会")
    expect(pins.locator(".nav-link-title").last).to_have_text("乙")
    assert pins.locator("a.nav-link").all_inner_texts() == ["丙", "甲", "乙"]


def test_a_figure_is_chosen_at_the_foot(page: Page, person: User, company: OrgUnit) -> None:
    make_home(company, number="1203")
    sign_in_by_form(page, person.username)
    visit(page, "/homes/units/")

    page.get_by_role("button", name="“标价”的统计").click()
    page.locator("tfoot").get_by_role("link", name="合计").click()

    expect(page).to_have_url(re.compile("totals=price:sum"))
    expect(page.locator("tfoot strong")).to_have_text("¥2,000,000")
    assert faults_of(page) == []


def test_the_grade_of_chosen_cases_is_set_after_a_look_and_taken_back(
    page: Page, person: User, company: OrgUnit, run_jobs: RunJobs
) -> None:
    with transaction.atomic():
        for title in ("渗漏", "门锁"):
            make_case(company, title=title)
    sign_in_by_form(page, person.username)
    visit(page, "/cases/")

    page.get_by_label("选择本页所有行").check()
    page.get_by_role("button", name="设置等级").click()
    page.select_option("#list-dialog [name=value]", label="热点")
    page.get_by_role("button", name="预览更改").click()
    expect(page.locator("#list-dialog")).to_contain_text("将更改 2 行")
    page.get_by_role("button", name="确认更改").click()
    expect(page).to_have_url(re.compile("/lists/runs/"))
    run_jobs()
    page.get_by_role("button", name="撤销").click()
    changed = list(Case.objects.values_list("grade", flat=True))
    run_jobs()
    expect(page.locator("#run")).to_contain_text("已撤销")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载结果文件").click()

    assert changed == ["hot", "hot"]
    assert list(Case.objects.values_list("grade", flat=True)) == ["ordinary", "ordinary"]
    assert download.value.suggested_filename.endswith(".csv")
