"""Finding what a body or an address names, within the caller's reach."""

from typing import Any
from uuid import UUID

from django.db import models

from hearth.accounts.models import User
from hearth.api.problems import Problem, UnknownReference
from hearth.api.validation import FieldError
from hearth.core.actor import Actor
from hearth.organization.models import OrgUnit


def place_to_write(code: str, actor: Actor, permission: str) -> OrgUnit:
    """Return the place with a code where the actor holds a right.

    :raises UnknownReference: whether there is none or the actor lacks the right
    """
    place = OrgUnit.objects.filter(code=code, is_active=True).first()
    if place is None or not actor.can(permission, place.pk):
        raise UnknownReference("org_unit")
    return place


def place_to_read(code: str, actor: Actor, permission: str) -> int | None:
    """Return the id of the place a list is narrowed to, None when no code is given.

    :raises Problem: 400 whether there is none or the actor may see nothing there
    """
    if not code:
        return None
    place = OrgUnit.objects.filter(code=code).values_list("pk", flat=True).first()
    if place is None or not actor.can(permission, place):
        error = FieldError("org_unit", UnknownReference.code, str(UnknownReference.message))
        raise Problem("invalid_parameter", errors=[error])
    return place


def find_visible(rows: "models.QuerySet[Any]", row_id: UUID | None, field: str) -> Any:
    """Return the row of an id that a body names, None for none; `rows` are those the actor may see.

    :raises UnknownReference: if it is not among them
    """
    if row_id is None:
        return None
    row = rows.filter(pk=row_id).first()
    if row is None:
        raise UnknownReference(field)
    return row


def require_user(user_id: int | None, field: str = "responsible_id") -> None:
    """Refuse a responsible person who does not exist or has left.

    :raises UnknownReference: in this case
    """
    if user_id is not None and not User.objects.filter(pk=user_id, is_active=True).exists():
        raise UnknownReference(field)


def require_visible(rows: "models.QuerySet[Any]", row_id: UUID | None, field: str) -> None:
    """Refuse an id that is not among the rows the actor may see.

    :raises UnknownReference: in this case
    """
    if row_id is not None and not rows.filter(pk=row_id).exists():
        raise UnknownReference(field)
