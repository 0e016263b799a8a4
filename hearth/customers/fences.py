"""A customer is seen by the places that know them; what belongs to a customer, with the customer."""

from hearth.core.fence import SOMEBODY, at_place, fence, with_seen
from hearth.customers.models import (
    AbsorbedCustomer,
    ContactPoint,
    Customer,
    CustomerMerge,
    CustomerPlace,
    CustomerProfile,
    DuplicatePair,
    Household,
    Reveal,
    UnitRole,
    UnitRoleVersion,
)

fence(CustomerPlace, at_place())
# A customer and a household are written before the place that knows them. A merged record keeps no place of its own.
fence(
    Customer,
    with_seen(CustomerPlace, "id", of=Customer, key="customer_id"),
    with_seen(CustomerPlace, "merged_into_id", of=Customer, key="customer_id"),
    takes=SOMEBODY,
)
fence(Household, with_seen(Customer, "id", of=Household, key="household_id"), takes=SOMEBODY)
for part in (ContactPoint, CustomerProfile, Reveal, UnitRole, UnitRoleVersion):
    fence(part, with_seen(CustomerPlace, "customer_id", of=part, key="customer_id"))
fence(CustomerMerge, with_seen(CustomerPlace, "survivor_id", of=CustomerMerge, key="customer_id"))
fence(AbsorbedCustomer, with_seen(CustomerMerge, "merge_id", of=AbsorbedCustomer))
fence(
    DuplicatePair,
    with_seen(CustomerPlace, "first_id", of=DuplicatePair, key="customer_id"),
    with_seen(CustomerPlace, "second_id", of=DuplicatePair, key="customer_id"),
)
