"""What a person hears of a device they never signed in on, and how they shut it out."""

import pytest
from allauth.usersessions.models import UserSession
from django.core import signing
from django.core.mail import EmailMessage
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from hearth.accounts.devices import COOKIE, SALT
from hearth.accounts.jobs import write_of_new_device
from hearth.accounts.models import Notification, User
from hearth.accounts.notifications import NEW_DEVICE
from hearth.accounts.services import end_other_sessions
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.organization.models import OrgUnit
from tests.accounts.builders import is_signed_in, make_account, post_sign_in
from tests.accounts.test_second_step import enrol, wait_inside_one_step
from tests.accounts.totp import compute_code

pytestmark = pytest.mark.django_db
PAGE = "/accounts/profile/"


@pytest.fixture
def person(place: OrgUnit) -> User:
    return make_account("lin", org_unit=place)


@pytest.fixture
def known(client: Client, person: User) -> Client:
    """The device on which the person signed in first."""
    post_sign_in(client, "lin")
    return client


@pytest.fixture
def stranger() -> Client:
    return Client()


def told(user: User) -> list[str]:
    return [row.text for row in Notification.objects.filter(user=user, kind=NEW_DEVICE)]


def test_the_first_device_of_all_is_no_news(known: Client, person: User) -> None:
    assert is_signed_in(known)
    assert told(person) == []


def test_a_device_seen_before_is_no_news(known: Client, person: User) -> None:
    known.post("/accounts/logout/")
    post_sign_in(known, "lin", address="10.9.9.9")

    assert is_signed_in(known)
    assert told(person) == []


def test_a_new_device_is_told_with_its_address_and_known_afterwards(
    known: Client, stranger: Client, person: User
) -> None:
    post_sign_in(stranger, "lin", address="10.1.2.3")
    once = told(person)
    stranger.post("/accounts/logout/")
    post_sign_in(stranger, "lin", address="10.1.2.3")

    assert len(once) == 1
    assert "10.1.2.3" in once[0]
    assert told(person) == once


def test_a_wrong_password_makes_no_device_known(known: Client, stranger: Client, person: User) -> None:
    post_sign_in(stranger, "lin", "wrong-password")

    assert COOKIE not in stranger.cookies
    assert told(person) == []


def test_a_new_device_is_told_once_the_second_step_is_taken(
    known: Client, stranger: Client, person: User
) -> None:
    wait_inside_one_step()
    secret = enrol(known)
    post_sign_in(stranger, "lin")
    after_the_password = told(person)
    stranger.post("/accounts/two-step/code/", {"code": compute_code(secret)})

    assert is_signed_in(stranger)
    assert (len(after_the_password), len(told(person))) == (0, 1)


@pytest.mark.parametrize("signed_with", [SALT + ".other", ""])
def test_a_forged_cookie_makes_no_device_known(
    known: Client, stranger: Client, person: User, signed_with: str
) -> None:
    forged = signing.dumps([person.pk], salt=signed_with) if signed_with else f"[{person.pk}]"
    stranger.cookies[COOKIE] = forged

    post_sign_in(stranger, "lin")

    assert len(told(person)) == 1


def test_a_device_known_to_another_person_is_news(
    known: Client, person: User, place: OrgUnit, stranger: Client
) -> None:
    wang = make_account("wang", org_unit=place)
    post_sign_in(stranger, "wang")
    known.post("/accounts/logout/")
    post_sign_in(known, "wang")

    assert (len(told(wang)), told(person)) == (1, [])


def test_one_button_ends_every_other_session_and_only_one_s_own(
    known: Client, stranger: Client, place: OrgUnit
) -> None:
    make_account("wang", org_unit=place)
    colleague = Client()
    for browser, name in ((stranger, "lin"), (colleague, "wang")):
        post_sign_in(browser, name)
        browser.get(PAGE)
    offered = "/accounts/sessions/end-others/" in known.get(PAGE).content.decode()

    known.post("/accounts/sessions/end-others/")

    assert offered
    assert (is_signed_in(known), is_signed_in(stranger), is_signed_in(colleague)) == (True, False, True)
    assert "/accounts/sessions/end-others/" not in known.get(PAGE).content.decode()


def test_nobody_ends_the_sessions_of_another_person(known: Client, person: User) -> None:
    known.get(PAGE)

    with pytest.raises(NotAllowed):
        end_other_sessions(person, actor=Actor(person.pk + 1, "other"), kept_key="")

    assert UserSession.objects.filter(user=person).exists()


def test_a_new_device_is_written_of_too(
    known: Client, stranger: Client, person: User, mailoutbox: list[EmailMessage]
) -> None:
    post_sign_in(stranger, "lin")
    queued = ProcrastinateJob.objects.get(task_name="accounts.write_of_new_device")
    write_of_new_device(**queued.args)

    assert [mail.to for mail in mailoutbox] == [[person.email]]
    assert "/accounts/profile/" in mailoutbox[0].body
