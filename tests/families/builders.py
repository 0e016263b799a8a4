"""Relatives for tests."""

from datetime import date

from hearth.customers.models import Customer
from hearth.families.models import Relationship
from hearth.families.services import relate
from tests.customers.builders import NOW, SYSTEM


def make_relationship(
    customer: Customer,
    other: Customer,
    *,
    kind: str = "parent",
    position: str = "",
    valid_from: date | None = None,
) -> Relationship:
    """Write that `customer` is the parent, payer, … of `other`."""
    return relate(customer, other, kind=kind, actor=SYSTEM, now=NOW, position=position, valid_from=valid_from)
