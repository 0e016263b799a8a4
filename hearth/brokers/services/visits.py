"""The visit confirms a registration; where several fit, or a consultant knew the customer, somebody decides."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import pgettext

from hearth.brokers.events import RegistrationConfirmed
from hearth.brokers.knowing import known_leads
from hearth.brokers.models import ChannelRegistration
from hearth.brokers.numbers import Number, numbers_of
from hearth.brokers.policy import Terms, terms_at
from hearth.brokers.services.raising import Meeting, raise_conflict
from hearth.brokers.services.steps import about, end_of, expire, lock_numbers, refuse
from hearth.core.actor import Actor
from hearth.core.events import record
from hearth.leads.grading import next_day
from hearth.leads.models import Lead
from hearth.leads.services import NewLead, state_source, write_leads
from hearth.properties.models import Project

# Whose right it is to write the lead, whoever decided about the registration.
SYSTEM = Actor.system("registration")
State, Because = ChannelRegistration.State, ChannelRegistration.Because


@transaction.atomic
def confirm_visit(
    customer_id: UUID, project: Project, *, at: datetime, actor: Actor, now: datetime
) -> ChannelRegistration | None:
    """Confirm the registration with which a customer came, and return it; None where none holds, or people decide.

    Whoever was registered too shortly before came by themselves. May be repeated.
    """
    numbers = numbers_of(customer_id)
    lock_numbers(project.pk, [number.masked_index for number in numbers])
    terms = terms_at(project.org_unit)
    rows = [row for row in _fitting(project, numbers) if _is_in_time(row, terms, at=at, actor=actor, now=now)]
    if not rows:
        return None
    if ChannelRegistration.objects.filter(
        project=project, customer=customer_id, state=State.VISITED
    ).exists():
        for row in rows:
            refuse(row, Because.BEFORE, actor=actor, now=now)
        return None
    lead = _known_before(rows, customer_id, project, terms)
    if lead is None and len(rows) == 1:
        return confirm(rows[0], customer_id, at=at, actor=actor, now=now)
    meeting = Meeting(project, customer_id, at, lead)
    raise_conflict(rows, meeting, claim="", actor=actor, now=now)
    return None


def _fitting(project: Project, numbers: Sequence[Number]) -> list[ChannelRegistration]:
    """Return the locked registrations that wait for one of the numbers, the earliest first."""
    masked = [number.masked_index for number in numbers]
    whole = {number.index for number in numbers}
    rows = ChannelRegistration.objects.waiting().filter(project=project, masked_index__in=masked)
    locked = rows.select_for_update(of=("self",)).select_related("broker", "partner", "project__org_unit")
    return [
        row
        for row in locked.order_by("created_at", "id")
        if row.phone_index is None or bytes(row.phone_index) in whole
    ]


def _is_in_time(row: ChannelRegistration, terms: Terms, *, at: datetime, actor: Actor, now: datetime) -> bool:
    """Tell whether a visit confirms a registration; one that it proves not to hold is refused.

    A visit of long ago that is noted only now says nothing of a later registration.
    """
    if at < row.created_at - timedelta(days=terms.known_days):
        return False
    if at < row.created_at:
        refuse(row, Because.KNOWN, actor=actor, now=now)
    elif at < row.created_at + timedelta(minutes=terms.minutes_before_visit):
        refuse(row, Because.DOOR, actor=actor, now=now)
    elif row.protected_until_at <= at:
        expire(row, now=now)
    else:
        return True
    return False


def _known_before(
    rows: Sequence[ChannelRegistration], customer_id: UUID, project: Project, terms: Terms
) -> Lead | None:
    """Return the lead by which a consultant knew a customer whose hidden number told nobody so."""
    for row in rows:
        if row.is_hidden:
            known = known_leads([customer_id], project, at=row.created_at, days=terms.known_days)
            if lead := known.order_by("created_at", "id").first():
                return lead
    return None


def confirm(
    row: ChannelRegistration, customer_id: UUID, *, at: datetime, actor: Actor, now: datetime
) -> ChannelRegistration:
    """Write that a locked registration was confirmed by a visit, and have the lead name its source; a step."""
    terms = terms_at(row.project.org_unit)
    number = _number_meant(row, customer_id)
    row.phone, row.masked_index, row.phone_index = number.text, number.masked_index, number.index
    row.customer_id, row.visited_at, row.state, row.because = customer_id, at, State.VISITED, ""
    row.protected_until_at = end_of(localdate(at), terms.sign_within_days)
    row.lead, row.updated_at = _lead(row, customer_id, now), now
    row.save()
    record(RegistrationConfirmed(**about(row), broker_id=row.broker_id), actor=actor, now=now)
    return row


def _number_meant(row: ChannelRegistration, customer_id: UUID) -> Number:
    """Return the whole number of the customer that was registered; as registered, where they have left it since."""
    kept = Number(
        row.phone, bytes(row.masked_index or b""), bytes(row.phone_index) if row.phone_index else None
    )
    for number in numbers_of(customer_id):
        if number.masked_index == kept.masked_index and kept.index in (None, number.index):
            return number
    return kept


def _lead(row: ChannelRegistration, customer_id: UUID, now: datetime) -> Lead:
    """Return the customer's live lead for the project, a new one if there is none; one that came with it says so."""
    is_referral = row.partner.is_referral
    source = Lead.Source.REFERRAL if is_referral else Lead.Source.BROKER
    detail = f"{row.partner} · {row.broker}"
    live = Lead.objects.live().filter(customer=customer_id, project=row.project_id)
    lead = live.order_by("created_at", "id").first()
    if lead is None:
        place = row.project.org_unit
        new = NewLead(
            customer_id=customer_id,
            org_unit_id=place.pk,
            project_id=row.project_id,
            source=source,
            source_detail=detail,
            next_step=pgettext("lead", "Call back"),
            next_step_date=next_day(None, place, today=localdate(now)),
        )
        return write_leads([new], actor=SYSTEM, now=now, is_sample=row.is_sample)[0][0]
    if lead.created_at >= row.created_at:
        return state_source(lead, source=source, detail=detail, actor=SYSTEM, now=now)
    return lead
