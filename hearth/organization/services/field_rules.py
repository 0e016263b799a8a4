"""Rules that mask or hide a field for a role at a place and below."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput, NotAllowed
from hearth.core.events import record
from hearth.core.field_rules import Access, ruled_fields
from hearth.organization.events import FieldRuleChanged
from hearth.organization.models import OrgUnit, Role
from hearth.organization.permissions import CHANGE_FIELD_RULE


class NoSuchField(InvalidInput):
    """No app declares the field."""

    code = "no_such_field"
    message = _("There is no such field.")


@transaction.atomic
def set_field_rule(
    role: Role, field: str, org_unit: OrgUnit, access: Access, *, actor: Actor, now: datetime
) -> Role:
    """Show a field in full (with the right), masked or not at all to a role at a place and below.

    The rule of the nearest place counts; one that stood for the same place is replaced.

    :raises NotAllowed: unless the actor decides on rules of fields for the whole group
    :raises NoSuchField: if no app declares the field
    """
    if field not in ruled_fields:
        raise NoSuchField("field")
    locked, others = _lock(role, field, org_unit, actor)
    locked.field_rules = [*others, {"field": field, "place": org_unit.pk, "access": access.value}]
    _save(locked, field, org_unit, access.value, actor=actor, now=now)
    return locked


@transaction.atomic
def remove_field_rule(role: Role, field: str, org_unit: OrgUnit, *, actor: Actor, now: datetime) -> Role:
    """Take a rule of a field away; may be repeated.

    :raises NotAllowed: unless the actor decides on rules of fields for the whole group
    """
    locked, others = _lock(role, field, org_unit, actor)
    if others != locked.field_rules:
        locked.field_rules = others
        _save(locked, field, org_unit, "", actor=actor, now=now)
    return locked


def _lock(role: Role, field: str, org_unit: OrgUnit, actor: Actor) -> tuple[Role, list[dict[str, str | int]]]:
    """Return the locked role and its other rules."""
    if not actor.scope(CHANGE_FIELD_RULE).everywhere:
        raise NotAllowed(permission=CHANGE_FIELD_RULE)
    locked = Role.objects.select_for_update().get(pk=role.pk)
    others = [rule for rule in locked.field_rules if (rule["field"], rule["place"]) != (field, org_unit.pk)]
    return locked, others


def _save(role: Role, field: str, org_unit: OrgUnit, access: str, *, actor: Actor, now: datetime) -> None:
    role.save(update_fields=["field_rules"])
    event = FieldRuleChanged(org_unit_id=org_unit.pk, role=role.code, field=field, access=access)
    record(event, actor=actor, now=now)
