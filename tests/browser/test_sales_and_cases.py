# domain data
"""A home is sold and paid for; a complaint is answered."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from hearth.accounts.models import User
from hearth.cases.models import Case
from hearth.organization.models import OrgUnit
from hearth.properties.models import Building
from hearth.sales.models import Payment
from tests.browser.conftest import PASSWORD, sign_in_by_form
from tests.browser.journeys import choose, look_up
from tests.cases.builders import NOW, cause_of, make_case
from tests.customers.builders import make_customer
from tests.organization.builders import make_member
from tests.properties.builders import make_building, make_project, make_unit

pytestmark = pytest.mark.django_db(transaction=True)


def sell(page: Page, building: Building) -> None:
    """Sell home 201 to Ouyang for two millions, and take the first six hundred thousand."""
    page.goto(f"/homes/buildings/{building.pk}/")
    page.get_by_role("link", name="201").click()
    page.fill("[name=buyer]", "ouyang")
    page.locator("#buyers a", has_text="欧阳明月").click()
    page.fill("[name=number]", "HT-2026-001")
    page.fill("[name=total_amount]", "2000000")
    page.get_by_role("button", name="签约").click()
    expect(page.locator("h1")).to_contain_text("HT-2026-001")
    page.fill("[name=receipt_number]", "SK-1")
    page.locator("form[action$='/pay/']").locator("[name=amount]").fill("600000")
    page.get_by_role("button", name="登记回款").click()
    expect(page.locator("main")).to_contain_text("¥1,400,000")


def answer_a_complaint(page: Page) -> None:
    """Take in what the customer of the page complains of, answer and close it."""
    page.get_by_role("link", name="新建工单").click()
    choose(page, "org_unit", "深圳公司")
    page.fill("[name=title]", "卫生间渗漏")
    page.fill("[name=body]", "楼上漏水,墙面起皮。")
    page.locator("main .card-footer .btn-primary").click()
    expect(page.locator("h1")).to_contain_text("卫生间渗漏")
    page.fill("[name=reply]", "明天上午十点上门查看。")
    page.get_by_role("button", name="登记答复").click()
    page.get_by_role("button", name="关闭工单").click()
    expect(page.get_by_role("button", name="登记答复")).to_have_count(0)


def test_a_home_is_sold_and_the_complaint_of_its_owner_is_answered(
    page: Page, person: User, company: OrgUnit
) -> None:
    building = make_building(make_project(company, name="金色家园"), name="7栋")
    for number in (101, 102, 201):
        make_unit(building, number=str(number), floor=number // 100)
    make_customer(company, name="欧阳明月", phone="13912345678")
    sign_in_by_form(page, person.username)

    sell(page, building)
    assert Payment.objects.get().amount == Decimal(600_000)
    page.goto(f"/homes/buildings/{building.pk}/")
    expect(page.locator(".stacking .state-contracted")).to_have_count(1)

    look_up(page, "欧阳", "欧阳明月")
    answer_a_complaint(page)
    assert Case.objects.get().state == Case.State.CLOSED
    page.goto("/cases/")
    page.fill("#list-text", "渗漏")
    expect(page).to_have_url(re.compile("q="))
    expect(page.locator("#list-table tbody tr")).to_have_count(1)


def say_how_it_was_settled(page: Page, proof: Path) -> None:
    """Fill in the settlement of the case on the page, with its proof and a cost."""
    page.fill("[name=solution]", "更换水管，墙面重新粉刷。")
    choose(page, "cause", "工程质量 · 渗漏")
    choose(page, "party", "承建商")
    page.set_input_files("[name=evidence_file]", proof)
    page.get_by_role("button", name="保存").first.click()
    expect(page.locator("#settlement")).to_contain_text("三方签字单.pdf")
    page.get_by_text("登记费用").first.click()
    page.fill("#id_cost_amount", "1200.50")
    page.locator("#settlement form").filter(has=page.locator("#id_cost_amount")).get_by_role("button").click()
    expect(page.locator("#settlement")).to_contain_text("1200.50")


@pytest.mark.requirement("S131")
def test_a_complaint_is_settled_by_one_and_closed_and_asked_after_by_another(
    page: Page, person: User, company: OrgUnit, tmp_path: Path
) -> None:
    proof = tmp_path / "三方签字单.pdf"
    proof.write_bytes(b"%PDF-1.7")
    with transaction.atomic():
        cause_of()
        case = make_case(company, title="卫生间渗漏", answered_at=NOW, reply="明天上门查看。")
        colleague = make_member(company, "core.signed_in", "cases.view", "cases.change", username="zhangke")
        colleague.set_password(PASSWORD)
        colleague.save()
    sign_in_by_form(page, person.username)
    page.goto(f"/cases/{case.pk}/")
    page.get_by_role("button", name="关闭工单").click()
    expect(page.locator("#settlement .alert")).to_contain_text("还缺：处理结果")

    say_how_it_was_settled(page, proof)
    page.get_by_role("button", name="关闭工单").click()
    expect(page.locator("#settlement .alert")).to_contain_text("处理人以外的同事")

    page.context.clear_cookies()
    sign_in_by_form(page, "zhangke")
    page.goto(f"/cases/{case.pk}/")
    page.get_by_role("button", name="关闭工单").click()
    choose(page, "rating", "1 ·")
    page.get_by_role("button", name="登记回访").click()
    expect(page.locator("#settlement")).to_contain_text("重新打开")
    case.refresh_from_db()
    assert case.state == Case.State.OPEN
