"""Changing many rows: queued, worked through in portions, told row by row, and taken back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.errors import DomainError, InvalidInput, NotAllowed
from hearth.core.events import record
from hearth.lists.bulk import MOST_ROWS, BulkAction, Selection, Values, action_of, beyond_reach
from hearth.lists.definitions import Batch, ListDefinition, lists
from hearth.lists.events import ManyChanged
from hearth.lists.models import BulkRow, BulkRun
from hearth.lists.permissions import CHANGE_MANY
from hearth.lists.selectors.rows import read_batch

PORTION = 200
State, Outcome = BulkRun.State, BulkRow.Outcome
Work = Callable[[BulkRow, Any], None]


class TooManyRows(InvalidInput):
    """One change takes as many rows as a person can still answer for."""

    code = "too_many_rows"
    message = _("At most %(most)s rows can be changed at once. Narrow the list first.")


class NothingToChange(DomainError):
    """Every chosen row was left out."""

    code = "nothing_to_change"
    message = _("None of the chosen rows can be changed so.")


class CannotUndo(DomainError):
    """A change is taken back once, after it is done, if it is of a kind that can be."""

    code = "cannot_undo"
    message = _("This change is not done yet, was taken back already, or is none that can be taken back.")


def select_rows(
    definition: ListDefinition[Any], action: BulkAction, ids: Sequence[UUID], *, values: Values, actor: Actor
) -> Selection:
    """Sort the chosen rows, which the actor was found to see, into those that change and those left out.

    :raises TooManyRows: if there are more than one change takes
    """
    if len(ids) > MOST_ROWS:
        raise TooManyRows("rows", most=MOST_ROWS)
    left_out: dict[UUID, Any] = {}
    for start in range(0, len(ids), PORTION):
        batch = read_batch(definition, ids[start : start + PORTION], actor)
        left_out |= {**action.sort_out(batch, values), **beyond_reach(action, batch)}
    return Selection(ids, left_out)


@transaction.atomic
def start_bulk(
    definition: ListDefinition[Any],
    action: BulkAction,
    selection: Selection,
    *,
    values: Values,
    actor: Actor,
    now: datetime,
) -> BulkRun:
    """Have the rows of a selection that fit changed by a job.

    :raises NotAllowed: if the actor may not change many rows, or not these
    :raises NothingToChange: if no row fits
    """
    actor.require(CHANGE_MANY)
    actor.require(action.permission)
    from hearth.lists.jobs import change_many  # noqa: PLC0415  (the job calls this module)

    ids = [row_id for row_id in selection.ids if row_id not in selection.left_out]
    if not ids or actor.user_id is None:
        raise NothingToChange
    run = BulkRun(
        object_key=definition.key,
        action_key=action.key,
        values=dict(values),
        total_rows=len(ids),
        created_by_id=actor.user_id,
        created_at=now,
        updated_at=now,
    )
    run.save()
    insert_many([BulkRow(run=run, row_id=row_id) for row_id in ids])
    change_many.defer(run_id=str(run.pk))
    return run


def work_through(run: BulkRun, *, actor: Actor, now: datetime) -> None:
    """Change the rows still waiting, portion by portion; may be repeated after a crash."""
    definition = lists[run.object_key].extended(actor)
    if action := action_of(definition, run.action_key):
        change = action.change

        def work(row: BulkRow, found: Any) -> None:
            row.before = dict(change(found, run.values, actor, now))
            row.outcome = Outcome.CHANGED

        task = _Task(definition, action, State.RUNNING, Outcome.WAITING, Outcome.REFUSED, work)
        _each_portion(run, task, actor=actor)
    else:
        _give_up(run, Outcome.WAITING, Outcome.REFUSED)
    _finish(run, State.RUNNING, State.DONE, Outcome.WAITING, Outcome.CHANGED, actor=actor, now=now)


@transaction.atomic
def undo_bulk(run: BulkRun, *, actor: Actor, now: datetime) -> BulkRun:
    """Have a change taken back by a job, where rows have not changed again since.

    :raises NotAllowed: if the actor may no longer change many rows
    :raises CannotUndo: unless the change is done, and is of a kind that can be taken back
    """
    from hearth.lists.jobs import change_back  # noqa: PLC0415  (the job calls this module)

    actor.require(CHANGE_MANY)
    locked = BulkRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    action = action_of(lists[run.object_key].extended(actor), run.action_key)
    if locked.state != State.DONE or action is None or action.restore is None:
        raise CannotUndo
    locked.state, locked.updated_at = State.UNDOING, now
    locked.save(update_fields=["state", "updated_at"])
    change_back.defer(run_id=str(locked.pk))
    return locked


def work_back(run: BulkRun, *, actor: Actor, now: datetime) -> None:
    """Bring changed rows back to what they had; may be repeated after a crash."""
    definition = lists[run.object_key].extended(actor)
    action = action_of(definition, run.action_key)
    if action and (restore := action.restore):

        def work(row: BulkRow, found: Any) -> None:
            restore(found, row.before, run.values, actor, now)
            row.outcome = Outcome.UNDONE

        task = _Task(definition, action, State.UNDOING, Outcome.CHANGED, Outcome.KEPT, work)
        _each_portion(run, task, actor=actor)
    else:
        _give_up(run, Outcome.CHANGED, Outcome.KEPT)
    _finish(run, State.UNDOING, State.UNDONE, Outcome.CHANGED, Outcome.UNDONE, actor=actor, now=now)


@dataclass(frozen=True)
class _Task:
    """What is done to the rows of one outcome while a run is in a state, and what refused ones become."""

    definition: ListDefinition[Any]
    action: BulkAction
    state: str
    take: str
    refused: str
    work: Work


def _give_up(run: BulkRun, take: str, refused: str) -> None:
    """Tell of every row that the change is no longer there: its field was put out of use, or its right taken."""
    with override(_language(run)):
        reason = gettext("This change is no longer possible.")
    BulkRow.objects.filter(run=run, outcome=take).update(outcome=refused, reason=reason)


def _language(run: BulkRun) -> str:
    language: str = User.objects.values_list("language", flat=True).get(pk=run.created_by_id)
    return language


def _each_portion(run: BulkRun, task: _Task, *, actor: Actor) -> None:
    """Work through the rows of one outcome; each portion is a transaction, each row a savepoint of its own."""
    with override(_language(run)):
        while _portion(run, task, actor=actor):
            pass


@transaction.atomic
def _portion(run: BulkRun, task: _Task, *, actor: Actor) -> bool:
    """Work through some rows; false when none is left, or another worker is at it."""
    held = BulkRun.objects.select_for_update(of=("self",), skip_locked=True)
    if not held.filter(pk=run.pk, state=task.state).exists():
        return False
    rows = list(BulkRow.objects.filter(run=run, outcome=task.take).order_by("id")[:PORTION])
    found = task.definition.rows(actor).in_bulk([row.row_id for row in rows])
    # The right may have been taken away since the change was asked for.
    beyond = beyond_reach(task.action, Batch(list(found.values()), actor))
    for row in rows:
        try:
            if row.row_id not in found:
                raise InvalidInput("row")
            if row.row_id in beyond:
                raise NotAllowed(permission=CHANGE_MANY)
            with transaction.atomic():
                task.work(row, found[row.row_id])
        except DomainError as refusal:
            gone = row.row_id not in found
            row.reason = (gettext("This is no longer there for you.") if gone else str(refusal))[:200]
            row.outcome = task.refused
    BulkRow.objects.bulk_update(rows, ["outcome", "reason", "before"])
    return bool(rows)


@transaction.atomic
def _finish(
    run: BulkRun, before: str, after: str, taken: str, counted: str, *, actor: Actor, now: datetime
) -> None:
    """Close a run of which no row is left; where another worker was at it, that one goes on and closes it."""
    locked = BulkRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if locked.state != before or BulkRow.objects.filter(run=run, outcome=taken).exists():
        return
    locked.state, locked.updated_at = after, now
    locked.save(update_fields=["state", "updated_at"])
    event = ManyChanged(
        subject_id=run.pk,
        object_key=run.object_key,
        action_key=run.action_key,
        rows=BulkRow.objects.filter(run=run, outcome=counted).count(),
        is_undone=after == State.UNDONE,
    )
    record(event, actor=actor, now=now)
