"""Single sign-on: who is known here comes in by the company's provider, and everybody else stays outside."""

import re
import time
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.organization.models import OrgUnit, Role
from tests.accounts.builders import PASSWORD, is_signed_in, make_account, post_sign_in
from tests.accounts.oidc_provider import CLIENT, SECRET, OidcProvider, running

pytestmark = pytest.mark.django_db
BEGIN = "/accounts/provider/company/"
COMMAND = Actor.system("test")


@pytest.fixture
def provider(settings: Settings) -> Iterator[OidcProvider]:
    """The company's provider, which the installation names."""
    cache.clear()
    with running(OidcProvider()) as served:
        app = {
            "provider_id": "company",
            "name": "集团账号",
            "client_id": CLIENT,
            "secret": SECRET,
            "settings": {"server_url": served.address},
        }
        settings.OIDC_URL, settings.OIDC_NAME = served.address, "集团账号"
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {**settings.SOCIALACCOUNT_PROVIDERS["openid_connect"], "APPS": [app]}
        }
        yield served


@pytest.fixture
def person(place: OrgUnit) -> User:
    user = make_account("lin", org_unit=place)
    User.objects.filter(pk=user.pk).update(email="lin@example.com")
    user.refresh_from_db()
    return user


def go(client: Client, address: str = BEGIN) -> Any:
    """Go to the provider and come back, as a browser does."""
    away = client.get(address)
    assert away.status_code == 302, away.content
    sent = requests.get(away["Location"], allow_redirects=False, timeout=5)
    back = urlsplit(sent.headers["Location"])
    return client.get(f"{back.path}?{back.query}")


def connect(person: User, subject: str = "u-100") -> SocialAccount:
    row: SocialAccount = SocialAccount.objects.create(user=person, provider="company", uid=subject)
    return row


def link_to_connect(client: Client) -> str:
    """Return the address behind *Connect* on the page of the account."""
    found = re.search(
        rf'href="({BEGIN}\?process=connect[^"]+)"', client.get("/accounts/profile/").content.decode()
    )
    assert found is not None
    return unescape(found[1])


def test_without_a_provider_nothing_is_offered(client: Client, place: OrgUnit) -> None:
    assert client.get(BEGIN).status_code == 404
    assert "/accounts/provider/" not in client.get("/accounts/login/").content.decode()


@pytest.mark.usefixtures("provider")
def test_who_is_connected_comes_in(client: Client, person: User) -> None:
    connect(person)

    assert "Sign in with 集团账号" in client.get("/accounts/login/").content.decode()
    go(client)

    assert is_signed_in(client)


def test_what_is_asked_carries_state_nonce_and_challenge(client: Client, provider: OidcProvider) -> None:
    asked = parse_qs(urlsplit(client.get(f"{BEGIN}?auth_params=nonce%3Dx")["Location"]).query)

    assert {"state", "nonce", "code_challenge"} <= set(asked)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["nonce"] != ["x"]


@pytest.mark.usefixtures("provider")
def test_somebody_unknown_stays_outside_and_gets_no_account(client: Client, person: User) -> None:
    answer = go(client)

    assert (answer.status_code, is_signed_in(client)) == (403, False)
    assert "administrator" in answer.content.decode()
    assert (User.objects.count(), SocialAccount.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("trusts", "verified", "comes_in"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_a_verified_address_opens_an_account_only_where_it_is_trusted(
    client: Client,
    person: User,
    provider: OidcProvider,
    settings: Settings,
    *,
    trusts: bool,
    verified: bool,
    comes_in: bool,
) -> None:
    settings.OIDC_MATCHES_EMAIL = trusts
    provider.email, provider.is_verified = "Lin@Example.com", verified

    go(client)

    assert is_signed_in(client) == comes_in
    assert SocialAccount.objects.filter(user=person).exists() == comes_in


def test_an_address_does_not_open_an_account_that_another_person_of_the_provider_opens(
    client: Client, person: User, provider: OidcProvider, settings: Settings
) -> None:
    settings.OIDC_MATCHES_EMAIL = True
    connect(person, "somebody-else")
    provider.email = person.email

    go(client)

    assert not is_signed_in(client)


LIES: dict[str, dict[str, Any]] = {
    "another nonce": {"claims": {"nonce": "of-another-sign-in"}},
    "no nonce": {"claims": {"nonce": ""}},
    "for another client": {"claims": {"aud": "another"}},
    "from another issuer": {"claims": {"iss": "https://elsewhere.example"}},
    "expired": {"claims": {"exp": int(time.time()) - 600}},
    "about somebody else": {"about": {"sub": "u-666"}},
    "signed by another key": {"signs_with": rsa.generate_private_key(public_exponent=65_537, key_size=2048)},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_is_not_good_opens_nothing(
    client: Client, person: User, provider: OidcProvider, lie: str
) -> None:
    connect(person)
    for name, value in LIES[lie].items():
        setattr(provider, name, value)

    answer = go(client)

    assert (answer.status_code, is_signed_in(client)) == (401, False)
    assert "That did not work" in answer.content.decode()


def test_an_answer_to_another_browser_opens_nothing(
    client: Client, person: User, provider: OidcProvider
) -> None:
    connect(person)
    sent = requests.get(client.get(BEGIN)["Location"], allow_redirects=False, timeout=5)
    back = urlsplit(sent.headers["Location"])
    other = Client()

    other.get(f"{back.path}?{back.query}")

    assert not is_signed_in(other)


@pytest.mark.usefixtures("provider")
def test_who_turns_back_is_told(client: Client, person: User) -> None:
    state = parse_qs(urlsplit(client.get(BEGIN)["Location"]).query)["state"][0]

    answer = client.get(f"{BEGIN}back/?error=access_denied&state={state}", follow=True)

    assert "Nothing was opened" in answer.content.decode()
    assert not is_signed_in(client)


@pytest.mark.usefixtures("provider")
def test_a_deactivated_account_stays_closed(client: Client, person: User) -> None:
    connect(person)
    User.objects.update(is_active=False)

    go(client)

    assert not is_signed_in(client)


@pytest.mark.usefixtures("provider")
def test_a_person_connects_and_disconnects_under_their_account(client: Client, person: User) -> None:
    post_sign_in(client, "lin")
    client.post("/accounts/confirm/", {"password": PASSWORD})

    go(client, link_to_connect(client))
    connected = SocialAccount.objects.filter(user=person, uid="u-100").exists()
    page = client.get("/accounts/profile/").content.decode()
    client.post("/accounts/provider/company/disconnect/")

    assert (connected, "集团账号" in page) == (True, True)
    assert not SocialAccount.objects.exists()


@pytest.mark.usefixtures("provider")
@pytest.mark.parametrize("address", [f"{BEGIN}?process=connect", f"{BEGIN}?process=connect&proof=guessed"])
def test_a_link_of_somebody_else_connects_nothing(client: Client, person: User, address: str) -> None:
    post_sign_in(client, "lin")
    client.post("/accounts/confirm/", {"password": PASSWORD})
    link_to_connect(client)

    answer = client.get(address)

    assert answer["Location"] == "/accounts/profile/"


@pytest.mark.usefixtures("provider")
def test_nothing_else_that_the_provider_says_is_kept(client: Client, person: User) -> None:
    row = connect(person)

    go(client)

    row.refresh_from_db()
    assert (row.extra_data, row.last_login is not None) == ({}, True)


@pytest.mark.usefixtures("provider")
def test_an_own_second_step_is_asked_for_after_the_provider(client: Client, person: User) -> None:
    connect(person)
    Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})

    answer = go(client)

    assert "/two-step/code/" in answer["Location"]
    assert not is_signed_in(client)


@pytest.mark.usefixtures("provider")
@pytest.mark.parametrize("trusts", [True, False])
def test_a_role_is_content_with_the_provider_s_second_step_where_it_is_trusted(
    client: Client, person: User, settings: Settings, *, trusts: bool
) -> None:
    settings.OIDC_IS_SECOND_STEP = trusts
    Role.objects.filter(memberships__user=person).update(needs_second_step=True)
    connect(person)

    go(client)

    assert bool(client.session["second_step_due"]) != trusts
