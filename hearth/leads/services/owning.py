"""Whose a lead is: giving it to a colleague, and passing on a whole book."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import pgettext_lazy

from hearth.accounts.models import User
from hearth.accounts.services import notify
from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput
from hearth.core.events import record, record_many
from hearth.core.ownership import reassign
from hearth.leads.events import LeadAssigned
from hearth.leads.grading import next_day
from hearth.leads.models import Lead, LeadOwnership
from hearth.leads.notifications import GIVEN
from hearth.leads.permissions import ASSIGN_LEAD, CHANGE_LEAD
from hearth.leads.services.steps import LeadIsClosed, about, begin_ownerships, end_ownerships, lock_lead
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import people_with

How = LeadOwnership.How


class CannotTakeLeads(InvalidInput):
    """Who gets a lead must be able to work on it at its place."""

    code = "cannot_take_leads"
    message = pgettext_lazy("lead", "%(name)s has no right to work on leads at this place.")


def check_may_take(user_ids: Collection[int], org_unit: OrgUnit, today: date) -> None:
    """Refuse people who may not work on leads at a place.

    :raises CannotTakeLeads: with the name of the first
    """
    able = people_with(CHANGE_LEAD, org_unit, today=today).filter(pk__in=user_ids)
    missing = set(user_ids) - set(able.values_list("pk", flat=True))
    if missing:
        person = User.objects.filter(pk__in=missing).order_by("id").first()
        raise CannotTakeLeads("consultant", name=str(person or ""))


@transaction.atomic
def assign_lead(lead: Lead, *, consultant: User | None, actor: Actor, now: datetime) -> Lead:
    """Give a lead to a colleague, out of the public pool too, and tell them; None takes it from whoever has it.

    The same again changes nothing.

    :raises NotAllowed: if the actor may not give leads at the place
    :raises LeadIsClosed: if it was won or lost
    :raises CannotTakeLeads: if the colleague may not work on leads there
    """
    locked = lock_lead(lead)
    actor.require(ASSIGN_LEAD, locked.org_unit_id)
    if not locked.is_live:
        raise LeadIsClosed
    before, to_id = locked.consultant_id, consultant.pk if consultant else None
    if before == to_id:
        return locked
    if consultant:
        check_may_take([consultant.pk], locked.org_unit, localdate(now))
    give(locked, to_id, How.ASSIGNED, now=now)
    event = LeadAssigned(**about(locked), from_user_id=before, to_user_id=to_id, how=How.ASSIGNED)
    record(event, actor=actor, now=now)
    if consultant and consultant.pk != actor.user_id:
        tell_of(locked, actor, now)
    return locked


def give(lead: Lead, consultant_id: int | None, how: str, *, now: datetime) -> None:
    """Put a locked lead into the hands of somebody, with a next step that lies not in the past.

    A step of other services: it records no event.
    """
    end_ownerships([lead], now=now)
    today = localdate(now)
    if lead.state == Lead.State.POOLED or lead.next_step_date is None or lead.next_step_date < today:
        lead.next_step_date = next_day(lead.grade, lead.org_unit, today=today)
    lead.consultant_id, lead.state, lead.updated_at = consultant_id, Lead.State.OPEN, now
    lead.save()
    begin_ownerships([lead], how, now=now)


def tell_of(lead: Lead, actor: Actor, now: datetime) -> None:
    """Tell the consultant that a lead is theirs."""
    if lead.consultant_id is not None:
        notify(
            [lead.consultant_id],
            GIVEN,
            url=reverse("leads:lead", args=[lead.pk]),
            now=now,
            params={"actor": actor.name, "title": str(lead)},
            is_sample=lead.is_sample,
        )


def pass_on_leads(
    ids: Collection[UUID], *, from_user_id: int | None, to_user_id: int, actor: Actor, now: datetime
) -> list[UUID]:
    """Give open leads that are still one person's to a colleague; the periods of both are kept.

    A step of handing over a book, which asks for its right and tells people once; opens no transaction. Returns what
    changed hands.
    """
    rows = reassign(
        Lead.objects.open(), "consultant", ids, from_user_id=from_user_id, to_user_id=to_user_id, now=now
    )
    end_ownerships(rows, now=now)
    begin_ownerships(rows, How.HANDED_OVER, now=now)
    events = [
        LeadAssigned(**about(row), from_user_id=from_user_id, to_user_id=to_user_id, how=How.HANDED_OVER)
        for row in rows
    ]
    record_many(events, actor=actor, now=now)
    return [row.pk for row in rows]
