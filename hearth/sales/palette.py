"""What the command palette offers on contracts."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.palette import Command, Group, Spot, offers
from hearth.sales.models import Contract
from hearth.sales.permissions import CHANGE_CONTRACT


@offers(Group.DO, page="sales:contract")
def on_a_contract(actor: Actor, spot: Spot) -> Sequence[Command]:
    """Record a payment or cancel, as the page of the contract does; one query."""
    found = Contract.objects.visible_with(actor, CHANGE_CONTRACT).filter(pk=spot.record_id)
    contract = found.live().first()
    if contract is None:
        return []
    return [
        Command(_("Record payment"), "receipt", press="id_receipt_number"),
        Command(
            _("Cancel contract"),
            "circle-x",
            post=reverse("sales:cancel", args=[contract.pk]),
            question=_("Cancel this contract? The home goes on sale again."),
        ),
    ]
