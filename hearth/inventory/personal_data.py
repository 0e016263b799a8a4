"""Homes held for a person and numbers in queues: given out. The order of a queue outlives an erasure."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.personal_data import (
    Kept,
    LegalHold,
    Person,
    Table,
    delete_rows,
    holds_none,
    legal_holds,
    register_personal_data,
    table_of,
)
from hearth.core.retention import ties
from hearth.inventory.models import BatchUnit, Hold, Opening, PriceList, QueueEntry, ReleaseBatch, UnitPrice
from hearth.properties.models import Unit
from hearth.properties.services import set_unit_state


def export_holds(person: Person) -> Table:
    rows = Hold.objects.filter(customer__in=person.ids).order_by("created_at", "id")
    return table_of(
        rows.select_related("unit__building__project", "price"),
        "kind",
        "created_at",
        "expires_at",
        "ended_at",
        "outcome",
        ("unit__building__project__name", _("project")),
        ("unit__building__name", _("building")),
        ("unit__number", _("home")),
        ("price__total_amount", _("price, ¥")),
        "deposit_kind",
        "deposit_amount",
        "returned_amount",
        "sign_by_date",
    )


def erase_holds(person: Person, now: datetime) -> int:
    """Remove what was held for the person; a home that still was is free again. What a deposit was paid for stays."""
    rows = Hold.objects.filter(customer__in=person.ids, deposit_amount=None)
    for hold in rows.filter(kind=Hold.Kind.RESERVATION, ended_at=None).select_related("unit"):
        if hold.unit.state == Unit.State.SUBSCRIBED:
            set_unit_state(hold.unit, Unit.State.AVAILABLE, actor=Actor.system("privacy"), now=now)
    return delete_rows(rows)


def deposits_kept(ids: Collection[UUID]) -> Kept:
    rows = Hold.objects.filter(customer__in=ids).exclude(deposit_amount=None)
    units = list(rows.values_list("unit_id", flat=True))
    return Kept(len(units), frozenset(units))


def export_queue(person: Person) -> Table:
    rows = QueueEntry.objects.filter(customer__in=person.ids).order_by("created_at", "id")
    return table_of(
        rows.select_related("batch"), "number", "created_at", "amount", "state", ("batch__name", _("batch"))
    )


def erase_queue(person: Person, now: datetime) -> int:
    """Let the number stand without a name; one that waited is withdrawn."""
    rows = QueueEntry.objects.filter(customer__in=person.ids)
    rows.filter(state=QueueEntry.State.WAITING).update(state=QueueEntry.State.WITHDRAWN, withdrawn_at=now)
    return rows.update(customer=None)


holds_none(ReleaseBatch, BatchUnit, Opening, because="Which homes are on sale, and from when.")
holds_none(PriceList, UnitPrice, because="What homes cost, whoever buys them.")
register_personal_data(
    "inventory.holds", _("Homes held or reserved for you"), Hold, export=export_holds, erase=erase_holds
)
register_personal_data(
    "inventory.queue", _("Your numbers in queues"), QueueEntry, export=export_queue, erase=erase_queue
)
legal_holds.register(
    "inventory.deposits",
    LegalHold(
        _("Deposits"),
        _("Accounting Law article 23 and the rules on accounting files: kept for 30 years."),
        deposits_kept,
    ),
)


def takers(ids: Collection[UUID], before: datetime) -> set[UUID]:
    """Name those of the customers who hold a home or wait for one, or did since, or ever paid a deposit."""
    holds = Hold.objects.filter(customer__in=ids).exclude(ended_at__lt=before, deposit_amount=None)
    waiting = QueueEntry.objects.filter(customer__in=ids).exclude(withdrawn_at__lt=before)
    return {*holds.values_list("customer_id", flat=True), *waiting.values_list("customer_id", flat=True)} - {
        None
    }


ties.register("inventory.holds", takers)
