"""How long a sign-in lasts."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from hearth.accounts.sessions import ACTIVE, BEGAN
from hearth.organization.models import OrgUnit
from tests.accounts.builders import is_signed_in, make_account, post_sign_in

pytestmark = pytest.mark.django_db
PAGE, BELL = "/accounts/profile/", "/accounts/bell/"


@pytest.fixture
def browser(client: Client, place: OrgUnit) -> Client:
    """A browser in which a person has signed in by password."""
    make_account("lin", org_unit=place)
    post_sign_in(client, "lin")
    return client


def set_back(browser: Client, **times: timedelta) -> None:
    """Let a sign-in have begun, or been used last, so much earlier."""
    session = browser.session
    for name, time in times.items():
        session[name] -= int(time.total_seconds())
    session.save()


def test_a_sign_in_that_nobody_used_ends(browser: Client) -> None:
    set_back(browser, **{ACTIVE: timedelta(minutes=61)})

    answer = browser.get(PAGE)

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/?next=")
    assert not is_signed_in(browser)
    assert not Session.objects.exists()


def test_whoever_works_stays_signed_in(browser: Client) -> None:
    for _look in range(3):
        set_back(browser, **{ACTIVE: timedelta(minutes=50)})
        assert browser.get(PAGE).status_code == 200

    assert is_signed_in(browser)


def test_what_an_open_page_asks_by_itself_shows_nobody_at_work(browser: Client) -> None:
    set_back(browser, **{ACTIVE: timedelta(minutes=50)})
    before = browser.session[ACTIVE]

    asked = browser.get(BELL)

    assert asked.status_code == 200
    assert browser.session[ACTIVE] == before


def test_a_sign_in_ends_in_time_however_much_it_is_used(browser: Client) -> None:
    set_back(browser, **{BEGAN: timedelta(hours=12, minutes=1)})

    assert browser.get(PAGE).status_code == 302
    assert not is_signed_in(browser)


def test_the_session_is_not_written_with_every_page(browser: Client) -> None:
    before = browser.session[ACTIVE]
    set_back(browser, **{ACTIVE: timedelta(seconds=30)})

    browser.get(PAGE)

    assert browser.session[ACTIVE] == before - 30
