"""What the command palette offers on the page of a customer."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.palette import Command, Group, Spot, offers
from hearth.customers.permissions import CHANGE_CUSTOMER, MERGE_CUSTOMER


@offers(Group.DO, page="workspace:customer")
def on_a_customer(actor: Actor, spot: Spot) -> Sequence[Command]:
    """Change, link a home, merge; no query: the pages that open ask for the customer themselves."""
    commands = []
    if actor.can(CHANGE_CUSTOMER):
        commands += [
            Command(_("Edit"), "edit", url=reverse("customers:edit", args=[spot.record_id]), keys="e"),
            Command(_("Link a home"), "home-plus", url=reverse("customers:add-home", args=[spot.record_id])),
        ]
    if actor.can(MERGE_CUSTOMER):
        commands.append(Command(_("Merge with another record"), "git-merge", press="merge-other"))
    return commands
