"""Sharing out the leads that arrive, by the rule of their project; and who is away."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import pgettext_lazy

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.attribution import beyond_places
from hearth.core.errors import InvalidInput
from hearth.core.events import record
from hearth.leads.events import AbsenceEnded, AbsenceNoted, AssignmentRuleChanged, LeadAssigned
from hearth.leads.models import Absence, AssignmentRule, Lead, LeadOwnership, Way
from hearth.leads.permissions import ASSIGN_LEAD, CHANGE_LEAD
from hearth.leads.services.owning import check_may_take, tell_of
from hearth.leads.services.steps import about
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import people_with
from hearth.properties.models import Project


class NobodyToShare(InvalidInput):
    """A rule shares leads out among at least one person."""

    code = "nobody_to_share"
    message = pgettext_lazy("assignment", "Choose who gets leads.")


class AbsenceUnclear(InvalidInput):
    """An absence has two days in order, and a deputy who is somebody else."""

    code = "absence_unclear"
    message = pgettext_lazy(
        "absence", "The last day lies before the first, or the deputy is the same person."
    )


@dataclass(frozen=True)
class Turn:
    """Who gets a lead and why: in turn, with so many open leads, or instead of whoever is away."""

    user_id: int
    way: str
    open_leads: int | None = None
    instead_of_id: int | None = None


@transaction.atomic
def set_assignment(
    project: Project, *, way: str, user_ids: Sequence[int], is_active: bool, actor: Actor, now: datetime
) -> AssignmentRule:
    """Say among whom the leads of a project are shared out, and how.

    :raises NotAllowed: if the actor may not give leads there
    :raises NobodyToShare: if nobody is named
    :raises CannotTakeLeads: if somebody may not work on leads there
    """
    actor.require(ASSIGN_LEAD, project.org_unit_id)
    if not user_ids:
        raise NobodyToShare("user_ids")
    check_may_take(user_ids, project.org_unit, localdate(now))
    said = {"way": Way(way), "user_ids": list(user_ids), "is_active": is_active, "updated_at": now}
    first = {**said, "org_unit": project.org_unit, "created_at": now}
    rule, _is_new = AssignmentRule.objects.update_or_create(
        project=project, defaults=said, create_defaults=first
    )
    event = AssignmentRuleChanged(
        org_unit_id=project.org_unit_id, project_id=project.pk, way=way, people=len(user_ids)
    )
    record(event, actor=actor, now=now)
    return rule


@transaction.atomic
def note_absence(
    user: User,
    *,
    org_unit: OrgUnit,
    from_date: date,
    until_date: date,
    deputy: User | None,
    actor: Actor,
    now: datetime,
) -> Absence:
    """Note that somebody is away: their turns go to the deputy, or to the next where there is none.

    :raises NotAllowed: if the actor may not give leads at the place
    :raises AbsenceUnclear: if the days are not in order, or the deputy is the same person
    :raises CannotTakeLeads: if one of them may not work on leads there
    """
    actor.require(ASSIGN_LEAD, org_unit.pk)
    if until_date < from_date or deputy == user:
        raise AbsenceUnclear("until_date")
    check_may_take([person.pk for person in (user, deputy) if person], org_unit, localdate(now))
    absence = Absence.objects.create(
        org_unit=org_unit,
        user=user,
        deputy=deputy,
        from_date=from_date,
        until_date=until_date,
        created_at=now,
        updated_at=now,
    )
    event = AbsenceNoted(org_unit_id=org_unit.pk, subject_id=absence.pk, user_id=user.pk)
    record(event, actor=actor, now=now)
    return absence


@transaction.atomic
def end_absence(absence: Absence, *, actor: Actor, now: datetime) -> None:
    """Take back an absence: the person gets leads again.

    :raises NotAllowed: if the actor may not give leads at the place
    """
    actor.require(ASSIGN_LEAD, absence.org_unit_id)
    event = AbsenceEnded(org_unit_id=absence.org_unit_id, subject_id=absence.pk, user_id=absence.user_id)
    absence.delete()
    record(event, actor=actor, now=now)


@beyond_places()
def share_out(lead: Lead, *, actor: Actor, now: datetime) -> None:
    """Give a lead that just arrived and is nobody's to whose turn it is by the rule of its project, and tell them.

    A step of capturing; opens no transaction. The rule is locked: of two who arrive at once each has a turn. Without a
    rule, and where all are away, the lead stays nobody's. Load and absences count whoever records the lead.
    """
    if lead.consultant_id is not None or lead.project_id is None:
        return
    rules = AssignmentRule.objects.select_for_update().filter(project=lead.project_id, is_active=True)
    rule = rules.first()
    turn = _turn(rule, lead.org_unit, localdate(now)) if rule else None
    if rule is None or turn is None:
        return
    rule.last_user_id, rule.updated_at = turn.instead_of_id or turn.user_id, now
    rule.save()
    lead.consultant_id, lead.updated_at = turn.user_id, now
    lead.save()
    LeadOwnership.objects.create(
        lead=lead,
        consultant_id=turn.user_id,
        how=LeadOwnership.How.RULED,
        way=turn.way,
        open_leads=turn.open_leads,
        instead_of_id=turn.instead_of_id,
        began_at=now,
        created_at=now,
        updated_at=now,
        is_sample=lead.is_sample,
    )
    event = LeadAssigned(**about(lead), to_user_id=turn.user_id, how=LeadOwnership.How.RULED)
    record(event, actor=actor, now=now)
    if turn.user_id != actor.user_id:
        tell_of(lead, actor, now)


def _turn(rule: AssignmentRule, org_unit: OrgUnit, today: date) -> Turn | None:
    """Return who is next; at most four queries."""
    absences = Absence.objects.on(today).filter(org_unit=rule.org_unit_id)
    away = dict(absences.values_list("user_id", "deputy_id"))
    named = [*rule.user_ids, *(deputy for deputy in away.values() if deputy)]
    able = set(
        people_with(CHANGE_LEAD, org_unit, today=today).filter(pk__in=named).values_list("pk", flat=True)
    )
    present = able - set(away)
    if rule.way == Way.LOAD:
        return _least(rule.user_ids, present)
    return _next(rule, present, away)


def _next(rule: AssignmentRule, present: Collection[int], away: Mapping[int, int | None]) -> Turn | None:
    """Return whose turn follows the last one; that of somebody who is away is their deputy's, or falls out."""
    ids, last = rule.user_ids, rule.last_user_id
    begin = ids.index(last) + 1 if last in ids else 0
    for user_id in [*ids[begin:], *ids[:begin]]:
        deputy = away.get(user_id)
        if user_id in present:
            return Turn(user_id, Way.ROTATION)
        if deputy in present and deputy is not None:
            return Turn(deputy, Way.ROTATION, instead_of_id=user_id)
    return None


def _least(ids: Sequence[int], present: Collection[int]) -> Turn | None:
    """Return who has the fewest open leads; of equals the first named. One query."""
    here = [user_id for user_id in ids if user_id in present]
    if not here:
        return None
    load = Counter(Lead.objects.open().filter(consultant__in=here).values_list("consultant_id", flat=True))
    chosen = min(here, key=lambda user_id: load[user_id])
    return Turn(chosen, Way.LOAD, open_leads=load[chosen])
