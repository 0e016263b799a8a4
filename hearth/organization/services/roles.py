"""Roles: what ships is brought in line at each migration, what the group changed stays changed."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput, NotAllowed
from hearth.core.events import record
from hearth.core.permissions import permissions as declared
from hearth.organization.events import RoleChanged
from hearth.organization.models import Role
from hearth.organization.permissions import CHANGE_ROLE
from hearth.organization.roles import ROLES


class NoSuchRight(InvalidInput):
    """No app declares the right."""

    code = "no_such_right"
    message = _("There is no such right.")


@transaction.atomic
def sync_roles() -> list[str]:
    """Create the roles that ship and add the rights newly shipped to each; return the codes of what changed.

    A right that the group took away stays away, one that it added stays. May be repeated: the second run changes
    nothing.
    """
    held = {role.code: role for role in Role.objects.select_for_update()}
    changed = []
    for shipped in ROLES:
        role = held.get(shipped.code) or Role(code=shipped.code, permissions=[], shipped=[])
        fresh = [right for right in shipped.permissions if right not in role.shipped]
        is_new = role.pk is None
        if not is_new and not fresh and set(role.shipped) == set(shipped.permissions):
            continue
        role.name_zh, role.name_en = (
            (shipped.name_zh, shipped.name_en) if is_new else (role.name_zh, role.name_en)
        )
        role.level = shipped.level if is_new else role.level
        role.needs_second_step = shipped.needs_second_step if is_new else role.needs_second_step
        role.permissions = sorted({*role.permissions, *fresh})
        role.shipped = sorted(shipped.permissions)
        role.save()
        changed.append(role.code)
    return changed


@transaction.atomic
def change_role(
    role: Role,
    *,
    actor: Actor,
    now: datetime,
    permissions: Collection[str],
    needs_second_step: bool | None = None,
) -> Role:
    """Decide what a role may do, everywhere it is held, and whether its holders sign in with a second step.

    :raises NotAllowed: unless the actor decides on roles for the whole group
    :raises NoSuchRight: if no app declares one of the rights
    """
    wanted = set(permissions)
    if not actor.scope(CHANGE_ROLE).everywhere:
        raise NotAllowed(permission=CHANGE_ROLE)
    if not wanted <= set(declared):
        raise NoSuchRight("permissions")
    before = set(role.permissions)
    needs_second_step = role.needs_second_step if needs_second_step is None else needs_second_step
    added, removed = wanted - before, before - wanted
    if added or removed or needs_second_step != role.needs_second_step:
        role.permissions, role.needs_second_step = sorted(wanted), needs_second_step
        role.save(update_fields=["permissions", "needs_second_step"])
        event = RoleChanged(
            role=role.code,
            added=tuple(sorted(added)),
            removed=tuple(sorted(removed)),
            needs_second_step=needs_second_step,
        )
        record(event, actor=actor, now=now)
    return role
