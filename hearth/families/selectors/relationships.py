"""Who belongs to a customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.families.models import Relationship
from hearth.families.words import direction_word


@dataclass(frozen=True)
class Relative:
    """Somebody related to a customer; `word` is what they are to that customer."""

    relationship_id: UUID
    customer: Customer
    kind: str
    is_reversed: bool
    position: str
    valid_from: date | None
    valid_to: date | None

    @property
    def word(self) -> str:
        return direction_word(self.kind, is_reversed=self.is_reversed)

    @property
    def is_over(self) -> bool:
        return self.valid_to is not None


def relatives_of(customer: Customer, actor: Actor) -> Sequence[Relative]:
    """Return the people and companies related to a customer whom the reader may see; two queries.

    Relations in force come first, family before business, then by name.
    """
    rows = list(Relationship.objects.of(customer.pk).select_related("customer", "other"))
    others = {row.other_id if row.customer_id == customer.pk else row.customer_id for row in rows}
    visible = set(Customer.objects.visible_to(actor).filter(pk__in=others).values_list("pk", flat=True))
    found = [_seen_from(customer, row) for row in rows]
    order = list(Relationship.Kind.values)
    return sorted(
        (relative for relative in found if relative.customer.pk in visible),
        key=lambda each: (
            each.is_over,
            order.index(each.kind),
            each.is_reversed,
            each.customer.pinyin,
            each.customer.pk,
        ),
    )


def _seen_from(customer: Customer, row: Relationship) -> Relative:
    is_reversed = row.customer_id == customer.pk
    other = row.other if is_reversed else row.customer
    return Relative(row.pk, other, row.kind, is_reversed, row.position, row.valid_from, row.valid_to)
