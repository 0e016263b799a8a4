"""Defining custom fields, and setting their values on records."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput, NotAllowed
from hearth.core.events import record as record_event
from hearth.custom_fields.events import CustomValuesChanged, FieldDefined
from hearth.custom_fields.models import FieldDefinition
from hearth.custom_fields.objects import CustomObject, custom_objects
from hearth.custom_fields.permissions import DEFINE_FIELD
from hearth.custom_fields.selectors import values_of
from hearth.custom_fields.values import CustomValueInvalid, keep_value, read_value
from hearth.organization.models import OrgUnit

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
WITH_CHOICES = frozenset({FieldDefinition.Kind.CHOICE, FieldDefinition.Kind.CHOICES})
# What a field may become later without making kept values unreadable.
CHANGEABLE = (
    "name_zh",
    "name_en",
    "choices",
    "minimum",
    "maximum",
    "is_required",
    "view_roles",
    "change_roles",
    "position",
    "is_active",
)


class FieldNotPossible(InvalidInput):
    """The definition contradicts itself; `field` names the part."""

    code = "custom_field_not_possible"
    message = _("This is not possible for this kind of field.")


class FieldKeyTaken(InvalidInput):
    """Another field of the object has the key, here or at another place."""

    code = "custom_field_key_taken"
    message = _("Another field has this key.")


class NoSuchField(InvalidInput):
    """The record has no such field, or the actor may not change it."""

    code = "no_such_custom_field"
    message = _("There is no such field here, or you may not change it.")


@dataclass(frozen=True, kw_only=True)
class FieldValues:
    """What defines a field; `key`, `kind` and `is_sensitive` stay what they were at first."""

    key: str
    name_zh: str
    name_en: str
    kind: str
    choices: Sequence[str] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    is_required: bool = False
    is_sensitive: bool = False
    view_roles: Sequence[str] = ()
    change_roles: Sequence[str] = ()
    position: int = 100
    is_active: bool = True


@transaction.atomic
def define_field(
    object_code: str,
    values: FieldValues,
    *,
    org_unit: OrgUnit,
    actor: Actor,
    now: datetime,
    is_sample: bool = False,
) -> FieldDefinition:
    """Give the records of an object, at a place and below, one more field.

    :raises NotAllowed: if the actor may not define fields at the place
    :raises FieldNotPossible: if the definition contradicts itself
    :raises FieldKeyTaken: if another field has the key
    """
    actor.require(DEFINE_FIELD, org_unit.pk)
    if object_code not in custom_objects:
        raise FieldNotPossible("object_code")
    _check(values)
    definition = FieldDefinition(
        object_code=object_code,
        org_unit=org_unit,
        created_at=now,
        updated_at=now,
        is_sample=is_sample,
        **_columns(values),
    )
    try:
        with transaction.atomic():
            definition.save(force_insert=True)
    except IntegrityError as error:
        raise FieldKeyTaken("key") from error
    _tell(definition, actor=actor, now=now)
    return definition


@transaction.atomic
def change_field(
    definition: FieldDefinition, values: FieldValues, *, actor: Actor, now: datetime
) -> FieldDefinition:
    """Change names, bounds, choices, roles or whether the field is in use; kept values stay.

    :raises NotAllowed: if the actor may not define fields at the field's place
    :raises FieldNotPossible: if the definition contradicts itself
    """
    actor.require(DEFINE_FIELD, definition.org_unit_id)
    _check(values)
    columns = _columns(values)
    for name in CHANGEABLE:
        setattr(definition, name, columns[name])
    definition.updated_at = now
    definition.save(update_fields=[*CHANGEABLE, "updated_at"])
    _tell(definition, actor=actor, now=now)
    return definition


@transaction.atomic
def set_custom_values(
    described: CustomObject, record: Model, values: Mapping[str, Any], *, actor: Actor, now: datetime
) -> tuple[str, ...]:
    """Set some custom fields of a record and return the keys that changed; what is not named stays.

    The record's row is locked. None or empty text removes a value.

    :raises NotAllowed: if the actor may not change the record
    :raises NoSuchField: if the record has no such field, or the actor may not change it
    :raises CustomValueInvalid: if a value does not fit its field
    """
    if not described.may_change(record, actor):
        raise NotAllowed(permission=described.change_permission)
    kept: Any = type(record)._default_manager.select_for_update().get(pk=record.pk)
    fields = {each.definition.key: each for each in values_of(described, kept, actor) if each.may_change}
    custom, changed = dict(kept.custom), []
    for key, raw in values.items():
        if key not in fields:
            raise NoSuchField(key)
        definition = fields[key].definition
        value = read_value(definition, raw)
        if value == fields[key].value:
            continue
        changed.append(key)
        if value is None:
            del custom[key]
        else:
            custom[key] = keep_value(definition, value, kept)
    if not changed:
        return ()
    kept.custom, kept.updated_at = custom, now
    kept.save(update_fields=["custom", "updated_at"])
    event = CustomValuesChanged(
        subject_id=kept.pk, object_code=described.code, keys=tuple(sorted(changed)), **described.about(kept)
    )
    record_event(event, actor=actor, now=now)
    return tuple(sorted(changed))


def _check(values: FieldValues) -> None:
    is_choice = values.kind in WITH_CHOICES
    possible = {
        "key": bool(KEY.fullmatch(values.key)),
        "kind": values.kind in FieldDefinition.Kind,
        "name_zh": bool(values.name_zh.strip()),
        "name_en": bool(values.name_en.strip()),
        "choices": is_choice == bool(values.choices) and len(set(values.choices)) == len(values.choices),
        "maximum": values.minimum is None or values.maximum is None or values.minimum <= values.maximum,
    }
    for name, is_possible in possible.items():
        if not is_possible:
            raise FieldNotPossible(name)


def _columns(values: FieldValues) -> dict[str, Any]:
    lists = {name: list(getattr(values, name)) for name in ("choices", "view_roles", "change_roles")}
    return {**asdict(values), **lists}


def _tell(definition: FieldDefinition, *, actor: Actor, now: datetime) -> None:
    event = FieldDefined(
        org_unit_id=definition.org_unit_id,
        subject_id=definition.pk,
        object_code=definition.object_code,
        key=definition.key,
        is_sample=definition.is_sample,
    )
    record_event(event, actor=actor, now=now)


__all__ = [
    "CustomValueInvalid",
    "FieldKeyTaken",
    "FieldNotPossible",
    "FieldValues",
    "NoSuchField",
    "change_field",
    "define_field",
    "set_custom_values",
]
