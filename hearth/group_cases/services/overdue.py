"""Telling of what is overdue: promises to the households, steps of the plan, reviews; once each."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localdate

from hearth.accounts.models import User
from hearth.accounts.services import notify
from hearth.cases.oversight import nearest_overseers
from hearth.group_cases.models import Commitment, GroupCase, GroupReview, GroupStep, TeamMember, TeamRole
from hearth.group_cases.notifications import OVERDUE_COMMITMENT, OVERDUE_REVIEW, OVERDUE_STEP

AT_ONCE = 100


def tell_of_overdue(*, now: datetime) -> int:
    """Tell who keeps a promise, and who watches over the place, of all that is overdue; return how many things are.

    Repeatable, and by several at once: each hundred is one transaction, and nobody hears of a thing twice.
    """
    told = 0
    while found := _tell_some(now):
        told += found
    return told


@transaction.atomic
def _tell_some(now: datetime) -> int:
    today = localdate(now)
    commitments = Commitment.objects.waiting().filter(told_at=None, due_date__lt=today)
    steps = GroupStep.objects.waiting().filter(told_at=None, due_at__lt=now, group_case__closed_at=None)
    reviews = GroupReview.objects.filter(finished_at=None, told_at=None, due_date__lt=today)
    number = 0
    for rows, kind in (
        (commitments, OVERDUE_COMMITMENT),
        (steps, OVERDUE_STEP),
        (reviews, OVERDUE_REVIEW),
    ):
        number += _tell_each(rows, kind, now)
    return number


def _tell_each(rows: "QuerySet[Any]", kind: str, now: datetime) -> int:
    """Take what no other look holds, tell of it, and mark it."""
    found = list(rows.order_by("id").select_for_update(skip_locked=True, of=("self",))[:AT_ONCE])
    groups = GroupCase.objects.select_related("org_unit").in_bulk({row.group_case_id for row in found})
    for row in found:
        group = groups[row.group_case_id]
        ids = {user.pk for user in nearest_overseers(group.org_unit, today=localdate(now))} | _own(row)
        url = reverse("group_cases:group", args=[group.pk])
        notify(ids, kind, url=url, now=now, params={"number": group.number}, is_sample=group.is_sample)
        row.told_at, row.updated_at = now, now
        row.save(update_fields=["told_at", "updated_at"])
    return len(found)


def _own(row: Commitment | GroupStep | GroupReview) -> set[int]:
    """Return who keeps a promise, does a step, or leads the team that writes the review; nobody who left."""
    if isinstance(row, Commitment):
        found = User.objects.active().filter(pk=row.responsible_id or 0)
        return set(found.values_list("pk", flat=True))
    role = row.plan_step.role if isinstance(row, GroupStep) else TeamRole.LEADER
    team = TeamMember.objects.present().filter(group_case=row.group_case_id, role=role)
    return set(User.objects.active().filter(pk__in=team.values("user")).values_list("pk", flat=True))
