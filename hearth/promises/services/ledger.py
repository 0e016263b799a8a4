"""Recording promises, which homes they cover, and what proves them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.errors import InvalidInput
from hearth.core.events import record
from hearth.core.second_person import PastThatStep
from hearth.core.uploads import PROOF, accept_upload
from hearth.imports.files import store_accepted
from hearth.organization.models import OrgUnit
from hearth.promises.events import PromiseChanged, PromiseMade
from hearth.promises.models import Promise, PromisedUnit, PromiseFile
from hearth.promises.permissions import CHANGE_PROMISE
from hearth.properties.models import Building, Entrance, Project, Unit

State = Promise.State


class TitleMissing(InvalidInput):
    """A promise says what was promised."""

    code = "title_missing"
    message = _("Say in one sentence what was promised.")


class MadeInFuture(InvalidInput):
    """Nobody has promised anything yet tomorrow."""

    code = "made_in_future"
    message = _("This day lies in the future.")


class DueBeforeMade(InvalidInput):
    """A promise falls due after it was made."""

    code = "due_before_made"
    message = _("A promise cannot be due before it was made.")


class DepartmentElsewhere(InvalidInput):
    """Who keeps a promise works at the place of the project, above or below it."""

    code = "department_elsewhere"
    message = _("This department does not work for the project.")


class NoHomesThere(InvalidInput):
    """No home of the building fits that is not named already."""

    code = "no_homes_there"
    message = _("No home fits that the promise does not name already.")


@dataclass(frozen=True)
class NewPromise:
    """A promise to be recorded."""

    title: str
    source: str
    audience: str
    made_date: date
    department: OrgUnit
    wording: str = ""
    source_detail: str = ""
    due_date: date | None = None
    is_for_whole_project: bool = True


@dataclass(frozen=True)
class HomesMeant:
    """Homes of a building; floors include both ends."""

    building: Building
    entrance: Entrance | None = None
    lowest_floor: int | None = None
    highest_floor: int | None = None


@transaction.atomic
def record_promise(project: Project, new: NewPromise, *, actor: Actor, now: datetime) -> Promise:
    """Enter a promise into the ledger.

    :raises NotAllowed: if the actor may not write promises there
    :raises TitleMissing, MadeInFuture, DueBeforeMade, DepartmentElsewhere: if it does not hold
    """
    actor.require(CHANGE_PROMISE, project.org_unit_id)
    if not new.title.strip():
        raise TitleMissing("title")
    if new.source not in Promise.Source.values:
        raise InvalidInput("source")
    if new.audience not in Promise.Audience.values:
        raise InvalidInput("audience")
    if new.made_date > localdate(now):
        raise MadeInFuture("made_date")
    _refuse_terms(project.org_unit, new.made_date, new.due_date, new.department)
    row = Promise.objects.create(
        org_unit_id=project.org_unit_id,
        project=project,
        title=new.title.strip()[:200],
        wording=new.wording.strip(),
        source=new.source,
        source_detail=new.source_detail.strip()[:200],
        audience=new.audience,
        made_date=new.made_date,
        due_date=new.due_date,
        department=new.department,
        is_for_whole_project=new.is_for_whole_project,
        author_id=actor.user_id,
        is_sample=project.is_sample,
        created_at=now,
        updated_at=now,
    )
    record(PromiseMade(**of_promise(row), source=row.source), actor=actor, now=now)
    return row


def _refuse_terms(place: OrgUnit, made: date, due: date | None, department: OrgUnit) -> None:
    if due and due < made:
        raise DueBeforeMade("due_date")
    is_related = department.path.startswith(place.path) or place.path.startswith(department.path)
    is_beside = (
        department.kind == OrgUnit.Kind.DEPARTMENT
        and OrgUnit.objects.above(place).filter(children=department).exists()
    )
    if not (is_related or is_beside):
        raise DepartmentElsewhere("department")


@transaction.atomic
def change_promise(
    promise: Promise, *, due_date: date | None, department: OrgUnit, actor: Actor, now: datetime
) -> Promise:
    """Change by when a promise is due and who keeps it; one that is overdue is open again if its day lies ahead.

    :raises NotAllowed: if the actor may not write promises there
    :raises PastThatStep: if it is decided
    :raises DueBeforeMade, DepartmentElsewhere: if it does not hold
    """
    locked = live_promise(promise, actor)
    _refuse_terms(locked.org_unit, locked.made_date, due_date, department)
    event = PromiseChanged(**of_promise(locked), before_due=_plain(locked.due_date), due=_plain(due_date))
    locked.due_date, locked.department, locked.updated_at = due_date, department, now
    if locked.state == State.OVERDUE and (due_date is None or due_date >= localdate(now)):
        locked.state = State.OPEN
    locked.save()
    record(event, actor=actor, now=now)
    return locked


def _plain(day: date | None) -> str:
    return day.isoformat() if day else ""


@transaction.atomic
def cover_homes(promise: Promise, meant: HomesMeant, *, actor: Actor, now: datetime) -> int:
    """Name homes of a building that a promise covers, and return how many; it then covers the named ones alone.

    :raises NotAllowed: if the actor may not write promises there
    :raises PastThatStep: if it is decided
    :raises NoHomesThere: if no home fits
    """
    locked = live_promise(promise, actor)
    rows = Unit.objects.filter(building=meant.building, project=locked.project_id)
    if meant.entrance:
        rows = rows.filter(entrance=meant.entrance)
    if meant.lowest_floor is not None:
        rows = rows.filter(floor__gte=meant.lowest_floor)
    if meant.highest_floor is not None:
        rows = rows.filter(floor__lte=meant.highest_floor)
    named = PromisedUnit.objects.filter(promise=locked).values("unit")
    chosen = list(rows.exclude(pk__in=named).order_by("id").values_list("pk", flat=True))
    if not chosen:
        raise NoHomesThere("building")
    about = {"org_unit_id": locked.org_unit_id, "promise": locked, "is_sample": locked.is_sample}
    insert_many([PromisedUnit(unit_id=key, created_at=now, updated_at=now, **about) for key in chosen])
    locked.is_for_whole_project, locked.updated_at = False, now
    locked.save(update_fields=["is_for_whole_project", "updated_at"])
    return len(chosen)


@transaction.atomic
def uncover_homes(promise: Promise, building: Building, *, actor: Actor, now: datetime) -> int:
    """Take the homes of a building out of a promise, and return how many.

    :raises NotAllowed: if the actor may not write promises there
    :raises PastThatStep: if it is decided
    """
    locked = live_promise(promise, actor)
    removed, _by_model = PromisedUnit.objects.filter(promise=locked, unit__building=building).delete()
    locked.updated_at = now
    locked.save(update_fields=["updated_at"])
    return removed


@transaction.atomic
def attach_evidence(
    promise: Promise, file: "UploadedFile[Any]", *, actor: Actor, now: datetime
) -> PromiseFile:
    """Keep a file that shows what was promised; of a decided promise too, as papers turn up late.

    :raises NotAllowed: if the actor may not write promises there
    :raises InvalidInput: as `accept_upload`
    """
    actor.require(CHANGE_PROMISE, promise.org_unit_id)
    stored = store_accepted(accept_upload(file, PROOF), now=now)
    return PromiseFile.objects.create(
        org_unit_id=promise.org_unit_id,
        promise=promise,
        stored=stored,
        user_id=actor.user_id,
        is_sample=promise.is_sample,
        created_at=now,
        updated_at=now,
    )


def live_promise(promise: Promise, actor: Actor) -> Promise:
    """Return the locked row of a promise that is still owed.

    :raises NotAllowed: if the actor may not write promises there
    :raises PastThatStep: if it is decided
    """
    actor.require(CHANGE_PROMISE, promise.org_unit_id)
    locked = Promise.objects.select_for_update(of=("self",)).select_related("org_unit").get(pk=promise.pk)
    if not locked.is_live:
        raise PastThatStep
    return locked


def of_promise(promise: Promise) -> dict[str, Any]:
    """What every event of a promise carries."""
    return {
        "org_unit_id": promise.org_unit_id,
        "project_id": promise.project_id,
        "subject_id": promise.pk,
        "is_sample": promise.is_sample,
    }
