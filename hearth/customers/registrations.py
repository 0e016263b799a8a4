"""What customers offer to the rail, the search, the imports, the timeline and the warehouse."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.audit.coverage import leave_unwatched
from hearth.core.actor import Actor
from hearth.core.installation import sealed_tables
from hearth.core.models import EventRecord
from hearth.core.navigation import Place, Section, register_place
from hearth.core.profiling import no_score
from hearth.core.search import Hit, SearchProvider, search_providers
from hearth.core.timeline import Detail, timeline_detail
from hearth.custom_fields.importing import fields_to_import
from hearth.custom_fields.objects import CustomObject, register_custom_object
from hearth.customers import bulk, extracts, follow_rules, lists  # noqa: F401  (each registers what it offers)
from hearth.customers.events import (
    CustomerChanged,
    CustomerPassedOn,
    UnitRoleCorrected,
    UnitRoleEnded,
    UnitRoleStarted,
    UnitRoleWithdrawn,
)
from hearth.customers.import_fields import FIELDS, FIRST_ROW_COUNTS, LINK_KNOWN, MESSAGES, UPDATE_KNOWN
from hearth.customers.loaders import CustomerLoader
from hearth.customers.models import ContactPoint, Customer, CustomerCompleteness, CustomerProfile, UnitRole
from hearth.customers.permissions import CHANGE_CUSTOMER, VIEW_CUSTOMER
from hearth.customers.reverters import CustomerReverter
from hearth.customers.role_loader import UNIT_ROLES
from hearth.customers.selectors import (
    find_customers,
    place_names,
    places_of,
    present_contacts,
)
from hearth.customers.words import words_of_fields
from hearth.imports.kinds import ImportKind, register_import_kind
from hearth.properties.models import Unit

register_place(
    Place(
        label=_("Customers"),
        icon="users",
        url_name="customers:customers",
        permission=VIEW_CUSTOMER,
        order=10,
        shortcut="c",
    )
)
register_place(
    Place(
        label=_("Customer"),
        icon="user-plus",
        url_name="customers:new",
        permission=CHANGE_CUSTOMER,
        order=10,
        is_creation=True,
    )
)
register_place(
    Place(
        _("Merges"),
        "git-merge",
        "customers:merges",
        VIEW_CUSTOMER,
        order=6,
        section=Section.DATA,
        is_in_rail=False,
    )
)

register_import_kind(
    ImportKind(
        code="customers",
        label=_("Customers"),
        description=_("People and companies with their phones, addresses and households."),
        icon="users",
        permission=CHANGE_CUSTOMER,
        fields=FIELDS,
        loader=CustomerLoader,
        reverter=CustomerReverter,
        options=(UPDATE_KNOWN, FIRST_ROW_COUNTS, LINK_KNOWN),
        messages=MESSAGES,
        order=10,
        further=fields_to_import("customer"),
    )
)
register_import_kind(UNIT_ROLES)


def find_people(text: str, actor: Actor, limit: int) -> Sequence[Hit]:
    """Find people and companies as the reader may see them; at most six queries."""
    customers = find_customers(text, actor, today=timezone.localdate(), limit=limit)
    return list(_hits(customers, actor).values())


def recall_people(ids: Collection[UUID], actor: Actor) -> Mapping[UUID, Hit]:
    """Name people and companies by their ids as the reader may see them; at most four queries."""
    return _hits(list(Customer.objects.visible_to(actor).filter(pk__in=ids)), actor)


def _hits(customers: Sequence[Customer], actor: Actor) -> dict[UUID, Hit]:
    phones = present_contacts(customers, actor, kinds=[ContactPoint.Kind.PHONE])
    places = place_names([customer.pk for customer in customers], actor)
    return {
        customer.pk: Hit(
            title=customer.name,
            subtitle=" · ".join(
                [
                    *(contact.text for contact in phones[customer.pk][:1]),
                    *places.get(customer.pk, [])[:1],
                    f"#{customer.number}",
                ]
            ),
            url=reverse("workspace:customer", args=[customer.pk]),
            icon="building" if customer.kind == Customer.Kind.COMPANY else "user",
        )
        for customer in customers
    }


search_providers.register(
    "customers",
    SearchProvider(
        label=_("Customers"),
        permission=VIEW_CUSTOMER,
        find=find_people,
        page="workspace:customer",
        recall=recall_people,
    ),
)


@timeline_detail(CustomerChanged.type)
def describe_changes(events: Sequence[EventRecord], actor: Actor) -> Mapping[UUID, Detail]:
    """Name the fields that changed; no query."""
    return {event.id: Detail(words_of_fields(event.payload.get("fields", []))) for event in events}


@timeline_detail(CustomerPassedOn.type)
def describe_passing_on(events: Sequence[EventRecord], actor: Actor) -> Mapping[UUID, Detail]:
    """Name who had the customer and who has them now; one query."""
    pairs = {event.id: (event.payload.get("from_user_id"), event.payload["to_user_id"]) for event in events}
    people = User.objects.in_bulk({user_id for pair in pairs.values() for user_id in pair if user_id})
    return {
        event_id: Detail(" → ".join(str(people.get(user_id or 0, "—")) for user_id in pair))
        for event_id, pair in pairs.items()
    }


@timeline_detail(UnitRoleStarted.type, UnitRoleEnded.type, UnitRoleCorrected.type, UnitRoleWithdrawn.type)
def describe_unit_roles(events: Sequence[EventRecord], actor: Actor) -> Mapping[UUID, Detail]:
    """Name role and home, where the reader may see the home; one query."""
    unit_ids = {event.unit_id for event in events if event.unit_id}
    units = {unit.pk: unit for unit in Unit.objects.visible_to(actor).with_place().filter(pk__in=unit_ids)}
    return {
        event.id: Detail(f"{UnitRole.Role(event.payload['role']).label} · {units[event.unit_id].address}")
        for event in events
        if event.unit_id in units
    }


sealed_tables.register("customers.contact_points", "SELECT 1 FROM customers_contactpoint")

register_custom_object(
    CustomObject(
        code="customer",
        list_key="customers",
        label=_("Customers"),
        icon="users",
        rows=Customer.objects.visible_to,
        url_name="workspace:customer",
        view_permission=VIEW_CUSTOMER,
        change_permission=CHANGE_CUSTOMER,
        places=lambda records: places_of([record.pk for record in records]),
        about=lambda record: {
            "customer_id": record.pk,
            "household_id": record.household_id,
            "org_unit_id": min(places_of([record.pk])[record.pk], default=None),
            "is_sample": record.is_sample,
        },
    )
)

leave_unwatched(CustomerProfile, because="Computed from the record; what it is computed from is noted.")
leave_unwatched(CustomerCompleteness, because="Computed from the record; what it is computed from is noted.")
no_score(
    "customers.CustomerCompleteness.percent",
    because="How much of the record is filled in: it judges the work of the house and no person.",
)
no_score("customers.DuplicatePair.score", because="Whether two records are one person; it judges nobody.")
