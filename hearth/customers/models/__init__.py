"""People and companies, how to reach them, their households and homes; records that are one; pairs to compare."""

from hearth.customers.models.duplicates import DuplicatePair, DuplicatePairQuerySet
from hearth.customers.models.homes import UnitRole, UnitRoleQuerySet, UnitRoleVersion, UnitRoleVersionQuerySet
from hearth.customers.models.merges import (
    AbsorbedCustomer,
    AbsorbedCustomerQuerySet,
    CustomerMerge,
    CustomerMergeQuerySet,
)
from hearth.customers.models.people import (
    MAY_BE_PROFILED,
    NEVER,
    ContactPoint,
    ContactPointQuerySet,
    Customer,
    CustomerCompleteness,
    CustomerCompletenessQuerySet,
    CustomerPlace,
    CustomerPlaceQuerySet,
    CustomerProfile,
    CustomerProfileQuerySet,
    CustomerQuerySet,
    Household,
    HouseholdQuerySet,
    Reveal,
    RevealQuerySet,
    last_contact_or_never,
)

__all__ = [
    "MAY_BE_PROFILED",
    "NEVER",
    "AbsorbedCustomer",
    "AbsorbedCustomerQuerySet",
    "ContactPoint",
    "ContactPointQuerySet",
    "Customer",
    "CustomerCompleteness",
    "CustomerCompletenessQuerySet",
    "CustomerMerge",
    "CustomerMergeQuerySet",
    "CustomerPlace",
    "CustomerPlaceQuerySet",
    "CustomerProfile",
    "CustomerProfileQuerySet",
    "CustomerQuerySet",
    "DuplicatePair",
    "DuplicatePairQuerySet",
    "Household",
    "HouseholdQuerySet",
    "Reveal",
    "RevealQuerySet",
    "UnitRole",
    "UnitRoleQuerySet",
    "UnitRoleVersion",
    "UnitRoleVersionQuerySet",
    "last_contact_or_never",
]
