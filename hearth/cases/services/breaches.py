"""Noticing broken promises: once each, whoever looks and however often."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from hearth.accounts.services import notify
from hearth.cases.events import PromiseBroken
from hearth.cases.models import Case, ServiceClock, Step
from hearth.cases.models.clocks import IS_BROKEN
from hearth.cases.notifications import BROKEN
from hearth.cases.oversight import nearest_overseers
from hearth.cases.services.ladder import raise_ladder
from hearth.cases.services.steps import about
from hearth.core.actor import Actor
from hearth.core.events import record
from hearth.core.models import EventRecord
from hearth.organization.models import OrgUnit, Role
from hearth.organization.selectors import people_with
from hearth.tasks.permissions import VIEW_TASK
from hearth.tasks.services import NewTask, create_tasks

ACTOR = Actor.system("cases")
AT_ONCE = 100
# Who is asked where nobody is in charge.
DESK = "customer_manager"


def notice_breaches(*, now: datetime) -> int:
    """Notice every promise that is broken and was not noticed; return how many. Repeatable, and by several at once.

    Each hundred is one transaction: a killed worker leaves the rest to the next look, and nobody is told twice.
    """
    noticed = 0
    while found := _notice_some(now):
        noticed += found
    return noticed


@transaction.atomic
def _notice_some(now: datetime) -> int:
    """Take what no other look holds, tell of it, and mark it, in one transaction."""
    rows = ServiceClock.objects.filter(IS_BROKEN, noticed_at=None, due_at__lt=now)
    clocks = list(rows.order_by("due_at", "id").select_for_update(skip_locked=True, of=("self",))[:AT_ONCE])
    cases = Case.objects.select_related("org_unit").in_bulk({clock.case_id for clock in clocks})
    watching = _Watching(now)
    for clock in clocks:
        _tell(clock, cases[clock.case_id], watching, now)
    marked = ServiceClock.objects.filter(pk__in=[clock.pk for clock in clocks])
    marked.update(noticed_at=now, updated_at=now)
    return len(clocks)


@dataclass
class _Watching:
    """Who watches over cases at a place; of the places of one look each is asked for once."""

    now: datetime
    known: dict[int, frozenset[int]] = field(default_factory=dict)

    def over(self, place: OrgUnit) -> frozenset[int]:
        if place.pk not in self.known:
            people = nearest_overseers(place, today=localdate(self.now))
            self.known[place.pk] = frozenset(user.pk for user in people)
        return self.known[place.pk]


def _tell(clock: ServiceClock, case: Case, watching: _Watching, now: datetime) -> None:
    """Write down the breach; of one that is past mending nobody is called."""
    due_at = clock.due_at or now
    late = (clock.stopped_at or now) - due_at
    event = PromiseBroken(
        **about(case),
        kind=case.kind,
        grade=case.grade,
        step=clock.step,
        due_at=due_at.isoformat(),
        late_minutes=late // timedelta(minutes=1),
    )
    written = record(event, actor=ACTOR, now=now)
    if clock.stopped_at is None:
        _call(clock, case, written, watching, now)


def _call(clock: ServiceClock, case: Case, event: EventRecord, watching: _Watching, now: datetime) -> None:
    """Tell who is in charge and who watches over the place, and give a task."""
    told = {*watching.over(case.org_unit)}
    if case.assignee_id:
        told.add(case.assignee_id)
    url = reverse("cases:case", args=[case.pk])
    params = {"number": case.number}
    notify(told, BROKEN[clock.step], url=url, now=now, params=params, is_sample=case.is_sample)
    task = _task(clock, case, event, now)
    raise_ladder(case, "broken", "", key=f"broken:{clock.step}:{clock.due_at:%Y%m%d%H%M}", now=now)
    if task:
        create_tasks([task], actor=ACTOR, now=now, is_sample=case.is_sample)


def _task(clock: ServiceClock, case: Case, event: EventRecord, now: datetime) -> NewTask | None:
    able = people_with(VIEW_TASK, case.org_unit, today=localdate(now))
    assignee_id = case.assignee_id if able.filter(pk=case.assignee_id or 0).exists() else None
    role_id = None
    if assignee_id is None:
        role_id = Role.objects.filter(code=DESK).values_list("pk", flat=True).first()
    if assignee_id is None and role_id is None:
        return None
    title = gettext("Overdue: %(step)s of case #%(number)s") % {
        "step": Step(clock.step).label,
        "number": case.number,
    }
    return NewTask(
        case.org_unit_id,
        title,
        localdate(now),
        assignee_id=assignee_id,
        role_id=role_id,
        priority=1,
        customer_id=case.customer_id,
        about_kind="case",
        about_id=case.pk,
        rule=f"cases.broken_{clock.step}",
        event_id=event.id,
    )
