"""Preparing, approving and releasing batches of homes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.core.second_person import approve, hand_in, lock, send_back
from hearth.inventory.events import BatchReleased
from hearth.inventory.models import BatchUnit, ReleaseBatch
from hearth.inventory.services.second import lock_to_decide, writer_of
from hearth.properties.models import Building, Entrance, Project, Unit
from hearth.properties.services import put_on_sale

State = ReleaseBatch.State
UNSOLD = (Unit.State.PLANNED, Unit.State.AVAILABLE, Unit.State.HELD)


class BatchNameTaken(InvalidInput):
    """The project has a batch of this name."""

    code = "batch_name_taken"
    message = _("There is already a batch with this name in the project.")


class NoHomesFound(InvalidInput):
    """Nothing unsold is left there that stands in no batch."""

    code = "no_homes_found"
    message = _("No unsold home fits that is in no batch yet.")


class BatchIncomplete(DomainError):
    """A batch is approved as a whole."""

    code = "batch_incomplete"
    message = _(
        "A batch needs homes, the number of the pre-sale permit and the time from which it is on sale."
    )


@dataclass(frozen=True)
class BatchTerms:
    """What of a batch can be written while it is a draft."""

    name: str
    permit_number: str
    opens_at: datetime | None


@dataclass(frozen=True)
class HomesWanted:
    """Which homes of a building go into a batch; floors include both ends."""

    building: Building
    entrance: Entrance | None = None
    lowest_floor: int | None = None
    highest_floor: int | None = None


@transaction.atomic
def create_batch(project: Project, terms: BatchTerms, *, actor: Actor, now: datetime) -> ReleaseBatch:
    """Begin a batch of a project.

    :raises NotAllowed: if the actor may not prepare batches there, or is no person
    :raises BatchNameTaken: if the project has a batch of this name
    """
    user_id = writer_of(actor, project.org_unit_id)
    _refuse_name(project.pk, terms.name)
    return ReleaseBatch.objects.create(
        org_unit_id=project.org_unit_id,
        project=project,
        name=terms.name,
        permit_number=terms.permit_number,
        opens_at=terms.opens_at,
        author_id=user_id,
        editor_id=user_id,
        created_at=now,
        updated_at=now,
        is_sample=project.is_sample,
    )


@transaction.atomic
def change_batch(batch: ReleaseBatch, terms: BatchTerms, *, actor: Actor, now: datetime) -> ReleaseBatch:
    """Change a draft.

    :raises NotAllowed: if the actor may not prepare batches there
    :raises PastThatStep: if it is no draft
    :raises BatchNameTaken: if another batch of the project bears the name
    """
    locked = _edit(batch, actor, now)
    if terms.name != locked.name:
        _refuse_name(locked.project_id, terms.name)
    locked.name, locked.permit_number, locked.opens_at = terms.name, terms.permit_number, terms.opens_at
    locked.save()
    return locked


@transaction.atomic
def add_homes(batch: ReleaseBatch, wanted: HomesWanted, *, actor: Actor, now: datetime) -> int:
    """Put the unsold homes of a building that are in no batch into a draft, and return how many.

    :raises NotAllowed: if the actor may not prepare batches there
    :raises PastThatStep: if it is no draft
    :raises NoHomesFound: if no home fits
    """
    locked = _edit(batch, actor, now)
    locked.save()
    rows = Unit.objects.filter(
        building=wanted.building, project=locked.project_id, state__in=UNSOLD, released_in=None
    )
    if wanted.entrance:
        rows = rows.filter(entrance=wanted.entrance)
    if wanted.lowest_floor is not None:
        rows = rows.filter(floor__gte=wanted.lowest_floor)
    if wanted.highest_floor is not None:
        rows = rows.filter(floor__lte=wanted.highest_floor)
    chosen = list(rows.select_for_update(of=("self",)).order_by("id").values_list("pk", flat=True))
    if not chosen:
        raise NoHomesFound("building")
    insert_many([_home(locked, unit_id, now) for unit_id in chosen])
    return len(chosen)


def _home(batch: ReleaseBatch, unit_id: UUID, now: datetime) -> BatchUnit:
    return BatchUnit(
        org_unit_id=batch.org_unit_id,
        batch=batch,
        unit_id=unit_id,
        created_at=now,
        updated_at=now,
        is_sample=batch.is_sample,
    )


@transaction.atomic
def remove_homes(batch: ReleaseBatch, unit_ids: Collection[UUID], *, actor: Actor, now: datetime) -> int:
    """Take homes out of a draft, and return how many.

    :raises NotAllowed: if the actor may not prepare batches there
    :raises PastThatStep: if it is no draft
    """
    locked = _edit(batch, actor, now)
    locked.save()
    removed, _by_model = BatchUnit.objects.filter(batch=locked, unit__in=unit_ids).delete()
    return removed


@transaction.atomic
def submit_batch(batch: ReleaseBatch, *, actor: Actor, now: datetime) -> ReleaseBatch:
    """Hand a draft to the second person.

    :raises NotAllowed: if the actor may not prepare batches there
    :raises PastThatStep: if it is no draft
    :raises BatchIncomplete: without homes, permit or opening
    """
    locked = lock(batch, State.DRAFT)
    writer_of(actor, locked.org_unit_id)
    has_homes = BatchUnit.objects.filter(batch=locked).exists()
    if not (has_homes and locked.permit_number and locked.opens_at):
        raise BatchIncomplete
    hand_in(locked, now)
    return locked


@transaction.atomic
def approve_batch(batch: ReleaseBatch, *, actor: Actor, now: datetime) -> ReleaseBatch:
    """Approve what was submitted, as a second person.

    :raises NotAllowed: if the actor does not approve batches there
    :raises PastThatStep: if it was not submitted
    :raises OwnWork: if the actor prepared it
    """
    locked = lock_to_decide(batch, actor)
    approve(locked, actor, now)
    return locked


@transaction.atomic
def return_batch(batch: ReleaseBatch, *, because: str, actor: Actor, now: datetime) -> ReleaseBatch:
    """Send what was submitted back, with the reason.

    :raises NotAllowed: if the actor does not approve batches there
    :raises PastThatStep: if it was not submitted
    :raises OwnWork: if the actor prepared it
    """
    locked = lock_to_decide(batch, actor)
    send_back(locked, because, now)
    return locked


@transaction.atomic
def release_batch(batch: ReleaseBatch, *, actor: Actor, now: datetime) -> ReleaseBatch:
    """Put the homes of an approved batch on sale, from the time it opens.

    :raises NotAllowed: if the actor may not prepare batches there
    :raises PastThatStep: if it is not approved, or was released before
    """
    locked = lock(batch, State.APPROVED)
    writer_of(actor, locked.org_unit_id)
    locked.state, locked.released_at, locked.updated_at = State.RELEASED, now, now
    locked.save(update_fields=["state", "released_at", "updated_at"])
    units = list(BatchUnit.objects.filter(batch=locked).values_list("unit_id", flat=True))
    put_on_sale(units, actor=actor, now=now)
    event = BatchReleased(
        org_unit_id=locked.org_unit_id,
        project_id=locked.project_id,
        subject_id=locked.pk,
        units=len(units),
        is_sample=locked.is_sample,
    )
    record(event, actor=actor, now=now)
    return locked


def _edit(batch: ReleaseBatch, actor: Actor, now: datetime) -> ReleaseBatch:
    locked = lock(batch, State.DRAFT)
    locked.editor_id, locked.updated_at = writer_of(actor, locked.org_unit_id), now
    return locked


def _refuse_name(project_id: UUID, name: str) -> None:
    if ReleaseBatch.objects.filter(project=project_id, name=name).exists():
        raise BatchNameTaken("name")
