"""Adding causes, and changing their names and place."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.cases.events import CauseChanged
from hearth.cases.models import Cause
from hearth.cases.permissions import CHANGE_CAUSES
from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput, NotAllowed
from hearth.core.events import record


class ClassWithCauses(InvalidInput):
    """A class that holds causes is no cause of another class: there are two levels."""

    code = "class_with_causes"
    message = _("There are two levels: a class that holds causes cannot go into another.")


def require_causes(actor: Actor) -> None:
    """:raises NotAllowed: unless the actor may change causes for the whole group"""
    if not actor.scope(CHANGE_CAUSES).everywhere:
        raise NotAllowed(permission=CHANGE_CAUSES)


@transaction.atomic
def keep_cause(cause: Cause, *, actor: Actor, now: datetime) -> Cause:
    """Keep a cause that was added or changed; cases that have it have it still.

    :raises NotAllowed: unless the actor may change causes for the whole group
    :raises ClassWithCauses: if it would make a third level
    """
    require_causes(actor)
    parent = Cause.objects.filter(pk=cause.parent_id).first() if cause.parent_id else None
    if parent and (parent.parent_id or (cause.pk and Cause.objects.filter(parent=cause).exists())):
        raise ClassWithCauses("parent")
    cause.save()
    record(CauseChanged(cause=cause.code, is_active=cause.is_active), actor=actor, now=now)
    return cause
