"""The account page: one's own words, sessions and tokens."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from hearth.accounts.models import ApiToken, User
from hearth.accounts.services import find_token
from hearth.organization.models import OrgUnit
from tests.accounts.builders import PASSWORD, is_signed_in, make_account, post_sign_in

pytestmark = pytest.mark.django_db
PAGE = "/accounts/profile/"


@pytest.fixture
def person(client: Client, place: OrgUnit) -> User:
    """A person who is signed in by password."""
    user = make_account("lin", org_unit=place)
    post_sign_in(client, "lin")
    return user


def test_people_change_their_name_and_language(client: Client, person: User) -> None:
    client.post(PAGE, {"display_name": "林芳", "email": person.email, "language": "zh-hans"})

    person.refresh_from_db()
    assert (person.display_name, person.language) == ("林芳", "zh-hans")
    assert "我的账号" in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("password", "email"), [("wrong", "lin@hearth.invalid"), (PASSWORD, "new@example.com")]
)
def test_a_new_e_mail_needs_the_password(client: Client, person: User, password: str, email: str) -> None:
    values = {
        "display_name": "Lin",
        "email": "new@example.com",
        "language": "en",
        "current_password": password,
    }

    client.post(PAGE, values)

    person.refresh_from_db()
    assert person.email == email


def test_an_e_mail_of_somebody_else_is_refused_beside_its_field(client: Client, person: User) -> None:
    make_account("wang", email="wang@example.com")
    values = {
        "display_name": "Lin",
        "email": "WANG@example.com",
        "language": "en",
        "current_password": PASSWORD,
    }

    response = client.post(PAGE, values)

    assert response.status_code == 422
    assert "Another account has this e-mail." in response.content.decode()


def test_a_person_sees_and_ends_another_session(client: Client, other_browser: Client, person: User) -> None:
    post_sign_in(other_browser, "lin", address="10.1.2.3")
    other_browser.get(PAGE, REMOTE_ADDR="10.1.2.3")
    session = UserSession.objects.get(user=person, ip="10.1.2.3")

    listed = client.get(PAGE).content.decode()
    client.post(f"/accounts/sessions/{session.pk}/end/")

    assert "10.1.2.3" in listed
    assert not is_signed_in(other_browser)


def test_nobody_ends_the_session_of_another_person(
    client: Client, other_browser: Client, person: User, place: OrgUnit
) -> None:
    make_account("wang", org_unit=place)
    post_sign_in(other_browser, "wang")
    other_browser.get(PAGE)
    session = UserSession.objects.get(user__username="wang")

    response = client.post(f"/accounts/sessions/{session.pk}/end/")

    assert response.status_code == 404
    assert is_signed_in(other_browser)


def test_a_new_token_shows_its_secret_once(client: Client, person: User) -> None:
    until = timezone.localdate() + timedelta(days=30)
    values = {"name": "Warehouse", "expires_date": until.isoformat(), "can_write": "on"}

    client.post("/accounts/tokens/add/", values)
    shown = client.get(PAGE)
    again = client.get(PAGE)

    secret = shown.context["new_secret"]
    assert secret in shown.content.decode()
    assert secret not in again.content.decode()
    assert find_token(secret, now=timezone.now()).can_write is True


def test_a_token_of_ten_years_is_refused(client: Client, person: User) -> None:
    until = timezone.localdate() + timedelta(days=3650)

    response = client.post("/accounts/tokens/add/", {"name": "x", "expires_date": until.isoformat()})

    assert response.status_code == 422
    assert "Choose a day within the next year." in response.content.decode()


def test_a_person_revokes_a_token(client: Client, person: User) -> None:
    until = timezone.localdate() + timedelta(days=30)
    client.post("/accounts/tokens/add/", {"name": "x", "expires_date": until.isoformat()})
    token = ApiToken.objects.get(user=person)

    client.post(f"/accounts/tokens/{token.pk}/revoke/")

    assert not ApiToken.objects.filter(pk=token.pk).exists()


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_whatever_the_number_of_tokens(
    client: Client, person: User, number: int, django_assert_num_queries: object
) -> None:
    until = timezone.localdate() + timedelta(days=30)
    for _ in range(number):
        client.post("/accounts/tokens/add/", {"name": "x", "expires_date": until.isoformat()})
    client.get(PAGE)

    with django_assert_num_queries(15):  # type: ignore[operator]
        client.get(PAGE)
