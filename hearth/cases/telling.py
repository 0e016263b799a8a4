"""Telling those above what waits to be told, whatever it is about: a case, a group complaint."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils.timezone import localdate

from hearth.accounts.services import notify
from hearth.cases.oversight import overseers_from
from hearth.organization.models import OrgUnit

AT_ONCE = 100
NOBODY_THERE = timedelta(hours=1)


def tell_due(waiting: "models.QuerySet[Any]", tell: Callable[[Sequence[Any]], int], *, now: datetime) -> int:
    """Have everything told that is to be told by now; return how much was. Repeatable, and by several at once.

    :param waiting: rows with `tell_at`; `tell` settles some of them, none of which another look holds
    """
    told = 0
    while True:
        with transaction.atomic():
            rows = waiting.filter(tell_at__lte=now).order_by("tell_at", "id")
            taken = list(rows.select_for_update(skip_locked=True, of=("self",))[:AT_ONCE])
            told += tell(taken)
        if not taken:
            return told


def tell_above(
    row: Any, org_unit: OrgUnit, kind: str, *, url: str, params: Mapping[str, Any], now: datetime
) -> int | None:
    """Tell who watches over cases at the level of a row, or at the nearest above; keep whom and when.

    :returns: how many people were told; None where nobody watches, and it is tried again after an hour
    """
    place, people = overseers_from(org_unit, row.level, today=localdate(now))
    row.updated_at = now
    if place is None:
        row.tell_at = now + NOBODY_THERE
        row.save(update_fields=["tell_at", "updated_at"])
        return None
    ids = sorted(user.pk for user in people)
    notify(ids, kind, url=url, now=now, params=params, is_sample=row.is_sample)
    row.told_at, row.told_ids, row.place = now, ids, place
    row.save(update_fields=["told_at", "told_ids", "place", "updated_at"])
    return len(ids)
