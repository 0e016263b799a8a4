"""Needs are seen with the customer, a relationship with either of the two."""

from hearth.core.fence import fence, with_seen
from hearth.customers.models import CustomerPlace
from hearth.families.models import NeedProfile, Relationship

fence(NeedProfile, with_seen(CustomerPlace, "customer_id", of=NeedProfile, key="customer_id"))
fence(
    Relationship,
    with_seen(CustomerPlace, "customer_id", of=Relationship, key="customer_id"),
    with_seen(CustomerPlace, "other_id", of=Relationship, key="customer_id"),
)
