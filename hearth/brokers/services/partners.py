"""Partners, their brokers, and the secret links by which brokers register without signing in."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import pgettext_lazy

from hearth.brokers.events import LinkRenewed
from hearth.brokers.links import GOOD_FOR, digest_of, new_token
from hearth.brokers.models import Broker, Partner
from hearth.brokers.permissions import CHANGE_BROKER
from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.customers.contacts import PHONE, read_contact
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit


class NameMissing(InvalidInput):
    """A partner and a broker have a name."""

    code = "name_missing"
    message = pgettext_lazy("partner", "Say the name.")


class PartnerNamed(InvalidInput):
    """The company has a partner of this name."""

    code = "partner_named"
    message = pgettext_lazy("partner", "The company has a partner of this name already.")


class EndsBeforeBegin(InvalidInput):
    """The last day lies before the first."""

    code = "ends_before_begin"
    message = pgettext_lazy("partner", "The last day lies before the first.")


class ReferrerUnclear(InvalidInput):
    """Who recommends is a customer; who works for an agency is named."""

    code = "referrer_unclear"
    message = pgettext_lazy("partner", "Name the customer who recommends.")


class RecommendsAlready(InvalidInput):
    """The customer recommends already."""

    code = "recommends_already"
    message = pgettext_lazy("partner", "This customer recommends already.")


class BrokerNotActive(DomainError):
    """The broker or the partner does not work with us on the day."""

    code = "broker_not_active"
    message = pgettext_lazy("broker", "This broker does not work with us now.")


@dataclass(frozen=True)
class NewPartner:
    """A partner to be added."""

    kind: str
    name: str
    active_from_date: date
    active_until_date: date | None = None


@dataclass(frozen=True)
class NewBroker:
    """A broker to be added; of customers who recommend the customer, whose name it takes."""

    active_from_date: date
    name: str = ""
    phone: str = ""
    customer: Customer | None = None
    active_until_date: date | None = None


@transaction.atomic
def add_partner(
    org_unit: OrgUnit, new: NewPartner, *, actor: Actor, now: datetime, is_sample: bool = False
) -> Partner:
    """Add a partner of a company.

    :raises NotAllowed: if the actor may not change partners there
    :raises NameMissing, PartnerNamed, EndsBeforeBegin: if it does not hold
    """
    actor.require(CHANGE_BROKER, org_unit.pk)
    tidy = " ".join(new.name.split())[:80]
    if not tidy:
        raise NameMissing("name")
    if new.kind not in Partner.Kind.values:
        raise InvalidInput("kind")
    _refuse_days(new.active_from_date, new.active_until_date)
    OrgUnit.objects.select_for_update(no_key=True).get(pk=org_unit.pk)
    if Partner.objects.filter(org_unit=org_unit, name=tidy).exists():
        raise PartnerNamed("name")
    return Partner.objects.create(
        org_unit=org_unit,
        kind=new.kind,
        name=tidy,
        active_from_date=new.active_from_date,
        active_until_date=new.active_until_date,
        is_sample=is_sample,
        created_at=now,
        updated_at=now,
    )


@transaction.atomic
def change_partner(
    partner: Partner, *, active_until_date: date | None, actor: Actor, now: datetime
) -> Partner:
    """Say until when a partner works with us.

    :raises NotAllowed: if the actor may not change partners there
    :raises EndsBeforeBegin: if that is before it began
    """
    actor.require(CHANGE_BROKER, partner.org_unit_id)
    _refuse_days(partner.active_from_date, active_until_date)
    partner.active_until_date, partner.updated_at = active_until_date, now
    partner.save(update_fields=["active_until_date", "updated_at"])
    return partner


@transaction.atomic
def add_broker(partner: Partner, new: NewBroker, *, actor: Actor, now: datetime) -> Broker:
    """Add a broker to a partner; a customer who recommends does so once.

    :raises NotAllowed: if the actor may not change partners there
    :raises NameMissing, ReferrerUnclear, RecommendsAlready, EndsBeforeBegin: if it does not hold
    :raises InvalidInput: if the phone is none
    """
    actor.require(CHANGE_BROKER, partner.org_unit_id)
    if partner.is_referral != (new.customer is not None):
        raise ReferrerUnclear("who")
    name = " ".join((new.customer.name if new.customer else new.name).split())[:60]
    if not name:
        raise NameMissing("name")
    _refuse_days(new.active_from_date, new.active_until_date)
    phone = read_contact(PHONE, new.phone).text if new.phone.strip() else ""
    Partner.objects.select_for_update(no_key=True, of=("self",)).get(pk=partner.pk)
    if new.customer and Broker.objects.filter(partner=partner, customer=new.customer).exists():
        raise RecommendsAlready("who")
    row = Broker(
        org_unit_id=partner.org_unit_id,
        partner=partner,
        name=name,
        customer=new.customer,
        active_from_date=new.active_from_date,
        active_until_date=new.active_until_date,
        is_sample=partner.is_sample,
        created_at=now,
        updated_at=now,
    )
    row.phone = phone
    row.save(force_insert=True)
    return row


@transaction.atomic
def change_broker(broker: Broker, *, active_until_date: date | None, actor: Actor, now: datetime) -> Broker:
    """Say until when a broker works with us.

    :raises NotAllowed: if the actor may not change partners there
    :raises EndsBeforeBegin: if that is before they began
    """
    actor.require(CHANGE_BROKER, broker.org_unit_id)
    _refuse_days(broker.active_from_date, active_until_date)
    broker.active_until_date, broker.updated_at = active_until_date, now
    broker.save(update_fields=["active_until_date", "updated_at"])
    return broker


def _refuse_days(begins: date, ends: date | None) -> None:
    if ends and ends < begins:
        raise EndsBeforeBegin("active_until_date")


@transaction.atomic
def renew_link(broker: Broker, *, actor: Actor, now: datetime) -> str:
    """Give a broker a new link and return its token, which nobody can read again; the one before ends.

    :raises NotAllowed: if the actor may not change partners there
    """
    actor.require(CHANGE_BROKER, broker.org_unit_id)
    token = new_token()
    _keep_link(broker, digest_of(token), now + GOOD_FOR, actor, now)
    return token


@transaction.atomic
def withdraw_link(broker: Broker, *, actor: Actor, now: datetime) -> Broker:
    """End the link of a broker.

    :raises NotAllowed: if the actor may not change partners there
    """
    actor.require(CHANGE_BROKER, broker.org_unit_id)
    return _keep_link(broker, "", None, actor, now)


def _keep_link(broker: Broker, digest: str, ends_at: datetime | None, actor: Actor, now: datetime) -> Broker:
    broker.digest, broker.link_ends_at, broker.updated_at = digest, ends_at, now
    broker.save(update_fields=["digest", "link_ends_at", "updated_at"])
    event = LinkRenewed(
        org_unit_id=broker.org_unit_id,
        subject_id=broker.pk,
        is_withdrawn=not digest,
        is_sample=broker.is_sample,
    )
    record(event, actor=actor, now=now)
    return broker
