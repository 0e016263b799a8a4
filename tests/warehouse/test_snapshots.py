"""Snapshots of a database that other people write to."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.events import record
from hearth.core.extracts import Extract
from hearth.core.models import EventRecord
from hearth.organization.models import OrgUnit
from hearth.warehouse.engine import connect, run_sql
from hearth.warehouse.events import SnapshotTaken
from hearth.warehouse.jobs import run_snapshot
from hearth.warehouse.manifests import manifest_path, read_manifest
from hearth.warehouse.models import Snapshot
from hearth.warehouse.selectors import latest_snapshot
from hearth.warehouse.services import SnapshotRunning, prune_snapshots, start_snapshot, take_snapshot
from tests.organization.builders import make_actor
from tests.warehouse.conftest import offer

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("only_events"),
    pytest.mark.slow,
]
OTHER_TYPE = "warehouse.snapshot_taken"
BROKEN = Extract(name="broken", sql="SELECT 1 / 0 AS n", columns={"n": "int64"})


def write_events(*rows: int, actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        for number in rows:
            record(SnapshotTaken(rows=number), actor=actor, now=now)


def count_events(snapshot: Snapshot) -> int:
    table = run_sql(connect(snapshot), "SELECT count(*) AS n, count(DISTINCT event_id) AS m FROM events")
    [row] = table.to_pylist()
    assert row["n"] == row["m"]
    return int(row["n"])


def open_another_connection() -> psycopg.Connection[Any]:
    values = connection.settings_dict
    return psycopg.connect(
        host=values["HOST"],
        port=values["PORT"],
        user=values["USER"],
        password=values["PASSWORD"],
        dbname=values["NAME"],
    )


def insert_event(other: psycopg.Connection[Any], now: datetime) -> None:
    other.execute(
        "INSERT INTO core_eventrecord (id, type, occurred_at, recorded_at, actor_kind, channel, payload, is_sample)"
        " VALUES (gen_random_uuid(), 'late', %s, %s, 'user', '', '{}', false)",
        [now, now],
    )


def test_a_snapshot_holds_the_rows_of_its_moment(actor: Actor, now: datetime) -> None:
    write_events(1, 2, 3, actor=actor, now=now)

    snapshot = take_snapshot(actor=actor, now=now)

    assert (snapshot.state, snapshot.tables, snapshot.taken_at) == (Snapshot.State.DONE, {"events": 3}, now)
    assert count_events(snapshot) == 3
    assert latest_snapshot() == snapshot
    taken = EventRecord.objects.filter(subject_id=snapshot.id)
    assert [row.payload for row in taken] == [{"rows": 3}]


def test_the_next_snapshot_writes_only_the_months_that_got_rows(actor: Actor, now: datetime) -> None:
    write_events(1, 2, actor=actor, now=now)
    write_events(3, actor=actor, now=now - timedelta(days=40))
    first = take_snapshot(actor=actor, now=now)
    write_events(4, actor=actor, now=now)

    second = take_snapshot(actor=actor, now=now + timedelta(minutes=1))

    files = read_manifest(second.id).tables["events"].files
    assert files == [
        f"tables/events/month=2026-02/{first.id}.parquet",
        f"tables/events/month=2026-03/{first.id}.parquet",
        f"tables/events/month=2026-03/{second.id}.parquet",
    ]
    assert (count_events(first), count_events(second)) == (3, 5)


def test_a_full_snapshot_joins_the_files(actor: Actor, now: datetime) -> None:
    write_events(1, actor=actor, now=now)
    take_snapshot(actor=actor, now=now)

    snapshot = take_snapshot(actor=actor, now=now, is_full=True)

    assert read_manifest(snapshot.id).tables["events"].files == [
        f"tables/events/month=2026-03/{snapshot.id}.parquet"
    ]
    assert count_events(snapshot) == 2


def test_an_act_still_running_is_neither_waited_for_nor_lost(actor: Actor, now: datetime) -> None:
    write_events(1, actor=actor, now=now)
    with open_another_connection() as other:
        insert_event(other, now)
        write_events(2, actor=actor, now=now)
        during = take_snapshot(actor=actor, now=now)
        again = take_snapshot(actor=actor, now=now)
        other.commit()
    write_events(3, actor=actor, now=now)

    after = take_snapshot(actor=actor, now=now)

    assert [count_events(snapshot) for snapshot in (during, again, after)] == [2, 3, 6]


def test_all_tables_speak_of_one_moment(actor: Actor, now: datetime) -> None:
    offer(Extract(name="first", sql="SELECT pg_current_snapshot()::text AS s", columns={"s": "string"}))
    offer(Extract(name="second", sql="SELECT pg_current_snapshot()::text AS s", columns={"s": "string"}))

    snapshot = take_snapshot(actor=actor, now=now)

    table = run_sql(connect(snapshot), "SELECT s FROM first UNION SELECT s FROM second")
    assert table.num_rows == 1


def test_a_failure_leaves_the_snapshot_before_and_no_files_of_its_own(actor: Actor, now: datetime) -> None:
    write_events(1, actor=actor, now=now)
    first = take_snapshot(actor=actor, now=now)
    offer(BROKEN)

    with pytest.raises(psycopg.errors.DivisionByZero):
        take_snapshot(actor=actor, now=now)

    failed = Snapshot.objects.get(state=Snapshot.State.FAILED)
    assert "division by zero" in failed.error
    assert latest_snapshot() == first
    assert count_events(first) == 1
    assert list(Path(settings.WAREHOUSE).glob(f"**/{failed.id}*")) == []


def test_what_a_killed_process_left_is_marked_and_harms_nothing(actor: Actor, now: datetime) -> None:
    left = Snapshot.objects.create(state=Snapshot.State.RUNNING, taken_at=now, created_at=now, updated_at=now)
    scrap = Path(settings.WAREHOUSE) / "tables" / "events" / "month=2026-03" / f"{left.id}.tmp"
    scrap.parent.mkdir(parents=True)
    scrap.write_bytes(b"half a file")

    snapshot = take_snapshot(actor=actor, now=now)
    prune_snapshots(keep=3, actor=actor, now=now)

    left.refresh_from_db()
    assert (left.state, left.error) == (Snapshot.State.FAILED, "interrupted")
    assert count_events(snapshot) == 0
    assert not scrap.exists()


def test_two_snapshots_at_once_are_refused(actor: Actor, now: datetime) -> None:
    with open_another_connection() as other:
        other.execute("SELECT pg_advisory_lock(hashtext('hearth.warehouse.snapshot'))")

        with pytest.raises(SnapshotRunning):
            take_snapshot(actor=actor, now=now)

    assert [row.state for row in Snapshot.objects.all()] == [Snapshot.State.FAILED]


def test_pruning_keeps_files_that_a_newer_snapshot_shares(actor: Actor, now: datetime) -> None:
    offer(Extract(name="numbers", sql="SELECT 1::bigint AS n", columns={"n": "int64"}))
    write_events(1, actor=actor, now=now)
    first, second, third = (
        take_snapshot(actor=actor, now=now + timedelta(minutes=minute)) for minute in range(3)
    )

    removed = prune_snapshots(keep=1, actor=actor, now=now)

    first.refresh_from_db()
    assert (removed, first.state) == (2, Snapshot.State.PRUNED)
    assert not manifest_path(second.id).exists()
    assert count_events(third) == 3
    names = {path.name for path in (Path(settings.WAREHOUSE) / "tables" / "numbers").iterdir()}
    assert names == {f"{third.id}.parquet"}


def test_a_queued_snapshot_is_filled_by_its_job_once(actor: Actor, now: datetime) -> None:
    write_events(1, actor=actor, now=now)
    snapshot = start_snapshot(actor=actor, now=now)

    run_snapshot(snapshot_id=str(snapshot.id))
    run_snapshot(snapshot_id=str(snapshot.id))

    snapshot.refresh_from_db()
    assert (snapshot.state, snapshot.tables) == (Snapshot.State.DONE, {"events": 1})
    assert EventRecord.objects.filter(subject_id=snapshot.id).count() == 1


def test_a_second_request_is_refused_while_one_waits(actor: Actor, now: datetime) -> None:
    start_snapshot(actor=actor, now=now)

    with pytest.raises(SnapshotRunning):
        start_snapshot(actor=actor, now=now)

    assert Snapshot.objects.count() == 1


def test_without_the_right_nothing_is_taken_started_or_removed(now: datetime) -> None:
    unit = OrgUnit.objects.create(kind="group", name="G", code="G", path="1/", depth=0)
    visitor = make_actor(unit, "warehouse.view")

    for act in (
        lambda: take_snapshot(actor=visitor, now=now),
        lambda: start_snapshot(actor=visitor, now=now),
        lambda: prune_snapshots(keep=1, actor=visitor, now=now),
    ):
        with pytest.raises(NotAllowed):
            act()

    assert Snapshot.objects.count() == 0


def test_a_table_whose_columns_changed_is_written_anew(actor: Actor, now: datetime) -> None:
    sql = "SELECT position AS n, occurred_at AS at, transaction AS t FROM core_eventrecord"
    columns = {"n": "int64", "at": "timestamp('UTC')", "t": "int64"}
    offer(Extract("grown", sql, columns, month_column="at", transaction_column="t"))
    write_events(1, actor=actor, now=now)
    take_snapshot(actor=actor, now=now)
    wider = sql.replace("SELECT", "SELECT type,")
    offer(Extract("grown", wider, {"type": "string"} | columns, month_column="at", transaction_column="t"))

    snapshot = take_snapshot(actor=actor, now=datetime.now(UTC))

    table = run_sql(connect(snapshot), "SELECT type FROM grown")
    assert table["type"].to_pylist() == [OTHER_TYPE] * 2
