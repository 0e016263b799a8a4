"""Two records side by side, as far as the reader may see them: what is the same, what differs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.customers.merge_fields import FIELDS, default_choice
from hearth.customers.models import ContactPoint, Customer, UnitRole
from hearth.customers.selectors.listing import place_names
from hearth.customers.selectors.presentation import PresentedContact, present_contacts, present_identity
from hearth.properties.models import Unit

LABELS: Mapping[str, str | Promise] = {
    "name": _("name"),
    "kind": _("kind"),
    "sex": _("sex"),
    "birth_date": _("date of birth"),
    "occupation": _("occupation"),
    "source": _("source"),
    "household": _("household"),
    "responsible": _("responsible person"),
    "external_key": _("external key"),
    "note": _("note"),
}
LEFT, RIGHT = "left", "right"


@dataclass(frozen=True)
class ComparedField:
    """One value on both sides. A person chooses among those that differ; `chosen` stands unless they do.

    Of two notes neither is chosen: both are kept.
    """

    name: str
    label: str | Promise
    left: str
    right: str
    is_same: bool
    chosen: str = ""

    @property
    def is_choice(self) -> bool:
        return bool(self.name) and not self.is_same


@dataclass(frozen=True)
class ComparedContact:
    """A contact of one record; `is_shared` when the other has it too."""

    contact: PresentedContact
    is_shared: bool


@dataclass(frozen=True)
class Side:
    """What comes together of one record."""

    customer: Customer
    contacts: Sequence[ComparedContact]
    homes: Sequence[str]
    places: Sequence[str]


@dataclass(frozen=True)
class Comparison:
    """Two records, the one that would stay first."""

    left: Side
    right: Side
    fields: Sequence[ComparedField]

    @property
    def sides(self) -> Sequence[Side]:
        return [self.left, self.right]


def compare_records(left: Customer, right: Customer, actor: Actor) -> Comparison:
    """Put two records side by side; at most nine queries.

    Numbers and contacts are masked as everywhere; that they are the same is told all the same.
    """
    both = [left, right]
    contacts = present_contacts(both, actor)
    shared = _shared_contacts(both)
    homes, places = _homes(both, actor), place_names([row.pk for row in both], actor)
    sides = [
        Side(
            row,
            [ComparedContact(contact, contact.id in shared) for contact in contacts[row.pk]],
            homes.get(row.pk, []),
            places.get(row.pk, []),
        )
        for row in both
    ]
    return Comparison(sides[0], sides[1], [*_choices(left, right), *_facts(left, right, actor)])


def _choices(left: Customer, right: Customer) -> list[ComparedField]:
    fields = []
    for name in FIELDS:
        chosen = LEFT if default_choice(name, [left, right]) == left.pk else RIGHT
        one, other = _text(left, name), _text(right, name)
        if name == "note":
            chosen = "" if one and other else RIGHT if other else LEFT
        fields.append(ComparedField(name, LABELS[name], one, other, one == other, chosen))
    return fields


def _text(customer: Customer, name: str) -> str:
    """Return a value as people read it."""
    value = customer.usable_note if name == "note" else getattr(customer, name)
    if not value:
        return ""
    if name in ("kind", "sex", "source"):
        return str(getattr(customer, f"get_{name}_display")())
    if name == "household" and customer.household_role:
        return f"{value} · {customer.get_household_role_display()}"
    return str(value)


def _facts(left: Customer, right: Customer, actor: Actor) -> list[ComparedField]:
    """Compare what nobody chooses: the identity number comes along, and the dates follow from both."""
    one, other = (present_identity(row, actor).text for row in (left, right))
    is_same = left.identity_index == right.identity_index
    facts = [ComparedField("", _("identity number"), one, other, is_same)]
    for label, name in ((_("recorded"), "created_at"), (_("last contact"), "last_contact_at")):
        one, other = _day(getattr(left, name)), _day(getattr(right, name))
        facts.append(ComparedField("", label, one, other, one == other))
    return facts


def _day(instant: datetime | None) -> str:
    return timezone.localdate(instant).isoformat() if instant else ""


def _shared_contacts(both: Sequence[Customer]) -> set[UUID]:
    """Find the contacts that both records have; one query."""
    owners: dict[tuple[str, bytes], list[UUID]] = {}
    points = ContactPoint.objects.filter(customer__in=both).order_by("id")
    for point_id, kind, index in points.values_list("pk", "kind", "value_index"):
        owners.setdefault((kind, bytes(index)), []).append(point_id)
    return {point_id for ids in owners.values() if len(ids) > 1 for point_id in ids}


def _homes(both: Sequence[Customer], actor: Actor) -> dict[UUID, list[str]]:
    """Name the homes of records that the reader may see; one query."""
    roles = UnitRole.objects.current(timezone.localdate()).filter(
        customer__in=both, unit__in=Unit.objects.visible_to(actor)
    )
    related = roles.select_related("unit__project", "unit__building", "unit__entrance").order_by("id")
    homes: dict[UUID, list[str]] = {}
    for role in related:
        homes.setdefault(role.customer_id, []).append(f"{role.unit.address} · {role.get_role_display()}")
    return homes
