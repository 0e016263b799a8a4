"""Taking over what the analysis computed of every customer."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from hearth.customers.models import MAY_BE_PROFILED, CustomerProfile

# Held by those who write many profiles, and waited for by those who remove the last of somebody's.
LOCK = "hashtext('hearth.customers.profiles')"
COLUMNS = (
    "customer_id",
    "recency_days",
    "purchase_recency_days",
    "frequency",
    "monetary_amount",
    "contacts",
    "open_complaints",
    "homes",
    "owner_stage",
    "value_tier",
    "portfolio_action",
    "explanation",
)
COPY = f"COPY fresh_profile ({', '.join(COLUMNS)}) FROM STDIN"
CREATE = """
    CREATE TEMPORARY TABLE fresh_profile (
        customer_id uuid, recency_days integer, purchase_recency_days integer, frequency integer,
        monetary_amount numeric(16, 2), contacts jsonb, open_complaints integer, homes integer,
        owner_stage text, value_tier text, portfolio_action text, explanation jsonb
    ) ON COMMIT DROP
"""
IS_PROFILED = " AND ".join(f"customers_customer.{column} IS NULL" for column in MAY_BE_PROFILED)
# A customer erased or merged while the analysis ran is left out, as who refused it meanwhile, and a profile that speaks
# of a later moment stays.
UPSERT = f"""
    INSERT INTO customers_customerprofile ({", ".join(COLUMNS)}, scored_at, run_id)
    SELECT {", ".join(f"fresh_profile.{column}" for column in COLUMNS)}, %s, %s
    FROM fresh_profile JOIN customers_customer ON customers_customer.id = fresh_profile.customer_id
        AND {IS_PROFILED}
    ON CONFLICT (customer_id) DO UPDATE SET
        {", ".join(f"{column} = excluded.{column}" for column in COLUMNS[1:])},
        scored_at = excluded.scored_at, run_id = excluded.run_id
    WHERE customers_customerprofile.scored_at <= excluded.scored_at
"""  # noqa: S608  (names of columns only)


class ProfileValues(NamedTuple):
    """The profile of one customer. `contacts` maps `<channel>_<days>` to a count."""

    customer_id: UUID | str
    recency_days: int | None
    purchase_recency_days: int | None
    frequency: int
    monetary_amount: Decimal | float
    contacts: Mapping[str, int]
    open_complaints: int
    homes: int
    owner_stage: str
    value_tier: str
    portfolio_action: str
    explanation: Mapping[str, Any] = {}


@transaction.atomic
def write_profiles(rows: Iterable[ProfileValues], *, now: datetime, run_id: UUID | None = None) -> int:
    """Write or replace the profiles of many customers and return how many; five queries for any number.

    A step of the scoring run, which records one event for all. May be repeated.
    """
    encode = json.JSONEncoder(separators=(",", ":")).encode
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.fresh_profile")
        cursor.execute(CREATE)
        with cursor.copy(COPY) as copy:
            for row in rows:
                copy.write_row((*row[:5], encode(row.contacts), *row[6:11], encode(row.explanation)))
        cursor.execute(f"SELECT pg_advisory_xact_lock_shared({LOCK})")
        cursor.execute(UPSERT, [now, run_id])
        return int(cursor.rowcount)


def forget_profiles(customer_ids: Collection[UUID]) -> int:
    """Remove the profiles of some customers and return how many there were; a step that may be repeated."""
    return CustomerProfile.objects.filter(customer_id__in=list(customer_ids)).delete()[0]


@transaction.atomic
def forget_last_profiles(customer_ids: Collection[UUID]) -> int:
    """Do the same once no computation is left that began before somebody refused it; waits for the end of those."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
    return forget_profiles(customer_ids)
