"""Telling those who answer that a request is due soon, or late."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate

from hearth.accounts.services import notify
from hearth.organization.selectors import people_with
from hearth.privacy.models import PersonRequest
from hearth.privacy.notifications import REQUEST_DUE, REQUEST_LATE
from hearth.privacy.permissions import ANSWER_REQUEST

AHEAD = timedelta(days=5)
SOON, LATE = "soon", "late"


def remind_of_requests(*, now: datetime) -> int:
    """Tell of each open request once when it is due within five days and once when it is late; return how many."""
    today = localdate(now)
    rows = PersonRequest.objects.open().filter(due_date__lte=today + AHEAD).exclude(reminded=LATE)
    return sum(_remind(row, today, now) for row in rows.select_related("org_unit").order_by("due_date", "id"))


@transaction.atomic
def _remind(row: PersonRequest, today: date, now: datetime) -> int:
    word = LATE if today > row.due_date else SOON
    if not PersonRequest.objects.filter(pk=row.pk).exclude(reminded=word).update(reminded=word):
        return 0
    people = {user.pk for user in people_with(ANSWER_REQUEST, row.org_unit, today=today)}
    if word == SOON and row.handler_id in people:
        people = {row.handler_id}
    notify(
        sorted(people),
        REQUEST_LATE if word == LATE else REQUEST_DUE,
        url=reverse("privacy:request", args=[row.pk]),
        now=now,
        params={"number": row.number, "day": f"{row.due_date:%Y-%m-%d}"},
        is_sample=row.is_sample,
    )
    return 1
