"""Repairs in the homes of persons, given out and erased: words, photos and signatures."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hearth.core.models import StoredFile
from hearth.core.personal_data import (
    Person,
    Table,
    holds_none,
    register_personal_data,
    strike_out_in,
    table_of,
)
from hearth.core.personal_files import remove_file
from hearth.core.retention import KeptKind, Way, keep_for_a_time
from hearth.repairs.models import (
    BuildingAcceptance,
    RepairOrder,
    RepairPhoto,
    RepairSlot,
    RepairVisit,
    SignOff,
    SparePart,
    UsedPart,
)
from hearth.repairs.models.orders import RepairOrderQuerySet

DONE = (RepairOrder.State.SIGNED, RepairOrder.State.FINISHED, RepairOrder.State.CANCELLED)


def _of(person: Person) -> RepairOrderQuerySet:
    return RepairOrder.objects.filter(case__customer__in=person.ids)


def export_orders(person: Person) -> Table:
    return table_of(
        _of(person).order_by("id"),
        ("number", _("number")),
        "part",
        "fault",
        "is_in_warranty",
        "warranty_until_date",
        "state",
        "arrived_at",
        "finished_at",
        "signed_at",
        "cancelled_because",
    )


def export_visits(person: Person) -> Table:
    rows = RepairVisit.objects.filter(order__in=_of(person)).order_by("id")
    return table_of(rows, ("order__number", _("number")), "came_at", "note", "is_finished")


def export_signatures(person: Person) -> Table:
    rows = SignOff.objects.filter(order__in=_of(person)).order_by("id")
    return table_of(rows, ("order__number", _("number")), "signer", "name", "signed_at")


def photos_of(person: Person) -> Iterator[tuple[str, Path]]:
    for row in (
        RepairPhoto.objects.filter(visit__order__in=_of(person)).select_related("stored").order_by("id")
    ):
        yield row.stored.name, Path(row.stored.file.path)


def signatures_of(person: Person) -> Iterator[tuple[str, Path]]:
    rows = SignOff.objects.filter(order__in=_of(person), drawing__isnull=False)
    for row in rows.select_related("drawing").order_by("id"):
        if row.drawing:
            yield row.drawing.name, Path(row.drawing.file.path)


def erase_orders(person: Person, now: datetime) -> int:
    """Keep that a part of a home was repaired, with its warranty; the words go, and in those of others the person."""
    number = _empty_orders(_of(person))
    return number + strike_out_in(
        RepairOrder.objects.all(), person, "fault", "cancelled_because", "contractor"
    )


def erase_visits(person: Person, now: datetime) -> int:
    """What was done stays in the words of others without the person."""
    number = RepairVisit.objects.filter(order__in=_of(person)).exclude(note="").update(note="")
    return number + strike_out_in(RepairVisit.objects.all(), person, "note")


def erase_photos(person: Person, now: datetime) -> int:
    return _remove_photos(_of(person))


def erase_signatures(person: Person, now: datetime) -> int:
    return _empty_signatures(_of(person)) + strike_out_in(SignOff.objects.all(), person, "name")


def _empty_orders(orders: RepairOrderQuerySet) -> int:
    cancelled = orders.filter(state=RepairOrder.State.CANCELLED).update(cancelled_because="—")
    return max(cancelled, orders.update(fault=""))


def _remove_photos(orders: RepairOrderQuerySet) -> int:
    rows = RepairPhoto.objects.filter(visit__order__in=orders)
    files = [row.stored for row in rows.select_related("stored")]
    number, _by_model = rows.delete()
    _remove(files)
    return number


def _empty_signatures(orders: RepairOrderQuerySet) -> int:
    rows = SignOff.objects.filter(order__in=orders)
    files = [row.drawing for row in rows.select_related("drawing") if row.drawing]
    number = rows.update(name="", drawing=None)
    _remove(files)
    return number


def _remove(files: Sequence[StoredFile]) -> None:
    for file in files:
        remove_file(file)


register_personal_data(
    "repairs.orders", _("Repairs in your home"), RepairOrder, export=export_orders, erase=erase_orders
)
register_personal_data(
    "repairs.visits", _("Visits for repairs"), RepairVisit, export=export_visits, erase=erase_visits
)
register_personal_data(
    "repairs.photos", _("Photos of repairs"), RepairPhoto, erase=erase_photos, files=photos_of
)
register_personal_data(
    "repairs.signatures",
    _("Signatures under repairs"),
    SignOff,
    export=export_signatures,
    erase=erase_signatures,
    files=signatures_of,
)
holds_none(BuildingAcceptance, because="When a building was accepted.")
holds_none(RepairSlot, because="When an engineer has time; who booked it stands with the order.")
holds_none(SparePart, because="Names and prices of parts.")
holds_none(UsedPart, because="What of the catalogue a visit used; the visit itself says whose.")


def empty_repairs(ids: Sequence[UUID], now: datetime) -> int:
    """Leave of repairs their part, home, days and warranty."""
    orders = RepairOrder.objects.filter(pk__in=ids)
    RepairVisit.objects.filter(order__in=orders).update(note="")
    _remove_photos(orders)
    _empty_signatures(orders)
    return _empty_orders(orders)


def done_before(before: datetime) -> RepairOrderQuerySet:
    """Return repairs that are done and were changed last before an instant."""
    rows = RepairOrder.objects.filter(state__in=DONE, updated_at__lt=before, is_sample=False)
    return rows.exclude(fault="")


keep_for_a_time(
    KeptKind(
        code="repairs.done",
        label=_("Repairs that are done"),
        due=done_before,
        ways={Way.ANONYMISE: empty_repairs},
    )
)
