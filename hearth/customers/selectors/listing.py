"""The list of customers: filters, order, and what each row shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from hearth.core.actor import Actor
from hearth.core.pages import estimated_count, keyset_page
from hearth.customers.models import (
    ContactPoint,
    Customer,
    CustomerPlace,
    CustomerQuerySet,
    UnitRole,
    last_contact_or_never,
)
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.customers.selectors.matching import matching
from hearth.customers.selectors.presentation import PresentedContact, present_contacts
from hearth.organization.models import OrgUnit

ORDERS = {"change": "-updated_at", "name": "pinyin", "contact": "-contacted_at", "completeness": "completed"}
# What the index of an order holds beside the id: a page is found without touching the rows it passes over.
INDEXED = {"change": "updated_at", "name": "pinyin", "contact": "id", "completeness": "id"}
HAS_COMPLETENESS = Q(completeness__isnull=False)
EASILY_COUNTED = 2_000


@dataclass(frozen=True, kw_only=True)
class CustomerFilters:
    """What a program asked the list for; empty values ask nothing. `further` is a condition of the page's filters."""

    text: str = ""
    owner_stage: str = ""
    value_tier: str = ""
    kind: str = ""
    source: str = ""
    responsible_id: int | None = None
    org_unit_id: int | None = None
    has_home: bool | None = None
    created_from: date | None = None
    created_to: date | None = None
    further: Q = field(default_factory=Q)


@dataclass(frozen=True)
class CustomerRow:
    """One line of the list, as far as the reader may see it."""

    customer: Customer
    phone: PresentedContact | None
    homes: int
    owner_stage: str
    value_tier: str
    places: Sequence[str]


@dataclass(frozen=True)
class CustomerPageRows:
    """Some rows of the list and the cursor of those after them."""

    rows: Sequence[CustomerRow]
    next_cursor: str


def customer_list(actor: Actor, filters: CustomerFilters) -> CustomerQuerySet:
    """Return the customers the reader may see and asked for, unordered."""
    rows = Customer.objects.visible_to(actor)
    if filters.text:
        rows = rows.filter(matching(filters.text))
    exact = {
        "profile__owner_stage": filters.owner_stage,
        "profile__value_tier": filters.value_tier,
        "kind": filters.kind,
        "source": filters.source,
        "responsible_id": filters.responsible_id,
    }
    rows = rows.filter(**{column: value for column, value in exact.items() if value})
    if filters.org_unit_id:
        rows = rows.filter(_known_below(filters.org_unit_id))
    if filters.has_home is not None:
        lives = Exists(UnitRole.objects.current(timezone.localdate()).filter(customer=OuterRef("pk")))
        rows = rows.filter(lives if filters.has_home else ~lives)
    return rows.filter(_created(filters), filters.further)


def customer_page_rows(
    actor: Actor,
    filters: CustomerFilters,
    *,
    order: str = "change",
    is_descending: bool | None = None,
    cursor: str = "",
    limit: int = 50,
) -> CustomerPageRows:
    """Return one page of the list; five queries, one more for a text that could be a contact.

    :raises BadCursor: if the cursor belongs to another order
    """
    keys = customer_list(actor, filters)
    if order == "contact":
        keys = keys.annotate(contacted_at=last_contact_or_never())
    if order == "completeness":
        keys = keys.filter(HAS_COMPLETENESS).annotate(completed=F("completeness__percent"))
    column = ORDERS[order].removeprefix("-")
    if is_descending is None:
        is_descending = ORDERS[order].startswith("-")
    keys = keys.only("id", INDEXED[order])
    found = keyset_page(keys, order=f"-{column}" if is_descending else column, cursor=cursor, limit=limit)
    customers = _read_whole([customer.pk for customer in found.rows])
    phones = present_contacts(customers, actor, kinds=[ContactPoint.Kind.PHONE])
    places = place_names([customer.pk for customer in customers], actor)
    return CustomerPageRows([_row(customer, phones, places) for customer in customers], found.next_cursor)


def _read_whole(customer_ids: Sequence[UUID]) -> list[Customer]:
    """Read customers with profile and number of homes, in the order of their ids given; one query."""
    rows = Customer.objects.select_related("profile", "completeness").annotate(current_homes=_homes())
    found = rows.in_bulk(customer_ids)
    return [found[customer_id] for customer_id in customer_ids if customer_id in found]


@dataclass(frozen=True)
class CustomerCount:
    """How many customers a list has: counted, or about, by the planner."""

    number: int
    is_exact: bool


def about_how_many(actor: Actor, filters: CustomerFilters) -> CustomerCount:
    """Count a short list, estimate a long one; at most two queries, never a scan of all rows."""
    rows = customer_list(actor, filters)
    estimate = estimated_count(rows)
    if estimate < EASILY_COUNTED:
        counted = rows[: EASILY_COUNTED + 1].count()
        if counted <= EASILY_COUNTED:
            return CustomerCount(counted, is_exact=True)
    return CustomerCount(max(estimate, EASILY_COUNTED), is_exact=False)


def place_names(customer_ids: Sequence[UUID], actor: Actor) -> Mapping[UUID, list[str]]:
    """Return the names of the places that know each customer, only those the reader works for; one query."""
    scope = actor.scope(VIEW_CUSTOMER)
    rows = CustomerPlace.objects.filter(customer_id__in=customer_ids)
    if not scope.everywhere:
        rows = rows.filter(org_unit_id__in=sorted(scope.org_unit_ids))
    names: dict[UUID, list[str]] = {}
    columns = rows.order_by("org_unit__path").values_list("customer_id", "org_unit__name")
    for customer_id, name in columns:
        names.setdefault(customer_id, []).append(name)
    return names


def completeness_percent(customer: Customer) -> int | None:
    """Return how much of what counts is known of a customer, read with `completeness`."""
    kept = getattr(customer, "completeness", None)
    return kept.percent if kept else None


def _homes() -> Coalesce:
    roles = UnitRole.objects.current(timezone.localdate()).filter(customer=OuterRef("pk"))
    counted = roles.values("customer").annotate(homes=Count("unit", distinct=True)).values("homes")
    return Coalesce(Subquery(counted), 0)


def _known_below(org_unit_id: int) -> Exists:
    """Known at a place or anywhere below it."""
    chosen = OrgUnit.objects.filter(pk=org_unit_id).values("path")[:1]
    below = OrgUnit.objects.filter(path__startswith=Subquery(chosen)).values("pk")
    return Exists(CustomerPlace.objects.filter(customer=OuterRef("pk"), org_unit__in=below))


def _created(filters: CustomerFilters) -> Q:
    """Days are those of the reader's clock."""
    condition = Q()
    if filters.created_from:
        condition &= Q(created_at__gte=_start(filters.created_from))
    if filters.created_to:
        condition &= Q(created_at__lte=timezone.make_aware(datetime.combine(filters.created_to, time.max)))
    return condition


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _row(
    customer: Customer,
    phones: Mapping[UUID, Sequence[PresentedContact]],
    places: Mapping[UUID, Sequence[str]],
) -> CustomerRow:
    profile = getattr(customer, "profile", None)
    contacts = phones[customer.pk]
    return CustomerRow(
        customer=customer,
        phone=contacts[0] if contacts else None,
        homes=customer.current_homes,  # type: ignore[attr-defined]
        owner_stage=profile.owner_stage if profile else "",
        value_tier=profile.value_tier if profile else "",
        places=places.get(customer.pk, []),
    )
