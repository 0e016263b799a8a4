"""Taking back contracts and payments that a file brought in."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from hearth.customers.models import UnitRole
from hearth.imports.kinds import WrittenRow
from hearth.imports.reversal import RecordReverter
from hearth.properties.models import Unit
from hearth.sales.models import Contract, Payment
from hearth.sales.services import reallocate


def unit_before(unit: Unit) -> Mapping[str, Any]:
    """Return what a contract changes of a home, as it was."""
    handover = unit.handover_date.isoformat() if unit.handover_date else None
    return {"state": unit.state, "handover_date": handover}


class ContractReverter(RecordReverter[Contract]):
    """Deletes contracts without payments, ends the buyers' roles they began, and gives the homes their state back."""

    model = Contract

    def touched(self, stamps: Mapping[UUID, datetime]) -> set[UUID]:
        """Return the contracts whose home was changed since; one query."""
        rows = Contract.objects.filter(pk__in=list(stamps)).values_list("pk", "unit__updated_at")
        return {key for key, changed_at in rows if changed_at > stamps[key]}

    def delete(self, records: Sequence[Contract], rows: Mapping[UUID, WrittenRow]) -> None:
        """Delete the contracts and what they had changed of customers and homes."""
        units = Unit.objects.select_for_update().in_bulk([contract.unit_id for contract in records])
        roles = Q(pk__isnull=True)
        for contract in records:
            unit, row = units[contract.unit_id], rows[contract.pk]
            unit.state, day = row.before["state"], row.before["handover_date"]
            unit.handover_date = date.fromisoformat(day) if day else None
            unit.updated_at = self.context.now
            roles |= Q(customer=contract.customer_id, unit=unit, created_at=row.written_at)
        Unit.objects.bulk_update(units.values(), ["state", "handover_date", "updated_at"])
        UnitRole.objects.filter(roles).delete()
        super().delete(records, rows)


class PaymentReverter(RecordReverter[Payment]):
    """Deletes payments, and puts what is left of the money on instalments anew."""

    model = Payment

    def delete(self, records: Sequence[Payment], rows: Mapping[UUID, WrittenRow]) -> None:
        """Delete the payments."""
        super().delete(records, rows)
        paid = {payment.contract_id for payment in records if payment.contract_id}
        reallocate(paid, now=self.context.now)
