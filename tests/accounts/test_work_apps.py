"""Sign-in by 企业微信, 钉钉 and 飞书, each spoken with over a real socket."""

import re
from ipaddress import ip_network
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from pytest_django import Settings

from hearth.accounts.models import User
from tests.accounts.builders import is_signed_in, post_sign_in
from tests.accounts.work_app_browser import INSIDE, begin, connect, go, trust_email, way_back
from tests.accounts.work_app_servers import KINDS, Wecom, WorkApp, serving

pytestmark = pytest.mark.django_db
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
