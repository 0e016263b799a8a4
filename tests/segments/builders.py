"""Tables, rules and segments for tests."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import pyarrow as pa
from django.db import connection

from hearth.core.extracts import Extract, extracts
from hearth.customers.models import Customer, CustomerPlace
from hearth.organization.models import OrgUnit
from hearth.segments.models import Segment, SegmentCount, SegmentMember
from hearth.warehouse.engine import Backend
from hearth.warehouse.models import Snapshot
from hearth.warehouse.parquet import arrow_schema
from tests.warehouse.builders import make_filled_snapshot

Rows = Sequence[Mapping[str, Any]]

COLUMNS: dict[str, dict[str, str]] = {
    "customers": {
        "customer_id": "string",
        "kind": "string",
        "sex": "string",
        "birth_year": "int64",
        "source": "string",
        "created_at": "timestamp('UTC')",
        "last_contact_at": "timestamp('UTC')",
        "refuses_profiling": "boolean",
    },
    "customer_profiles": {
        "customer_id": "string",
        "recency_days": "int64",
        "frequency": "int64",
        "monetary_amount": "decimal(16, 2)",
        "open_complaints": "int64",
        "homes": "int64",
        "owner_stage": "string",
        "value_tier": "string",
        "portfolio_action": "string",
    },
    "customer_places": {"customer_id": "string", "org_unit_id": "int64"},
    "unit_roles": {
        "customer_id": "string",
        "unit_id": "string",
        "role": "string",
        "valid_from": "date",
        "valid_to": "date",
    },
    "units": {
        "unit_id": "string",
        "project_id": "string",
        "layout": "string",
        "floor_area": "decimal(16, 2)",
        "handover_date": "date",
    },
    "contacts": {
        "customer_id": "string",
        "occurred_at": "timestamp('UTC')",
        "channel": "string",
        "direction": "string",
        "org_unit_id": "int64",
    },
    "purchases": {
        "customer_id": "string",
        "occurred_at": "timestamp('UTC')",
        "amount": "decimal(16, 2)",
        "org_unit_id": "int64",
    },
    "cases": {
        "customer_id": "string",
        "kind": "string",
        "grade": "string",
        "opened_at": "timestamp('UTC')",
        "closed_at": "timestamp('UTC')",
        "topic": "string",
    },
}
SQL_TYPES = {
    "string": "text",
    "int64": "bigint",
    "decimal(16, 2)": "numeric(16, 2)",
    "date": "date",
    "timestamp('UTC')": "timestamptz",
    "boolean": "boolean",
}


def offer_tables() -> None:
    """Register the tables above alone, each over a temporary table of PostgreSQL with the same columns."""
    extracts._items.clear()
    for name, columns in COLUMNS.items():
        selected = ", ".join(f"{c}::text" if c == "customer_id" else c for c in columns)
        has_customer = "customer_id" in columns
        extracts.register(
            name,
            Extract(
                name,
                f"SELECT {selected} FROM sample_{name}",
                columns,
                customer_column="customer_id" if has_customer else "",
            ),
        )


def create_tables() -> None:
    with connection.cursor() as cursor:
        for name, columns in COLUMNS.items():
            declared = ", ".join(
                f"{column} {'uuid' if column == 'customer_id' else SQL_TYPES[kind]}"
                for column, kind in columns.items()
            )
            cursor.execute(f"CREATE TEMPORARY TABLE sample_{name} ({declared}) ON COMMIT DROP")
            cursor.execute(f"GRANT SELECT ON sample_{name} TO hearth_app")


def fill_postgres(tables: Mapping[str, Rows]) -> None:
    """Replace the rows of the temporary tables."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(f'sample_{name}' for name in COLUMNS)}")
        for name, rows in tables.items():
            for row in rows:
                marks = ", ".join(["%s"] * len(row))
                cursor.execute(
                    f"INSERT INTO sample_{name} ({', '.join(row)}) VALUES ({marks})", list(row.values())
                )


def fill_engine(backend: Backend, tables: Mapping[str, Rows]) -> None:
    """Replace the rows that an engine shows under the names of the tables."""
    for name, columns in COLUMNS.items():
        rows = pa.Table.from_pylist([dict(row) for row in tables.get(name, [])], arrow_schema(columns))
        if backend.name == "duckdb":
            backend.con.register("incoming", rows)
            backend.con.execute(f'CREATE OR REPLACE TABLE "{name}" AS SELECT * FROM incoming')
        else:
            backend._session.createDataFrame(rows).createOrReplaceTempView(name)


def make_customer(number: int, *places: OrgUnit, now: datetime, name: str = "") -> Customer:
    """Write a customer with a known identifier, known at places."""
    customer = Customer.objects.create(
        id=UUID(int=number), name=name or f"客户{number}", created_at=now, updated_at=now
    )
    CustomerPlace.objects.bulk_create(CustomerPlace(customer=customer, org_unit=place) for place in places)
    return customer


def make_segment(
    org_unit: OrgUnit, rule: Mapping[str, Any], *, now: datetime, name: str = "老业主"
) -> Segment:
    return Segment.objects.create(org_unit=org_unit, name=name, rule=rule, created_at=now, updated_at=now)


def make_count(segment: Segment, *members: Customer, now: datetime, keeps: bool = True) -> SegmentCount:
    """Write a count of a segment that found these customers."""
    row = SegmentCount.objects.create(
        segment=segment,
        snapshot=snapshot_with(now, customers=[]),
        rule=segment.rule,
        size=len(members),
        has_members=keeps,
        created_at=now,
        updated_at=now,
    )
    SegmentMember.objects.bulk_create([SegmentMember(count=row, customer=each) for each in members])
    return row


def snapshot_with(now: datetime, **tables: Iterable[Mapping[str, Any]]) -> Snapshot:
    """Write a snapshot of all tables above; those not named are empty."""
    filled = {name: (columns, list(tables.get(name, []))) for name, columns in COLUMNS.items()}
    return make_filled_snapshot(now, filled)
