"""Loading contracts and payments from files."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.utils.timezone import localdate

from hearth.core.actor import Actor
from hearth.custom_fields.importing import CustomColumns
from hearth.customers.lookup import find_customers
from hearth.imports.first_rows import FirstRows
from hearth.imports.kinds import ImportContext, Problem, Row, Written
from hearth.properties.lookup import UnitPlace, find_units
from hearth.properties.models import Unit
from hearth.sales.models import Contract, Payment
from hearth.sales.reverters import unit_before
from hearth.sales.services import NewContract, NewPayment, write_contracts, write_payments


class ContractLoader:
    """Rows of signed contracts: known customer, known free home, new number."""

    def __init__(self, context: ImportContext) -> None:
        self.context = context
        self.seen_numbers = FirstRows()
        self.seen_units = FirstRows()
        self.custom = CustomColumns("contract", context.actor)

    def check(self, rows: Sequence[Row]) -> Iterable[Problem]:
        actor, today = self.context.actor, localdate(self.context.now)
        customers, units = find_customers(rows, actor), find_units(rows, actor)
        places = {number: found.place for number, found in units.items() if found.place}
        sold = set(
            Contract.objects.live()
            .filter(unit_id__in=[place.unit_id for place in places.values()])
            .values_list("unit_id", flat=True)
        )
        known = self._known_numbers(rows)
        for row in rows:
            yield from (
                found.problem for found in (customers[row.number], units[row.number]) if found.problem
            )
            yield from self._number_problems(row, known)
            yield from _value_problems(row, today)
            if place := places.get(row.number):
                yield from self._unit_problems(row, place, sold)
                yield from self.custom.check(row, place.org_unit_id)

    def _known_numbers(self, rows: Sequence[Row]) -> set[str]:
        numbers = [row.values["number"] for row in rows if row.values.get("number")]
        known = Contract.objects.filter(
            org_unit__path__startswith=self.context.org_unit.path, number__in=numbers
        )
        return set(known.values_list("number", flat=True))

    def _number_problems(self, row: Row, known: set[str]) -> Iterable[Problem]:
        number = row.values.get("number")
        if not number:
            return
        if (first := self.seen_numbers.note(number, row.number)) != row.number:
            yield Problem(row.number, "number", "doubled_in_file", {"value": number, "first_row": first})
        if number in known:
            yield Problem(row.number, "number", "contract_number_taken", {"value": number})

    def _unit_problems(self, row: Row, place: UnitPlace, sold: set[UUID]) -> Iterable[Problem]:
        field_name = "unit_key" if row.values.get("unit_key") else "room"
        if place.unit_id in sold:
            yield Problem(row.number, field_name, "unit_already_sold")
        elif (first := self.seen_units.note(place.unit_id, row.number)) != row.number:
            yield Problem(row.number, field_name, "unit_sold_in_row", {"first_row": first})
        if not self.context.actor.can("sales.change", place.org_unit_id):
            yield Problem(row.number, field_name, "not_allowed")

    def write(self, rows: Sequence[Row]) -> Sequence[Written]:
        actor = self.context.actor
        customers, units = find_customers(rows, actor), find_units(rows, actor)
        news = [
            _new_contract(row, customers[row.number].customer_id, units[row.number].place, self.custom)
            for row in rows
        ]
        before = Unit.objects.in_bulk([new.unit_id for new in news])
        written = write_contracts(news, actor=actor, now=self.context.now)
        return [
            Written("created", contract.pk, unit_before(before[contract.unit_id])) for contract in written
        ]

    def recall(self, rows: Sequence[Row], record_ids: Mapping[int, UUID]) -> None:
        units = find_units(rows, self.context.actor)
        for row in rows:
            if number := row.values.get("number"):
                self.seen_numbers.note(number, row.number)
            if place := units[row.number].place:
                self.seen_units.note(place.unit_id, row.number)


def _value_problems(row: Row, today: date) -> Iterable[Problem]:
    values = row.values
    signed, handover = values.get("signed_date"), values.get("handover_date")
    if signed and signed > today:
        yield Problem(row.number, "signed_date", "date_in_future")
    if handover and signed and handover < signed:
        yield Problem(row.number, "handover_date", "handover_before_signing")
    if values.get("total_amount") is not None and values["total_amount"] <= 0:
        yield Problem(row.number, "total_amount", "amount_not_positive")


def _new_contract(
    row: Row, customer_id: UUID | None, place: UnitPlace | None, custom: CustomColumns
) -> NewContract:
    if place is None or customer_id is None:
        message = "Rows that did not pass the check are not written."
        raise ValueError(message)
    values = row.values
    return NewContract(
        number=values["number"],
        customer_id=customer_id,
        unit_id=place.unit_id,
        project_id=place.project_id,
        org_unit_id=place.org_unit_id,
        signed_date=values["signed_date"],
        total_amount=values["total_amount"],
        handover_date=values.get("handover_date"),
        custom=custom.read(row, place.org_unit_id),
    )


class PaymentLoader:
    """Rows of money received: known contract, new receipt."""

    def __init__(self, context: ImportContext) -> None:
        self.context = context
        self.seen = FirstRows()

    def check(self, rows: Sequence[Row]) -> Iterable[Problem]:
        contracts = _contracts(rows, self.context.actor)
        receipts = [row.values["receipt_number"] for row in rows if row.values.get("receipt_number")]
        known = set(
            Payment.objects.visible_to(self.context.actor)
            .filter(receipt_number__in=receipts)
            .values_list("receipt_number", flat=True)
        )
        for row in rows:
            receipt = row.values.get("receipt_number")
            if receipt and (first := self.seen.note(receipt, row.number)) != row.number:
                words = {"value": receipt, "first_row": first}
                yield Problem(row.number, "receipt_number", "doubled_in_file", words)
            if receipt in known:
                yield Problem(row.number, "receipt_number", "receipt_number_taken", {"value": receipt})
            yield from self._contract_problems(row, contracts)
            if row.values.get("paid_date") and row.values["paid_date"] > localdate(self.context.now):
                yield Problem(row.number, "paid_date", "date_in_future")

    def _contract_problems(self, row: Row, contracts: dict[str, Contract]) -> Iterable[Problem]:
        number = row.values.get("number")
        contract = contracts.get(number or "")
        if number and contract is None:
            yield Problem(row.number, "number", "contract_unknown", {"value": number})
        elif contract and not self.context.actor.can("sales.change", contract.org_unit_id):
            yield Problem(row.number, "number", "not_allowed")

    def write(self, rows: Sequence[Row]) -> Sequence[Written]:
        contracts = _contracts(rows, self.context.actor)
        written = write_payments(
            [_new_payment(row, contracts[row.values["number"]]) for row in rows],
            actor=self.context.actor,
            now=self.context.now,
        )
        return [Written("created", payment.pk) for payment in written]

    def recall(self, rows: Sequence[Row], record_ids: Mapping[int, UUID]) -> None:
        for row in rows:
            if receipt := row.values.get("receipt_number"):
                self.seen.note(receipt, row.number)


def _contracts(rows: Sequence[Row], actor: Actor) -> dict[str, Contract]:
    numbers = {row.values["number"] for row in rows if row.values.get("number")}
    found = Contract.objects.visible_to(actor).filter(number__in=numbers).select_related("unit")
    return {contract.number: contract for contract in found}


def _new_payment(row: Row, contract: Contract) -> NewPayment:
    return NewPayment(
        receipt_number=row.values["receipt_number"],
        customer_id=contract.customer_id,
        org_unit_id=contract.org_unit_id,
        paid_date=row.values["paid_date"],
        amount=row.values["amount"],
        contract_id=contract.pk,
        unit_id=contract.unit_id,
        project_id=contract.unit.project_id,
        subject=row.values.get("subject") or "",
    )
