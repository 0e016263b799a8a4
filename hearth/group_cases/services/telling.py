"""Telling those above of group complaints."""

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate

from hearth.accounts.services import notify
from hearth.cases.oversight import overseers_from
from hearth.core.actor import Actor
from hearth.core.events import record
from hearth.group_cases.events import GroupTold
from hearth.group_cases.models import GroupCase, GroupTelling
from hearth.group_cases.notifications import TOLD
from hearth.group_cases.services.steps import about

ACTOR = Actor.system("group_cases")
AT_ONCE = 100
NOBODY_THERE = timedelta(hours=1)


def tell_of_levels(*, now: datetime) -> int:
    """Tell those above who are to be told by now; return how many levels were. Repeatable, and by several at once.

    Where nobody watches over cases it is tried again after an hour.
    """
    told = 0
    while found := _tell_some(now):
        told += found[1]
    return told


@transaction.atomic
def _tell_some(now: datetime) -> tuple[int, int] | None:
    """Take what no other look holds; return how many were taken and how many told, None when nothing is left."""
    rows = GroupTelling.objects.waiting().filter(tell_at__lte=now).order_by("tell_at", "id")
    waiting = list(rows.select_for_update(skip_locked=True, of=("self",))[:AT_ONCE])
    groups = GroupCase.objects.select_related("org_unit").in_bulk({each.group_case_id for each in waiting})
    told = sum(_tell(each, groups[each.group_case_id], now) for each in waiting)
    return (len(waiting), told) if waiting else None


def _tell(telling: GroupTelling, group: GroupCase, now: datetime) -> bool:
    """Tell who watches over cases at the level, or at the nearest above; keep whom and when."""
    place, people = overseers_from(group.org_unit, telling.level, today=localdate(now))
    if place is None:
        telling.tell_at, telling.updated_at = now + NOBODY_THERE, now
        telling.save(update_fields=["tell_at", "updated_at"])
        return False
    ids = sorted(user.pk for user in people)
    params = {"number": group.number, "households": group.households}
    url = reverse("group_cases:group", args=[group.pk])
    notify(ids, TOLD[telling.of], url=url, now=now, params=params, is_sample=group.is_sample)
    telling.told_at, telling.told_ids, telling.place, telling.updated_at = now, ids, place, now
    telling.save(update_fields=["told_at", "told_ids", "place", "updated_at"])
    event = GroupTold(
        **about(group),
        level=telling.level,
        of=telling.of,
        people=len(ids),
        is_in_time=now <= telling.due_at,
    )
    record(event, actor=ACTOR, now=now)
    return True
