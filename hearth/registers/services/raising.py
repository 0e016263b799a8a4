"""Tasks and mails for what falls due: reviews of assessments, ends of contracts, the next compliance audit."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from hearth.accounts.models import Notification
from hearth.accounts.services import notify
from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import people_with
from hearth.registers.due import next_audit_date
from hearth.registers.mails import CONTRACT_ENDS, REVIEW_DUE, queue_mails
from hearth.registers.models import Assessment, Processor
from hearth.registers.notifications import AUDIT_DUE
from hearth.registers.permissions import CHANGE_REGISTER
from hearth.tasks.services import NewTask, create_tasks

AHEAD = timedelta(days=30)
ACTOR = Actor.system("registers")


def raise_what_is_due(*, now: datetime) -> int:
    """Give owners a task thirty days before a review or the end of a contract, once; return how many. Repeatable.

    An owner who has no right to tasks at the place any more is passed over; the lists show what is due.
    """
    today = localdate(now)
    reviews = Assessment.objects.filter(state=Assessment.State.APPROVED, review_date__lte=today + AHEAD)
    contracts = Processor.objects.filter(ended_date=None, contract_end_date__lte=today + AHEAD)
    raised = 0
    for assessment in reviews.select_related("owner").order_by("id"):
        if assessment.review_date and assessment.raised_date != assessment.review_date:
            title = gettext("Review the impact assessment %(name)s") % {"name": assessment.name}
            raised += _raise(assessment, title, assessment.review_date, now=now)
    for processor in contracts.select_related("owner").order_by("id"):
        if processor.raised_date != processor.contract_end_date:
            title = gettext("The contract with %(name)s ends: renew it, or have the data returned or deleted")
            raised += _raise(
                processor, title % {"name": processor.name}, processor.contract_end_date, now=now
            )
    _tell_of_audit(today, now=now)
    return raised


@transaction.atomic
def _raise(row: Assessment | Processor, title: str, due_date: date, *, now: datetime) -> bool:
    new = NewTask(org_unit_id=row.org_unit_id, title=title[:120], due_date=due_date, assignee_id=row.owner_id)
    try:
        create_tasks([new], actor=ACTOR, now=now)
    except DomainError:
        return False
    row.raised_date = due_date
    row.save(update_fields=["raised_date"])
    params = {"name": row.name, "day": due_date.isoformat()}
    is_review = isinstance(row, Assessment)
    url = reverse(f"registers:{'assessment' if is_review else 'processor'}", args=[row.pk])
    queue_mails([row.owner], REVIEW_DUE if is_review else CONTRACT_ENDS, url=url, params=params)
    return True


@transaction.atomic
def _tell_of_audit(today: date, *, now: datetime) -> None:
    """Tell each Monday that the next compliance audit is due within thirty days, or overdue; by mail the first time."""
    group = OrgUnit.objects.filter(depth=0).order_by("id").first()
    due_date = next_audit_date()
    if group is None or due_date is None or today.weekday() or due_date > today + AHEAD:
        return
    people, url = people_with(CHANGE_REGISTER, group, today=today), reverse("registers:audits")
    params = {"day": due_date.isoformat()}
    told = Notification.objects.filter(kind=AUDIT_DUE, params=params).values_list("user_id", flat=True)
    queue_mails(people.exclude(pk__in=list(told)), AUDIT_DUE, url=url, params=params)
    notify([user.pk for user in people], AUDIT_DUE, url=url, now=now, params=params)
