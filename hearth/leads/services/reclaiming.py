"""Leads that nobody speaks with go to the public pool 公海 by themselves; whoever has them is told before."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate

from hearth.accounts.services import notify
from hearth.core.actor import Actor
from hearth.leads.keeping import KEEP_DAYS, WARN_DAYS, day_begins, day_of_pool, going_by
from hearth.leads.models import Lead, LeadQuerySet
from hearth.leads.notifications import FALLS_SOON, FELL
from hearth.leads.services.pool import release_lead
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import settings_at_each

ACTOR = Actor.system("reclaim")
NO_CONTACT = "no_contact"
AT_ONCE = 100


def reclaim_leads(*, now: datetime) -> int:
    """Give to the pool what was left without contact for longer than its place allows; return how many leads.

    Each portion is a transaction of its own, and what another look holds is left to it: repeatable, and by several at
    once. Nobody loses a lead who was not told so the days before, also where a change of the setting makes many due.
    """
    taken = 0
    for place_id, days in _days_at_places().items():
        while found := _reclaim_some(place_id, days, now):
            taken += found
        while _warn_some(place_id, days, now):
            pass
    return taken


def _days_at_places() -> Mapping[int, int]:
    """Return for how long leads are kept, for the places that have some and where they are not kept for ever."""
    with_leads = Lead.objects.open().filter(consultant__isnull=False).values("org_unit")
    places = list(OrgUnit.objects.filter(pk__in=with_leads).order_by("pk"))
    found = settings_at_each({KEEP_DAYS.key: KEEP_DAYS.default}, places)
    days = {place.pk: int(found[place.pk][KEEP_DAYS.key].value) for place in places}
    return {place_id: number for place_id, number in days.items() if number}


@transaction.atomic
def _reclaim_some(place_id: int, days: int, now: datetime) -> int:
    """Release a portion, and return how many leads; 0 when nothing is left."""
    today = localdate(now)
    told_before = day_begins(today - timedelta(days=WARN_DAYS - 1))
    rows = going_by(Lead.objects.filter(org_unit=place_id), days, day=today)
    due = _lock(rows.warned_before(told_before))
    for lead in due:
        before = lead.consultant_id
        released = release_lead(lead, actor=ACTOR, now=now, because=NO_CONTACT)
        _tell(released, before, FELL, now, {"title": str(released)})
    return len(due)


@transaction.atomic
def _warn_some(place_id: int, days: int, now: datetime) -> int:
    """Tell of a portion of what goes soon; return of how many leads, 0 when nothing is left."""
    soon = localdate(now) + timedelta(days=WARN_DAYS)
    rows = going_by(Lead.objects.filter(org_unit=place_id), days, day=soon)
    warned = _lock(rows.not_warned())
    for lead in warned:
        day = day_of_pool(lead, soon=soon)
        _tell(lead, lead.consultant_id, FALLS_SOON, now, {"title": str(lead), "day": day.isoformat()})
    Lead.objects.filter(pk__in=[lead.pk for lead in warned]).update(pool_warned_at=now)
    return len(warned)


def _lock(rows: LeadQuerySet) -> list[Lead]:
    """Lock a portion of leads that nobody else holds, and read again what is still so once they are locked."""
    free = rows.select_for_update(of=("self",), skip_locked=True).order_by("pk")
    held = list(free.values_list("pk", flat=True)[:AT_ONCE])
    return list(rows.filter(pk__in=held).select_related("customer", "project").order_by("pk"))


def _tell(lead: Lead, user_id: int | None, kind: str, now: datetime, params: Mapping[str, str]) -> None:
    if user_id is not None:
        url = reverse("leads:lead", args=[lead.pk])
        notify([user_id], kind, url=url, now=now, params=params, is_sample=lead.is_sample)
