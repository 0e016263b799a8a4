"""The account for an emergency: closed until a reason is given, told of at once, and over after its time."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from hearth.accounts.models import Notification, User
from hearth.audit.models import AuditEntry
from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for
from hearth.organization.services import set_setting
from hearth.vigilance.commands import make_emergency_account, show_emergency_account
from hearth.vigilance.emergency import MINUTES, EmergencyUsed, begin_emergency, seal_account
from hearth.vigilance.emergency_views import UNTIL
from hearth.vigilance.jobs import mail_of_emergency
from hearth.vigilance.models import Alarm, AlarmRule
from hearth.vigilance.services import judge_reading, sync_rules
from tests.customers.builders import make_customer
from tests.organization.builders import make_member, sign_in

pytestmark = pytest.mark.django_db
REASON = "管理员账号全部锁定，需恢复登录"
COMMAND = Actor.system("emergency account")


@pytest.fixture(autouse=True)
def _rules(group: OrgUnit) -> None:
    sync_rules()


def seal() -> tuple[User, str]:
    return seal_account(actor=COMMAND, now=timezone.now())


def post_password(client: Client, username: str, password: str) -> int:
    answer = client.post("/accounts/login/", {"login": username, "password": password})
    return int(answer.status_code)


def opened(client: Client, company: OrgUnit) -> User:
    """Open the account as a person does."""
    user, password = seal()
    post_password(client, user.username, password)
    client.post("/vigilance/emergency/", {"reason": REASON})
    user.refresh_from_db()
    return user


def test_the_password_is_printed_once_and_kept_nowhere(company: OrgUnit) -> None:
    lines: list[object] = []

    make_emergency_account(echo=lines.append)

    user = User.objects.get(is_for_emergency=True)
    password = str(lines[0]).rpartition(" ")[2]
    assert (len(password), user.check_password(password)) == (39, True)
    assert password not in str(list(EventRecord.objects.values_list("payload", flat=True)))
    assert password not in str(list(AuditEntry.objects.values_list("values", flat=True)))


def test_there_is_one_and_sealing_it_again_ends_the_password_before(client: Client, company: OrgUnit) -> None:
    first, old = seal()
    second, new = seal()

    assert first.pk == second.pk
    assert post_password(Client(), first.username, old) == 200
    assert post_password(client, first.username, new) == 302
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="x", is_for_emergency=True, created_at=timezone.now())


def test_nothing_opens_before_a_reason_is_given(client: Client, company: OrgUnit) -> None:
    customer, (user, password) = make_customer(company), seal()

    post_password(client, user.username, password)
    page = client.get(f"/customers/{customer.pk}/")
    part = client.get("/accounts/bell/", headers={"HX-Request": "true"})
    short = client.post("/vigilance/emergency/", {"reason": "急"})

    assert (page.status_code, page["Location"]) == (302, "/vigilance/emergency/")
    assert part.status_code == 204
    assert (short.status_code, "十个字" in short.content.decode()) == (422, True)
    assert not Alarm.objects.exists()


def test_a_reason_opens_everything_everywhere_and_uses_the_password_up(
    client: Client, company: OrgUnit
) -> None:
    customer = make_customer(company, name="王小明")

    user = opened(client, company)

    page = client.get(f"/customers/{customer.pk}/")
    assert (page.status_code, "王小明" in page.content.decode()) == (200, True)
    assert "应急账号" in page.content.decode()
    assert not user.has_usable_password()
    assert actor_for(user, today=timezone.localdate()).can("accounts.change")


def test_an_alarm_with_the_reason_is_raised_and_people_are_told_in_bell_and_mail(
    client: Client, group: OrgUnit, company: OrgUnit
) -> None:
    officer = make_member(group, "core.signed_in", "vigilance.view")
    administrator = make_member(group, "core.signed_in", "accounts.change")
    bystander = make_member(group, "core.signed_in")
    User.objects.filter(pk__in=[officer.pk, administrator.pk, bystander.pk]).update(email="")
    User.objects.filter(pk=administrator.pk).update(email="admin@example.com")

    user = opened(client, company)

    alarm = Alarm.objects.get()
    assert (alarm.user, alarm.rule.code) == (user, "emergency")
    assert REASON in alarm.steps.get().note
    assert "127.0.0.1" in alarm.steps.get().note
    told = Notification.objects.values_list("user_id", "kind")
    assert set(told) == {(officer.pk, "vigilance.alarm"), (administrator.pk, "vigilance.emergency")}
    for queued in ProcrastinateJob.objects.filter(task_name="vigilance.mail_of_emergency"):
        mail_of_emergency(**queued.args)
    assert [letter.to for letter in mail.outbox] == [["admin@example.com"]]
    assert REASON in mail.outbox[0].body
    page = sign_in(Client(), officer).get(f"/vigilance/alarms/{alarm.pk}/").content.decode()
    assert REASON in page


def test_each_use_is_an_alarm_of_its_own_even_where_its_rule_was_switched_off(
    client: Client, company: OrgUnit
) -> None:
    AlarmRule.objects.filter(code="emergency").update(is_active=False)

    opened(client, company)
    opened(Client(), company)

    assert Alarm.objects.count() == 2
    judge_reading(now=timezone.now())
    assert Alarm.objects.count() == 2


def test_what_it_does_is_noted_as_done_in_an_emergency(client: Client, company: OrgUnit) -> None:
    customer = make_customer(company, name="王小明")
    opened(client, company)

    client.post(f"/families/{customer.pk}/needs/state/", {"purpose": "upgrade"})

    entry = AuditEntry.objects.filter(table="families_needprofile").latest("id")
    assert entry.roles == "emergency"


def test_it_is_over_after_its_time(client: Client, group: OrgUnit, company: OrgUnit) -> None:
    set_setting(MINUTES.key, actor=COMMAND, now=timezone.now(), org_unit=group, value=5)
    opened(client, company)
    assert client.session[UNTIL] <= (timezone.now() + timedelta(minutes=5)).timestamp()
    session = client.session
    session[UNTIL] = timezone.now().timestamp() - 1
    session.save()

    answer = client.get("/customers/")

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/")
    assert client.get("/customers/").status_code == 302


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/password/change/",
        "/accounts/passkeys/add/",
        "/accounts/two-step/app/",
        "/accounts/tokens/add/",
    ],
)
def test_nothing_that_outlasts_it_is_made(client: Client, company: OrgUnit, address: str) -> None:
    user = opened(client, company)

    answer = client.post(address, {"name": "x", "expires_date": "2099-01-01"})

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert user.api_tokens.count() == 0


def test_the_page_is_for_that_account_alone(client: Client, group: OrgUnit) -> None:
    browser = sign_in(client, make_member(group, "core.signed_in", "accounts.change"))

    assert browser.get("/vigilance/emergency/").status_code == 404


def test_the_command_says_how_it_stands(client: Client, company: OrgUnit) -> None:
    said: list[object] = []
    show_emergency_account(echo=said.append)
    seal()
    show_emergency_account(echo=said.append)
    opened(client, company)
    show_emergency_account(echo=said.append)

    assert ["There is no" in str(said[0]), "is sealed" in str(said[1]), "was opened" in str(said[2])] == [
        True
    ] * 3
    assert Customer.objects.count() == 0


def test_of_two_who_hold_the_password_one_opens_the_account(company: OrgUnit) -> None:
    seal()
    first, second = (User.objects.get(is_for_emergency=True) for _person in range(2))
    begin_emergency(first, reason=REASON, address="", actor=COMMAND, now=timezone.now())

    with pytest.raises(EmergencyUsed):
        begin_emergency(second, reason=REASON, address="", actor=COMMAND, now=timezone.now())

    assert Alarm.objects.count() == 1
