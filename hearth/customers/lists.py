"""The list of customers: columns, filters, orders and views that ship."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.custom_fields.list_fields import further_of
from hearth.customers.fields import FIELDS, FIXED, beyond_reach, places_of_each
from hearth.customers.models import (
    ContactPoint,
    Customer,
    CustomerPlace,
    CustomerProfile,
    UnitRole,
    last_contact_or_never,
)
from hearth.customers.permissions import CHANGE_CUSTOMER, VIEW_CUSTOMER
from hearth.customers.ruled_fields import CONTACTS
from hearth.customers.selectors import completeness_percent, matching, place_names, preferred_contacts
from hearth.customers.selectors.listing import HAS_COMPLETENESS
from hearth.customers.services import update_customer
from hearth.customers.words import OWNER_STAGES, STAGE_COLOURS, TIER_COLOURS, VALUE_TIERS, Words, word
from hearth.lists import cells
from hearth.lists.assigning import assigning
from hearth.lists.bulk import register_action
from hearth.lists.cells import Badge, Heading
from hearth.lists.columns import name_of, value_of, word_of
from hearth.lists.definitions import Batch, Column, Emptiness, ListDefinition, Order, Preset, register_list
from hearth.lists.filters import (
    CHOICE,
    FLAG,
    INSTANT,
    NUMBER,
    PERSON,
    PLACE,
    Filter,
    Reader,
    Test,
    units_below,
)

Customers = Batch[Customer]
STAGES, TIERS = tuple(OWNER_STAGES.items()), tuple(VALUE_TIERS.items())
SOURCES = tuple((code, label) for code, label in Customer.Source.choices if code)


def _names(batch: Customers) -> Sequence[Heading]:
    company = Customer.Kind.COMPANY
    return [
        Heading(row.name, f"#{row.number}", "building" if row.kind == company else "") for row in batch.rows
    ]


def _phones(batch: Customers) -> Sequence[str]:
    found = preferred_contacts(batch.rows, batch.actor, ContactPoint.Kind.PHONE)
    return [found.get(row.pk, "") for row in batch.rows]


def _emails(batch: Customers) -> Sequence[str]:
    found = preferred_contacts(batch.rows, batch.actor, ContactPoint.Kind.EMAIL)
    return [found.get(row.pk, "") for row in batch.rows]


def _profile(row: Customer) -> CustomerProfile | None:
    profile: CustomerProfile | None = getattr(row, "profile", None)
    return profile


def _stages(batch: Customers) -> Sequence[Badge | None]:
    return _badges(batch, "owner_stage", OWNER_STAGES, STAGE_COLOURS)


def _tiers(batch: Customers) -> Sequence[Badge | None]:
    return _badges(batch, "value_tier", VALUE_TIERS, TIER_COLOURS)


def _badges(
    batch: Customers, column: str, words: Words, colours: Mapping[str, str]
) -> Sequence[Badge | None]:
    """Put a column of the profile into coloured words that say of when they speak, each translated once."""
    hint = gettext("calculated as of %(at)s; the customer's page says from what")
    profiles = [_profile(row) for row in batch.rows]
    said = {str(getattr(profile, column)): "" for profile in profiles if profile}
    said = {code: word(words, code) for code in said if code}
    return [
        _badge(str(getattr(each, column)), each, said, colours, hint) if each else None for each in profiles
    ]


def _badge(
    code: str, profile: CustomerProfile, said: Mapping[str, str], colours: Mapping[str, str], hint: str
) -> Badge | None:
    if code not in said:
        return None
    at = f"{localtime(profile.scored_at):%Y-%m-%d %H:%M}"
    return Badge(said[code], colours.get(code, "secondary"), hint % {"at": at})


def _completeness(batch: Customers) -> Sequence[int | None]:
    return [completeness_percent(row) for row in batch.rows]


def _homes(batch: Customers) -> Sequence[int]:
    roles = UnitRole.objects.current(timezone.localdate()).filter(customer_id__in=batch.ids)
    counted = roles.values_list("customer_id").annotate(homes=Count("unit", distinct=True))
    homes: Mapping[UUID, int] = dict(counted)
    return [homes.get(row.pk, 0) for row in batch.rows]


def _homes_of_one() -> Combinable:
    """Return the number of homes of a customer, as the database sums it."""
    roles = UnitRole.objects.current(timezone.localdate()).filter(customer=OuterRef("pk")).order_by()
    counted = roles.values("customer").annotate(homes=Count("unit", distinct=True))
    return Coalesce(Subquery(counted.values("homes")), 0)


def _places(batch: Customers) -> Sequence[Sequence[str]]:
    names = place_names(batch.ids, batch.actor)
    return [names.get(row.pk, []) for row in batch.rows]


def _known_below(test: Test, reader: Reader) -> Q:
    known = CustomerPlace.objects.filter(customer=OuterRef("pk"), org_unit__in=units_below(test))
    return Q(Exists(known))


def _has_home(test: Test, reader: Reader) -> Q:
    lives = Q(Exists(UnitRole.objects.current(reader.today).filter(customer=OuterRef("pk"))))
    return lives if test.values == ("yes",) else ~lives


CUSTOMERS = register_list(
    ListDefinition(
        key="customers",
        further=further_of("customer"),
        label=_("Customers"),
        icon="users",
        permission=VIEW_CUSTOMER,
        url_name="customers:customers",
        record_url_name="workspace:customer",
        rows=Customer.objects.visible_to,
        whole=lambda: Customer.objects.select_related("profile", "completeness", "responsible"),
        search=matching,
        search_hint=_("Name, pinyin, phone, last four, number"),
        columns=(
            Column("name", _("Name"), _names, cells.HEADING, order="name"),
            Column(
                "phone",
                _("Phone"),
                _phones,
                cells.TEXT,
                unmasked_by=CONTACTS[ContactPoint.Kind.PHONE].in_full,
            ),
            Column("stage", _("Owner stage"), _stages, cells.BADGE),
            Column("tier", _("Value tier"), _tiers, cells.BADGE),
            Column("homes", _("Homes"), _homes, cells.NUMBER, total=_homes_of_one),
            Column("place", _("Place"), _places, cells.NAMES),
            Column("responsible", _("Responsible person"), name_of("responsible"), cells.TEXT),
            Column("contact", _("Last contact"), value_of("last_contact_at"), cells.AGO, order="contact"),
            Column(
                "changed", _("Changed"), value_of("updated_at"), cells.AGO, order="change", is_usual=False
            ),
            Column("recorded", _("Recorded"), value_of("created_at"), cells.AGO, is_usual=False),
            Column(
                "completeness",
                _("Completeness"),
                _completeness,
                cells.PERCENT,
                order="completeness",
                is_usual=False,
                total="completeness__percent",
            ),
            Column("source", _("Source"), word_of("source", SOURCES), cells.TEXT, is_usual=False),
            Column("kind", _("Kind"), word_of("kind", Customer.Kind.choices), cells.TEXT, is_usual=False),
            Column("occupation", _("Occupation"), value_of("occupation"), cells.TEXT, is_usual=False),
            Column(
                "email",
                _("E-mail"),
                _emails,
                cells.TEXT,
                is_usual=False,
                unmasked_by=CONTACTS[ContactPoint.Kind.EMAIL].in_full,
            ),
            Column("number", _("Number"), value_of("number"), cells.TEXT, is_usual=False),
            Column("key", _("External key"), value_of("external_key"), cells.TEXT, is_usual=False),
        ),
        filters=(
            Filter(
                "stage",
                _("Owner stage"),
                CHOICE,
                "profile__owner_stage",
                tuple(OWNER_STAGES.items()),
                is_grouping=True,
            ),
            Filter(
                "tier",
                _("Value tier"),
                CHOICE,
                "profile__value_tier",
                tuple(VALUE_TIERS.items()),
                is_grouping=True,
            ),
            Filter("place", _("Place"), PLACE, condition=_known_below),
            Filter("responsible", _("Responsible person"), PERSON, "responsible"),
            Filter("kind", _("Kind"), CHOICE, "kind", tuple(Customer.Kind.choices), is_grouping=True),
            Filter("source", _("Source"), CHOICE, "source", SOURCES, is_grouping=True),
            Filter("home", _("Has a home"), FLAG, condition=_has_home),
            Filter("recorded", _("Recorded"), INSTANT, "created_at"),
            Filter("changed", _("Changed"), INSTANT, "updated_at"),
            Filter("contact", _("Last contact"), INSTANT, "last_contact_at"),
            Filter("completeness", _("Completeness"), NUMBER, "completeness__percent"),
        ),
        orders=(
            Order("change", _("Newest change"), "-updated_at", "updated_at"),
            Order("name", _("Name"), "pinyin", "pinyin"),
            Order("contact", _("Last contact"), "-contacted_at", expression=last_contact_or_never),
            Order(
                "completeness",
                _("Completeness"),
                "completed",
                held="id",
                expression=lambda: F("completeness__percent"),
                among=HAS_COMPLETENESS,
            ),
        ),
        fields=FIELDS,
        fixed=FIXED,
        edit_url_name="customers:edit",
        quick=("stage", "tier", "place", "responsible"),
        presets=(
            Preset("mine", _("My customers"), {"responsible": "me"}),
            Preset(
                "quiet",
                _("No contact for 90 days"),
                {"contact": "older:90", "home": "yes", "sort": "-contact"},
            ),
        ),
        emptiness=Emptiness(
            title=_("No customers yet"),
            text=_(
                "Here is everybody who enquired, bought or lives in a home: one record each, with phones, "
                "household and homes."
            ),
            action_label=_("Record a customer"),
            action_url_name="customers:new",
            has_samples=True,
            none_fits=_(
                "Remove a filter, or search by another part of the name, the last four digits of the phone, or the "
                "customer number."
            ),
        ),
    )
)


def _assign(customer: Customer, person: User | None, actor: Actor, now: datetime) -> object:
    return update_customer(customer, actor=actor, now=now, responsible_id=person.pk if person else None)


register_action(
    CUSTOMERS.key,
    assigning(
        _("Assign to a colleague"),
        CHANGE_CUSTOMER,
        "responsible_id",
        _assign,
        beyond_reach,
        places=lambda batch: batch.once(places_of_each),
    ),
)
