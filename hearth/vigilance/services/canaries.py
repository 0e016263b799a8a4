"""Choosing customers whom nobody has a reason to open."""

from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.customers.services import mark_canary
from hearth.vigilance.permissions import CHANGE_RULE, require_everywhere


def plant_canary(customer: Customer, *, actor: Actor) -> None:
    """Make an invented customer a canary: it looks like any other, is addressed and counted by nothing, and whoever
    opens it raises an alarm. May be repeated.

    :raises NotAllowed: if the actor may not choose canaries for the group
    """
    require_everywhere(actor, CHANGE_RULE)
    mark_canary(customer, is_canary=True)


def lift_canary(customer: Customer, *, actor: Actor) -> None:
    """Make a canary an ordinary customer again. May be repeated.

    :raises NotAllowed: if the actor may not choose canaries for the group
    """
    require_everywhere(actor, CHANGE_RULE)
    mark_canary(customer, is_canary=False)
