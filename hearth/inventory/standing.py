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

from hearth.inventory.models import BatchUnit, Hold, ReleaseBatch, UnitPrice
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
    """How one home stands at an instant; `hold` is who has it, `until` and `opens` are instants in words."""

    stand: Stand
    batch: ReleaseBatch | None = None
    unit_price: UnitPrice | None = None
    hold: Hold | None = None
    until: str = ""
    opens: str = ""
    is_kept_back: bool = False
    is_unpriced: bool = False

    @property
    def price(self) -> Decimal | None:
        return self.unit_price.total_amount if self.unit_price else None

    @property
    def per_area(self) -> Decimal | None:
        return self.unit_price.per_area_amount if self.unit_price else None

    @property
    def note(self) -> str:
        """What the state alone does not say."""
        if self.until:
            return gettext("until %(time)s") % {"time": self.until}
        if self.opens:
            return gettext("from %(time)s") % {"time": self.opens}
        if self.is_kept_back:
            return gettext("kept back")
        return gettext("no approved price") if self.is_unpriced else ""

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
    """Return how homes stand at an instant, by id; three queries, whatever their number."""
    ids = [unit.pk for unit in units]
    homes = BatchUnit.objects.filter(unit__in=ids).select_related("batch")
    batches = {home.unit_id: home.batch for home in homes}
    prices = {row.unit_id: row for row in UnitPrice.objects.in_force(localdate(now), ids)}
    holds = {row.unit_id: row for row in Hold.objects.live(now).filter(unit__in=ids)}
    return {
        unit.pk: standing_of(unit, batches.get(unit.pk), prices.get(unit.pk), holds.get(unit.pk), now)
        for unit in units
    }


def standing_of(
    unit: Unit, batch: ReleaseBatch | None, price: UnitPrice | None, hold: Hold | None, now: datetime
) -> Standing:
    """Decide how a home stands from its state, its batch, its price in force and its live hold; no query."""
    if unit.state in SIGNED_STATES:
        return Standing(Stand.SIGNED, batch, price)
    if unit.state == Unit.State.SUBSCRIBED or (hold and hold.kind == Hold.Kind.RESERVATION):
        return Standing(Stand.RESERVED, batch, price, hold)
    if hold and hold.expires_at:
        return Standing(Stand.HELD, batch, price, hold, until=moment(hold.expires_at))
    if batch is None or batch.state != ReleaseBatch.State.RELEASED or batch.opens_at is None:
        return Standing(Stand.NOT_RELEASED, batch, price)
    if unit.state != Unit.State.AVAILABLE:
        return Standing(Stand.NOT_RELEASED, batch, price, is_kept_back=True)
    if batch.opens_at > now:
        return Standing(Stand.NOT_RELEASED, batch, price, opens=moment(batch.opens_at))
    if price is None:
        return Standing(Stand.NOT_RELEASED, batch, is_unpriced=True)
    return Standing(Stand.FREE, batch, price)


def moment(instant: datetime) -> str:
    """Write an instant in local time, to the minute."""
    return date_format(localtime(instant), "Y-m-d H:i")
