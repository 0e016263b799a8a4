"""Raising an alarm and telling those who watch over the group."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from hearth.accounts.services import notify
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import people_with
from hearth.vigilance.models import Alarm, AlarmRule
from hearth.vigilance.notifications import ALARM
from hearth.vigilance.permissions import VIEW_ALARM

# What goes on is one alarm, not one for each look of the clock.
SAME = timedelta(hours=24)


@dataclass(frozen=True)
class Finding:
    """What is unusual about a person: how much within which window, and what was usual."""

    user_id: int
    number: int
    began_at: datetime
    ended_at: datetime
    own_median: float | None = None
    peer_median: float | None = None
    customer_id: UUID | None = None


@transaction.atomic
def raise_alarm(rule: AlarmRule, found: Finding, *, now: datetime) -> Alarm:
    """Raise an alarm, or go on with the one of the same rule, person and customer that was raised within a day.

    Those who watch over the group are told once, the person it is about never. Each emergency is an alarm of its own.
    """
    rule = AlarmRule.objects.select_for_update(no_key=True).get(pk=rule.pk)
    same = Alarm.objects.filter(rule=rule, user_id=found.user_id, created_at__gt=now - SAME)
    if found.customer_id:
        same = same.filter(customer_id=found.customer_id)
    earlier = same.order_by("-id").first()
    if earlier and rule.measure != AlarmRule.Measure.EMERGENCY:
        earlier.number = max(earlier.number, found.number)
        earlier.window_ended_at, earlier.updated_at = found.ended_at, now
        earlier.save(update_fields=["number", "window_ended_at", "updated_at"])
        return earlier
    alarm = Alarm.objects.create(
        rule=rule,
        user_id=found.user_id,
        customer_id=found.customer_id,
        number=found.number,
        own_median=found.own_median,
        peer_median=found.peer_median,
        window_began_at=found.began_at,
        window_ended_at=found.ended_at,
        created_at=now,
        updated_at=now,
    )
    _tell(alarm, rule, now)
    return alarm


def _tell(alarm: Alarm, rule: AlarmRule, now: datetime) -> None:
    group = OrgUnit.objects.filter(depth=0).order_by("id").first()
    if group is None:
        return
    people = people_with(VIEW_ALARM, group, today=timezone.localdate(now)).exclude(pk=alarm.user_id)
    url = reverse("vigilance:alarm", args=[alarm.pk])
    notify(
        [user.pk for user in people],
        ALARM,
        url=url,
        now=now,
        params={"rule": {"zh": rule.name_zh, "en": rule.name_en}},
    )
