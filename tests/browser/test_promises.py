# domain data
"""A buyer acknowledges a disclosure and is promised things; the contract shows both, on a phone too."""

from datetime import date
from pathlib import Path

import pytest
from django.db import transaction
from playwright.sync_api import Page, ViewportSize, expect

from hearth.accounts.models import User
from hearth.organization.models import OrgUnit
from hearth.promises.models import Acknowledgement
from tests.browser.conftest import sign_in_by_form
from tests.browser.journeys import choose, faults_of, overflow_of
from tests.customers.builders import make_customer
from tests.promises.builders import TODAY, make_decided, make_draft, make_promise, make_published
from tests.properties.builders import make_building, make_project, make_unit
from tests.sales.builders import make_contract

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = ViewportSize(width=390, height=844)


@pytest.mark.requirement("S46")
def test_what_a_buyer_acknowledged_and_was_promised_stands_on_the_contract(
    page: Page, person: User, company: OrgUnit, tmp_path: Path
) -> None:
    paper = tmp_path / "签收单.pdf"
    paper.write_bytes(b"%PDF-1.7")
    with transaction.atomic():
        project = make_project(company, name="云栖里")
        home = make_unit(make_building(project, name="7栋"), number="1201")
        disclosure = make_published(make_draft(company, project=project))
        make_published(make_draft(company, project=project, kind="pledge"))
        promise = make_decided(make_promise(company, project=project, made_date=date(2026, 1, 10)))
        contract = make_contract(home, make_customer(company, name="欧阳明月"), signed_date=TODAY)
    sign_in_by_form(page, person.username)

    page.goto(f"/promises/disclosures/{disclosure.pk}/buyers/")
    page.fill("[name=who]", "欧阳明月")
    choose(page, "building", "7栋")
    page.fill("[name=room]", "1201")
    page.fill("[name=acknowledged_date]", TODAY.isoformat())
    page.set_input_files("[name=evidence_file]", paper)
    page.get_by_role("button", name="登记").click()
    expect(page.locator("#buyers-list")).to_contain_text("欧阳明月")
    page.goto(f"/contracts/{contract.pk}/")

    expect(page.locator("#told tr", has_text="不利因素")).to_contain_text("2026-03-18")
    expect(page.locator("#told tr", has_text="阳光宣言")).to_contain_text("未确认")
    expect(page.locator("#told li")).to_contain_text("未兑现")
    assert Acknowledgement.objects.get().evidence_file is not None
    page.set_viewport_size(PHONE)
    for address in (
        f"/contracts/{contract.pk}/",
        f"/promises/{promise.pk}/",
        f"/promises/disclosures/{disclosure.pk}/",
        "/promises/new/",
    ):
        page.goto(address, wait_until="networkidle")
        assert (address, faults_of(page), overflow_of(page)) == (address, [], 0)
