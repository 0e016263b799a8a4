"""The account that opens an empty installation, the steps of the first run, and inviting colleagues."""

import re
from datetime import datetime

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hearth.accounts.jobs import send_invitation
from hearth.accounts.models import User
from hearth.accounts.permissions import CHANGE_ACCOUNT
from hearth.accounts.services import EmailTaken, InvitationNotPossible, invite_again, invite_user
from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput, NotAllowed
from hearth.core.models import EventRecord
from hearth.core.permissions import SIGNED_IN
from hearth.organization.commands import first_account
from hearth.organization.models import FirstStep, Membership, OrgUnit, Role
from hearth.organization.permissions import CHANGE_ORGANIZATION, VIEW_ORGANIZATION
from hearth.organization.selectors import actor_for
from hearth.organization.services import (
    AccountsExist,
    RoleTooWide,
    invite_colleague,
    make_first_account,
    settle_first_steps,
)
from tests.organization.builders import make_actor, make_group, make_member, make_user, sign_in

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-first-word-7"


def test_the_first_account_administers_a_group_of_its_own(actor: Actor, now: datetime) -> None:
    user = make_first_account(actor=actor, now=now, password=PASSWORD)

    made = actor_for(user, today=timezone.localdate(now))
    assert OrgUnit.objects.get().kind == OrgUnit.Kind.GROUP
    assert made.scope(CHANGE_ORGANIZATION).everywhere
    assert made.scope(CHANGE_ACCOUNT).everywhere
    assert user.check_password(PASSWORD)
    assert set(FirstStep.objects.values_list("code", "state")) == {(code, "open") for code in FirstStep.Code}


def test_the_first_account_joins_the_group_that_exists(actor: Actor, now: datetime) -> None:
    group = make_group()

    user = make_first_account(actor=actor, now=now, password=PASSWORD)

    assert Membership.objects.get(user=user).org_unit == group


@pytest.mark.parametrize("is_active", [True, False])
def test_there_is_no_first_account_beside_another(actor: Actor, now: datetime, is_active: bool) -> None:
    User.objects.filter(pk=make_user().pk).update(is_active=is_active)

    with pytest.raises(AccountsExist):
        make_first_account(actor=actor, now=now, password=PASSWORD)

    assert User.objects.count() == 1
    assert FirstStep.objects.count() == 0


def test_the_command_tells_the_password_once_and_is_quiet_afterwards() -> None:
    said: list[str] = []

    codes = [first_account(is_new_only=True, echo=said.append) for _ in (1, 2)]
    codes.append(first_account(is_new_only=False, echo=said.append))

    (password,) = re.findall(r"password (\S+)", said[0])
    assert User.objects.get().check_password(password)
    assert codes == [0, 0, 1]
    assert len(said) == 3


def test_a_skipped_step_may_be_done_and_a_done_one_stays_done(actor: Actor, now: datetime) -> None:
    make_first_account(actor=actor, now=now, password=PASSWORD)
    states = []

    for state in ("skipped", "done", "skipped"):
        settle_first_steps("places", actor=actor, now=now, state=state)
        states.append(FirstStep.objects.get(code="places").state)

    assert states == ["skipped", "done", "done"]
    assert EventRecord.objects.filter(type="organization.first_step_settled").count() == 2


def test_only_who_changes_the_whole_organisation_settles_steps(
    actor: Actor, company: OrgUnit, now: datetime
) -> None:
    make_first_account(actor=actor, now=now, password=PASSWORD)

    with pytest.raises(NotAllowed):
        settle_first_steps("places", actor=make_actor(company, CHANGE_ORGANIZATION), now=now, state="done")

    assert FirstStep.objects.get(code="places").state == "open"


def invite(actor: Actor, now: datetime, **values: str) -> User:
    wanted = {"display_name": "王芳", "email": "wangfang@example.com", **values}
    return invite_user(wanted.pop("username", "wangfang"), actor=actor, now=now, **wanted)


def test_an_invited_person_chooses_a_password_by_the_link(
    actor: Actor, now: datetime, client: Client
) -> None:
    user = invite(actor, now)

    send_invitation(user_id=user.pk)
    (letter,) = mail.outbox
    (address,) = re.findall(r"http\S+", str(letter.body))
    page = client.get(address.partition("8000")[2], follow=True)
    chosen = {"password1": PASSWORD, "password2": PASSWORD}
    client.post(page.redirect_chain[-1][0], chosen)

    assert letter.to == ["wangfang@example.com"]
    assert "wangfang" in letter.body
    assert User.objects.get().check_password(PASSWORD)


def test_an_invitation_needs_an_address_nobody_else_has(actor: Actor, now: datetime) -> None:
    invite(actor, now)

    with pytest.raises(InvalidInput):
        invite(actor, now, username="other", email=" ")
    with pytest.raises(EmailTaken):
        invite(actor, now, username="other")

    assert User.objects.count() == 1


def test_who_has_signed_in_or_left_is_not_invited_again(actor: Actor, now: datetime) -> None:
    signed_in, left = invite(actor, now), invite(actor, now, username="left", email="left@example.com")
    User.objects.filter(pk=signed_in.pk).update(last_login=now)
    User.objects.filter(pk=left.pk).update(is_active=False)

    for user in User.objects.all():
        send_invitation(user_id=user.pk)
        with pytest.raises(InvitationNotPossible):
            invite_again(user, actor=actor, now=now)

    assert mail.outbox == []


def test_only_who_manages_accounts_of_the_group_invites(company: OrgUnit, now: datetime) -> None:
    manager = make_actor(company, CHANGE_ACCOUNT)

    with pytest.raises(NotAllowed):
        invite(manager, now)
    with pytest.raises(NotAllowed):
        invite_again(make_user(), actor=manager, now=now)


def test_nobody_is_invited_into_a_role_the_actor_may_not_give(
    group: OrgUnit, company: OrgUnit, now: datetime
) -> None:
    manager = make_actor(group, CHANGE_ACCOUNT, CHANGE_ORGANIZATION)
    role = Role.objects.create(code="wide", name_zh="宽", name_en="Wide", permissions=["customers.change"])

    with pytest.raises(RoleTooWide):
        invite_colleague(
            "wangfang",
            actor=manager,
            now=now,
            display_name="王芳",
            email="wangfang@example.com",
            language="zh-hans",
            role=role,
            org_unit=company,
        )

    assert not User.objects.filter(username="wangfang").exists()


def test_a_colleague_is_invited_on_the_page_and_again_on_theirs(
    signed_in: Client, company: OrgUnit, administrator: User
) -> None:
    role = Role.objects.create(code="guest", name_zh="访客", name_en="Guest", permissions=[SIGNED_IN])
    sent = {
        "display_name": "王芳",
        "username": "wangfang",
        "email": "wangfang@example.com",
        "language": "zh-hans",
        "org_unit": company.pk,
        "role": role.pk,
    }

    refused = signed_in.post(reverse("organization:invite"), {**sent, "email": administrator.email})
    accepted = signed_in.post(reverse("organization:invite"), sent)
    person = User.objects.get(username="wangfang")
    page = signed_in.get(accepted["Location"]).content.decode()
    again = signed_in.post(reverse("organization:invite_again", args=[person.pk]))

    assert refused.status_code == 422
    assert Membership.objects.get(user=person).org_unit == company
    assert reverse("organization:invite_again", args=[person.pk]) in page
    assert again["Location"] == reverse("organization:user", args=[person.pk])
    assert EventRecord.objects.filter(type="accounts.user_invited").count() == 2


def test_the_button_to_invite_again_is_not_shown_to_a_city_company(client: Client, company: OrgUnit) -> None:
    person = make_member(company, SIGNED_IN)
    sign_in(client, make_member(company, SIGNED_IN, VIEW_ORGANIZATION, CHANGE_ACCOUNT))

    page = client.get(reverse("organization:user", args=[person.pk])).content.decode()

    assert reverse("organization:invite_again", args=[person.pk]) not in page
