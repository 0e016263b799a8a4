"""What the command palette offers on the page of a customer to those who analyse."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.palette import Command, Group, Spot, offers
from hearth.insight.permissions import VIEW_INSIGHT


@offers(Group.DO, page="workspace:customer")
def on_a_customer(actor: Actor, spot: Spot) -> Sequence[Command]:
    """Explain the profile; no query."""
    if not actor.can(VIEW_INSIGHT):
        return []
    return [Command(_("Explain the profile"), "bulb", url=reverse("insight:profile", args=[spot.record_id]))]
