"""The plan of a group complaint, step by step, and its team."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.cases.permissions import VIEW_CASE
from hearth.cases.services import NotAChoice
from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput, NotAllowed
from hearth.core.events import record
from hearth.group_cases.events import PlanStepChanged, PlanStepDone, TeamChanged
from hearth.group_cases.levels import RANK
from hearth.group_cases.models import GroupCase, GroupStep, PlanStep, TeamMember, TeamRole
from hearth.group_cases.permissions import CHANGE_PLAN
from hearth.group_cases.services.steps import about, live
from hearth.lib.identifiers import uuid7
from hearth.organization.selectors import people_with


class StepIsDone(DomainError):
    """A step is done once."""

    code = "step_is_done"
    message = _("This step is done already.")


class CannotSeeIt(InvalidInput):
    """Who is in the team, or keeps a promise, can see the group complaint."""

    code = "cannot_see_it"
    message = _("This colleague may not see cases there.")


class NotInTeam(DomainError):
    """Who left the team cannot leave it again."""

    code = "not_in_team"
    message = _("This colleague is not in the team any more.")


def start_steps(group: GroupCase, *, now: datetime) -> None:
    """Begin the steps of the plan that the level asks for and that have not begun; opens no transaction."""
    wanted = [step for step in PlanStep.objects.in_use() if RANK[step.level] <= RANK[group.level]]
    rows = [
        GroupStep(
            id=uuid7(),
            group_case=group,
            plan_step=step,
            due_at=now + timedelta(hours=step.hours),
            is_sample=group.is_sample,
            created_at=now,
            updated_at=now,
        )
        for step in wanted
    ]
    GroupStep.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def finish_step(step: GroupStep, *, actor: Actor, note: str = "", now: datetime) -> GroupStep:
    """Note that a step of the plan is done.

    :raises NotAllowed: if the actor may not change cases there
    :raises GroupIsClosed: if the group complaint is closed
    :raises StepIsDone: if it was done before
    """
    group = live(step.group_case, actor)
    step = GroupStep.objects.select_for_update(of=("self",)).select_related("plan_step").get(pk=step.pk)
    if step.done_at is not None:
        raise StepIsDone
    step.done_at, step.done_by_id, step.note, step.updated_at = now, actor.user_id, note.strip()[:300], now
    step.save(update_fields=["done_at", "done_by", "note", "updated_at"])
    event = PlanStepDone(**about(group), step=step.plan_step.code, is_in_time=now <= step.due_at)
    record(event, actor=actor, now=now)
    return step


def require_seeing(user: User, group: GroupCase, field: str, *, now: datetime) -> None:
    """:raises CannotSeeIt: if the colleague has no right to see cases there"""
    if not people_with(VIEW_CASE, group.org_unit, today=localdate(now)).filter(pk=user.pk).exists():
        raise CannotSeeIt(field)


@transaction.atomic
def join_team(group: GroupCase, user: User, *, role: str, actor: Actor, now: datetime) -> TeamMember:
    """Put a colleague into the team; who has the role already keeps it.

    :raises NotAllowed: if the actor may not change cases there
    :raises GroupIsClosed: if it is closed
    :raises NotAChoice: if there is no such role
    :raises CannotSeeIt: if the colleague may not see cases there
    """
    group = live(group, actor)
    if role not in TeamRole.values:
        raise NotAChoice("role")
    require_seeing(user, group, "user", now=now)
    known = TeamMember.objects.present().filter(group_case=group, role=role, user=user).first()
    if known is not None:
        return known
    member = TeamMember.objects.create(
        group_case=group,
        role=role,
        user=user,
        joined_at=now,
        is_sample=group.is_sample,
        created_at=now,
        updated_at=now,
    )
    record(TeamChanged(**about(group), role=role, has_joined=True), actor=actor, now=now)
    return member


@transaction.atomic
def leave_team(member: TeamMember, *, actor: Actor, now: datetime) -> TeamMember:
    """Take a colleague out of the team.

    :raises NotAllowed: if the actor may not change cases there
    :raises GroupIsClosed: if the group complaint is closed
    :raises NotInTeam: if the colleague left before
    """
    group = live(member.group_case, actor)
    member = TeamMember.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if member.left_at is not None:
        raise NotInTeam
    member.left_at, member.updated_at = now, now
    member.save(update_fields=["left_at", "updated_at"])
    record(TeamChanged(**about(group), role=member.role, has_joined=False), actor=actor, now=now)
    return member


def require_plan(actor: Actor) -> None:
    """:raises NotAllowed: unless the actor may change the plan for the whole group"""
    if not actor.scope(CHANGE_PLAN).everywhere:
        raise NotAllowed(permission=CHANGE_PLAN)


@transaction.atomic
def keep_plan_step(step: PlanStep, *, actor: Actor, now: datetime) -> PlanStep:
    """Keep a step of the plan that was added or changed; group complaints in which it has begun have it still.

    :raises NotAllowed: unless the actor may change the plan for the whole group
    """
    require_plan(actor)
    step.save()
    record(PlanStepChanged(step=step.code, is_active=step.is_active), actor=actor, now=now)
    return step
