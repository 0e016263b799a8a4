"""Who holds a role that asks for a second step reaches the account page alone once the days of grace are over."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.organization.models import Membership, OrgUnit, Role
from hearth.organization.second_step import ACCOUNT_PAGES, DUE, GRACE_DAYS, LOOKED_UP, OPEN_PREFIXES, due_date
from hearth.organization.services import change_role, set_setting, sync_roles
from tests.organization.builders import make_actor, make_member, sign_in

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def make_holder(org_unit: OrgUnit, *rights: str, is_sample: bool = False) -> User:
    """Write a person whose role asks for a second step."""
    user = make_member(org_unit, "core.signed_in", *rights)
    Role.objects.filter(memberships__user=user).update(needs_second_step=True)
    User.objects.filter(pk=user.pk).update(is_sample=is_sample)
    user.refresh_from_db()
    return user


def overdue(org_unit: OrgUnit, *rights: str) -> User:
    """Write one whose days of grace are over."""
    user = make_holder(org_unit, *rights)
    User.objects.filter(pk=user.pk).update(second_step_due_date=TODAY() - timedelta(days=1))
    user.refresh_from_db()
    return user


def add_step(user: User, kind: str = "webauthn") -> Authenticator:
    row: Authenticator = Authenticator.objects.create(user=user, type=kind, data={"name": "手机"})
    return row


def private_pages() -> Iterator[tuple[str, str]]:
    """Yield name and address of every private page whose address has no part to be filled in."""
    for name, view, address in routes():
        access = getattr(view, "access", None)
        if access is not None and not access.is_public and "GET" in access.methods:
            yield name, address


def routes(patterns: Any = None, spaces: str = "", begun: str = "/") -> Iterator[tuple[str, Any, str]]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        address = f"{begun}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            space = f"{spaces}{pattern.namespace}:" if pattern.namespace else spaces
            yield from routes(pattern.url_patterns, space, address)
        elif pattern.name and not {"<", "(", "^"} & set(address):
            yield f"{spaces}{pattern.name}", pattern.callback, address


def test_the_first_sign_in_sets_the_day_and_it_stays(company: OrgUnit) -> None:
    holder, today = make_holder(company), TODAY()

    first = due_date(holder, today)
    later = due_date(holder, today + timedelta(days=3))

    assert first == later == today + timedelta(days=GRACE_DAYS.default)
    assert due_date(make_member(company, "core.signed_in"), today) is None


def test_the_group_sets_the_days_of_grace(group: OrgUnit, company: OrgUnit) -> None:
    set_setting(GRACE_DAYS.key, actor=Actor.system("test"), now=timezone.now(), org_unit=group, value=0)

    assert due_date(make_holder(company), TODAY()) == TODAY()


def test_who_has_one_and_accounts_of_the_demo_are_left_alone(company: OrgUnit) -> None:
    holder = make_holder(company)
    add_step(holder)

    assert due_date(holder, TODAY()) is None
    assert due_date(make_holder(company, is_sample=True), TODAY()) is None


def test_recovery_codes_are_no_second_step(company: OrgUnit) -> None:
    holder = make_holder(company)
    add_step(holder, "recovery_codes")

    assert due_date(holder, TODAY()) is not None


def test_until_the_day_everything_is_open_and_every_page_says_so(client: Client, company: OrgUnit) -> None:
    browser = sign_in(client, make_holder(company, "customers.view"))

    page = browser.get("/customers/")

    assert page.status_code == 200
    assert "您的角色要求登录时进行第二步验证" in page.content.decode()


def test_from_the_day_on_every_private_page_leads_to_the_account(client: Client, group: OrgUnit) -> None:
    browser = sign_in(client, overdue(group))
    closed = {
        name: browser.get(address)
        for name, address in private_pages()
        if name not in ACCOUNT_PAGES and not name.startswith(OPEN_PREFIXES)
    }

    assert len(closed) > 60
    led = (302, "/accounts/profile/")
    assert {
        name for name, answer in closed.items() if (answer.status_code, answer.get("Location")) != led
    } == set()


def test_an_overdue_person_makes_no_token_and_gets_no_part(client: Client, company: OrgUnit) -> None:
    person = overdue(company)
    browser = sign_in(client, person)

    made = browser.post("/accounts/tokens/add/", {"name": "x", "expires_date": "2099-01-01"})
    part = browser.get("/accounts/bell/", headers={"HX-Request": "true"})

    assert made.status_code == 302
    assert person.api_tokens.count() == 0
    assert (part.status_code, part.content) == (204, b"")
    assert browser.get("/accounts/profile/").status_code == 200


def test_a_passkey_opens_everything_again_and_removing_it_gives_no_new_grace(
    client: Client, company: OrgUnit
) -> None:
    person = overdue(company, "customers.view")
    browser = sign_in(client, person)
    assert browser.get("/customers/").status_code == 302

    step = add_step(person)
    forget(browser)
    assert browser.get("/customers/").status_code == 200

    step.delete()
    forget(browser)
    assert browser.get("/customers/").status_code == 302


def forget(browser: Client) -> None:
    """Have the answer looked up again, as after some minutes."""
    session = browser.session
    session.pop(LOOKED_UP)
    session.save()


def test_a_role_that_begins_to_ask_reaches_sessions_under_way(client: Client, group: OrgUnit) -> None:
    person = make_member(group, "core.signed_in", "customers.view")
    browser = sign_in(client, person)
    role = Role.objects.get(memberships__user=person)
    administrator = make_actor(group, "organization.change_roles")

    change_role(
        role, actor=administrator, now=timezone.now(), permissions=role.permissions, needs_second_step=True
    )
    forget(browser)
    browser.get("/customers/")

    assert browser.session[DUE] == (TODAY() + timedelta(days=7)).isoformat()


def test_roles_that_guard_others_ask_as_they_ship(group: OrgUnit) -> None:
    Membership.objects.all().delete()
    Role.objects.all().delete()

    sync_roles()

    asking = set(Role.objects.filter(needs_second_step=True).values_list("code", flat=True))
    assert {"privacy_officer", "administrator", "auditor"} <= asking
    assert "sales_consultant" not in asking


def test_the_page_of_a_role_says_and_changes_it(client: Client, group: OrgUnit) -> None:
    browser = sign_in(
        client, make_member(group, "core.signed_in", "organization.view", "organization.change_roles")
    )
    role = Role.objects.create(code="walk", name_zh="角色甲", name_en="Role", permissions=["customers.view"])

    browser.post(
        f"/organization/roles/{role.pk}/", {"permissions": ["customers.view"], "needs_second_step": "on"}
    )

    role.refresh_from_db()
    assert role.needs_second_step
    assert "第二步验证" in browser.get("/organization/roles/").content.decode()
