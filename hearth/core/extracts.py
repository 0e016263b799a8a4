"""What each app offers to the analysis: one SELECT per table, the same meaning on both engines.

The warehouse copies the rows to Parquet; for a single customer the same SELECT runs on PostgreSQL as a subquery.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hearth.core.registry import Registry


@dataclass(frozen=True)
class Extract:
    """A table of the warehouse.

    `columns` gives each column's type by its Ibis name (`string`, `int64`, `decimal(16, 2)`, `date`,
    `timestamp('UTC')`, `boolean`); identifiers are strings. `sql` selects them in this order; it ends
    without ORDER BY. A table with `transaction_column` only grows: each snapshot adds the rows of the transactions
    that ended since the one before, in files by the month of `month_column`; the rest is copied as a whole.
    `position_column` rises with time and has an index. `customer_column` names the column that ties a row to one
    customer, where there is one; a SELECT writes it as `<column>::text`, so that its index serves one customer.
    `alias_table` names a registered table (`customer_id`, `survivor_id`) that tells whom the customers of rows that
    are never changed mean by now; whoever reads the table gets the present ones.
    """

    name: str
    sql: str
    columns: Mapping[str, str]
    customer_column: str = ""
    month_column: str = ""
    position_column: str = ""
    transaction_column: str = ""
    alias_table: str = ""


extracts: Registry[Extract] = Registry()


def register_extract(extract: Extract) -> Extract:
    return extracts.register(extract.name, extract)


register_extract(
    Extract(
        name="events",
        sql="""
            SELECT id::text AS event_id, position, type, occurred_at, recorded_at, org_unit_id,
                customer_id::text, household_id::text, unit_id::text, project_id::text, subject_id::text,
                actor_id, actor_kind, channel, amount, transaction AS transaction_id
            FROM core_eventrecord
        """,
        columns={
            "event_id": "string",
            "position": "int64",
            "type": "string",
            "occurred_at": "timestamp('UTC')",
            "recorded_at": "timestamp('UTC')",
            "org_unit_id": "int64",
            "customer_id": "string",
            "household_id": "string",
            "unit_id": "string",
            "project_id": "string",
            "subject_id": "string",
            "actor_id": "int64",
            "actor_kind": "string",
            "channel": "string",
            "amount": "decimal(16, 2)",
            "transaction_id": "int64",
        },
        customer_column="customer_id",
        month_column="occurred_at",
        position_column="position",
        transaction_column="transaction_id",
        alias_table="customer_aliases",
    )
)
