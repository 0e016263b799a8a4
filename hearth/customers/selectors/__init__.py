"""Reading customers: lists, duplicates, search, and contacts as far as the reader may see them."""

from hearth.customers.selectors.comparison import Comparison, compare_records
from hearth.customers.selectors.duplicates import Candidate, Likeness, duplicate_candidates
from hearth.customers.selectors.home_history import RoleThen, changed_minds, people_as_known
from hearth.customers.selectors.listing import (
    CustomerCount,
    CustomerFilters,
    CustomerPageRows,
    CustomerRow,
    about_how_many,
    completeness_percent,
    customer_list,
    customer_page_rows,
    place_names,
)
from hearth.customers.selectors.matching import find_customers, matching
from hearth.customers.selectors.meant import customer_meant, names_of
from hearth.customers.selectors.presentation import (
    PresentedContact,
    PresentedIdentity,
    access_of,
    places_of,
    preferred_contacts,
    present_contacts,
    present_identity,
    reveals_of,
)
from hearth.customers.selectors.queue import (
    MergeRow,
    Queue,
    QueuedPair,
    count_waiting,
    duplicate_queue,
    merge_history,
    merge_rows,
)
from hearth.customers.selectors.records import aliases_of

__all__ = [
    "Candidate",
    "Comparison",
    "CustomerCount",
    "CustomerFilters",
    "CustomerPageRows",
    "CustomerRow",
    "Likeness",
    "MergeRow",
    "PresentedContact",
    "PresentedIdentity",
    "Queue",
    "QueuedPair",
    "RoleThen",
    "about_how_many",
    "access_of",
    "aliases_of",
    "changed_minds",
    "compare_records",
    "completeness_percent",
    "count_waiting",
    "customer_list",
    "customer_meant",
    "customer_page_rows",
    "duplicate_candidates",
    "duplicate_queue",
    "find_customers",
    "matching",
    "merge_history",
    "merge_rows",
    "names_of",
    "people_as_known",
    "place_names",
    "places_of",
    "preferred_contacts",
    "present_contacts",
    "present_identity",
    "reveals_of",
]
