"""Setting one field of one row where it is shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.conflicts import refuse_conflicts, touched
from hearth.core.errors import DomainError
from hearth.core.versions import version_of
from hearth.lists.definitions import Batch, EditableField, ListDefinition
from hearth.lists.selectors.rows import read_batch


@dataclass(frozen=True)
class Change:
    """What a field had and has now, and in which version of the row."""

    before: Any
    after: Any
    version: str


class FieldLocked(DomainError):
    """The row keeps the value it has; the message is the reason."""

    code = "field_locked"
    message = _("%(reason)s")


@transaction.atomic
def save_field(
    definition: ListDefinition[Any],
    field: EditableField[Any],
    row_id: UUID,
    value: Any,
    *,
    seen: Any,
    version: str,
    actor: Actor,
    now: datetime,
) -> Change | None:
    """Set a field of a row by the act of its app; None where it has the value already, or others gave it that.

    The row is locked first. `seen` is the value the person saw, in the version they saw: what somebody else changed
    since stands only if it is this field. Without a difference nothing is written.

    :raises DoesNotExist: if the row is not there for the actor
    :raises FieldLocked: if the row keeps the value it has
    :raises ChangedMeanwhile: if somebody else gave the field another value since
    :raises DomainError: what the act of the app refuses, `NotAllowed` among it
    """
    actor.require(field.permission)
    definition.rows(actor).select_for_update(of=("self",)).only("pk").get(pk=row_id)
    batch = read_batch(definition, [row_id], actor)
    refuse_locked(field, batch)
    row, key = batch.rows[0], field.key
    before, wanted = field.read(row), touched({key: seen}, {key: value})
    if version != version_of(row):
        refuse_conflicts({key: seen}, {key: before}, wanted)
    if not touched({key: before}, wanted):
        return None
    field.write(row, value, actor, now)
    written = read_batch(definition, [row_id], actor).rows[0]
    return Change(before, field.read(written), version_of(written))


def refuse_locked(field: EditableField[Any], batch: Batch[Any]) -> None:
    """Let the field of the only row of a batch be edited where nothing locks it.

    :raises FieldLocked: with the reason
    """
    reason = batch.once(field.locks).get(batch.ids[0])
    if reason:
        raise FieldLocked(reason=reason)
