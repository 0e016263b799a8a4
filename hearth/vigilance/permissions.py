"""Rights over alarms; each counts at the group alone, as an alarm speaks of a colleague."""

from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.permissions import permission

VIEW_ALARM = permission("vigilance.view", _("See alarms about unusual reading, but for those about oneself"))
CHANGE_ALARM = permission("vigilance.change", _("Examine and close alarms"))
CHANGE_RULE = permission("vigilance.rules", _("Change the rules of alarms and choose canary customers"))


def require_everywhere(actor: Actor, right: str) -> None:
    """Refuse unless the right holds everywhere.

    :raises NotAllowed: if it holds at some places only, or nowhere
    """
    if not actor.scope(right).everywhere:
        raise NotAllowed(permission=right)
