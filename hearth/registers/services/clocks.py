"""Telling those who handle incidents, by bell and by mail, that a term ends soon, or has run out."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate, localtime

from hearth.accounts.services import notify
from hearth.organization.selectors import people_with
from hearth.registers.mails import queue_mails
from hearth.registers.models import Incident
from hearth.registers.notifications import CLOCK_OVER, CLOCK_SOON
from hearth.registers.permissions import CHANGE_REGISTER

AHEAD = timedelta(hours=1)


def running_clocks(incident: Incident) -> Iterator[tuple[str, datetime]]:
    """Yield the terms of an incident that are not met yet."""
    if incident.is_open and incident.authority_due_at and not incident.authority_told_at:
        yield "authority", incident.authority_due_at
    if incident.is_open and not incident.notice:
        yield "persons", incident.persons_due_at


def tell_of_clocks(*, now: datetime) -> int:
    """Tell of each running term once in its last hour and once when it has run out; return how often. Repeatable."""
    return sum(_tell(incident.pk, now) for incident in Incident.objects.open().order_by("id"))


@transaction.atomic
def _tell(incident_id: UUID, now: datetime) -> int:
    incident = Incident.objects.select_for_update(of=("self",)).select_related("org_unit").get(pk=incident_id)
    told = 0
    for name, until in running_clocks(incident):
        stage = "over" if now >= until else "soon"
        mark = f"{name} {stage} {until.isoformat()}"
        if now < until - AHEAD or mark in incident.told_of:
            continue
        people = list(people_with(CHANGE_REGISTER, incident.org_unit, today=localdate(now)))
        kind = CLOCK_OVER if stage == "over" else CLOCK_SOON
        url = reverse("registers:incident", args=[incident.pk])
        params: dict[str, str | int | Mapping[str, str]] = {
            "number": incident.number,
            "until": f"{localtime(until):%Y-%m-%d %H:%M}",
        }
        notify([user.pk for user in people], kind, url=url, now=now, params=params)
        queue_mails(people, kind, url=url, params=params)
        incident.told_of = [*incident.told_of, mark]
        incident.save(update_fields=["told_of"])
        told += 1
    return told
