"""What is known of a customer as a person, given out and erased."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from hearth.core.personal_data import Person, Table, delete_rows, register_personal_data, table_of
from hearth.core.retention import ties
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

EMPTY: dict[str, Any] = {
    "pinyin": "",
    "name_tokens": "",
    "sex": "",
    "birth_date": None,
    "identity_sealed": b"",
    "identity_index": None,
    "occupation": "",
    "household": None,
    "household_role": "",
    "external_key": "",
    "note": "",
    "last_contact_at": None,
    "origins": {},
    "custom": {},
}
IN_NUMBERS = Concat(Value("#"), Cast(F("number"), CharField()), output_field=CharField())


def export_records(person: Person) -> Table:
    rows = Customer.objects.filter(pk__in=person.ids).select_related("household").order_by("id")
    return table_of(
        rows,
        ("number", _("number")),
        "kind",
        "name",
        "sex",
        "birth_date",
        ("identity_number", _("identity number")),
        "occupation",
        "source",
        ("household__name", _("household")),
        "household_role",
        "external_key",
        "note",
        "created_at",
        "last_contact_at",
        ("custom", _("further fields")),
        ("origins", _("where it came from")),
    )


def erase_records(person: Person, now: datetime) -> int:
    """Leave of each record its number: papers that are kept hang on it."""
    rows = Customer.objects.filter(pk__in=person.ids)
    homes = set(rows.exclude(household=None).values_list("household_id", flat=True))
    number = rows.update(**EMPTY, name=IN_NUMBERS, erased_at=now, updated_at=now)
    for household in Household.objects.filter(pk__in=homes):
        _erase_household(household, person, now)
    return number


def _erase_household(household: Household, person: Person, now: datetime) -> None:
    """Remove a household that nobody is left of; give another name to one that was named after the person."""
    other = household.members.order_by("id").first()
    if other is None:
        household.delete()
    elif person.is_named_in(household.name) or any(name in household.name for name in person.names):
        household.name, household.updated_at = other.name, now
        household.save(update_fields=["name", "updated_at"])


def export_contacts(person: Person) -> Table:
    rows = ContactPoint.objects.filter(customer__in=person.ids).order_by("id")
    return table_of(
        rows, "kind", ("value", _("value")), "label", "is_primary", "is_valid", "is_blocked", "created_at"
    )


def erase_contacts(person: Person, now: datetime) -> int:
    return delete_rows(ContactPoint.objects.filter(customer__in=person.ids))


def export_profile(person: Person) -> Table:
    rows = CustomerProfile.objects.filter(customer__in=person.ids)
    return table_of(
        rows,
        ("scored_at", _("as of")),
        ("owner_stage", _("stage")),
        ("value_tier", _("value")),
        ("portfolio_action", _("what is advised")),
        ("recency_days", _("days since the last contact")),
        ("frequency", _("contacts")),
        ("monetary_amount", _("payments, ¥")),
        ("explanation", _("computed from")),
    )


def erase_profile(person: Person, now: datetime) -> int:
    return delete_rows(CustomerProfile.objects.filter(customer__in=person.ids))


def export_completeness(person: Person) -> Table:
    rows = CustomerCompleteness.objects.filter(customer__in=person.ids)
    return table_of(rows, ("percent", _("share of what counts, in percent")))


def keep_completeness(person: Person, now: datetime) -> int:
    """Leave the figure to the database, which measures what is left of the record."""
    return 0


def export_homes(person: Person) -> Table:
    rows = UnitRole.objects.filter(customer__in=person.ids).select_related("unit__building__project")
    return table_of(
        rows.order_by("id"),
        ("unit__building__project__name", _("project")),
        ("unit__building__name", _("building")),
        ("unit__number", _("home")),
        "role",
        "valid_from",
        "valid_to",
    )


def erase_homes(person: Person, now: datetime) -> int:
    """Let go of homes whose papers need not be kept, and of what was once thought."""
    others = UnitRole.objects.filter(customer__in=person.ids).exclude(unit__in=person.unit_ids)
    number = delete_rows(others)
    return number + delete_rows(UnitRoleVersion.objects.filter(customer__in=person.ids))


def export_places(person: Person) -> Table:
    rows = CustomerPlace.objects.filter(customer__in=person.ids).select_related("org_unit").order_by("id")
    return table_of(rows, ("org_unit__name", _("known at")))


def keep_places(person: Person, now: datetime) -> int:
    """Keep where a record belongs: it says who may see the papers that are kept."""
    return 0


def export_reveals(person: Person) -> Table:
    rows = Reveal.objects.filter(customer__in=person.ids).order_by("id")
    return table_of(rows, ("created_at", _("when")), "field", "reason")


def erase_reveals(person: Person, now: datetime) -> int:
    """Keep that somebody looked; the reason they wrote goes."""
    return Reveal.objects.filter(customer__in=person.ids).exclude(reason="").update(reason="")


def erase_merges(person: Person, now: datetime) -> int:
    """Forget what records said before they were merged; such a merge is not undone any more."""
    absorbed = AbsorbedCustomer.objects.filter(customer__in=person.ids)
    absorbed.update(identity_index=None)
    merges = CustomerMerge.objects.filter(Q(survivor__in=person.ids) | Q(pk__in=absorbed.values("merge")))
    return merges.update(memory_sealed=b"", updated_at=now)


def erase_pairs(person: Person, now: datetime) -> int:
    pairs = DuplicatePair.objects.filter(Q(first__in=person.ids) | Q(second__in=person.ids))
    return delete_rows(pairs)


register_personal_data(
    "customers.contacts", _("Ways to reach you"), ContactPoint, export=export_contacts, erase=erase_contacts
)
register_personal_data(
    "customers.profile",
    _("What the analysis says"),
    CustomerProfile,
    export=export_profile,
    erase=erase_profile,
)
register_personal_data(
    "customers.completeness",
    _("How much of the record is filled in"),
    CustomerCompleteness,
    export=export_completeness,
    erase=keep_completeness,
)
register_personal_data(
    "customers.homes", _("Homes"), UnitRole, UnitRoleVersion, export=export_homes, erase=erase_homes
)
register_personal_data(
    "customers.places", _("Where you are known"), CustomerPlace, export=export_places, erase=keep_places
)
register_personal_data(
    "customers.reveals", _("Who uncovered values"), Reveal, export=export_reveals, erase=erase_reveals
)
register_personal_data("customers.merges", _("Merges"), CustomerMerge, AbsorbedCustomer, erase=erase_merges)
register_personal_data("customers.pairs", _("Possible duplicates"), DuplicatePair, erase=erase_pairs)
register_personal_data(
    "customers.records", _("Person"), Customer, Household, export=export_records, erase=erase_records
)


def residents(ids: Collection[UUID], before: datetime) -> set[UUID]:
    """Name those of the customers who are something to a home, or were since."""
    rows = UnitRole.objects.filter(Q(valid_to=None) | Q(valid_to__gte=before.date()), customer__in=ids)
    return set(rows.values_list("customer_id", flat=True))


ties.register("customers.homes", residents)
