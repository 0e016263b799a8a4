# domain data
"""The account for an emergency: sealed, opened by a reason, good for an hour, and told of at once.

Its password is printed once by `hearth emergency-account make` and lies in an envelope. Signing in shows one page,
which asks for the reason; giving it uses the password up, and tells those who watch over the group and those who keep
the accounts.
"""

import secrets
from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from hearth.accounts.models import Notification, User
from hearth.accounts.permissions import CHANGE_ACCOUNT
from hearth.accounts.services import notify
from hearth.core.actor import Actor
from hearth.core.addresses import public_url
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import people_with, setting_at
from hearth.organization.settings_catalogue import SettingDefinition, declare
from hearth.vigilance.catalogue import EMERGENCY
from hearth.vigilance.events import EmergencyBegan, EmergencySealed
from hearth.vigilance.models import Alarm, AlarmRule, AlarmStep
from hearth.vigilance.notifications import ALARM, EMERGENCY_BEGAN
from hearth.vigilance.permissions import VIEW_ALARM
from hearth.vigilance.services import raise_alarm
from hearth.vigilance.services.raising import Finding

USERNAME, NAME = "emergency", "应急账号"
SHORTEST_REASON, LONGEST_REASON = 10, 400
# 160 bits in groups that can be read aloud: no 0, O, 1, I or L.
LETTERS, GROUPS, GROUP_LENGTH = "ABCDEFGHJKMNPQRSTUVWXYZ23456789", 8, 4
MAIL = "vigilance/email/emergency"
MINUTES = declare(
    SettingDefinition(
        "accounts.emergency_minutes",
        _("Minutes for which the account for an emergency is open"),
        "int",
        60,
        minimum=5,
        maximum=480,
        help_text=_("Counted from the moment the reason is given. The group's value counts."),
    )
)


class EmergencyReasonMissing(InvalidInput):
    """Those who are told want to know why."""

    code = "emergency_reason_missing"
    message = _("Say in at least ten characters what the emergency is.")


class EmergencyUsed(DomainError):
    """The password opens the account once, also for two who hold it."""

    code = "emergency_used"
    message = _("The account was opened already. It must be sealed again before it opens once more.")


@transaction.atomic
def seal_account(*, actor: Actor, now: datetime) -> tuple[User, str]:
    """Make the account, or give it a new password, and return it with the password, which is kept nowhere.

    Sessions that are open end, since they hang on the password before.
    """
    user = User.objects.select_for_update().filter(is_for_emergency=True).first()
    if user is None:
        user = User(username=_free_name(), display_name=NAME, is_for_emergency=True, created_at=now)
    password = "-".join(
        "".join(secrets.choice(LETTERS) for _letter in range(GROUP_LENGTH)) for _group in range(GROUPS)
    )
    user.set_password(password)
    user.is_active = True
    user.save()
    record(EmergencySealed(user_id=user.pk), actor=actor, now=now)
    return user, password


def _free_name() -> str:
    taken = set(User.objects.filter(username__istartswith=USERNAME).values_list("username", flat=True))
    return next(name for name in (USERNAME, *(f"{USERNAME}-{n}" for n in range(2, 99))) if name not in taken)


@transaction.atomic
def begin_emergency(user: User, *, reason: str, address: str, actor: Actor, now: datetime) -> Alarm:
    """Open the account for a while, use its password up, raise the alarm and tell everybody concerned.

    :raises EmergencyReasonMissing: if the reason is too short
    :raises EmergencyUsed: if the password was used up since the person signed in with it
    """
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if len(reason) < SHORTEST_REASON:
        raise EmergencyReasonMissing("reason")
    if not User.objects.select_for_update().get(pk=user.pk).has_usable_password():
        raise EmergencyUsed
    user.set_unusable_password()
    user.save(update_fields=["password"])
    rule = AlarmRule.objects.get(code=EMERGENCY)
    ends_at = now + timedelta(minutes=minutes_open())
    alarm = raise_alarm(rule, Finding(user.pk, 1, began_at=now, ended_at=ends_at), now=now)
    note = f"{reason} · {address}"
    AlarmStep.objects.create(
        alarm=alarm, user=user, state=Alarm.State.OPEN, note=note, created_at=now, updated_at=now
    )
    record(EmergencyBegan(user_id=user.pk, alarm_id=str(alarm.pk)), actor=actor, now=now)
    _tell(user, alarm, now)
    return alarm


def minutes_open() -> int:
    """Return for how long the account is open once the reason is given, as the group has set it."""
    group = _group()
    return int(setting_at(MINUTES.key, group)) if group else int(MINUTES.default)


def told_of_emergencies(now: datetime) -> dict[int, User]:
    """Return who is told, by id: those who watch over the group and those who keep the accounts; five queries."""
    group, today = _group(), timezone.localdate(now)
    if group is None:
        return {}
    rights = (VIEW_ALARM, CHANGE_ACCOUNT)
    return {user.pk: user for right in rights for user in people_with(right, group, today=today)}


def write_of_emergency(alarm: Alarm, user: User) -> None:
    """Write to one person that the account was opened; opens a connection to the mail server."""
    step = alarm.steps.order_by("id").first()
    address = public_url(reverse("vigilance:alarm", args=[alarm.pk]))
    words = {"user": user, "reason": step.note if step else "", "alarm": alarm, "address": address}
    with override(user.language):
        subject = " ".join(render_to_string(f"{MAIL}_subject.txt", words).split())
        body = render_to_string(f"{MAIL}_message.txt", words).strip()
    EmailMessage(subject, body, to=[user.email]).send()


def _tell(user: User, alarm: Alarm, now: datetime) -> None:
    from hearth.vigilance.jobs import mail_of_emergency  # noqa: PLC0415  (jobs call this module)

    watching = Notification.objects.filter(kind=ALARM, url=reverse("vigilance:alarm", args=[alarm.pk]))
    told_already = set(watching.values_list("user_id", flat=True))
    people = told_of_emergencies(now)
    others = people.keys() - told_already - {user.pk}
    notify(sorted(others), EMERGENCY_BEGAN, url=reverse("accounts:notifications"), now=now)
    for person in people.values():
        if person.email and not person.is_sample:
            mail_of_emergency.defer(alarm_id=str(alarm.pk), user_id=person.pk)


def _group() -> OrgUnit | None:
    return OrgUnit.objects.filter(depth=0).order_by("id").first()
