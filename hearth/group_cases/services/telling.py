"""Telling those above of group complaints."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.urls import reverse

from hearth.cases.telling import tell_above, tell_due
from hearth.core.actor import Actor
from hearth.core.events import record
from hearth.group_cases.events import GroupTold
from hearth.group_cases.models import GroupCase, GroupTelling
from hearth.group_cases.notifications import TOLD
from hearth.group_cases.services.steps import about

ACTOR = Actor.system("group_cases")


def tell_of_levels(*, now: datetime) -> int:
    """Tell those above who are to be told by now; return how many levels were. Repeatable, and by several at once.

    Where nobody watches over cases it is tried again after an hour.
    """
    return tell_due(GroupTelling.objects.waiting(), partial(_tell_some, now=now), now=now)


def _tell_some(waiting: Sequence[GroupTelling], now: datetime) -> int:
    groups = GroupCase.objects.select_related("org_unit").in_bulk({each.group_case_id for each in waiting})
    return sum(_tell(each, groups[each.group_case_id], now) for each in waiting)


def _tell(telling: GroupTelling, group: GroupCase, now: datetime) -> bool:
    params = {"number": group.number, "households": group.households}
    url = reverse("group_cases:group", args=[group.pk])
    people = tell_above(telling, group.org_unit, TOLD[telling.of], url=url, params=params, now=now)
    if people is None:
        return False
    event = GroupTold(
        **about(group),
        level=telling.level,
        of=telling.of,
        people=people,
        is_in_time=now <= telling.due_at,
    )
    record(event, actor=ACTOR, now=now)
    return True
