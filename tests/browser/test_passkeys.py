"""Passkeys, made and used by a device that Chromium imitates."""

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from hearth.accounts.models import User
from tests.browser.conftest import DESKTOP, PASSWORD, PHONE, Watch, sign_in_by_form
from tests.browser.journeys import faults_of, overflow_of

pytestmark = pytest.mark.django_db(transaction=True)


def give_device(page: Page, *, knows_its_owner: bool = True) -> None:
    """Attach a device that keeps passkeys and, by a finger, tells who holds it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": knows_its_owner,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def add_passkey(page: Page, name: str) -> None:
    """Add a passkey from the account page, with the password once more."""
    page.goto("/accounts/profile/")
    page.click("text=添加通行密钥")
    if page.locator("input[name=password]").count():
        page.fill("input[name=password]", PASSWORD)
        page.click("form .btn-primary")
    page.fill("input[name=name]", name)
    page.click("#add-passkey")
    page.wait_for_url("**/recovery-codes/**")


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.click("main form .btn-primary, main form .btn-danger")
    page.goto("/accounts/login/")


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_a_passkey_is_added_named_used_and_removed(
    open_page: Callable[..., Page], person: User, size: tuple[int, int]
) -> None:
    page = open_page(size)
    give_device(page)
    sign_in_by_form(page, person.username)
    add_passkey(page, "手机")

    sign_out(page)
    assert (overflow_of(page), faults_of(page)) == (0, [])
    page.click("#passkey-sign-in")
    page.wait_for_url(lambda address: "login" not in address)

    page.goto("/accounts/profile/")
    expect(page.get_by_text("手机", exact=True)).to_be_visible()
    assert (overflow_of(page), faults_of(page)) == (0, [])
    page.click("text=重命名")
    page.click("text=改用通行密钥")
    page.click("#use-passkey")
    page.fill("input[name=name]", "新手机")
    page.click("main form .btn-primary")
    page.click("a:text-is('移除')")
    expect(page.get_by_text("“新手机”将不再能打开您的账号")).to_be_visible()
    page.click("main form .btn-danger")
    expect(page.get_by_text("通行密钥已移除。")).to_be_visible()
    assert not Authenticator.objects.filter(user=person, type="webauthn").exists()


def test_a_passkey_is_the_second_step_after_a_password(page: Page, person: User) -> None:
    give_device(page)
    sign_in_by_form(page, person.username)
    add_passkey(page, "电脑")
    sign_out(page)

    sign_in_by_form(page, person.username)
    page.wait_for_url("**/two-step/code/**")
    page.goto("/customers/")
    assert "/two-step/code/" in page.url
    page.click("#use-passkey")

    page.wait_for_url(lambda address: "two-step" not in address and "login" not in address)
    expect(page.locator("aside.hearth-rail")).to_be_visible()


def test_a_copied_key_is_refused(page: Page, person: User) -> None:
    give_device(page)
    sign_in_by_form(page, person.username)
    add_passkey(page, "电脑")
    sign_out(page)
    passkey = Authenticator.objects.get(user=person, type="webauthn")
    passkey.data["sign_count"] = 1_000
    passkey.save()

    page.click("#passkey-sign-in")

    expect(page.get_by_text("验证码不正确")).to_be_visible()
    page.goto("/customers/")
    assert "login" in page.url


def test_a_device_that_does_not_know_its_owner_gives_no_passkey(
    page: Page, person: User, watch: Watch
) -> None:
    give_device(page, knows_its_owner=False)
    sign_in_by_form(page, person.username)
    page.goto("/accounts/passkeys/add/")
    page.fill("input[name=password]", PASSWORD)
    page.click("form .btn-primary")

    page.click("#add-passkey")

    expect(page.locator("[data-passkey-failed]")).to_be_visible()
    assert not Authenticator.objects.filter(user=person).exists()
