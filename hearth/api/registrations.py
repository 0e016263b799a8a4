"""What webhooks may send beside ids: the records of the API, as the webhook's owner would get them."""

from collections.abc import Mapping
from typing import Any

from hearth.api.v1.briefs import INCLUDABLE
from hearth.api.v1.cases import read_case
from hearth.api.v1.contracts import read_contract, readable_contracts
from hearth.api.v1.customer_reading import read_customer, readable_customers
from hearth.api.v1.homes import UnitLine, unit_fields
from hearth.cases.models import Case
from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.properties.models import Unit
from hearth.webhooks.payloads import payload_records

Record = Mapping[str, Any] | None


def customer_record(event: EventRecord, actor: Actor) -> Record:
    """Return the customer an event speaks of, masked as for the actor."""
    if event.customer_id is None:
        return None
    customer = readable_customers(actor).filter(pk=event.customer_id).first()
    return read_customer(customer, actor).model_dump(mode="json") if customer else None


def unit_record(event: EventRecord, actor: Actor) -> Record:
    """Return the home an event speaks of."""
    if event.unit_id is None:
        return None
    unit = Unit.objects.visible_to(actor).with_place().filter(pk=event.unit_id).first()
    return UnitLine(**unit_fields(unit)).model_dump(mode="json") if unit else None


def case_record(event: EventRecord, actor: Actor) -> Record:
    """Return the case an event of cases is about."""
    if event.subject_id is None or not event.type.startswith("cases."):
        return None
    case = Case.objects.visible_to(actor).filter(pk=event.subject_id).first()
    return read_case(case).model_dump(mode="json", exclude=INCLUDABLE) if case else None


def contract_record(event: EventRecord, actor: Actor) -> Record:
    """Return the contract that was signed or cancelled."""
    if event.subject_id is None or not event.type.startswith("sales.contract_"):
        return None
    contract = readable_contracts(actor).filter(pk=event.subject_id).first()
    return read_contract(contract).model_dump(mode="json", exclude=INCLUDABLE) if contract else None


payload_records.register("customer", customer_record)
payload_records.register("unit", unit_record)
payload_records.register("case", case_record)
payload_records.register("contract", contract_record)
