"""What can be done with some chosen customers, beside assigning them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.customers.lists import CUSTOMERS
from hearth.customers.models import Customer
from hearth.customers.permissions import MERGE_CUSTOMER
from hearth.customers.services import compare_by_hand
from hearth.lists.bulk import Opening, register_opening

MOST_COMPARED = 6


@transaction.atomic
def compare(ids: Sequence[UUID], actor: Actor, now: datetime) -> str:
    """Put the oldest of some records beside each of the others and return where the first two are judged.

    :raises NotAllowed, NeverOne: as `compare_by_hand`; nothing is suggested then
    """
    rows = list(Customer.objects.visible_to(actor).filter(pk__in=ids).order_by("number"))
    pairs = [compare_by_hand(rows[0], other, actor=actor, now=now) for other in rows[1:]]
    return f"{reverse('customers:duplicates')}?pair={pairs[0].pk}"


register_opening(
    CUSTOMERS.key,
    Opening("merge", _("Merge"), "git-merge", MERGE_CUSTOMER, MOST_COMPARED, compare),
)
