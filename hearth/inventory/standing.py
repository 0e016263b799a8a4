"""How a home stands in the sale: free, held, reserved, signed or not released, and at which price."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext, pgettext_lazy

from hearth.inventory.models import BatchUnit, ReleaseBatch, UnitPrice
from hearth.properties.models import Unit

SIGNED_STATES = (Unit.State.CONTRACTED, Unit.State.DELIVERED)


class Stand(TextChoices):
    """Where a home stands in the sale."""

    FREE = "free", pgettext_lazy("home on sale", "free")
    HELD = "held", pgettext_lazy("home on sale", "held")
    RESERVED = "reserved", pgettext_lazy("home on sale", "reserved")
    SIGNED = "signed", pgettext_lazy("home on sale", "signed")
    NOT_RELEASED = "not_released", pgettext_lazy("home on sale", "not released")


# The colours are those of the states of homes in the stacking plan.
COLOURS: Mapping[str, str] = {
    Stand.FREE: "available",
    Stand.HELD: "held",
    Stand.RESERVED: "subscribed",
    Stand.SIGNED: "contracted",
    Stand.NOT_RELEASED: "planned",
}


@dataclass(frozen=True)
class Standing:
    """How one home stands at an instant; `note` says in words what its state alone does not."""

    stand: Stand
    batch: ReleaseBatch | None = None
    price: Decimal | None = None
    per_area: Decimal | None = None
    note: str = ""

    @property
    def label(self) -> str:
        return str(self.stand.label)

    @property
    def colour(self) -> str:
        return COLOURS[self.stand]

    @property
    def is_free(self) -> bool:
        return self.stand == Stand.FREE


def standings_of(units: Collection[Unit], now: datetime) -> dict[UUID, Standing]:
    """Return how homes stand at an instant, by id; two queries, whatever their number."""
    ids = [unit.pk for unit in units]
    homes = BatchUnit.objects.filter(unit__in=ids).select_related("batch")
    batches = {home.unit_id: home.batch for home in homes}
    prices = {row.unit_id: row for row in UnitPrice.objects.in_force(localdate(now), ids)}
    return {unit.pk: _standing(unit, batches.get(unit.pk), prices.get(unit.pk), now) for unit in units}


def _standing(unit: Unit, batch: ReleaseBatch | None, price: UnitPrice | None, now: datetime) -> Standing:
    stand, note = _where(unit, batch, price, now)
    return Standing(
        stand, batch, price.total_amount if price else None, price.per_area_amount if price else None, note
    )


def _where(
    unit: Unit, batch: ReleaseBatch | None, price: UnitPrice | None, now: datetime
) -> tuple[Stand, str]:
    if unit.state in SIGNED_STATES:
        return Stand.SIGNED, ""
    if unit.state == Unit.State.SUBSCRIBED:
        return Stand.RESERVED, ""
    if batch is None or batch.state != ReleaseBatch.State.RELEASED or batch.opens_at is None:
        return Stand.NOT_RELEASED, ""
    if unit.state != Unit.State.AVAILABLE:
        return Stand.NOT_RELEASED, gettext("kept back")
    if batch.opens_at > now:
        return Stand.NOT_RELEASED, gettext("from %(time)s") % {"time": moment(batch.opens_at)}
    if price is None:
        return Stand.NOT_RELEASED, gettext("no approved price")
    return Stand.FREE, ""


def moment(instant: datetime) -> str:
    """Write an instant in local time, to the minute."""
    return date_format(localtime(instant), "Y-m-d H:i")
