"""A customer is seen by the places that know them; what belongs to a customer, with the customer."""

from hearth.core.fence import SOMEBODY, at_place, fence, with_seen
from hearth.customers.fencing import with_customer
from hearth.customers.models import (
    AbsorbedCustomer,
    ContactPoint,
    Customer,
    CustomerCompleteness,
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
    with_customer(Customer, "id"),
    with_customer(Customer, "merged_into_id"),
    takes=SOMEBODY,
)
fence(Household, with_seen(Customer, "id", of=Household, key="household_id"), takes=SOMEBODY)
for part in (ContactPoint, CustomerProfile, Reveal, UnitRole, UnitRoleVersion):
    fence(part, with_customer(part))
# The database alone writes it.
fence(CustomerCompleteness, with_customer(CustomerCompleteness), takes="false")
fence(CustomerMerge, with_customer(CustomerMerge, "survivor_id"))
fence(AbsorbedCustomer, with_seen(CustomerMerge, "merge_id", of=AbsorbedCustomer))
fence(
    DuplicatePair,
    with_customer(DuplicatePair, "first_id"),
    with_customer(DuplicatePair, "second_id"),
)
