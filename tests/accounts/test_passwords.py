"""Changing and resetting a password, over a real conversation with a mail server."""

import re

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from hearth.accounts.services import change_user
from hearth.organization.models import OrgUnit
from tests.accounts.builders import PASSWORD, SYSTEM, is_signed_in, make_account, post_sign_in
from tests.accounts.mail_server import Mailbox

pytestmark = pytest.mark.django_db
NEW = "cedar-bridge-77"


def open_link(client: Client, mailbox: Mailbox) -> str:
    """Follow the link of the mail to the form, as a browser does; return the form's address."""
    found = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", mailbox.text())
    assert found
    response = client.get(found[1])
    return str(response.headers["Location"])


def test_a_reset_link_comes_by_mail_and_works_once(client: Client, mailbox: Mailbox) -> None:
    make_account("lin", email="lin@example.com")

    client.post("/accounts/password/reset/", {"email": "lin@example.com"})
    form = open_link(client, mailbox)
    client.post(form, {"password1": NEW, "password2": NEW})
    post_sign_in(client, "lin", NEW)

    assert mailbox.recipients == ["lin@example.com"]
    assert mailbox.messages[0]["Subject"] == "Choose a new password · Hearth"
    assert is_signed_in(client)
    assert (
        "This link no longer works" in Client().get(form, HTTP_COOKIE="hearth_language=en").content.decode()
    )


def test_the_mail_is_in_the_language_of_the_page(client: Client, mailbox: Mailbox) -> None:
    make_account("lin", email="lin@example.com")
    client.cookies["hearth_language"] = "zh-hans"

    client.post("/accounts/password/reset/", {"email": "lin@example.com"})

    assert mailbox.messages[0]["Subject"] == "设置新密码 · 安居"
    assert "您的用户名是 lin" in mailbox.text()


def test_an_unknown_address_gets_the_same_answer_and_no_mail(client: Client, mailbox: Mailbox) -> None:
    make_account("lin", email="lin@example.com")

    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.com"})
    known = client.post("/accounts/password/reset/", {"email": "lin@example.com"})

    assert (unknown.status_code, unknown.headers["Location"]) == (
        known.status_code,
        known.headers["Location"],
    )
    assert mailbox.recipients == ["lin@example.com"]


def test_a_mail_server_that_is_down_gives_the_same_answer(client: Client, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    make_account("lin", email="lin@example.com")

    response = client.post("/accounts/password/reset/", {"email": "lin@example.com"})

    assert response.headers["Location"] == "/accounts/password/reset/done/"


def test_a_reset_opens_a_locked_account(client: Client, mailbox: Mailbox) -> None:
    make_account("lin", email="lin@example.com")
    for number in range(5):
        post_sign_in(client, "lin@example.com", f"wrong-{number}")

    client.post("/accounts/password/reset/", {"email": "lin@example.com"})
    client.post(open_link(client, mailbox), {"password1": NEW, "password2": NEW})
    post_sign_in(client, "lin", NEW)

    assert is_signed_in(client)


def test_a_reset_never_goes_to_an_address_that_was_given_up(client: Client, mailbox: Mailbox) -> None:
    user = make_account("lin", email="old@example.com")
    client.post("/accounts/password/reset/", {"email": "old@example.com"})
    client.post(open_link(client, mailbox), {"password1": NEW, "password2": NEW})
    post_sign_in(client, "lin", NEW)
    change_user(user, actor=SYSTEM, now=user.created_at, email="new@example.com")

    client.post("/accounts/password/reset/", {"email": "old@example.com"})
    client.post("/accounts/password/reset/", {"email": "new@example.com"})

    assert mailbox.recipients == ["old@example.com", "new@example.com"]


def test_a_change_of_password_ends_the_other_sessions(
    client: Client, other_browser: Client, place: OrgUnit
) -> None:
    make_account("lin", org_unit=place)
    post_sign_in(client, "lin")
    post_sign_in(other_browser, "lin")

    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})

    assert client.get("/accounts/profile/").status_code == 200
    assert other_browser.get("/accounts/profile/").status_code == 302


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short-1", "at least 10 characters"),
        ("8472947193", "entirely numeric"),
        ("password123", "too common"),
        ("lin-hearth@exampl", "too similar"),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(
    client: Client, place: OrgUnit, password: str, reason: str
) -> None:
    make_account("lin", email="lin-hearth@example.com", org_unit=place)
    post_sign_in(client, "lin")

    response = client.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": password, "password2": password}
    )

    assert reason in response.content.decode()
