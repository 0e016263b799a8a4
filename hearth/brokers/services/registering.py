"""Registering a customer 报备: who was first is decided under a lock on the number, and proved by the database."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import pgettext_lazy

from hearth.brokers.events import CustomerRegistered
from hearth.brokers.knowing import customers_with, was_known
from hearth.brokers.models import Broker, ChannelRegistration
from hearth.brokers.notices import CURRENT, LEGAL_BASIS
from hearth.brokers.numbers import Number, read_number
from hearth.brokers.permissions import REGISTER
from hearth.brokers.policy import Terms, terms_at
from hearth.brokers.services.partners import BrokerNotActive, NameMissing
from hearth.brokers.services.steps import about, end_of, expire, lock_numbers
from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.properties.models import Project

State, Because = ChannelRegistration.State, ChannelRegistration.Because


class ConsentMissing(InvalidInput):
    """Nobody is registered who was not told and has not agreed."""

    code = "consent_missing"
    message = pgettext_lazy("channel registration", "Confirm that the customer was told this and agrees.")


class VisitUnlikely(InvalidInput):
    """The planned visit lies within the days that are protected."""

    code = "visit_unlikely"
    message = pgettext_lazy("channel registration", "The visit is planned for today or within %(days)s days.")


class ProjectElsewhere(InvalidInput):
    """A broker registers for the projects of the company whose partner they work for."""

    code = "project_elsewhere"
    message = pgettext_lazy("channel registration", "The partner does not work for this project.")


class RegisteredByYou(DomainError):
    """The same broker has registered the same number, and it still holds."""

    code = "registered_by_you"
    message = pgettext_lazy("channel registration", "You have registered this number already.")


@dataclass(frozen=True)
class NewRegistration:
    """A customer to be registered: `phone` whole or as 138****5678, `has_consent` what the notice says."""

    project: Project
    customer_name: str
    phone: str
    planned_date: date
    has_consent: bool
    way: str


@transaction.atomic
def register_customer(
    broker: Broker, new: NewRegistration, *, actor: Actor, now: datetime
) -> ChannelRegistration:
    """Register a customer for a broker; what does not hold is kept too, as invalid, with the reason.

    The first to register a number holds it. Several who register one number at once wait for each other; the database
    admits one registration of a number that holds.

    :raises NotAllowed: if the actor may not register at the place of the project
    :raises BrokerNotActive: if broker or partner do not work with us today
    :raises ProjectElsewhere, NameMissing, ConsentMissing, VisitUnlikely, HiddenNumberRefused, InvalidInput: if what was
        said does not hold
    :raises RegisteredByYou: if the broker holds the number already
    """
    place, today = new.project.org_unit, localdate(now)
    actor.require(REGISTER, place.pk)
    if not broker.is_active(today):
        raise BrokerNotActive
    if not place.path.startswith(broker.org_unit.path):
        raise ProjectElsewhere("project")
    name = " ".join(new.customer_name.split())[:60]
    if not name:
        raise NameMissing("customer_name")
    if not new.has_consent:
        raise ConsentMissing("has_consent")
    terms = terms_at(place)
    if not today <= new.planned_date <= today + timedelta(days=terms.visit_within_days):
        raise VisitUnlikely("planned_date", days=terms.visit_within_days)
    number = read_number(new.phone, takes_hidden=terms.takes_hidden)
    lock_numbers(new.project.pk, [number.masked_index])
    because = _why_not(broker, new.project, number, terms, now)
    row = _row(broker, new, name, number, terms, now)
    row.state, row.because = (State.INVALID, because) if because else (State.WAITING, "")
    row.registered_by_id = actor.user_id
    row.save(force_insert=True)
    event = CustomerRegistered(**about(row), broker_id=broker.pk, state=row.state, because=row.because)
    record(event, actor=actor, now=now)
    return row


def _row(
    broker: Broker, new: NewRegistration, name: str, number: Number, terms: Terms, now: datetime
) -> ChannelRegistration:
    row = ChannelRegistration(
        org_unit_id=new.project.org_unit_id,
        project=new.project,
        partner_id=broker.partner_id,
        broker=broker,
        customer_name=name,
        masked_index=number.masked_index,
        phone_index=number.index,
        is_hidden=number.is_hidden,
        planned_date=new.planned_date,
        protected_until_at=end_of(localdate(now), terms.visit_within_days),
        way=new.way,
        notice_version=CURRENT,
        legal_basis=LEGAL_BASIS,
        is_sample=broker.is_sample,
        created_at=now,
        updated_at=now,
    )
    row.phone = number.text
    return row


def _why_not(broker: Broker, project: Project, number: Number, terms: Terms, now: datetime) -> str:
    """Return why a registration does not hold, nothing if it does; ends what no longer protects the number.

    :raises RegisteredByYou: if the broker holds the number already
    """
    same = ChannelRegistration.objects.filter(project=project, masked_index=number.masked_index)
    for row in same.past(now).select_for_update(of=("self",)):
        expire(row, now=now)
    same = same.holding().filter(phone_index=number.index)
    if same.filter(broker=broker).exists():
        raise RegisteredByYou
    if number.index is None:
        return ""  # two persons may share what is shown; the visit tells them apart
    if same.exists():
        return Because.BEFORE
    known = was_known(customers_with(number.index), project, at=now, days=terms.known_days)
    return Because.KNOWN if known else ""


def expire_registrations(*, now: datetime) -> int:
    """End the protection of registrations whose days are over, and return how many; repeatable, and by several."""
    ended = 0
    while found := _expire_some(now):
        ended += found
    return ended


@transaction.atomic
def _expire_some(now: datetime) -> int:
    rows = ChannelRegistration.objects.past(now).order_by("protected_until_at", "id")
    late = list(rows.select_for_update(skip_locked=True, of=("self",))[:AT_ONCE])
    for row in late:
        expire(row, now=now)
    return len(late)


AT_ONCE = 500
