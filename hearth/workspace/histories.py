"""Who changed a record and what belongs to it, and who was shown it: for those who may see the log."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hearth.audit.permissions import VIEW_AUDIT
from hearth.audit.selectors import AuditFilters, ReadEntry, entry_page, read_entries
from hearth.core.actor import Actor
from hearth.core.pages import Page
from hearth.customers.models import ContactPoint, Customer, UnitRole
from hearth.customers.selectors import aliases_of
from hearth.families.models import NeedProfile, Relationship
from hearth.leads.models import LeadOwnership
from hearth.lists.definitions import ListDefinition, lists
from hearth.privacy.models import Consent
from hearth.properties.models import Unit
from hearth.sales.models import Payment
from hearth.vigilance.models import Kind, Read
from hearth.vigilance.selectors import reads_of_records

Belonging = Callable[[Any, Actor], Sequence[Any]]


def _of_customer(customer: Customer, actor: Actor) -> Sequence[Any]:
    """What tells of a customer: ways to reach them, consents, homes, needs, relations, the household."""
    return [
        ContactPoint.objects.filter(customer=customer),
        Consent.objects.filter(customer=customer),
        UnitRole.objects.filter(customer=customer, unit__in=Unit.objects.visible_to(actor)),
        NeedProfile.objects.filter(customer=customer),
        Relationship.objects.filter(customer=customer),
        Relationship.objects.filter(other=customer),
    ]


# What belongs to a record beside its own row, by the list that it stands in; others have their row alone.
BELONGING: Mapping[str, Belonging] = {
    "customers": _of_customer,
    "homes": lambda unit, actor: [
        UnitRole.objects.filter(unit=unit, customer__in=Customer.objects.visible_to(actor))
    ],
    "contracts": lambda contract, actor: [Payment.objects.visible_to(actor).filter(contract=contract)],
    "leads": lambda lead, actor: [LeadOwnership.objects.visible_to(actor).filter(lead=lead)],
}
# As what a record is noted when it is read; a lead is noted as its customer.
NOTED_AS = {
    "customers": (Kind.CUSTOMER, Kind.REVEAL),
    "cases": (Kind.CASE,),
    "homes": (Kind.HOME,),
    "contracts": (Kind.CONTRACT,),
}


@dataclass(frozen=True)
class History:
    """A page of changes in words, or a page of reads, of one record."""

    definition: ListDefinition[Any]
    row: Any
    changes: Sequence[ReadEntry]
    reads: Sequence[Read]
    next_cursor: str
    has_reads: bool


def may_see_history(definition: ListDefinition[Any], actor: Actor) -> bool:
    """Tell whether the actor may see the history of some records of a list."""
    return actor.can(definition.permission) and actor.can(VIEW_AUDIT)


def find_record(key: str, record_id: UUID, actor: Actor) -> Any | None:
    """Return a record that the actor sees at a place where they may see the log too, None if there is none."""
    definition = lists[key]
    rows = definition.rows(actor.confined(definition.permission, VIEW_AUDIT))
    return rows.filter(pk=record_id).first()


def history_of(key: str, row: Any, actor: Actor, *, of_reads: bool = False, cursor: str = "") -> History:
    """Return one page of the history of a record, newest first, as far as the actor sees what belongs to it.

    :raises BadCursor: if the cursor is none of ours
    """
    noted_as = NOTED_AS.get(key, ())
    found: Page[Any]
    if of_reads and noted_as:
        found = reads_of_records(_read_ids(key, row), noted_as, cursor=cursor)
        changes, reads = [], found.rows
    else:
        found = entry_page(AuditFilters(row_ids=_ids(key, row, actor)), cursor=cursor)
        changes, reads = read_entries(found.rows, actor), []
    return History(lists[key], row, changes, reads, found.next_cursor, bool(noted_as))


def _ids(key: str, row: Any, actor: Actor) -> Sequence[str]:
    belonging = BELONGING[key](row, actor) if key in BELONGING else ()
    found = [row.pk, *(pk for rows in belonging for pk in rows.values_list("pk", flat=True))]
    if key == "customers":
        found += [*aliases_of([row.pk]), *([row.household_id] if row.household_id else [])]
    return [str(pk) for pk in found]


def _read_ids(key: str, row: Any) -> Sequence[UUID]:
    if key != "customers":
        return [row.pk]
    points = ContactPoint.objects.filter(customer=row)
    return [row.pk, *aliases_of([row.pk]), *points.values_list("pk", flat=True)]
