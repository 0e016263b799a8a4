"""The pages of the first run and the checklist on the start page."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.permissions import SIGNED_IN
from hearth.organization.models import FirstStep, OrgUnit, Role
from hearth.organization.permissions import CHANGE_ORGANIZATION
from hearth.organization.services import make_first_account
from tests.customers.builders import make_customer
from tests.organization.builders import make_member, make_org_unit, sign_in

pytestmark = pytest.mark.django_db
HOME, START = "/", "/start/"


@pytest.fixture
def first(actor: Actor, now: datetime) -> User:
    """The account that opens an empty installation."""
    return make_first_account(actor=actor, now=now, password="a-long-first-word-7")


@pytest.fixture
def browser(client: Client, first: User) -> Client:
    """A browser of that account."""
    return sign_in(client, first)


def address(code: str) -> str:
    return reverse("workspace:first_step", args=[code])


def states() -> dict[str, str]:
    return dict(FirstStep.objects.values_list("code", "state"))


def test_the_first_sign_in_is_led_to_the_first_step_and_only_once_a_session(browser: Client) -> None:
    led = [browser.get(page)["Location"] for page in (HOME, START)]
    browser.get(address("company"))
    later = browser.get(HOME)

    assert led == [START, address("company")]
    assert later.status_code == 200
    assert "初始设置" in later.content.decode()


def test_an_installation_that_works_knows_no_first_run(signed_in: Client) -> None:
    home = signed_in.get(HOME)

    assert home.status_code == 200
    assert "初始设置" not in home.content.decode()
    assert signed_in.get(START)["Location"] == HOME
    assert signed_in.get(address("company")).status_code == 404


def test_others_are_not_led_anywhere(client: Client, first: User) -> None:
    company = make_org_unit(OrgUnit.objects.get(), code="SZ")
    sign_in(client, make_member(company, SIGNED_IN, CHANGE_ORGANIZATION))

    assert "初始设置" not in client.get(HOME).content.decode()
    assert client.get(START).status_code == 403
    assert client.get(address("people")).status_code == 403
    assert client.post(address("people"), {"skip": "1"}).status_code == 403


def test_the_group_gets_its_name_and_the_person_theirs(browser: Client, first: User) -> None:
    sent = {"name": "安居集团", "language": "en", "display_name": "林晓安", "email": "lin@example.com"}

    went = browser.post(address("company"), sent)

    first.refresh_from_db()
    assert OrgUnit.objects.get().name == "安居集团"
    assert (first.display_name, first.email, first.language) == ("林晓安", "lin@example.com", "en")
    assert states()["company"] == "done"
    assert went["Location"] == address("places")
    assert b"Places" in browser.get(address("places")).content


def test_what_is_wrong_with_the_company_is_told_and_nothing_is_kept(browser: Client) -> None:
    other = make_member(OrgUnit.objects.get(), SIGNED_IN)
    sent = {"name": "安居集团", "language": "en", "display_name": "林晓安", "email": other.email}

    answers = [browser.post(address("company"), each) for each in (sent, {**sent, "name": ""})]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert "林晓安" in answers[0].content.decode()
    assert OrgUnit.objects.get().name == "我们的集团"
    assert states()["company"] == "open"


def test_places_are_added_one_after_the_other(browser: Client) -> None:
    group = OrgUnit.objects.get()
    region = {"parent": group.pk, "kind": "region", "name": "华南区域", "code": "S"}

    added = browser.post(address("places"), region)
    taken = browser.post(address("places"), {**region, "name": "另一个"})
    upside_down = browser.post(
        address("places"),
        {"parent": OrgUnit.objects.get(code="S").pk, "kind": "region", "name": "甲", "code": "X"},
    )
    went = browser.post(address("places"), {"next": "1"})

    assert (added.status_code, taken.status_code, upside_down.status_code) == (200, 422, 422)
    assert list(OrgUnit.objects.filter(parent=group).values_list("name", flat=True)) == ["华南区域"]
    assert states()["places"] == "done"
    assert went["Location"] == address("records")


def test_a_step_is_left_aside_and_taken_up_again(browser: Client) -> None:
    browser.post(address("records"), {"skip": "1"})
    skipped = browser.get(HOME, follow=True).content.decode()
    checklist = browser.get(HOME).content.decode()
    make_customer(make_org_unit(OrgUnit.objects.get(), code="SZ"))

    browser.post(address("records"), {"next": "1"})

    assert address("records") in skipped
    assert "已跳过" in checklist
    assert states()["records"] == "done"


def test_what_was_done_on_other_pages_counts(browser: Client) -> None:
    company = make_org_unit(OrgUnit.objects.get(), code="SZ")
    make_customer(company)
    make_member(company, SIGNED_IN)
    browser.get(address("company"))

    checklist = browser.get(HOME).content.decode()
    browser.post(address("company"), {"skip": "1"})

    assert checklist.count("已完成") == 3
    assert "初始设置" not in browser.get(HOME).content.decode()


def test_a_colleague_is_invited_and_the_run_ends(browser: Client) -> None:
    group = OrgUnit.objects.get()
    sent = {
        "display_name": "王芳",
        "username": "wangfang",
        "email": "wangfang@example.com",
        "language": "zh-hans",
        "org_unit": group.pk,
        "role": Role.objects.get(code="auditor").pk,
    }

    refused = browser.post(address("people"), {**sent, "email": "nowhere"})
    invited = browser.post(address("people"), sent)
    browser.post(START)

    assert (refused.status_code, invited.status_code) == (422, 200)
    assert User.objects.get(username="wangfang").memberships.get().org_unit == group
    assert set(states().values()) == {"skipped"}
    assert "初始设置" not in browser.get(HOME).content.decode()


@pytest.mark.parametrize("code", FirstStep.Code.values)
def test_every_step_may_be_left_for_later(browser: Client, code: str) -> None:
    page = browser.get(address(code))

    assert page.status_code == 200
    assert f'href="{HOME}"' in page.content.decode()
    assert set(states().values()) == {"open"}


def test_there_is_no_other_step(browser: Client) -> None:
    assert browser.get(address("nothing")).status_code == 404
