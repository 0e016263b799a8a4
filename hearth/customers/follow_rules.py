"""How this app's rows follow a merge, where pairs are judged, and what the timeline says of merges."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.index_places import index_places, remembered_indexes
from hearth.core.installation import sealed_tables
from hearth.core.models import EventRecord
from hearth.core.navigation import Place, Section, register_place
from hearth.core.sealed_places import sealed_inside
from hearth.core.timeline import Detail, timeline_detail
from hearth.customers.events import CustomerRestored, CustomersMerged, MergeUndone
from hearth.customers.following import rows_follow, rows_stay
from hearth.customers.models import (
    AbsorbedCustomer,
    ContactPoint,
    Customer,
    CustomerCompleteness,
    CustomerMerge,
    CustomerPlace,
    CustomerProfile,
    DuplicatePair,
    Reveal,
    UnitRole,
    UnitRoleVersion,
)
from hearth.customers.permissions import MERGE_CUSTOMER
from hearth.customers.selectors import count_waiting
from hearth.customers.services.contact_points import prefer_where_none
from hearth.customers.services.merge_memory import renew_memory
from hearth.customers.services.renumbering import (
    ABSORBED,
    CONTACTS,
    CUSTOMERS,
    renumber_before,
    renumber_memory,
)
from hearth.imports.models import BEFORE

AS_THEY_WERE = "the history of merges names the records as they were"
READ_THROUGH = "read through merged_into, so that an undo leaves the pair as it was"


def keep_label(kept: ContactPoint, staying: ContactPoint) -> Mapping[str, Any]:
    """Take the label of the same contact where the survivor's has none."""
    return {"label": staying.label} if staying.label and not kept.label else {}


# Records absorbed before point at the new survivor, so that one step always leads to it.
rows_follow(Customer, "merged_into")
rows_follow(CustomerPlace, "customer")
rows_follow(
    ContactPoint,
    "customer",
    yielding={"one_preferred_contact_point_of_each_kind": {"is_primary": False}},
    enrich=keep_label,
    mend=prefer_where_none,
)
rows_follow(UnitRole, "customer")
rows_follow(UnitRoleVersion, "customer", hangs_on={"unit_role_id": UnitRole}, written_at="superseded_at")
rows_follow(Reveal, "customer")
rows_stay(CustomerCompleteness, "customer", because="the database measures each record anew")
rows_stay(CustomerProfile, "customer", because="computed anew for the survivor, and for both after an undo")
rows_stay(CustomerMerge, "survivor", because=AS_THEY_WERE)
rows_stay(AbsorbedCustomer, "customer", because=AS_THEY_WERE)
rows_stay(DuplicatePair, "first", because=READ_THROUGH)
rows_stay(DuplicatePair, "second", because=READ_THROUGH)
rows_stay(EventRecord, "customer_id", because="events are never changed; readers follow merged_into")
register_place(
    Place(
        label=_("Duplicates"),
        icon="arrows-join",
        url_name="customers:duplicates",
        permission=MERGE_CUSTOMER,
        order=5,
        section=Section.DATA,
        shortcut="d",
        count=count_waiting,
    )
)
sealed_tables.register("customers.merges", "SELECT 1 FROM customers_customermerge")
sealed_inside.register("customers_customermerge.memory_sealed", renew_memory)
for indexed in (CUSTOMERS, CONTACTS, ABSORBED):
    index_places.register(indexed.table, indexed)
remembered_indexes.register("customers_customermerge.memory_sealed", renumber_memory)
remembered_indexes.register(BEFORE, renumber_before)


@timeline_detail(CustomersMerged.type, MergeUndone.type, CustomerRestored.type)
def describe_merges(events: Sequence[EventRecord], actor: Actor) -> Mapping[UUID, Detail]:
    """Name the other records of a merge, where the reader may see whom they belong to; two queries."""
    others = {event.id: _other_records(event) for event in events}
    wanted = {pk for ids in others.values() for pk in ids}
    visible = Customer.objects.visible_to(actor)
    apart, merged = (
        visible.filter(pk__in=wanted),
        Customer.objects.filter(pk__in=wanted, merged_into__in=visible),
    )
    names = {row.pk: f"{row.name} #{row.number}" for rows in (apart, merged) for row in rows}
    return {
        event.id: Detail(" · ".join(names[pk] for pk in others[event.id] if pk in names)) for event in events
    }


def _other_records(event: EventRecord) -> list[UUID]:
    payload = event.payload
    ids = payload.get("absorbed_ids") or payload.get("restored_ids") or [payload.get("survivor_id")]
    return [UUID(pk) for pk in ids if pk]
