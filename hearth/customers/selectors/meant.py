"""Which customer somebody means, and which names a reader may see."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput
from hearth.customers.models import Customer
from hearth.customers.selectors.matching import matching

OFFERED = 5


class CustomerUnclear(InvalidInput):
    """The words mean several customers."""

    code = "customer_unclear"
    message = _("Several customers fit: %(customers)s. Enter the number of the one you mean.")


class CustomerUnknown(InvalidInput):
    """The words mean nobody whom the actor may see."""

    code = "customer_unknown"
    message = _("No customer fits. Record them first, then come back.")


def customer_meant(words: str, actor: Actor) -> Customer:
    """Return the one customer that a name, phone or number means, among those the actor may see; one query.

    :raises CustomerUnknown: if there is none
    :raises CustomerUnclear: if there are several
    """
    rows = Customer.objects.visible_to(actor).filter(merged_into=None).filter(matching(words))
    found = list(rows.order_by("-id")[: OFFERED + 1])
    if not found:
        raise CustomerUnknown("who")
    if len(found) > 1:
        listed = ", ".join(f"{row.name} #{row.number}" for row in found[:OFFERED])
        raise CustomerUnclear("who", customers=listed)
    return found[0]


def names_of(customer_ids: Iterable[UUID | None], actor: Actor) -> Mapping[UUID, Customer]:
    """Return those of the customers that the actor may see, by id; one query."""
    ids = {key for key in customer_ids if key}
    return {row.pk: row for row in Customer.objects.visible_to(actor).filter(pk__in=ids)}
