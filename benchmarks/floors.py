"""What plain SQL needs for the rows of a page: hand-written statements, psycopg, nothing else."""

import os
from datetime import UTC, datetime
from typing import Any

from psycopg import Cursor

from benchmarks.readers import Known, Reader
from hearth.core.crypto import blind_index, last_four_index
from hearth.core.fields import query_literal, tokens_literal
from hearth.lib.chinese import name_tokens, query_tokens
from hearth.lib.identifiers import uuid7
from hearth.lib.pinyin import pinyin_key

ROWS, HITS, FEW, EVENTS, EVENTS_AT_FIRST = 51, 25, 5, 51, 21
APART = "c.merged_into_id IS NULL"
KNOWN = f"""{APART} AND (%(places)s::bigint[] IS NULL OR EXISTS (SELECT FROM customers_customerplace p
    WHERE p.customer_id = c.id AND p.org_unit_id = ANY(%(places)s::bigint[])))"""
LINES = """
    SELECT page.*, profile.owner_stage, profile.value_tier,
        (SELECT count(DISTINCT unit_id) FROM customers_unitrole WHERE customer_id = page.id AND valid_to IS NULL),
        (SELECT value_sealed FROM customers_contactpoint WHERE customer_id = page.id AND kind = 'phone'
            ORDER BY is_primary DESC LIMIT 1),
        (SELECT array_agg(o.name) FROM customers_customerplace p JOIN organization_orgunit o
            ON o.id = p.org_unit_id WHERE p.customer_id = page.id)
    FROM (SELECT c.id, c.number, c.name, c.kind, c.updated_at, c.last_contact_at FROM customers_customer c
        WHERE {condition} ORDER BY c.updated_at DESC, c.id DESC LIMIT {rows}) page
    LEFT JOIN customers_customerprofile profile ON profile.customer_id = page.id
    ORDER BY page.updated_at DESC, page.id DESC
"""
LEAST_COMPLETE_FIRST = (
    LINES.replace(
        "customers_customer c\n",
        "customers_customer c JOIN customers_customercompleteness kept ON kept.customer_id = c.id\n",
    )
    .replace("c.last_contact_at FROM", "c.last_contact_at, kept.percent FROM")
    .replace("c.updated_at DESC, c.id DESC", "kept.percent, kept.customer_id")
    .replace("page.updated_at DESC, page.id DESC", "page.percent, page.id")
)
PLACED = "org_unit_id = ANY(%(places)s::bigint[])"


def _read(cursor: Cursor[Any], query: str, reader: Reader, **values: object) -> list[tuple[Any, ...]]:
    """Run a query for one reader; who sees everything is not asked where."""
    if reader.places is None:
        query = query.replace(KNOWN, APART).replace(PLACED, "true")
    return cursor.execute(query.encode(), {"places": reader.places, **values}).fetchall()


def read_start(cursor: Cursor[Any], reader: Reader, known: Known) -> None:
    _read(
        cursor,
        f"""SELECT count(*) FILTER (WHERE state <> 'closed'),
            count(*) FILTER (WHERE opened_at > now() - interval '7 days') FROM cases_case WHERE {PLACED}""",
        reader,
    )


def read_first_page(cursor: Cursor[Any], reader: Reader, known: Known) -> None:
    _read(cursor, LINES.format(condition=KNOWN, rows=ROWS), reader)


def read_deep_page(cursor: Cursor[Any], reader: Reader, known: Known) -> None:
    condition = f"(c.updated_at, c.id) < (%(moment)s, %(id)s) AND {KNOWN}"
    _read(cursor, LINES.format(condition=condition, rows=ROWS), reader, moment=known.updated_at, id=known.id)


def read_three_filters(cursor: Cursor[Any], reader: Reader, known: Known) -> None:
    condition = f"""EXISTS (SELECT FROM customers_customerprofile f WHERE f.customer_id = c.id
            AND f.owner_stage IN ('stable_owner', 'long_term_owner'))
        AND c.source IN ('call', 'web', 'walk_in') AND c.created_at > now() - interval '3650 days' AND {KNOWN}"""
    _read(cursor, LINES.format(condition=condition, rows=ROWS), reader)


def read_by_completeness(cursor: Cursor[Any], reader: Reader, known: Known) -> None:
    _read(cursor, LEAST_COMPLETE_FIRST.format(condition=KNOWN, rows=ROWS), reader)


def read_incomplete(cursor: Cursor[Any], reader: Reader, known: Known) -> None:
    condition = f"""EXISTS (SELECT FROM customers_customercompleteness kept WHERE kept.customer_id = c.id
            AND kept.percent <= 40) AND {KNOWN}"""
    _read(cursor, LINES.format(condition=condition, rows=ROWS), reader)


def find_by_name(cursor: Cursor[Any], reader: Reader, known: Known) -> None:
    condition = f"c.name_tokens @@ %(words)s::tsquery AND {KNOWN}"
    words = query_literal(query_tokens(known.name, "name"))
    _read(cursor, LINES.format(condition=condition, rows=HITS), reader, words=words)


def find_by_phone(cursor: Cursor[Any], reader: Reader, known: Known) -> None:
    condition = f"""c.id IN (SELECT customer_id FROM customers_contactpoint
        WHERE kind = 'phone' AND value_index = %(index)s) AND {KNOWN}"""
    index = blind_index("phone", f"+86{known.phone}")
    _read(cursor, LINES.format(condition=condition, rows=HITS), reader, index=index)


def find_by_digits(cursor: Cursor[Any], reader: Reader, known: Known) -> None:
    condition = f"""c.id IN (SELECT customer_id FROM customers_contactpoint
        WHERE last_four_index = %(index)s) AND {KNOWN}"""
    index = last_four_index("phone", known.phone[-4:])
    _read(cursor, LINES.format(condition=condition, rows=FEW), reader, index=index)


def find_few_by_name(cursor: Cursor[Any], reader: Reader, known: Known) -> None:
    condition = f"c.name_tokens @@ %(words)s::tsquery AND {KNOWN}"
    words = query_literal(query_tokens(known.name, "name"))
    _read(cursor, LINES.format(condition=condition, rows=FEW), reader, words=words)


def read_few(cursor: Cursor[Any], reader: Reader, known: Known) -> None:
    ids = [each.id for each in reader.customers[:8]]
    _read(cursor, LINES.format(condition=f"c.id = ANY(%(ids)s) AND {KNOWN}", rows=8), reader, ids=ids)


CUSTOMER = (
    f"SELECT * FROM customers_customer c LEFT JOIN customers_customerprofile f ON f.customer_id = c.id "
    f"WHERE c.id = %(id)s AND {KNOWN}",
    "SELECT * FROM customers_contactpoint WHERE customer_id = %(id)s",
    "SELECT c.* FROM customers_customer c JOIN customers_customer me ON c.household_id = me.household_id "
    "WHERE me.id = %(id)s",
    "SELECT * FROM customers_unitrole r JOIN properties_unit u ON u.id = r.unit_id "
    "JOIN properties_building b ON b.id = u.building_id JOIN properties_project j ON j.id = u.project_id "
    "WHERE r.customer_id = %(id)s",
    f"SELECT * FROM cases_case WHERE customer_id = %(id)s AND {PLACED} ORDER BY opened_at DESC",
    f"SELECT sum(total_amount) FROM sales_contract WHERE customer_id = %(id)s AND {PLACED}",
    f"SELECT sum(amount) FROM sales_payment WHERE customer_id = %(id)s AND {PLACED}",
)
LATEST = (
    f"SELECT * FROM core_eventrecord WHERE customer_id = %(id)s AND {PLACED} "
    "ORDER BY occurred_at DESC, id DESC LIMIT "
)
NEXT_TASK = (
    f"SELECT * FROM tasks_task WHERE customer_id = %(id)s AND state = 'open' AND {PLACED} "
    "ORDER BY due_date, priority, id LIMIT 1"
)


def read_customer(cursor: Cursor[Any], reader: Reader, known: Known) -> None:
    for query in CUSTOMER:
        _read(cursor, query, reader, id=known.id)


def read_overview(cursor: Cursor[Any], reader: Reader, known: Known) -> None:
    for query in (NEXT_TASK, f"{LATEST}5"):
        _read(cursor, query, reader, id=known.id)


def read_busy_customer(cursor: Cursor[Any], reader: Reader, known: Known) -> None:
    read_customer(cursor, reader, reader.busy)
    _read(cursor, f"{LATEST}{EVENTS_AT_FIRST}", reader, id=reader.busy.id)


def read_timeline(cursor: Cursor[Any], reader: Reader, known: Known) -> None:
    _read(cursor, f"{LATEST}{EVENTS}", reader, id=reader.busy.id)


def read_cases(cursor: Cursor[Any], reader: Reader, known: Known) -> None:
    query = f"""SELECT page.*, c.name FROM (SELECT * FROM cases_case WHERE {PLACED}
            ORDER BY opened_at DESC, id DESC LIMIT {ROWS}) page
        LEFT JOIN customers_customer c ON c.id = page.customer_id"""
    _read(cursor, query, reader)


def write_customer(cursor: Cursor[Any], reader: Reader, known: Known) -> None:
    """Insert what a new customer consists of in one transaction."""
    now, customer = datetime.now(UTC), uuid7()
    row = {"id": customer, "now": now, "name": known.name, "pinyin": pinyin_key(known.name)}
    row |= {"words": tokens_literal(name_tokens(known.name)), "place": reader.org_unit.pk}
    row |= {"sealed": os.urandom(40), "index": os.urandom(16), "other": uuid7()}
    with cursor.connection.transaction():
        for statement in NEW_CUSTOMER:
            cursor.execute(statement.encode(), row)


NEW_CUSTOMER = (
    """INSERT INTO customers_customer (id, created_at, updated_at, is_sample, kind, name, pinyin, name_tokens, sex,
        identity_sealed, occupation, source, household_role, external_key, note, origins, custom,
        is_canary)
        VALUES (%(id)s, %(now)s, %(now)s, false, 'person', %(name)s, %(pinyin)s, %(words)s, '', '', '', 'api', '',
        'BENCH-0', '', '{}', '{}', false)""",
    "INSERT INTO customers_customerplace (customer_id, org_unit_id) VALUES (%(id)s, %(place)s)",
    """INSERT INTO customers_contactpoint (id, created_at, updated_at, is_sample, customer_id, kind, value_sealed,
        value_index, label, is_primary, is_valid, origin, is_blocked) VALUES (%(other)s, %(now)s, %(now)s, false,
        %(id)s, 'phone', %(sealed)s, %(index)s, '', true, true, '{}', false)""",
    """INSERT INTO core_eventrecord (id, type, occurred_at, recorded_at, org_unit_id, customer_id, actor_kind,
        channel, payload, is_sample) VALUES (%(other)s, 'customers.created', %(now)s, %(now)s, %(place)s, %(id)s,
        'api', '', '{}', false)""",
)
