"""Reading a snapshot."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from hearth.core.extracts import Extract
from hearth.warehouse.engine import connect, open_duckdb, run, run_sql, shared_connection, table
from hearth.warehouse.manifests import ManifestMissing
from tests.warehouse.builders import make_filled_snapshot, make_snapshot
from tests.warehouse.conftest import offer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("only_events")]


@pytest.fixture
def other_engine() -> Iterator[None]:
    before = settings.WAREHOUSE_ENGINE
    yield
    settings.WAREHOUSE_ENGINE = before


def test_every_table_of_the_snapshot_is_there_under_its_name(now: datetime) -> None:
    columns = {"customer_id": "string", "amount": "decimal(16, 2)"}
    snapshot = make_filled_snapshot(now, {"payments": (columns, [{"customer_id": "a", "amount": 5}])})

    backend = connect(snapshot)

    rows = run_sql(backend, "SELECT sum(amount) AS s, (SELECT count(*) FROM events) AS n FROM payments")
    assert rows.to_pylist() == [{"s": 5, "n": 0}]


def test_an_expression_over_a_registered_table_runs_on_the_engine(now: datetime) -> None:
    columns = {"n": "int64", "event_id": "string"}
    snapshot = make_filled_snapshot(now, {"events": (columns, [{"event_id": "a"}, {"event_id": "b"}])})
    events = table("events")

    result = run(connect(snapshot), events.filter(events.event_id > "a").select("event_id", "type"))

    assert result.to_pylist() == [{"event_id": "b", "type": None}]


def test_a_table_registered_later_is_empty_with_its_columns(now: datetime) -> None:
    snapshot = make_filled_snapshot(now, {})
    offer(Extract("visits", "SELECT 1", {"n": "int64", "at": "timestamp('UTC')"}))

    result = run_sql(connect(snapshot), "SELECT * FROM visits")

    assert (result.num_rows, result.column_names) == (0, ["n", "at"])


def test_a_column_registered_later_is_missing_in_older_rows(now: datetime) -> None:
    snapshot = make_filled_snapshot(now, {"visits": ({"n": "int64"}, [{"n": 1}])})
    offer(Extract("visits", "SELECT 1", {"n": "int64", "channel": "string"}))

    rows = run_sql(connect(snapshot), "SELECT * FROM visits").to_pylist()

    assert rows == [{"n": 1, "channel": None}]


def test_a_process_opens_a_snapshot_once(now: datetime) -> None:
    snapshot = make_filled_snapshot(now, {})

    first, second = shared_connection(snapshot), shared_connection(snapshot)

    assert first is second


def test_memory_threads_and_clock_of_the_engine_are_set() -> None:
    settings_of_engine = run_sql(
        open_duckdb(),
        "SELECT current_setting('memory_limit') AS m, current_setting('threads') AS t,"
        " current_setting('TimeZone') AS z",
    ).to_pylist()

    assert settings_of_engine == [{"m": "488.2 MiB", "t": 2, "z": "UTC"}]


def test_a_snapshot_without_files_is_named(now: datetime) -> None:
    snapshot = make_snapshot(now)

    with pytest.raises(ManifestMissing):
        connect(snapshot)


@pytest.mark.usefixtures("other_engine")
def test_an_unknown_engine_is_refused_with_the_known_ones(now: datetime) -> None:
    snapshot = make_filled_snapshot(now, {})
    settings.WAREHOUSE_ENGINE = "sqlite"

    with pytest.raises(ImproperlyConfigured, match="duckdb, spark"):
        connect(snapshot)
