"""Computing the profiles of all customers from a snapshot."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from hearth.analytics.profile_rules import ProfileRules
from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.core.events import record
from hearth.customers.services import ProfileValues, write_profiles
from hearth.insight.events import ProfilesScored
from hearth.insight.expression import profile_expression
from hearth.insight.models import ScoringRun
from hearth.insight.permissions import RUN_INSIGHT
from hearth.insight.profile_rows import cut_points, needed_columns, values_of_batch
from hearth.insight.rules import current_rules, read_rules
from hearth.insight.services.counts import count_profiles
from hearth.postponed import Postponed
from hearth.warehouse.engine import connect, to_sql
from hearth.warehouse.models import Snapshot
from hearth.warehouse.selectors import latest_snapshot
from hearth.warehouse.services import take_snapshot

if TYPE_CHECKING:
    import pyarrow as pa
else:
    pa = Postponed("pyarrow")

LOCK = "hashtext('hearth.insight.score')"
BATCH_ROWS = 20_000
FRESH = timedelta(minutes=30)
INTERRUPTED = "interrupted"


class ScoringRunning(DomainError):
    """Profiles are being computed or wait for their turn."""

    code = "scoring_running"
    message = _("The profiles are already being computed.")


@transaction.atomic
def start_scoring(*, actor: Actor, now: datetime) -> ScoringRun:
    """Queue a computation of all profiles and return it at once.

    :raises NotAllowed: if the actor may not run scoring
    :raises ScoringRunning: if a run waits or computes
    :raises BadProfileRules: if the group's rules cannot be read
    """
    from hearth.insight.jobs import score  # noqa: PLC0415  (the job calls these services)

    actor.require(RUN_INSIGHT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('hearth.insight.start'))")
    if ScoringRun.objects.unfinished().exists():
        raise ScoringRunning
    run = _write_run(ScoringRun.State.QUEUED, None, now)
    score.defer(run_id=str(run.id))
    return run


def score_all(*, actor: Actor, now: datetime) -> ScoringRun:
    """Take a snapshot unless the newest is fresh, and compute all profiles from it; outside of a transaction.

    :raises NotAllowed: if the actor may not run scoring
    :raises ScoringRunning: if another process computes
    """
    actor.require(RUN_INSIGHT)
    return fill_run(_write_run(ScoringRun.State.QUEUED, None, now), actor=actor, now=now)


def run_scoring(snapshot: Snapshot, *, actor: Actor, now: datetime) -> ScoringRun:
    """Compute the profile of every customer as of a snapshot and return the finished run.

    Memory does not grow with the customers. A failure leaves all profiles as they were, and a run that says why.

    :raises NotAllowed: if the actor may not run scoring
    :raises ScoringRunning: if another process computes
    """
    actor.require(RUN_INSIGHT)
    return fill_run(_write_run(ScoringRun.State.QUEUED, snapshot, now), actor=actor, now=now)


def fill_run(run: ScoringRun, *, actor: Actor, now: datetime) -> ScoringRun:
    """Compute a run that is written down; may be repeated after a crash.

    :raises ScoringRunning: if another process computes; this run is then marked as failed
    """
    started = time.perf_counter()
    try:
        with _only_run(run, now):
            snapshot = run.snapshot or _fresh_snapshot(run, actor=actor, now=now)
            run.snapshot, run.as_of_at = snapshot, snapshot.taken_at
            _enter(run, ScoringRun.State.RUNNING)
            rules = read_rules(run.rules)
            rows = _profiles(run, rules)
            run.scored = write_profiles(rows, now=run.as_of_at, run_id=run.id)
    except Exception as error:
        run.error = _reason(error)
        _enter(run, ScoringRun.State.FAILED)
        raise
    return _finish(run, actor=actor, now=now, seconds=time.perf_counter() - started)


def _profiles(run: ScoringRun, rules: ProfileRules) -> Iterator[ProfileValues]:
    """Stream the profiles out of the snapshot, and note the run's cut points on the way."""
    assert run.snapshot  # noqa: S101  (for the type checker)
    backend = connect(run.snapshot)
    try:
        expression = profile_expression(as_of=run.as_of_at, rules=rules)
        for batch in _batches(backend, to_sql(backend, expression.select(*needed_columns(rules)))):
            if not run.cut_points and batch.num_rows:
                run.cut_points = cut_points(batch.slice(0, 1).to_pylist()[0], rules)
            yield from values_of_batch(batch, rules)
    finally:
        backend.disconnect()


def _batches(backend: Any, sql: str) -> Iterator[pa.RecordBatch]:
    if backend.name == "duckdb":
        yield from backend.con.sql(sql).to_arrow_reader(BATCH_ROWS)
    else:
        yield from backend.raw_sql(sql).toArrow().to_batches(BATCH_ROWS)


@contextmanager
def _only_run(run: ScoringRun, now: datetime) -> Iterator[None]:
    """Hold the lock of scoring in this session, and mark as failed what a killed process left.

    :raises ScoringRunning: if another session holds it
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_lock({LOCK})")
        if not cursor.fetchone()[0]:
            raise ScoringRunning
        try:
            working = [ScoringRun.State.COPYING, ScoringRun.State.RUNNING]
            left = ScoringRun.objects.filter(state__in=working).exclude(pk=run.pk)
            left.update(state=ScoringRun.State.FAILED, error=INTERRUPTED, updated_at=now)
            yield
        finally:
            cursor.execute(f"SELECT pg_advisory_unlock({LOCK})")


def _fresh_snapshot(run: ScoringRun, *, actor: Actor, now: datetime) -> Snapshot:
    latest = latest_snapshot()
    if latest and now - latest.taken_at < FRESH:
        return latest
    _enter(run, ScoringRun.State.COPYING)
    return take_snapshot(actor=Actor.system("insight"), now=now)


def _write_run(state: ScoringRun.State, snapshot: Snapshot | None, now: datetime) -> ScoringRun:
    return ScoringRun.objects.create(
        snapshot=snapshot,
        as_of_at=snapshot.taken_at if snapshot else now,
        state=state,
        rules=current_rules().to_json(),
        created_at=now,
        updated_at=now,
    )


def _reason(error: Exception) -> str:
    return error.code if isinstance(error, DomainError) else f"{type(error).__name__}: {error}"[:2_000]


def _enter(run: ScoringRun, state: ScoringRun.State) -> None:
    run.state = state
    run.save(update_fields=["state", "snapshot", "as_of_at", "error"])


@transaction.atomic
def _finish(run: ScoringRun, *, actor: Actor, now: datetime, seconds: float) -> ScoringRun:
    assert run.snapshot_id  # noqa: S101  (for the type checker)
    run.state, run.error, run.seconds, run.updated_at = ScoringRun.State.DONE, "", seconds, now
    run.save()
    count_profiles(run)
    event = ProfilesScored(subject_id=run.id, scored=run.scored, snapshot_id=run.snapshot_id)
    record(event, actor=actor, now=now)
    return run
