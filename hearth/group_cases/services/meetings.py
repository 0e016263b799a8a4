"""Meetings with the households: who was there, what was said, and what we promised."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.cases.permissions import CHANGE_CASE
from hearth.cases.services import NotAChoice
from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.group_cases.events import (
    CommitmentGiven,
    CommitmentKept,
    MeetingEnded,
    MeetingPlanned,
    OfferNoted,
)
from hearth.group_cases.models import (
    Attendance,
    Commitment,
    GroupCase,
    GroupHousehold,
    GroupMeeting,
    NegotiationEntry,
    Side,
)
from hearth.group_cases.services.plans import require_seeing
from hearth.group_cases.services.statements import WordsMissing
from hearth.group_cases.services.steps import about, live

MOST = Decimal(10**9)


class MeetingHasEnded(DomainError):
    """Who was there is noted while a meeting goes on."""

    code = "meeting_has_ended"
    message = _("This meeting has ended.")


class NobodyThere(InvalidInput):
    """Somebody at a meeting is a colleague, a household of the group complaint, or has a name."""

    code = "nobody_there"
    message = _("Say who is there: a colleague, a household, or a name.")


class DuePast(InvalidInput):
    """What is promised is due today or later."""

    code = "due_past"
    message = _("A promise is due today or later.")


class OfferUnlikely(InvalidInput):
    """An offer is above nothing, to the cent."""

    code = "offer_unlikely"
    message = _("An offer is an amount above nothing, to the cent.")


class KeptBefore(DomainError):
    """A promise is kept once."""

    code = "kept_before"
    message = _("This promise was kept already.")


@dataclass(frozen=True)
class NewMeeting:
    """A meeting to be held."""

    title: str
    begins_at: datetime
    agenda: str = ""
    location: str = ""


@transaction.atomic
def plan_meeting(group: GroupCase, new: NewMeeting, *, actor: Actor, now: datetime) -> GroupMeeting:
    """Plan a meeting about a group complaint.

    :raises NotAllowed: if the actor may not change cases there
    :raises GroupIsClosed: if it is closed
    :raises WordsMissing: if the meeting has no title
    """
    group = live(group, actor)
    if not new.title.strip():
        raise WordsMissing("title")
    meeting = GroupMeeting.objects.create(
        group_case=group,
        title=new.title.strip()[:120],
        agenda=new.agenda.strip(),
        location=new.location.strip()[:120],
        begins_at=new.begins_at,
        is_sample=group.is_sample,
        created_at=now,
        updated_at=now,
    )
    record(MeetingPlanned(**about(group), meeting=str(meeting.pk)), actor=actor, now=now)
    return meeting


def _going_on(meeting: GroupMeeting, actor: Actor) -> tuple[GroupCase, GroupMeeting]:
    """Lock a meeting that has not ended, below its group complaint."""
    group = live(meeting.group_case, actor)
    meeting = GroupMeeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if meeting.ended_at is not None:
        raise MeetingHasEnded
    return group, meeting


@transaction.atomic
def attend_meeting(
    meeting: GroupMeeting,
    *,
    actor: Actor,
    user: User | None = None,
    household: GroupHousehold | None = None,
    name: str = "",
    now: datetime,
) -> Attendance:
    """Note that somebody is at a meeting; who was noted is noted once.

    :raises NotAllowed: if the actor may not change cases there
    :raises GroupIsClosed, MeetingHasEnded: if it is over
    :raises NobodyThere: unless it is one of a colleague, a household of the group complaint, or a name
    """
    group, meeting = _going_on(meeting, actor)
    named = [each for each in (user, household, name.strip()) if each]
    is_foreign = household is not None and household.group_case_id != group.pk
    if len(named) != 1 or is_foreign:
        raise NobodyThere("name")
    side = Side.OURS if user else Side.HOUSEHOLDS if household else Side.OUTSIDE
    if user or household:
        known = Attendance.objects.filter(meeting=meeting, user=user, household=household).first()
        if known is not None:
            return known
    return Attendance.objects.create(
        meeting=meeting,
        side=side,
        user=user,
        household=household,
        name=name.strip()[:80],
        is_sample=group.is_sample,
        created_at=now,
        updated_at=now,
    )


@transaction.atomic
def end_meeting(meeting: GroupMeeting, *, actor: Actor, now: datetime) -> GroupMeeting:
    """End a meeting; what was promised in it goes on.

    :raises NotAllowed: if the actor may not change cases there
    :raises GroupIsClosed, MeetingHasEnded: if it is over
    """
    group, meeting = _going_on(meeting, actor)
    meeting.ended_at, meeting.updated_at = now, now
    meeting.save(update_fields=["ended_at", "updated_at"])
    event = MeetingEnded(
        **about(group),
        meeting=str(meeting.pk),
        people=Attendance.objects.filter(meeting=meeting).count(),
        commitments=Commitment.objects.filter(meeting=meeting).count(),
    )
    record(event, actor=actor, now=now)
    return meeting


@transaction.atomic
def give_commitment(
    group: GroupCase,
    *,
    actor: Actor,
    what: str,
    responsible: User,
    due_date: date,
    meeting: GroupMeeting | None = None,
    now: datetime,
) -> Commitment:
    """Write down what we promise the households, by when, and who keeps it.

    :raises NotAllowed: if the actor may not change cases there
    :raises GroupIsClosed: if it is closed
    :raises WordsMissing: if it is not said what
    :raises DuePast: if it would be overdue already
    :raises CannotSeeIt: if the colleague may not see cases there
    """
    group = live(group, actor)
    if not what.strip():
        raise WordsMissing("what")
    if due_date < localdate(now):
        raise DuePast("due_date")
    require_seeing(responsible, group, "responsible", now=now)
    commitment = Commitment.objects.create(
        group_case=group,
        meeting=meeting if meeting and meeting.group_case_id == group.pk else None,
        what=what.strip()[:300],
        responsible=responsible,
        due_date=due_date,
        noted_by_id=actor.user_id,
        is_sample=group.is_sample,
        created_at=now,
        updated_at=now,
    )
    event = CommitmentGiven(**about(group), commitment=str(commitment.pk), due_date=due_date.isoformat())
    record(event, actor=actor, now=now)
    return commitment


@transaction.atomic
def keep_commitment(commitment: Commitment, *, actor: Actor, note: str = "", now: datetime) -> Commitment:
    """Note that what was promised is done; also after the group complaint was closed.

    :raises NotAllowed: if the actor may not change cases there
    :raises KeptBefore: if that was noted
    """
    actor.require(CHANGE_CASE, commitment.group_case.org_unit_id)
    commitment = Commitment.objects.select_for_update(of=("self",)).get(pk=commitment.pk)
    if commitment.done_at is not None:
        raise KeptBefore
    commitment.done_at, commitment.done_note, commitment.updated_at = now, note.strip()[:300], now
    commitment.save(update_fields=["done_at", "done_note", "updated_at"])
    group = commitment.group_case
    event = CommitmentKept(
        **about(group), commitment=str(commitment.pk), is_in_time=localdate(now) <= commitment.due_date
    )
    record(event, actor=actor, now=now)
    return commitment


@transaction.atomic
def note_negotiation(
    group: GroupCase,
    *,
    actor: Actor,
    side: str,
    text: str,
    offer_amount: Decimal | None = None,
    meeting: GroupMeeting | None = None,
    now: datetime,
) -> NegotiationEntry:
    """Write down what one side said, or offered for each household.

    :raises NotAllowed: if the actor may not change cases there
    :raises GroupIsClosed: if it is closed
    :raises NotAChoice: if there is no such side
    :raises WordsMissing: if nothing was said
    :raises OfferUnlikely: if the amount is not above nothing, or finer than a cent
    """
    group = live(group, actor)
    if side not in Side.values:
        raise NotAChoice("side")
    if not text.strip():
        raise WordsMissing("text")
    if offer_amount is not None and not (0 < offer_amount < MOST and offer_amount == round(offer_amount, 2)):
        raise OfferUnlikely("offer_amount")
    entry = NegotiationEntry.objects.create(
        group_case=group,
        meeting=meeting if meeting and meeting.group_case_id == group.pk else None,
        side=side,
        text=text.strip(),
        offer_amount=offer_amount,
        said_at=now,
        user_id=actor.user_id,
        is_sample=group.is_sample,
        created_at=now,
        updated_at=now,
    )
    record(OfferNoted(**about(group), side=side, amount=offer_amount), actor=actor, now=now)
    return entry
