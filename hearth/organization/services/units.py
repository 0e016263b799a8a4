"""The tree of places: group, regions, city companies, project teams, and departments anywhere."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.organization.events import OrgUnitCreated, OrgUnitDeactivated, OrgUnitMoved, OrgUnitRenamed
from hearth.organization.models import OrgUnit
from hearth.organization.permissions import CHANGE_ORGANIZATION

Kind = OrgUnit.Kind
# A place may hang below any of these; a project team of a small group may hang below the group itself.
RANK = {Kind.GROUP: 0, Kind.REGION: 1, Kind.CITY_COMPANY: 2, Kind.PROJECT_TEAM: 3}


class WrongPlace(DomainError):
    """A unit of this kind cannot hang there."""

    code = "wrong_place"
    message = _("A %(kind)s cannot stand below a %(parent)s.")


class WouldCircle(DomainError):
    """A unit cannot be moved below itself."""

    code = "would_circle"
    message = _("A unit cannot be moved below itself.")


class CodeTaken(InvalidInput):
    """Another unit has the code."""

    code = "code_taken"
    message = _("Another unit has this code.")


class GroupExists(DomainError):
    """An installation serves one group."""

    code = "group_exists"
    message = _("There is a group already.")


class StillInUse(DomainError):
    """Open units hang below."""

    code = "still_in_use"
    message = _("Close the units below first.")


def _check_place(kind: str, parent: OrgUnit) -> None:
    """Refuse an order of kinds that the tree does not know; nothing but departments hangs below a department."""
    fits = kind == Kind.DEPARTMENT or (
        parent.kind != Kind.DEPARTMENT and RANK[Kind(kind)] > RANK[Kind(parent.kind)]
    )
    if not fits:
        raise WrongPlace(kind=Kind(kind).label, parent=Kind(parent.kind).label)


@transaction.atomic
def create_org_unit(
    name: str,
    *,
    actor: Actor,
    now: datetime,
    parent: OrgUnit | None,
    kind: str,
    code: str,
    function: str = "",
    is_sample: bool = False,
) -> OrgUnit:
    """Hang a new unit below another; without a parent it is the group, of which there is one.

    :raises NotAllowed: if the actor may not change the parent
    :raises WrongPlace: if a unit of this kind cannot hang there
    :raises CodeTaken: if another unit has the code
    :raises GroupExists: if there is a group already
    """
    actor.require(CHANGE_ORGANIZATION, parent.pk if parent else None)
    if parent is None and (kind != Kind.GROUP or OrgUnit.objects.filter(parent=None).exists()):
        raise GroupExists
    if parent is not None:
        # A move of the parent in the same second would leave this path behind.
        parent = OrgUnit.objects.select_for_update().get(pk=parent.pk)
        _check_place(kind, parent)
    if OrgUnit.objects.filter(code=code).exists():
        raise CodeTaken("code")
    unit = OrgUnit.objects.create(
        parent=parent,
        kind=kind,
        function=function if kind == Kind.DEPARTMENT else "",
        name=name.strip(),
        code=code,
        path=f"new {code}",
        depth=parent.depth + 1 if parent else 0,
        is_sample=is_sample,
    )
    unit.path = f"{parent.path if parent else ''}{unit.pk}/"
    unit.save(update_fields=["path"])
    record(OrgUnitCreated(org_unit_id=unit.pk, kind=kind, is_sample=is_sample), actor=actor, now=now)
    return unit


@transaction.atomic
def rename_org_unit(unit: OrgUnit, *, actor: Actor, now: datetime, name: str) -> OrgUnit:
    """Give a unit another name.

    :raises NotAllowed: if the actor may not change the unit
    """
    actor.require(CHANGE_ORGANIZATION, unit.pk)
    unit.name = name.strip()
    unit.save(update_fields=["name"])
    record(OrgUnitRenamed(org_unit_id=unit.pk), actor=actor, now=now)
    return unit


@transaction.atomic
def move_org_unit(unit: OrgUnit, *, actor: Actor, now: datetime, parent: OrgUnit) -> OrgUnit:
    """Hang a unit with all below it elsewhere; whoever held a role above no longer reaches it.

    The whole tree is locked: two moves at once could make a circle.

    :raises NotAllowed: if the actor may not change both the unit and the new parent
    :raises WouldCircle: if the new parent is the unit or stands below it
    :raises WrongPlace: if a unit of this kind cannot hang there
    """
    actor.require(CHANGE_ORGANIZATION, unit.pk)
    actor.require(CHANGE_ORGANIZATION, parent.pk)
    locked = {row.pk: row for row in OrgUnit.objects.select_for_update().order_by("id")}
    unit, parent = locked[unit.pk], locked[parent.pk]
    if parent.path.startswith(unit.path):
        raise WouldCircle
    _check_place(unit.kind, parent)
    from_parent_id = unit.parent_id
    if from_parent_id is None or from_parent_id == parent.pk:
        return unit
    path, deeper = f"{parent.path}{unit.pk}/", parent.depth + 1 - unit.depth
    OrgUnit.objects.below(unit).update(
        path=Concat(Value(path), Substr("path", len(unit.path) + 1)), depth=F("depth") + deeper
    )
    unit.refresh_from_db()
    unit.parent = parent
    unit.save(update_fields=["parent"])
    event = OrgUnitMoved(org_unit_id=unit.pk, from_parent_id=from_parent_id, to_parent_id=parent.pk)
    record(event, actor=actor, now=now)
    return unit


@transaction.atomic
def deactivate_org_unit(unit: OrgUnit, *, actor: Actor, now: datetime) -> OrgUnit:
    """Close a unit; its records stay. May be repeated.

    :raises NotAllowed: if the actor may not change the unit
    :raises StillInUse: if open units hang below it, or it is the group
    """
    actor.require(CHANGE_ORGANIZATION, unit.pk)
    if unit.parent_id is None or OrgUnit.objects.filter(parent=unit, is_active=True).exists():
        raise StillInUse
    if unit.is_active:
        unit.is_active = False
        unit.save(update_fields=["is_active"])
        record(OrgUnitDeactivated(org_unit_id=unit.pk), actor=actor, now=now)
    return unit
