"""Recording a lead at the door: who came is found before anybody is recorded twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import pgettext

from hearth.channels.models import Channel, Interaction
from hearth.channels.services.interactions import record_interaction
from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.events import Event, record_many
from hearth.customers.contacts import PHONE, read_contact
from hearth.customers.models import ContactPoint, Customer
from hearth.customers.permissions import CHANGE_CUSTOMER
from hearth.customers.services import NewCustomer, create_customer, make_known_at, make_many_known_at
from hearth.customers.services.asserting import assert_customer
from hearth.leads.events import LeadCameAgain, LeadCaptured
from hearth.leads.grading import next_day
from hearth.leads.models import Grade, Lead, LeadOwnership
from hearth.leads.permissions import CHANGE_LEAD
from hearth.leads.services.assigning import share_out
from hearth.leads.services.owning import check_may_take
from hearth.leads.services.stages import note_visit
from hearth.leads.services.steps import about, begin_ownerships, check_next_step
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project

Source, How = Lead.Source, LeadOwnership.How
# What each way of coming in is to the channels; the others are no contact of their own.
CONTACTS = {
    Source.WALK_IN: Channel.VISIT,
    Source.CALL: Channel.PHONE,
    Source.WEB: Channel.WEB,
    Source.EVENT: Channel.VISIT,
}


@dataclass(frozen=True, kw_only=True)
class NewLead:
    """A lead of a known customer. `captured_at` is when they came, where that was before now."""

    customer_id: UUID
    org_unit_id: int
    source: str
    next_step: str
    next_step_date: date
    project_id: UUID | None = None
    source_detail: str = ""
    grade_id: int | None = None
    consultant_id: int | None = None
    captured_at: datetime | None = None
    last_contact_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """Who came in and how; the customer where they are known, else a name and what they left of themselves."""

    source: str
    customer: Customer | None = None
    name: str = ""
    phone: str = ""
    project: Project | None = None
    source_detail: str = ""
    grade: Grade | None = None
    consultant_id: int | None = None
    next_step: str = ""
    next_step_date: date | None = None
    note: str = ""


@transaction.atomic
def capture_lead(
    arrival: Arrival,
    *,
    org_unit: OrgUnit,
    actor: Actor,
    now: datetime,
    accepts_duplicates: bool = False,
) -> tuple[Lead, bool]:
    """Record that somebody came in, and tell whether that made a new lead.

    Two pages that send the same phone at once wait for each other: one records the customer and the lead, the other
    finds both. A live lead of the customer for the project stays whose it is; it is only noted that they came again.

    :raises NotAllowed: if the actor may not record leads at the place
    :raises LooksKnown: if customers exist who may be the same, unless `accepts_duplicates`
    :raises InvalidInput: if the name, the phone, the grade or the next step is not valid
    """
    actor.require(CHANGE_LEAD, org_unit.pk)
    today = localdate(now)
    if arrival.consultant_id is not None:
        check_may_take([arrival.consultant_id], org_unit, today)
    day = arrival.next_step_date or next_day(arrival.grade, org_unit, today=today)
    wanted = arrival.next_step or pgettext("lead", "Call back")
    next_step = check_next_step(wanted, day, today=today)
    customer = _who(arrival, org_unit, actor, now, accepts_duplicates=accepts_duplicates)
    channel = CONTACTS.get(Source(arrival.source))
    new = NewLead(
        customer_id=customer.pk,
        org_unit_id=org_unit.pk,
        project_id=arrival.project.pk if arrival.project else None,
        source=arrival.source,
        source_detail=arrival.source_detail,
        grade_id=arrival.grade.pk if arrival.grade else None,
        consultant_id=arrival.consultant_id,
        next_step=next_step,
        next_step_date=day,
        last_contact_at=now if channel else None,
    )
    found = write_leads([new], actor=actor, now=now, is_sample=customer.is_sample)[0]
    share_out(found[0], actor=actor, now=now)
    if channel:
        _note_contact(found[0], channel, arrival.note, actor, now)
    if channel == Channel.VISIT:
        note_visit(found[0], actor=actor, now=now)
    return found


def _who(
    arrival: Arrival, org_unit: OrgUnit, actor: Actor, now: datetime, *, accepts_duplicates: bool
) -> Customer:
    """Find the customer by what they left, or record them.

    Who may record leads and change no customers has those who are known; they stay as they are.
    """
    if arrival.customer is not None:
        make_known_at(arrival.customer, org_unit, actor=actor, now=now)
        return arrival.customer
    if not actor.can(CHANGE_CUSTOMER, org_unit.pk) and (known := _known_by_phone(arrival.phone, actor)):
        make_many_known_at([(known.pk, org_unit.pk)], actor=actor, now=now, is_sample=known.is_sample)
        return known
    new = NewCustomer(
        name=arrival.name, phones=(arrival.phone,) if arrival.phone else (), source=arrival.source
    )
    if not arrival.phone:
        return create_customer(
            new, org_unit=org_unit, actor=actor, now=now, accepts_duplicates=accepts_duplicates
        )
    customer, _is_new = assert_customer(
        new,
        match="phone",
        stated=(),
        org_unit=org_unit,
        actor=actor,
        now=now,
        accepts_duplicates=accepts_duplicates,
    )
    return customer


def _known_by_phone(phone: str, actor: Actor) -> Customer | None:
    """Return the one customer with this phone that the actor sees."""
    if not phone:
        return None
    index = read_contact(PHONE, phone).index
    with_phone = ContactPoint.objects.filter(kind=PHONE, value_index=index)
    found = list(Customer.objects.visible_to(actor).filter(pk__in=with_phone.values("customer_id"))[:2])
    return found[0] if len(found) == 1 else None


def _note_contact(lead: Lead, channel: str, note: str, actor: Actor, now: datetime) -> None:
    record_interaction(
        lead.customer,
        org_unit=lead.org_unit,
        channel=channel,
        direction=Interaction.Direction.INBOUND,
        summary=(note.partition("\n")[0] or str(Source(lead.source).label))[:200],
        body=note,
        actor=actor,
        now=now,
        project_id=lead.project_id,
    )


@transaction.atomic
def write_leads(
    wanted: Sequence[NewLead], *, actor: Actor, now: datetime, is_sample: bool = False
) -> list[tuple[Lead, bool]]:
    """Write leads of known customers, and tell of each whether it is new; a constant number of queries.

    The customers are locked, so that one who comes in by two ways at once has one lead. A live lead stays as it is,
    but one without an owner goes to whom the newcomer was meant for.

    :raises NotAllowed: if the actor may not record leads at one of the places
    """
    for place in {new.org_unit_id for new in wanted}:
        actor.require(CHANGE_LEAD, place)
    ids = {new.customer_id for new in wanted}
    list(
        Customer.objects.filter(pk__in=ids)
        .order_by("pk")
        .select_for_update(no_key=True)
        .values_list("pk", flat=True)
    )
    live = {
        _key(lead): lead
        for lead in Lead.objects.live().filter(customer__in=ids).select_for_update(of=("self",))
    }
    known, written = {lead.pk for lead in live.values()}, []
    found: list[tuple[Lead, bool]] = []
    for new in wanted:
        lead = live.get((new.customer_id, new.org_unit_id, new.project_id))
        is_new = lead is None
        if lead is None:
            lead = _row(new, now, is_sample=is_sample)
            live[_key(lead)] = lead
            written.append(lead)
        found.append((lead, is_new))
    insert_many(written)
    begin_ownerships(written, How.CAPTURED, now=now)
    _welcome_back(
        [(lead, new) for (lead, _is_new), new in zip(found, wanted, strict=True) if lead.pk in known],
        actor,
        now,
    )
    record_many(_captured(written), actor=actor, now=now)
    return found


def _key(lead: Lead) -> tuple[UUID, int, UUID | None]:
    return lead.customer_id, lead.org_unit_id, lead.project_id


def _row(new: NewLead, now: datetime, *, is_sample: bool) -> Lead:
    return Lead(
        customer_id=new.customer_id,
        org_unit_id=new.org_unit_id,
        project_id=new.project_id,
        source=new.source,
        source_detail=new.source_detail.strip()[:120],
        grade_id=new.grade_id,
        consultant_id=new.consultant_id,
        next_step=new.next_step,
        next_step_date=new.next_step_date,
        last_contact_at=new.last_contact_at,
        stage_at=new.captured_at or now,
        created_at=new.captured_at or now,
        updated_at=now,
        is_sample=is_sample,
    )


def _captured(leads: Sequence[Lead]) -> list[LeadCaptured]:
    return [
        LeadCaptured(
            **about(lead),
            occurred_at=lead.created_at,
            source=lead.source,
            consultant_id=lead.consultant_id,
            stage=lead.stage,
        )
        for lead in leads
    ]


def _welcome_back(pairs: Sequence[tuple[Lead, NewLead]], actor: Actor, now: datetime) -> None:
    """Note that customers came again; a lead that nobody has goes to whom they came to."""
    events: list[Event] = []
    taken = []
    for lead, new in pairs:
        events.append(LeadCameAgain(**about(lead), source=new.source))
        lead.last_contact_at = max(filter(None, (lead.last_contact_at, new.last_contact_at)), default=None)
        if lead.consultant_id is None and (new.consultant_id is not None or lead.state == Lead.State.POOLED):
            lead.consultant_id, lead.state = new.consultant_id, Lead.State.OPEN
            lead.next_step, lead.next_step_date = new.next_step, new.next_step_date
            taken.append(lead)
        lead.updated_at = now
        lead.save()
    begin_ownerships(taken, How.CAPTURED, now=now)
    record_many(events, actor=actor, now=now)
