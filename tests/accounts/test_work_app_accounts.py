"""Which accounts 企业微信, 钉钉 and 飞书 open, how a person connects theirs, and where they are offered."""

import re
from html import unescape
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from hearth.accounts.models import User
from hearth.config.work_apps import work_apps
from hearth.organization.models import OrgUnit, Role
from tests.accounts.builders import PASSWORD, is_signed_in, make_account, post_sign_in
from tests.accounts.work_app_browser import INSIDE, begin, connect, go, trust_email
from tests.accounts.work_app_servers import KINDS, WorkApp

pytestmark = pytest.mark.django_db


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
