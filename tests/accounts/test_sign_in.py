"""Signing in with a password: who gets in, who is locked out, and what strangers may learn."""

import time

import pytest
from django.conf import settings
from django.test import Client
from pytest_django.fixtures import Settings

from hearth.accounts.services import deactivate_user
from hearth.config import settings as global_settings
from hearth.organization.models import OrgUnit
from tests.accounts.builders import PASSWORD, SYSTEM, is_signed_in, make_account, post_sign_in

pytestmark = pytest.mark.django_db
LOCKED = "Too many wrong tries: sign-in is locked for five minutes. Wait, or reset your password."
WRONG = "The user name or the password is not right."


def fail_to_sign_in(client: Client, login: str, times: int, *, address: str = "127.0.0.1") -> None:
    for number in range(times):
        post_sign_in(client, login, f"wrong-{number}", address=address)


@pytest.mark.parametrize("login", ["lin", "LIN", "lin@hearth.invalid"])
def test_a_person_signs_in_by_user_name_or_e_mail(client: Client, place: OrgUnit, login: str) -> None:
    make_account("lin", org_unit=place)

    response = post_sign_in(client, login)

    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert is_signed_in(client)


def test_passwords_are_kept_as_argon2(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS

    user = make_account("lin")

    assert user.password.startswith("argon2$argon2id$v=19$m=102400,t=2,p=8$")


def test_sign_in_goes_on_in_the_language_of_the_person(client: Client) -> None:
    make_account("lin", language="zh-hans")

    response = post_sign_in(client, "lin")

    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "zh-hans"


def test_five_wrong_passwords_lock_the_account_for_the_right_one_too(client: Client) -> None:
    make_account("lin")
    fail_to_sign_in(client, "lin", 5)

    response = post_sign_in(client, "lin")

    assert LOCKED in response.content.decode()
    assert not is_signed_in(client)


def test_user_name_and_e_mail_count_for_one_account(client: Client) -> None:
    make_account("lin")
    fail_to_sign_in(client, "lin", 3)
    fail_to_sign_in(client, "Lin@Hearth.invalid", 2)

    response = post_sign_in(client, "lin")

    assert LOCKED in response.content.decode()


def test_a_locked_account_is_locked_from_everywhere_but_others_are_not(client: Client) -> None:
    make_account("lin")
    make_account("wang")
    fail_to_sign_in(client, "lin", 5)

    elsewhere = post_sign_in(client, "lin", address="10.0.0.9")
    post_sign_in(client, "wang")

    assert LOCKED in elsewhere.content.decode()
    assert is_signed_in(client)


def test_an_address_that_tries_many_accounts_is_locked_and_another_address_is_not(
    client: Client, other_browser: Client, settings: Settings
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/m/ip,5/5m/key"}
    make_account("lin")
    for login in ("a", "b", "c"):
        post_sign_in(client, login, "wrong", address="10.0.0.8")

    locked = post_sign_in(client, "lin", address="10.0.0.8")
    post_sign_in(other_browser, "lin", address="10.0.0.9")

    assert LOCKED in locked.content.decode()
    assert is_signed_in(other_browser)


def test_the_lock_opens_when_its_time_is_over(client: Client, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,5/1s/key"}
    make_account("lin")
    fail_to_sign_in(client, "lin", 5)
    time.sleep(1.1)

    post_sign_in(client, "lin")

    assert is_signed_in(client)


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(client: Client) -> None:
    make_account("lin")

    unknown = post_sign_in(client, "nobody", "wrong").content.decode()
    known = post_sign_in(client, "lin", "wrong").content.decode()

    assert WRONG in unknown
    assert WRONG in known


def test_an_unknown_name_is_locked_like_a_known_one(client: Client) -> None:
    fail_to_sign_in(client, "nobody", 5)

    response = post_sign_in(client, "nobody")

    assert LOCKED in response.content.decode()


def test_a_deactivated_account_stays_outside(client: Client, now: object) -> None:
    user = make_account("lin")
    deactivate_user(user, actor=SYSTEM, now=user.created_at)

    post_sign_in(client, "lin")

    assert not is_signed_in(client)


def test_nobody_signs_up(client: Client) -> None:
    response = client.get("/accounts/signup/")

    assert response.status_code == 404


def test_a_stranger_is_sent_to_sign_in_and_back(client: Client, place: OrgUnit) -> None:
    make_account("lin", org_unit=place)

    asked = client.get("/accounts/profile/")
    answered = client.post(
        "/accounts/login/", {"login": "lin", "password": PASSWORD, "next": "/accounts/profile/"}
    )

    assert asked.headers["Location"] == "/accounts/login/?next=%2Faccounts%2Fprofile%2F"
    assert answered.headers["Location"] == "/accounts/profile/"


def test_signing_out_closes_the_door(client: Client, place: OrgUnit) -> None:
    make_account("lin", org_unit=place)
    post_sign_in(client, "lin")

    client.post("/accounts/logout/")

    assert client.get("/accounts/profile/").status_code == 302


@pytest.mark.parametrize(
    ("cookie", "words"),
    [("en", "Sign in to your account"), ("zh-hans", "登录您的账号"), ("fr", "登录您的账号")],
)
def test_the_sign_in_page_speaks_the_chosen_language(client: Client, cookie: str, words: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = cookie

    response = client.get("/accounts/login/")

    assert words in response.content.decode()


def test_a_stranger_switches_the_language_and_stays_on_the_page(client: Client) -> None:
    response = client.post("/accounts/language/", {"language": "zh-hans", "next": "/accounts/login/"})

    assert response.headers["Location"] == "/accounts/login/"
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "zh-hans"


def test_a_person_who_switches_the_language_keeps_it(client: Client, place: OrgUnit) -> None:
    user = make_account("lin", org_unit=place)
    post_sign_in(client, "lin")

    client.post("/accounts/language/", {"language": "zh-hans", "next": "/accounts/profile/"})

    user.refresh_from_db()
    assert user.language == "zh-hans"


@pytest.mark.parametrize(
    "target", ["https://elsewhere.invalid/", "//elsewhere.invalid", "javascript:alert(1)", ""]
)
def test_the_language_switch_leads_nowhere_else(client: Client, target: str) -> None:
    response = client.post("/accounts/language/", {"language": "en", "next": target})

    assert response.headers["Location"] == "/"


def test_an_unknown_language_changes_nothing(client: Client) -> None:
    response = client.post("/accounts/language/", {"language": "tlh", "next": "/"})

    assert settings.LANGUAGE_COOKIE_NAME not in response.cookies
