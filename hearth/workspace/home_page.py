"""The start page: the loop record → analyse → plan → act → measure, each step with its figure and what is next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q

from hearth.campaigns.models import Campaign, CampaignQuerySet
from hearth.campaigns.permissions import VIEW_CAMPAIGN
from hearth.cases.models import Case
from hearth.cases.permissions import VIEW_CASE
from hearth.core.actor import Actor
from hearth.core.pages import estimated_count
from hearth.customers.models import Customer
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.insight.models import Round, ScoringRun
from hearth.insight.permissions import VIEW_INSIGHT
from hearth.registers.due import AuditStanding, audit_standing
from hearth.registers.permissions import CHANGE_REGISTER
from hearth.segments.models import Segment
from hearth.segments.permissions import VIEW_SEGMENT
from hearth.tasks.models import Task
from hearth.tasks.permissions import VIEW_TASK
from hearth.tasks.selectors import due_count, my_next_tasks

EXACT_BELOW = 10_000


@dataclass(frozen=True)
class CaseLoad:
    """How many cases wait, as far as the actor may see them."""

    open: int
    mine: int
    new_this_week: int


@dataclass(frozen=True)
class HomePage:
    """What the start page shows; a part is None when the actor may not see it."""

    customers: int | None
    is_estimate: bool
    scoring: ScoringRun | None
    segments: int | None
    running: Sequence[Campaign] | None
    finished: Sequence[Campaign] | None
    round: Round | None
    case_load: CaseLoad | None
    my_cases: Sequence[Case]
    my_tasks: Sequence[Task] | None
    due_tasks: int
    audit: AuditStanding | None


def home_page(actor: Actor, *, today: date) -> HomePage:
    """Gather the page; at most eleven queries, some ten more for who keeps the registers of the group."""
    customers, is_estimate = _customers(actor)
    campaigns = Campaign.objects.visible_to(actor) if actor.can(VIEW_CAMPAIGN) else None
    return HomePage(
        customers=customers,
        is_estimate=is_estimate,
        scoring=_scoring(actor),
        segments=Segment.objects.visible_to(actor).count() if actor.can(VIEW_SEGMENT) else None,
        running=None if campaigns is None else _newest(campaigns.filter(state=Campaign.State.RUNNING)),
        finished=None if campaigns is None else _newest(campaigns.filter(state=Campaign.State.FINISHED)),
        round=_round(actor),
        case_load=_case_load(actor, today) if actor.can(VIEW_CASE) else None,
        my_cases=_my_cases(actor) if actor.can(VIEW_CASE) else [],
        my_tasks=my_next_tasks(actor) if actor.can(VIEW_TASK) else None,
        due_tasks=due_count(actor),
        audit=audit_standing(today) if actor.scope(CHANGE_REGISTER).everywhere else None,
    )


def _customers(actor: Actor) -> tuple[int | None, bool]:
    """Count customers exactly while they are few, else take the planner's estimate."""
    if not actor.can(VIEW_CUSTOMER):
        return None, False
    visible = Customer.objects.visible_to(actor)
    estimate = estimated_count(visible)
    return (visible.count(), False) if estimate < EXACT_BELOW else (estimate, True)


def _scoring(actor: Actor) -> ScoringRun | None:
    if not actor.can(VIEW_INSIGHT):
        return None
    return ScoringRun.objects.filter(state=ScoringRun.State.DONE).newest_first().first()


def _round(actor: Actor) -> Round | None:
    if not actor.can(VIEW_INSIGHT):
        return None
    return Round.objects.visible_to(actor).order_by("-starts_date", "-id").first()


def _newest(campaigns: CampaignQuerySet) -> Sequence[Campaign]:
    return list(campaigns.order_by("-updated_at", "-id")[:4])


def _case_load(actor: Actor, today: date) -> CaseLoad:
    week = today - timedelta(days=7)
    counted = Case.objects.visible_to(actor).aggregate(
        open=Count("id", filter=~Q(state=Case.State.CLOSED)),
        mine=Count("id", filter=~Q(state=Case.State.CLOSED) & Q(assignee_id=actor.user_id)),
        new=Count("id", filter=Q(opened_at__date__gte=week)),
    )
    return CaseLoad(counted["open"], counted["mine"], counted["new"])


def _my_cases(actor: Actor) -> Sequence[Case]:
    mine = Case.objects.visible_to(actor).open().filter(assignee_id=actor.user_id).select_related("customer")
    return list(mine.order_by("opened_at", "id")[:5])
