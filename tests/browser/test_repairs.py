# domain data
"""An engineer's phone: what is entered without network is kept and sent once when there is network again."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, Route, expect

from hearth.accounts.models import User
from hearth.organization.models import OrgUnit
from hearth.repairs.models import RepairOrder, RepairPhoto, RepairSlot, RepairVisit, SignOff
from tests.browser.conftest import PASSWORD, PHONE, Watch, sign_in_by_form
from tests.browser.journeys import faults_of, overflow_of
from tests.customers.builders import make_customer
from tests.repairs.builders import make_booked, make_engineer, make_part, make_visit, signed_by

pytestmark = pytest.mark.django_db(transaction=True)
LOST = "net::ERR_INTERNET_DISCONNECTED"


@pytest.fixture
def engineer(company: OrgUnit) -> User:
    """An engineer with a name and a password."""
    with transaction.atomic():
        user = make_engineer(company, "customers.view")
    user.username, user.display_name = "zhaogong", "赵工"
    user.set_password(PASSWORD)
    user.save()
    return user


def _booked_now(company: OrgUnit, engineer: User) -> RepairOrder:
    now = timezone.now()
    with transaction.atomic():
        order = make_booked(company, engineer, now=now, customer=make_customer(company))
        RepairSlot.objects.filter(orders=order).update(starts_at=now, ends_at=now + timedelta(hours=1))
    return order


def _photo(folder: Path) -> Path:
    """Write a photo as large as those of phones."""
    content = BytesIO()
    Image.new("RGB", (3000, 2000), "steelblue").save(content, "JPEG")
    path = folder / "前.jpg"
    path.write_bytes(content.getvalue())
    return path


def _draw(page: Page, signer: str) -> None:
    pad = page.locator(f"canvas[data-signer={signer}]")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 60, steps=5)
    page.mouse.up()


def _write_report(page: Page) -> None:
    """Write what was done with which parts, have it signed by three, and send it."""
    page.fill("[name=note]", "重做防水")
    page.get_by_text("所用配件").click()
    page.get_by_label("角阀").fill("2")
    for signer in ("engineer", "owner", "supervisor"):
        _draw(page, signer)
    page.fill("[name=name_owner]", "王女士")
    page.get_by_role("button", name="发送上门记录").click()


def test_a_report_entered_without_network_is_kept_and_sent_once_when_it_is_back(
    phone: Page, engineer: User, company: OrgUnit, watch: Watch, tmp_path: Path
) -> None:
    watch.expected.append(LOST)
    with transaction.atomic():
        make_part(company, "角阀")
    order = _booked_now(company, engineer)
    sign_in_by_form(phone, engineer.username)
    phone.goto("/repairs/mine/")
    expect(phone.locator(f"#order-{order.pk}")).to_contain_text("卫生间渗漏")
    assert overflow_of(phone) == 0

    phone.context.set_offline(True)
    phone.get_by_role("button", name="我已到场").click()
    phone.set_input_files("[name=before]", _photo(tmp_path))
    _write_report(phone)
    expect(phone.locator("#outbox li")).to_have_count(2)
    expect(phone.locator("#outbox")).to_contain_text("等待网络")
    assert RepairVisit.objects.count() == 0
    phone.context.set_offline(False)
    expect(phone.locator("#outbox")).to_be_hidden()
    expect(phone.locator("[data-told]")).to_contain_text("已发送")

    visit, row = RepairVisit.objects.get(), RepairOrder.objects.get(pk=order.pk)
    with Image.open(RepairPhoto.objects.get().stored.file.path) as kept:
        size = kept.size
    assert (row.state, visit.note, visit.used_parts.get().quantity) == ("signed", "重做防水", Decimal(2))
    assert size == (2000, 1333)
    assert row.arrived_at is not None
    assert row.arrived_at <= visit.came_at
    assert SignOff.objects.get(signer="owner").name == "王女士"


def test_what_was_kept_outlives_the_page_and_an_answer_that_was_lost(
    phone: Page, engineer: User, company: OrgUnit, watch: Watch
) -> None:
    watch.expected += [LOST, "net::ERR_FAILED", "net::ERR_CONNECTION"]
    order = _booked_now(company, engineer)
    sign_in_by_form(phone, engineer.username)
    phone.goto(f"/repairs/mine/{order.pk}/")

    # The server keeps the report, and the network goes before its answer comes.
    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    phone.route("**/report/", lose_the_answer)
    phone.fill("[name=note]", "换角阀")
    phone.get_by_role("button", name="发送上门记录").click()
    expect(phone.locator("#outbox")).to_contain_text("等待网络")
    phone.wait_for_timeout(500)
    assert RepairVisit.objects.count() == 1
    phone.unroute("**/report/")
    phone.goto("/repairs/mine/")
    expect(phone.locator("#outbox")).to_be_hidden()

    assert RepairVisit.objects.get().order_id == order.pk


def test_what_the_server_refuses_stays_with_the_reason_until_it_is_discarded(
    phone: Page, engineer: User, company: OrgUnit
) -> None:
    order = _booked_now(company, engineer)
    sign_in_by_form(phone, engineer.username)
    phone.goto(f"/repairs/mine/{order.pk}/")
    with transaction.atomic():
        make_visit(order, now=timezone.now(), came_at=timezone.now())

    phone.fill("[name=note]", "换角阀")
    phone.get_by_role("button", name="发送上门记录").click()
    expect(phone.locator("#outbox li")).to_contain_text("已过这一步")
    phone.reload()
    expect(phone.locator("#outbox li")).to_contain_text("已过这一步")
    phone.get_by_role("button", name="丢弃").click()
    expect(phone.locator("#outbox")).to_be_hidden()

    assert RepairVisit.objects.count() == 1


def test_a_repair_passed_on_meanwhile_holds_up_no_other_report(
    phone: Page, engineer: User, company: OrgUnit, watch: Watch
) -> None:
    watch.expected += [LOST, "status of 404"]
    first, second = _booked_now(company, engineer), _booked_now(company, engineer)
    with transaction.atomic():
        other = make_engineer(company)
    sign_in_by_form(phone, engineer.username)
    phone.goto("/repairs/mine/")

    phone.context.set_offline(True)
    for order in (first, second):
        card = phone.locator(f"#order-{order.pk}")
        card.locator("summary").first.click()
        card.locator("[name=note]").fill("换角阀")
        card.get_by_role("button", name="发送上门记录").click()
    expect(phone.locator("#outbox li")).to_have_count(2)
    RepairOrder.objects.filter(pk=first.pk).update(engineer=other)
    phone.context.set_offline(False)
    expect(phone.locator("#outbox li")).to_have_count(1)

    expect(phone.locator("#outbox li")).to_contain_text(f"{first} 上门记录: 服务器未接收")
    assert RepairVisit.objects.get().order_id == second.pk


def test_what_was_refused_is_sent_again_only_when_asked_and_what_met_a_trouble_by_itself(
    phone: Page, engineer: User, company: OrgUnit, watch: Watch
) -> None:
    watch.expected += [f"status of {status}" for status in (401, 404, 429)]
    order, answers, sent = _booked_now(company, engineer), [429, 401, 404, 404], list[int]()

    def answer(route: Route) -> None:
        sent.append(answers[len(sent)])
        route.fulfill(status=sent[-1], body="")

    def wait_and_be_online() -> None:
        phone.clock.run_for(61_000)
        phone.evaluate("window.dispatchEvent(new Event('online'))")
        phone.clock.run_for(1_000)

    phone.clock.install()
    sign_in_by_form(phone, engineer.username)
    phone.goto(f"/repairs/mine/{order.pk}/")
    phone.route("**/report/", answer)
    phone.fill("[name=note]", "换角阀")
    phone.get_by_role("button", name="发送上门记录").click()
    expect(phone.locator("#outbox li")).to_contain_text("会再次发送")
    phone.clock.run_for(31_000)
    expect(phone.locator("#outbox li")).to_contain_text("请重新登录")
    wait_and_be_online()
    signed_out = list(sent)
    phone.reload()
    expect(phone.locator("#outbox li")).to_contain_text("服务器未接收")
    wait_and_be_online()
    refused = list(sent)
    phone.get_by_role("button", name="立即发送").click()
    phone.clock.run_for(1_000)

    expect(phone.locator("#outbox li")).to_contain_text("服务器未接收")
    assert (signed_out, refused, sent) == ([429, 401], [429, 401, 404], answers)


def test_what_is_not_finished_is_not_signed_on_the_phone(
    phone: Page, engineer: User, company: OrgUnit
) -> None:
    order = _booked_now(company, engineer)
    sign_in_by_form(phone, engineer.username)
    phone.goto(f"/repairs/mine/{order.pk}/")

    phone.fill("[name=note]", "缺配件，改天再来")
    _draw(phone, "owner")
    phone.uncheck("[name=is_finished]")
    expect(phone.locator("canvas[data-signer=owner]")).to_be_hidden()
    phone.get_by_role("button", name="发送上门记录").click()
    expect(phone.locator("[data-told]")).to_contain_text("已发送")

    row = RepairOrder.objects.get(pk=order.pk)
    assert (row.state, row.visits.count(), row.sign_offs.count()) == ("arrived", 1, 0)


def test_pages_of_repairs_fit_a_phone_and_can_be_used_by_everybody(
    open_page: Callable[..., Page], person: User, company: OrgUnit
) -> None:
    page = open_page(PHONE)
    with transaction.atomic():
        make_part(company, "角阀")
        order = make_booked(company, make_engineer(company))
        make_visit(order, signatures=signed_by("engineer", "owner"))
    sign_in_by_form(page, person.username)

    for address in (
        "/repairs/",
        f"/repairs/orders/{order.pk}/",
        f"/repairs/homes/{order.unit_id}/",
        "/repairs/day/",
        "/repairs/day/?day=2026-03-18",
        "/repairs/parts/",
        f"/repairs/mine/{order.pk}/",
    ):
        page.goto(address)
        assert overflow_of(page) == 0, address
        assert faults_of(page) == [], address
