"""Small tables of customers, purchases, contacts, cases and homes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import ibis
import pyarrow

from hearth.analytics.profile import customer_profile
from hearth.analytics.profile_rules import ProfileRules

AS_OF = datetime(2026, 3, 1, 4, tzinfo=UTC)
TODAY = AS_OF.date()
PURCHASES = {"customer_id": "int64", "occurred_at": "timestamp('UTC')", "amount": "decimal(18, 2)"}
CONTACTS = {"customer_id": "int64", "occurred_at": "timestamp('UTC')", "channel": "string"}
CASES = {
    "customer_id": "int64",
    "kind": "string",
    "opened_at": "timestamp('UTC')",
    "closed_at": "timestamp('UTC')",
}
HOMES = {
    "customer_id": "int64",
    "unit_id": "int64",
    "signed_date": "date",
    "handover_date": "date",
    "valid_from": "date",
    "valid_to": "date",
}


Load = Callable[[dict[str, str], Sequence[Sequence[Any]]], Any]


def ago(days: float) -> datetime:
    """The instant so many days before the profile."""
    return AS_OF - timedelta(days=days)


def day(days: int) -> date:
    """The date so many days before the profile."""
    return TODAY - timedelta(days=days)


def table(schema: dict[str, str], rows: Sequence[Sequence[Any]]) -> Any:
    """A table in memory."""
    return ibis.memtable(arrow_table(schema, rows))


def arrow_table(schema: dict[str, str], rows: Sequence[Sequence[Any]]) -> Any:
    """The rows in Arrow's form."""
    records = [dict(zip(schema, row, strict=True)) for row in rows]
    return pyarrow.Table.from_pylist(records, schema=ibis.schema(schema).to_pyarrow())


@dataclass
class Records:
    """What is recorded, in rows of the schemas above."""

    customers: Sequence[int]
    purchases: Sequence[tuple[int | None, datetime, Decimal | None]] = ()
    contacts: Sequence[tuple[int | None, datetime, str | None]] = ()
    cases: Sequence[tuple[int, str, datetime, datetime | None]] = ()
    homes: Sequence[tuple[int, int, date | None, date | None, date | None, date | None]] = ()

    def profile(
        self,
        rules: ProfileRules,
        *,
        as_of: datetime = AS_OF,
        value_cuts: dict[str, float] | None = None,
        load: Load = table,
    ) -> Any:
        """The profile of these customers, as an expression over tables as `load` makes them."""
        return customer_profile(
            load({"customer_id": "int64"}, [[each] for each in self.customers]),
            load(PURCHASES, self.purchases),
            load(CONTACTS, self.contacts),
            load(CASES, self.cases),
            load(HOMES, self.homes),
            as_of=as_of,
            rules=rules,
            value_cuts=value_cuts,
        ).order_by("customer_id")

    def rows(
        self,
        engine: Any,
        rules: ProfileRules | None = None,
        *,
        as_of: datetime = AS_OF,
        value_cuts: dict[str, float] | None = None,
    ) -> list[dict[str, Any]]:
        """The profile's rows, by customer."""
        expression = self.profile(rules or ProfileRules(), as_of=as_of, value_cuts=value_cuts)
        rows: list[dict[str, Any]] = engine.to_pyarrow(expression).to_pylist()
        return rows
