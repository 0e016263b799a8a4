"""What the server or the engine alone need for the rows of a piece of work."""

import csv
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import duckdb
import psycopg

from benchmarks.load import Times, timed
from hearth.core.extracts import extracts
from hearth.warehouse.manifests import read_manifest, warehouse_folder

if TYPE_CHECKING:
    from benchmarks.works import Stage

IMPORTED = {
    "customers_customer": "SELECT * FROM customers_customer WHERE external_key LIKE 'BENCH-I%'",
    "customers_contactpoint": "SELECT * FROM customers_contactpoint WHERE customer_id IN (SELECT id FROM benched)",
    "customers_customerplace": "SELECT * FROM customers_customerplace WHERE customer_id IN (SELECT id FROM benched)",
    "imports_importrow": "SELECT * FROM imports_importrow WHERE record_id IN (SELECT id FROM benched)",
    "core_eventrecord": "SELECT * FROM core_eventrecord WHERE customer_id IN (SELECT id FROM benched) "
    "AND occurred_at > now() - interval '2 days'",
}
FOUND = """
    SELECT c.customer_id FROM customers c JOIN customer_profiles p USING (customer_id)
    WHERE p.value_tier IN ('top', 'large')
        AND c.customer_id IN (SELECT customer_id FROM contacts
            WHERE channel = 'visit' AND occurred_at >= now()::timestamp - INTERVAL 730 DAY)
        AND c.customer_id NOT IN (SELECT customer_id FROM cases WHERE customer_id IS NOT NULL
            AND kind = 'complaint' AND opened_at >= now()::timestamp - INTERVAL 365 DAY)
"""


class _TakenBack(Exception):
    """Ends a transaction whose rows nobody wants."""


def _taken_back(owner: psycopg.Connection[Any], work: Callable[[], Times]) -> Times:
    """Do a piece of work in a transaction and take it back."""
    found: list[Times] = []
    try:
        with owner.transaction():
            found.append(work())
            raise _TakenBack
    except _TakenBack:
        return found[0]


def read_rows(stage: "Stage") -> Times:
    """Python's own reader over the very file, and nothing done with its rows."""

    def work() -> None:
        with (stage.folder / "customers.csv").open(encoding="utf-8", newline="") as file:
            for _row in csv.reader(file):
                pass

    return timed(work)


def copy_imported(stage: "Stage") -> Times:
    """COPY of the very rows the import wrote, into the same tables and past the same constraints."""
    owner = stage.owner
    kept: dict[str, list[bytes]] = {}

    def load() -> None:
        for table, blocks in kept.items():
            with owner.cursor().copy(f"COPY {table} FROM STDIN".encode()) as copy:
                for block in blocks:
                    copy.write(block)
        owner.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def work() -> Times:
        owner.execute(
            "CREATE TEMP TABLE benched ON COMMIT DROP AS "
            "SELECT id FROM customers_customer WHERE external_key LIKE 'BENCH-I%'"
        )
        owner.execute("ANALYZE benched")
        for table, query in IMPORTED.items():
            with owner.cursor().copy(f"COPY ({query}) TO STDOUT".encode()) as copy:
                kept[table] = [bytes(block) for block in copy]
        for table in reversed(IMPORTED):
            column = {"customers_customer": "id", "imports_importrow": "record_id"}.get(table, "customer_id")
            recent = " AND occurred_at > now() - interval '2 days'" if table == "core_eventrecord" else ""
            owner.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT id FROM benched){recent}".encode())
        return timed(load)

    return _taken_back(owner, work)


def copy_out(stage: "Stage") -> Times:
    """COPY of every registered table to nowhere."""

    def work() -> None:
        for extract in extracts.values():
            with stage.owner.cursor().copy(f"COPY ({extract.sql}) TO STDOUT (FORMAT csv)".encode()) as copy:
                for _block in copy:
                    pass

    return timed(work)


def _engine(stage: "Stage") -> duckdb.DuckDBPyConnection:
    """Open DuckDB on the files of the snapshot, with nothing of ours between."""
    engine = duckdb.connect()
    engine.execute("SET threads = 2")
    for name, table in read_manifest(stage.snapshot.id).tables.items():
        files = [str(warehouse_folder() / file) for file in table.files]
        if files:
            engine.execute(f"CREATE VIEW {name} AS FROM read_parquet({files!r}, hive_partitioning = false)")
    return engine


def count_alone(stage: "Stage") -> Times:
    """DuckDB alone counts by a hand-written query."""
    with _engine(stage) as engine:
        engine.execute(f"SELECT count(*) FROM ({FOUND})").fetchone()
        return timed(lambda: engine.execute(f"SELECT count(*) FROM ({FOUND})").fetchone(), times=7)


def list_alone(stage: "Stage") -> Times:
    """DuckDB alone lists the members and COPY writes them into an equal table."""
    owner = stage.owner
    with _engine(stage) as engine:

        def load() -> None:
            keys = engine.execute(FOUND).fetchall()
            with owner.cursor().copy("COPY floor_member (count_id, customer_id) FROM STDIN") as copy:
                for (key,) in keys:
                    copy.write_row((str(stage.snapshot.id), key))

        def work() -> Times:
            owner.execute("CREATE TEMP TABLE floor_member (LIKE segments_segmentmember INCLUDING ALL)")
            return timed(load)

        return _taken_back(owner, work)


def insert_campaign(stage: "Stage") -> Times:
    """INSERT … SELECT of the very members and messages the campaign wrote, after they were set aside."""
    owner = stage.owner

    def load() -> None:
        owner.execute("INSERT INTO campaigns_campaignmember SELECT * FROM kept_members")
        owner.execute("INSERT INTO channels_message SELECT * FROM kept_messages")
        owner.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def work() -> Times:
        owner.execute("CREATE TEMP TABLE kept_members ON COMMIT DROP AS TABLE campaigns_campaignmember")
        owner.execute("CREATE TEMP TABLE kept_messages ON COMMIT DROP AS TABLE channels_message")
        owner.execute("TRUNCATE campaigns_response, campaigns_campaignmember, channels_message")
        return timed(load)

    return _taken_back(owner, work)
