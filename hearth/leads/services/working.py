"""Working on a lead: what was said, and what comes next."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from hearth.channels.models import Channel
from hearth.channels.services.interactions import record_interaction
from hearth.core.actor import Actor
from hearth.core.events import record
from hearth.leads.events import LeadFollowedUp
from hearth.leads.grading import next_day
from hearth.leads.models import Grade, Lead
from hearth.leads.services.stages import note_visit
from hearth.leads.services.steps import about, check_next_step, lock_own


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """A contact, where there was one (`channel`), and what comes next; without a day, when the grade says."""

    next_step: str
    next_step_date: date | None = None
    channel: str = ""
    direction: str = "outbound"
    note: str = ""
    grade: Grade | None = None


@transaction.atomic
def follow_up(lead: Lead, said: FollowUp, *, actor: Actor, now: datetime) -> Lead:
    """Note a contact with the customer of a lead, and plan the next step, which always has a day.

    :raises NotAllowed: if it is another's lead, at a place where the actor gives none
    :raises LeadIsClosed, LeadIsPooled: unless it is open
    :raises NextStepMissing, NextStepPassed: if what comes next is empty, or lies in the past
    """
    locked, today = lock_own(lead, actor), localdate(now)
    grade = said.grade or locked.grade
    day = said.next_step_date or next_day(grade, locked.org_unit, today=today)
    locked.next_step = check_next_step(said.next_step, day, today=today)
    locked.next_step_date, locked.grade, locked.updated_at = day, grade, now
    if said.channel:
        record_interaction(
            locked.customer,
            org_unit=locked.org_unit,
            channel=said.channel,
            direction=said.direction,
            summary=(said.note.partition("\n")[0] or locked.next_step)[:200],
            body=said.note,
            actor=actor,
            now=now,
            project_id=locked.project_id,
        )
        locked.last_contact_at = now
    locked.save()
    event = LeadFollowedUp(
        **about(locked),
        channel=said.channel,
        next_step_day=day.isoformat(),
        grade=grade.letter if grade else "",
    )
    record(event, actor=actor, now=now)
    if said.channel == Channel.VISIT:
        note_visit(locked, actor=actor, now=now)
    return locked
