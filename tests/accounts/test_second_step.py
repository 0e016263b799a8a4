"""Two-step sign-in with codes as an authenticator app computes them."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from hearth.accounts.adapter import MfaAdapter
from hearth.accounts.models import User
from hearth.accounts.selectors import has_second_step
from hearth.organization.models import OrgUnit
from tests.accounts.builders import PASSWORD, is_signed_in, make_account, post_sign_in
from tests.accounts.totp import compute_code

pytestmark = pytest.mark.django_db
WRONG_CODE = "This code is not right. Codes change every 30 seconds and work once."
LOCKED = "Too many wrong tries"


@pytest.fixture
def person(client: Client, place: OrgUnit) -> User:
    """A person who is signed in by password."""
    user = make_account("lin", org_unit=place)
    post_sign_in(client, "lin")
    return user


def prove(client: Client) -> None:
    """Give the password once more, as changes to two-step sign-in demand."""
    client.post("/accounts/confirm/", {"password": PASSWORD})


def enrol(client: Client) -> str:
    """Set two-step sign-in up and return the secret that the app keeps."""
    prove(client)
    page = client.get("/accounts/two-step/app/").content.decode()
    found = re.search(r'id="secret" value="([A-Z2-7]+)"', page)
    assert found
    client.post("/accounts/two-step/app/", {"code": compute_code(found[1])})
    cache.clear()  # as if the code's thirty seconds had passed
    return found[1]


def wait_inside_one_step() -> None:
    """A code computed at the end of its thirty seconds would be late."""
    if time.time() % 30 > 28:
        time.sleep(2.1)


def test_the_right_code_switches_it_on_and_shows_recovery_codes(client: Client, person: User) -> None:
    wait_inside_one_step()

    enrol(client)

    assert has_second_step(person)
    page = client.get("/accounts/two-step/recovery-codes/").content.decode()
    assert len(re.findall(r"user-select-all\">(\d{8})<", page)) == 10


def test_a_wrong_code_switches_nothing_on(client: Client, person: User) -> None:
    prove(client)
    client.get("/accounts/two-step/app/")

    response = client.post("/accounts/two-step/app/", {"code": "000000"})

    assert WRONG_CODE in response.content.decode()
    assert not has_second_step(person)


def test_the_password_alone_no_longer_opens(client: Client, other_browser: Client, person: User) -> None:
    wait_inside_one_step()
    secret = enrol(client)

    first = post_sign_in(other_browser, "lin")
    closed = not is_signed_in(other_browser)
    wait_inside_one_step()
    other_browser.post("/accounts/two-step/code/", {"code": compute_code(secret)})

    assert first.headers["Location"].startswith("/accounts/two-step/code/")
    assert closed
    assert is_signed_in(other_browser)


def test_a_code_works_once(client: Client, other_browser: Client, person: User) -> None:
    wait_inside_one_step()
    secret = enrol(client)
    code = compute_code(secret)
    post_sign_in(other_browser, "lin")
    other_browser.post("/accounts/two-step/code/", {"code": code})
    thief = Client()
    post_sign_in(thief, "lin")

    thief.post("/accounts/two-step/code/", {"code": code})

    assert is_signed_in(other_browser)
    assert not is_signed_in(thief)


def test_a_recovery_code_opens_once(client: Client, other_browser: Client, person: User) -> None:
    wait_inside_one_step()
    enrol(client)
    code = Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()[0]
    post_sign_in(other_browser, "lin")
    other_browser.post("/accounts/two-step/code/", {"code": code})
    again = Client()
    post_sign_in(again, "lin")

    again.post("/accounts/two-step/code/", {"code": code})

    assert is_signed_in(other_browser)
    assert not is_signed_in(again)


def test_five_wrong_codes_lock_the_second_step(client: Client, other_browser: Client, person: User) -> None:
    wait_inside_one_step()
    secret = enrol(client)
    post_sign_in(other_browser, "lin")
    for number in range(5):
        other_browser.post("/accounts/two-step/code/", {"code": f"00000{number}"})

    wait_inside_one_step()
    response = other_browser.post("/accounts/two-step/code/", {"code": compute_code(secret)})

    assert LOCKED in response.content.decode()
    assert not is_signed_in(other_browser)


def test_it_can_be_switched_off(client: Client, person: User) -> None:
    wait_inside_one_step()
    enrol(client)

    client.post("/accounts/two-step/app/remove/")

    assert not has_second_step(person)


def test_a_change_of_it_asks_for_the_password_again(client: Client, person: User) -> None:
    asked = client.get("/accounts/two-step/app/")

    wrong = client.post("/accounts/confirm/", {"password": "wrong"})

    assert asked.headers["Location"].startswith("/accounts/confirm/")
    assert "The password is not right." in wrong.content.decode()


def test_the_secret_is_sealed_in_the_database(client: Client, person: User) -> None:
    wait_inside_one_step()
    secret = enrol(client)

    kept = Authenticator.objects.get(user=person, type="totp").data["secret"]

    assert secret not in kept
    assert MfaAdapter().decrypt(kept) == secret
