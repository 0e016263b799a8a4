"""Needs are seen with the customer, a relationship with either of the two."""

from hearth.core.fence import fence
from hearth.customers.fencing import with_customer
from hearth.families.models import NeedProfile, Relationship

fence(NeedProfile, with_customer(NeedProfile))
fence(
    Relationship,
    with_customer(Relationship),
    with_customer(Relationship, "other_id"),
)
