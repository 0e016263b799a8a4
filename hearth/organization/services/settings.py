"""Rules set at a place: inherited below, unless a place sets its own; a lock forbids that."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.organization.events import SettingChanged, SettingCleared
from hearth.organization.models import OrgUnit, Setting
from hearth.organization.permissions import CHANGE_SETTING
from hearth.organization.settings_catalogue import definitions


class LockedAbove(DomainError):
    """A place above fixed the setting for all below; `place` says which."""

    code = "locked_above"
    message = _("%(place)s has fixed this for all places below.")


class NoSuchSetting(InvalidInput):
    """No app declares the key."""

    code = "no_such_setting"
    message = _("There is no such setting.")


class BadSettingValue(InvalidInput):
    """The value is not of the kind, or outside the bounds."""

    code = "bad_setting_value"
    message = _("This value is not possible for “%(label)s”.")


def _refuse_if_locked(key: str, org_unit: OrgUnit) -> None:
    above = org_unit.ancestor_paths()[:-1]
    locks = Setting.objects.filter(key=key, is_locked=True, org_unit__path__in=above)
    lock = locks.select_related("org_unit").order_by("org_unit__depth").first()
    if lock:
        raise LockedAbove(place=lock.org_unit.name)


@transaction.atomic
def set_setting(
    key: str, *, actor: Actor, now: datetime, org_unit: OrgUnit, value: Any, is_locked: bool = False
) -> Setting:
    """Set a value at a place for it and all below; with a lock, values set below stop counting.

    :raises NotAllowed: if the actor may not set rules at the place
    :raises NoSuchSetting: if no app declares the key
    :raises BadSettingValue: if the value is not possible
    :raises LockedAbove: if a place above fixed it
    """
    actor.require(CHANGE_SETTING, org_unit.pk)
    definition = definitions.get(key)
    if definition is None:
        raise NoSuchSetting("key")
    if not definition.accepts(value):
        raise BadSettingValue("value", label=definition.label)
    _refuse_if_locked(key, org_unit)
    setting, _created = Setting.objects.update_or_create(
        org_unit=org_unit, key=key, defaults={"value": value, "is_locked": is_locked, "updated_at": now}
    )
    record(SettingChanged(org_unit_id=org_unit.pk, key=key, is_locked=is_locked), actor=actor, now=now)
    return setting


@transaction.atomic
def clear_setting(key: str, *, actor: Actor, now: datetime, org_unit: OrgUnit) -> None:
    """Inherit again what is set above. May be repeated.

    :raises NotAllowed: if the actor may not set rules at the place
    """
    actor.require(CHANGE_SETTING, org_unit.pk)
    deleted, _by_model = Setting.objects.filter(org_unit=org_unit, key=key).delete()
    if deleted:
        record(SettingCleared(org_unit_id=org_unit.pk, key=key), actor=actor, now=now)
