"""What a visit means for registrations, and contracts and payments for commissions."""

from uuid import UUID

from hearth.brokers.events import ConflictDecided, RegistrationConfirmed
from hearth.brokers.models import ChannelRegistration
from hearth.brokers.services import (
    confirm_visit,
    earn_commission,
    release_commission,
    reverse_commission,
)
from hearth.channels.events import InteractionRecorded
from hearth.channels.models import Channel, Interaction
from hearth.core.actor import Actor
from hearth.core.events import subscribe
from hearth.core.models import EventRecord
from hearth.customers.models import Customer
from hearth.properties.models import Project
from hearth.sales.events import ContractCancelled, ContractReplaced, ContractSigned, PaymentReceived
from hearth.sales.models import Contract


@subscribe(InteractionRecorded)
def confirm_who_came(event: EventRecord) -> None:
    """Confirm the registration with which a customer came to a project."""
    is_internal = event.payload.get("direction") == Interaction.Direction.INTERNAL
    if event.channel != Channel.VISIT or is_internal or event.customer_id is None or event.project_id is None:
        return
    project = Project.objects.select_related("org_unit").get(pk=event.project_id)
    customer = Customer.objects.get(pk=event.customer_id)
    who = customer.merged_into_id or customer.pk
    confirm_visit(who, project, at=event.occurred_at, actor=Actor.system("visit"), now=event.recorded_at)


@subscribe(ContractSigned)
def earn_by_contract(event: EventRecord) -> None:
    """Write what a contract earns whose buyer came on a registration."""
    contract = _contract(event.subject_id)
    if contract is not None:
        earn_commission(contract, actor=Actor.system("contract_signed"), now=event.recorded_at)


@subscribe(RegistrationConfirmed)
@subscribe(ConflictDecided)
def earn_by_confirmation(event: EventRecord) -> None:
    """Write what contracts earn that were signed before their registration was confirmed, or its conflict decided."""
    key: UUID | str | None = event.payload.get("awarded_to") or event.subject_id
    row = ChannelRegistration.objects.filter(pk=key).first() if key else None
    if row is None or row.customer_id is None:
        return
    signed = Contract.objects.live().filter(customer=row.customer_id, unit__project=row.project_id)
    for contract in signed.select_related("unit").order_by("signed_date", "id"):
        earn_commission(contract, actor=Actor.system("registration"), now=event.recorded_at)


@subscribe(PaymentReceived)
def release_by_payment(event: EventRecord) -> None:
    """Make payable what a contract earned once enough money has come in."""
    contract = _contract(event.payload.get("contract_id"))
    if contract is not None:
        release_commission(contract, now=event.recorded_at)


@subscribe(ContractCancelled)
@subscribe(ContractReplaced)
def reverse_by_its_end(event: EventRecord) -> None:
    """Take back what a contract earned that was cancelled, or whose place another has taken."""
    contract = _contract(event.subject_id)
    if contract is not None:
        reverse_commission(contract, actor=Actor.system("contract_ended"), now=event.recorded_at)


def _contract(key: UUID | str | None) -> Contract | None:
    return Contract.objects.select_related("unit").filter(pk=key).first() if key else None
