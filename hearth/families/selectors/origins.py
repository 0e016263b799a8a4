"""Where we have a customer's data from, and what is blocked for want of a right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.customers.contacts import show_masked
from hearth.customers.models import ContactPoint, Customer
from hearth.customers.origins import IDENTITY, KEPT_ON_CUSTOMER, NOTE, Basis, Origin, Purpose, Source
from hearth.families.models import NeedProfile
from hearth.lib.contact import mask_identity

FIELD_LABELS: dict[str, str | Promise] = {IDENTITY: _("identity number"), NOTE: _("note")}
CONTACT, FIELD, NEED = "contact", "field", "need"


@dataclass(frozen=True)
class Item:
    """One item with its origin; `kind` and `reference` name it to the page, `text` is masked."""

    customer: Customer
    kind: str
    reference: str
    label: str | Promise
    text: str
    origin: Origin
    recorded_by: str = ""

    @property
    def source(self) -> str:
        return str(Source(self.origin.source).label)

    @property
    def purpose(self) -> str:
        return str(Purpose(self.origin.purpose).label)

    @property
    def basis(self) -> str:
        return str(Basis(self.origin.basis).label)


def items_of(customer: Customer) -> Sequence[Item]:
    """Return all items of a customer with their origins, blocked ones too; three queries."""
    points = ContactPoint.objects.filter(customer=customer).select_related("customer").order_by("kind", "id")
    needs = NeedProfile.objects.filter(customer=customer).select_related("customer").newest_first()
    found = [*map(_of_point, points), *_of_fields(customer), *map(_of_need, needs)]
    return _with_authors(found)


def blocked_items(actor: Actor, *, limit: int = 200) -> Sequence[Item]:
    """Return what is blocked among the customers the reader may see, the latest first; four queries."""
    visible = Customer.objects.visible_to(actor)
    points = ContactPoint.objects.filter(is_blocked=True, customer__in=visible).select_related("customer")
    needs = NeedProfile.objects.filter(is_blocked=True, customer__in=visible).select_related("customer")
    is_blocked = Q()
    for item in KEPT_ON_CUSTOMER:
        is_blocked |= Q(**{f"origins__{item}__basis": Basis.NONE.value})
    people = visible.filter(is_blocked).order_by("-updated_at", "-id")[:limit]
    found = [_of_point(point) for point in points.order_by("-updated_at", "-id")[:limit]]
    found += [item for person in people for item in _of_fields(person) if item.origin.is_blocked]
    found += [_of_need(need) for need in needs.order_by("-updated_at", "-id")[:limit]]
    return _with_authors(found)


def _of_point(point: ContactPoint) -> Item:
    label = ContactPoint.Kind(point.kind).label
    text = show_masked(point.kind, point.value)
    return Item(point.customer, CONTACT, str(point.pk), label, text, Origin.read(point.origin))


def _of_fields(customer: Customer) -> Iterator[Item]:
    shown = {IDENTITY: mask_identity(customer.identity_number) if customer.identity_number else ""}
    for name in KEPT_ON_CUSTOMER:
        if getattr(customer, name):
            origin = Origin.read(customer.origins.get(name, {}))
            yield Item(customer, FIELD, name, FIELD_LABELS[name], shown.get(name, ""), origin)


def _of_need(need: NeedProfile) -> Item:
    text = localdate(need.created_at).isoformat()
    return Item(need.customer, NEED, str(need.pk), _("needs"), text, Origin.read(need.origin))


def _with_authors(items: Sequence[Item]) -> Sequence[Item]:
    """Add the names of those who recorded; one query."""
    ids = {item.origin.recorded_by for item in items if item.origin.recorded_by}
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=ids)}
    return [_with_author(item, names.get(item.origin.recorded_by or 0, "")) for item in items]


def _with_author(item: Item, name: str) -> Item:
    return Item(item.customer, item.kind, item.reference, item.label, item.text, item.origin, name)
