"""Sign-in by 企业微信, 钉钉 and 飞书, each spoken with over a real socket."""

import re
from collections.abc import Iterator
from html import unescape
from ipaddress import ip_network
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from hearth.accounts.models import User
from hearth.accounts.work_apps import calls
from hearth.config.work_apps import work_apps
from hearth.organization.models import OrgUnit, Role
from tests.accounts.builders import PASSWORD, is_signed_in, make_account, post_sign_in
from tests.accounts.work_app_servers import KINDS, Wecom, WorkApp, serving

pytestmark = pytest.mark.django_db
INSIDE = "Mozilla/5.0 (iPhone) AppleWebKit/605 wxwork/4.1.6 MicroMessenger/7.0.1"
# Where each is told who stands behind a code, and where each says that a code is no good.
WHO = {
    "wecom": "/cgi-bin/auth/getuserinfo",
    "dingtalk": "/v1.0/contact/users/me",
    "feishu": "/open-apis/authen/v1/user_info",
}
REFUSALS: dict[str, tuple[int, dict[str, Any]]] = {
    "wecom": (200, {"errcode": 60020, "errmsg": "not allow to access from your ip"}),
    "dingtalk": (403, {"code": "Forbidden.AccessDenied.AccessTokenPermissionDenied", "message": "没有权限"}),
    "feishu": (200, {"code": 20021, "msg": "User resigned"}),
}


@pytest.fixture(params=list(KINDS))
def work_app(request: pytest.FixtureRequest, settings: Settings) -> Iterator[WorkApp]:
    """One of the three, which the installation names."""
    yield from _named(request.param, settings)


@pytest.fixture
def wecom(settings: Settings) -> Iterator[WorkApp]:
    yield from _named("wecom", settings)


@pytest.fixture
def dingtalk(settings: Settings) -> Iterator[WorkApp]:
    yield from _named("dingtalk", settings)


def _named(name: str, settings: Settings) -> Iterator[WorkApp]:
    cache.clear()
    calls._tokens.clear()
    with serving(KINDS[name](name, "corp-1")) as served:
        settings.SSO_NETWORKS = [ip_network("127.0.0.0/8")]
        settings.SOCIALACCOUNT_PROVIDERS = {**settings.SOCIALACCOUNT_PROVIDERS, name: served.settings()}
        yield served


@pytest.fixture
def person(place: OrgUnit) -> User:
    user = make_account("lin", org_unit=place)
    User.objects.filter(pk=user.pk).update(email="lin@example.com")
    user.refresh_from_db()
    return user


def trust_email(settings: Settings, name: str) -> None:
    app = settings.SOCIALACCOUNT_PROVIDERS[name]["APPS"][0]
    app["settings"] = {**app["settings"], "matches_email": True}


def begin(name: str) -> str:
    return f"/accounts/provider/{name}/"


def way_back(client: Client, address: str, **headers: str) -> str:
    """Go to the provider as a browser does, and return the address it sends the browser back to."""
    away = client.get(address, headers=headers)
    assert away.status_code == 302, away.content
    sent = requests.get(away["Location"], allow_redirects=False, timeout=5)
    back = urlsplit(sent.headers["Location"])
    return f"{back.path}?{back.query}"


def go(client: Client, address: str, **headers: str) -> Any:
    return client.get(way_back(client, address, **headers), headers=headers)


def connect(person: User, name: str, uid: str = "corp-1:linmei") -> SocialAccount:
    row: SocialAccount = SocialAccount.objects.create(user=person, provider=name, uid=uid)
    return row


def test_without_their_names_none_is_offered(client: Client, place: OrgUnit) -> None:
    page = client.get("/accounts/login/").content.decode()

    assert [client.get(begin(name)).status_code for name in KINDS] == [404, 404, 404]
    assert "/accounts/provider/" not in page


def test_an_app_that_is_named_in_part_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARTH_WECOM_CORP", "corp-1")

    with pytest.raises(ImproperlyConfigured, match="HEARTH_WECOM_"):
        work_apps()


def test_an_app_that_is_named_in_full_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in (("CORP", "corp-1"), ("CLIENT", "app-1"), ("SECRET", "s")):
        monkeypatch.setenv(f"HEARTH_DINGTALK_{variable}", value)

    known = work_apps()

    assert [app["client_id"] for app in known["dingtalk"]["APPS"]] == ["app-1"]
    assert (known["wecom"]["APPS"], known["feishu"]["APPS"]) == ([], [])


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Sign in with WeCom"), ("zh-hans", "使用企业微信登录")]
)
def test_the_page_of_the_sign_in_offers_it_in_both_languages(
    wecom: WorkApp, settings: Settings, language: str, said: str
) -> None:
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    page = browser.get("/accounts/login/").content.decode()

    assert said in page
    assert f'href="{begin("wecom")}"' in page


def test_who_is_connected_comes_in_and_nothing_else_is_kept(
    client: Client, person: User, work_app: WorkApp
) -> None:
    row = connect(person, work_app.name)

    go(client, begin(work_app.name))

    row.refresh_from_db()
    assert is_signed_in(client)
    assert row.extra_data == {}


ASKED = {
    "wecom": {
        "appid": "corp-1",
        "agentid": "1000002",
        "login_type": "CorpApp",
        "_path": "/wwlogin/sso/login",
    },
    "dingtalk": {"client_id": "app-1", "corpId": "corp-1", "scope": "openid corpid", "_path": "/oauth2/auth"},
    "feishu": {"client_id": "app-1", "code_challenge_method": "S256", "response_type": "code"},
}


def test_what_is_asked_is_what_the_maker_documents_and_takes_nothing_from_the_address(
    client: Client, person: User, work_app: WorkApp
) -> None:
    go(client, f"{begin(work_app.name)}?auth_params=appid%3Dx%26client_id%3Dx&scope=all")

    asked = work_app.asked
    assert {name: asked.get(name) for name in ASKED[work_app.name]} == ASKED[work_app.name]
    assert asked["redirect_uri"] == f"http://testserver/accounts/provider/{work_app.name}/back/"
    assert asked["state"]
    assert "all" not in asked.get("scope", "")


def test_inside_the_app_itself_one_tap_does(client: Client, person: User, wecom: WorkApp) -> None:
    connect(person, "wecom")

    away = client.get(begin("wecom"), headers={"user-agent": INSIDE})["Location"]
    go(client, begin("wecom"), **{"user-agent": INSIDE})

    assert away.endswith("#wechat_redirect")
    assert (wecom.asked["_path"], wecom.asked["scope"]) == ("/connect/oauth2/authorize", "snsapi_base")
    assert is_signed_in(client)


def test_a_wrong_state_opens_nothing(client: Client, person: User, work_app: WorkApp) -> None:
    connect(person, work_app.name)
    back = way_back(client, begin(work_app.name))

    answer = client.get(re.sub("state=[^&]+", "state=guessed", back))

    assert (answer.status_code, is_signed_in(client)) == (401, False)
    assert work_app.paths == []


def test_an_answer_to_another_browser_opens_nothing(client: Client, person: User, work_app: WorkApp) -> None:
    connect(person, work_app.name)
    back = way_back(client, begin(work_app.name))
    other = Client()

    answer = other.get(back)

    assert (answer.status_code, is_signed_in(other)) == (401, False)


def test_an_address_to_return_to_works_once(client: Client, person: User, work_app: WorkApp) -> None:
    connect(person, work_app.name)
    back = way_back(client, begin(work_app.name))

    client.get(back)
    came_in = is_signed_in(client)
    client.post("/accounts/logout/")
    again = client.get(back)

    assert came_in
    assert (again.status_code, is_signed_in(client)) == (401, False)


def test_a_code_that_was_used_opens_nothing(client: Client, person: User, work_app: WorkApp) -> None:
    connect(person, work_app.name)
    other = Client()
    back = way_back(client, begin(work_app.name))
    used = parse_qs(urlsplit(go_with(other, work_app)).query)
    state = parse_qs(urlsplit(back).query)["state"][0]

    answer = client.get(f"{begin(work_app.name)}back/?code={next(iter(used.values()))[0]}&state={state}")

    assert (answer.status_code, is_signed_in(client)) == (401, False)
    assert "That did not work" in answer.content.decode()


def go_with(browser: Client, work_app: WorkApp) -> str:
    """Come in with another browser, and return the address it came by."""
    back = way_back(browser, begin(work_app.name))
    browser.get(back)
    return back


def test_a_refusal_of_the_provider_opens_nothing(client: Client, person: User, work_app: WorkApp) -> None:
    connect(person, work_app.name)
    work_app.instead[WHO[work_app.name]] = REFUSALS[work_app.name]

    answer = go(client, begin(work_app.name))

    assert (answer.status_code, is_signed_in(client)) == (401, False)
    assert "That did not work" in answer.content.decode()


@pytest.mark.parametrize("said", [(502, {}), b"<html>busy</html>", b"[]"])
def test_a_provider_that_fails_is_named_and_the_password_still_opens(
    client: Client, person: User, work_app: WorkApp, said: Any
) -> None:
    connect(person, work_app.name)
    work_app.instead[WHO[work_app.name]] = said

    answer = go(client, begin(work_app.name))
    post_sign_in(client, "lin")

    assert answer.status_code == 503
    assert "does not answer" in answer.content.decode()
    assert is_signed_in(client)


def test_a_provider_that_is_down_is_named(client: Client, person: User, settings: Settings) -> None:
    with serving(KINDS["feishu"]("feishu", "corp-1")) as served:
        settings.SSO_NETWORKS = [ip_network("127.0.0.0/8")]
        settings.SOCIALACCOUNT_PROVIDERS = {**settings.SOCIALACCOUNT_PROVIDERS, "feishu": served.settings()}
        back = way_back(client, begin("feishu"))

    answer = client.get(back)

    assert (answer.status_code, is_signed_in(client)) == (503, False)


def test_no_address_inside_is_called_where_the_installation_names_none(
    client: Client, person: User, work_app: WorkApp, settings: Settings
) -> None:
    connect(person, work_app.name)
    settings.SSO_NETWORKS = []

    answer = go(client, begin(work_app.name))

    assert (answer.status_code, is_signed_in(client)) == (503, False)
    assert work_app.paths == []


def test_somebody_unknown_stays_outside_and_gets_no_account(
    client: Client, person: User, work_app: WorkApp
) -> None:
    answer = go(client, begin(work_app.name))

    assert (answer.status_code, is_signed_in(client)) == (403, False)
    assert "administrator" in answer.content.decode()
    assert (User.objects.count(), SocialAccount.objects.count()) == (1, 0)


@pytest.mark.parametrize("trusts", [True, False])
def test_the_company_e_mail_opens_an_account_only_where_it_is_trusted(
    client: Client, person: User, work_app: WorkApp, settings: Settings, *, trusts: bool
) -> None:
    work_app.email = "Lin@Example.com"
    if trusts:
        trust_email(settings, work_app.name)

    go(client, begin(work_app.name), **{"user-agent": INSIDE})

    assert is_signed_in(client) == trusts
    assert SocialAccount.objects.filter(user=person, uid="corp-1:linmei").exists() == trusts


def test_an_e_mail_that_people_write_down_themselves_opens_nothing(
    client: Client, person: User, work_app: WorkApp, settings: Settings
) -> None:
    trust_email(settings, work_app.name)
    User.objects.filter(pk=person.pk).update(email="own@elsewhere.example")

    go(client, begin(work_app.name), **{"user-agent": INSIDE})

    assert not is_signed_in(client)


def test_an_account_that_somebody_else_there_opens_is_not_opened_by_its_e_mail(
    client: Client, person: User, work_app: WorkApp, settings: Settings
) -> None:
    trust_email(settings, work_app.name)
    connect(person, work_app.name, "corp-1:somebody-else")
    work_app.email = person.email

    go(client, begin(work_app.name), **{"user-agent": INSIDE})

    assert not is_signed_in(client)


def test_a_person_of_another_company_stays_outside(client: Client, person: User, work_app: WorkApp) -> None:
    connect(person, work_app.name)
    work_app.of_company = "corp-2"

    answer = go(client, begin(work_app.name))

    assert (answer.status_code, is_signed_in(client)) == (403, False)
    assert "not as one of this company" in answer.content.decode()


def test_a_guest_of_the_company_stays_outside(client: Client, person: User, wecom: WorkApp) -> None:
    connect(person, "wecom", "corp-1:")
    wecom.is_guest = True

    answer = go(client, begin("wecom"))

    assert (answer.status_code, is_signed_in(client)) == (403, False)


@pytest.mark.parametrize("said", [{"errcode": 60121, "errmsg": "找不到该用户"}, None])
def test_whom_the_directory_does_not_hold_as_its_own_is_not_found_by_e_mail(
    client: Client, person: User, dingtalk: WorkApp, settings: Settings, said: dict[str, Any] | None
) -> None:
    trust_email(settings, "dingtalk")
    dingtalk.email, dingtalk.is_guest = person.email, True
    if said:
        dingtalk.instead["/topapi/user/getbyunionid"] = (200, said)

    answer = go(client, begin("dingtalk"))

    assert (answer.status_code, is_signed_in(client)) == (403, False)


def test_the_same_key_in_a_company_that_was_named_before_opens_nothing(
    client: Client, person: User, work_app: WorkApp
) -> None:
    connect(person, work_app.name, "corp-0:linmei")

    answer = go(client, begin(work_app.name))

    assert (answer.status_code, is_signed_in(client)) == (403, False)


def test_a_deactivated_account_stays_closed(client: Client, person: User, work_app: WorkApp) -> None:
    connect(person, work_app.name)
    User.objects.update(is_active=False)

    go(client, begin(work_app.name))

    assert not is_signed_in(client)


def test_the_account_for_an_emergency_is_never_opened_by_it(
    client: Client, person: User, work_app: WorkApp, settings: Settings
) -> None:
    User.objects.update(is_for_emergency=True)
    trust_email(settings, work_app.name)
    work_app.email = person.email
    by_address = go(client, begin(work_app.name), **{"user-agent": INSIDE})
    connect(person, work_app.name)

    connected = go(client, begin(work_app.name))

    assert (by_address.status_code, connected.status_code, is_signed_in(client)) == (403, 403, False)


def test_who_turns_back_is_told(client: Client, person: User, work_app: WorkApp) -> None:
    state = parse_qs(urlsplit(way_back(client, begin(work_app.name))).query)["state"][0]
    said = "" if work_app.name == "wecom" else "error=access_denied&"

    answer = client.get(f"{begin(work_app.name)}back/?{said}state={state}", follow=True)

    assert "Nothing was opened" in answer.content.decode()
    assert not is_signed_in(client)


def test_a_person_connects_and_disconnects_under_their_account(
    client: Client, person: User, work_app: WorkApp
) -> None:
    post_sign_in(client, "lin")
    client.post("/accounts/confirm/", {"password": PASSWORD})
    page = client.get("/accounts/profile/").content.decode()
    link = re.search(rf'href="({begin(work_app.name)}\?process=connect[^"]+)"', page)
    assert link is not None

    go(client, unescape(link[1]))
    uids = list(SocialAccount.objects.filter(user=person).values_list("uid", flat=True))
    page = client.get("/accounts/profile/").content.decode()
    client.post(f"{begin(work_app.name)}disconnect/")

    assert uids == ["corp-1:linmei"]
    assert "opens your account" in page
    assert not SocialAccount.objects.exists()


def test_a_key_that_opens_another_account_is_not_connected_again(
    client: Client, person: User, work_app: WorkApp, place: OrgUnit
) -> None:
    connect(make_account("zhou", org_unit=place), work_app.name)
    post_sign_in(client, "lin")
    client.post("/accounts/confirm/", {"password": PASSWORD})
    page = client.get("/accounts/profile/").content.decode()
    link = re.search(rf'href="({begin(work_app.name)}\?process=connect[^"]+)"', page)
    assert link is not None

    go(client, unescape(link[1]))

    assert not SocialAccount.objects.filter(user=person).exists()


def test_an_own_second_step_is_asked_for_after_it(client: Client, person: User, work_app: WorkApp) -> None:
    connect(person, work_app.name)
    Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})

    answer = go(client, begin(work_app.name))

    assert "/two-step/code/" in answer["Location"]
    assert not is_signed_in(client)


def test_it_never_counts_as_the_second_step_that_a_role_wants(
    client: Client, person: User, work_app: WorkApp, settings: Settings
) -> None:
    settings.OIDC_IS_SECOND_STEP = True
    Role.objects.filter(memberships__user=person).update(needs_second_step=True)
    connect(person, work_app.name)

    go(client, begin(work_app.name))

    assert client.session["second_step_due"]


def test_the_token_of_the_app_is_asked_for_once_and_anew_when_it_ended(
    client: Client, person: User, wecom: WorkApp
) -> None:
    assert isinstance(wecom, Wecom)
    connect(person, "wecom")
    go(client, begin("wecom"))
    client.post("/accounts/logout/")
    go(client, begin("wecom"))
    before = wecom.tokens
    client.post("/accounts/logout/")
    wecom.ended = frozenset({"t-1"})

    go(client, begin("wecom"))

    assert (before, wecom.tokens, is_signed_in(client)) == (1, 2, True)


def test_neither_secret_nor_code_is_written_to_the_log(
    client: Client, person: User, work_app: WorkApp, caplog: pytest.LogCaptureFixture
) -> None:
    work_app.instead[WHO[work_app.name]] = (502, {})

    go(client, begin(work_app.name))

    said = " ".join(record.getMessage() for record in caplog.records if record.name.startswith("hearth"))
    assert work_app.name in said
    assert [word for word in ("a-secret-between-us", "c-1", "t-1", "p-1") if word in said] == []
