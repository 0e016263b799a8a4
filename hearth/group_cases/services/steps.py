"""Steps of the services of group complaints, and what they refuse."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from hearth.cases.permissions import CHANGE_CASE
from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.group_cases.models import GroupCase


class GroupIsClosed(DomainError):
    """A closed group complaint does not change."""

    code = "group_is_closed"
    message = _("This group complaint is closed.")


def lock(group: GroupCase) -> GroupCase:
    """Lock a group complaint, with its place and project; whoever joins at the same time waits."""
    rows = GroupCase.objects.select_for_update(of=("self",)).select_related("org_unit", "project")
    return rows.get(pk=group.pk)


def live(group: GroupCase, actor: Actor) -> GroupCase:
    """Lock a group complaint that may still change.

    :raises NotAllowed: if the actor may not change cases there
    :raises GroupIsClosed: if it is closed
    """
    actor.require(CHANGE_CASE, group.org_unit_id)
    group = lock(group)
    if group.closed_at is not None:
        raise GroupIsClosed
    return group


def about(group: GroupCase) -> dict[str, Any]:
    """What every event of a group complaint carries."""
    return {
        "org_unit_id": group.org_unit_id,
        "project_id": group.project_id,
        "subject_id": group.pk,
        "is_sample": group.is_sample,
    }
