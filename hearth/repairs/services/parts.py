"""The catalogue of parts of a place."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput
from hearth.organization.models import OrgUnit
from hearth.repairs.models import SparePart
from hearth.repairs.permissions import CHANGE_REPAIR

MOST = Decimal(1_000_000)


class SparePartIncomplete(InvalidInput):
    """A part has a name, is counted in something, and costs nothing at least."""

    code = "spare_part_incomplete"
    message = _("A part has a name, what it is counted in, and a price to the cent.")


class SparePartKnown(InvalidInput):
    """Each name stands once in a catalogue."""

    code = "spare_part_known"
    message = _("The catalogue has a part of this name.")


@dataclass(frozen=True)
class AboutPart:
    """A part with what it is counted in and what one costs."""

    name: str
    measure: str
    price_amount: Decimal
    is_active: bool = True


@transaction.atomic
def keep_part(
    place: OrgUnit, about: AboutPart, *, part: SparePart | None = None, actor: Actor, now: datetime
) -> SparePart:
    """Add a part to the catalogue of a place, or change one; what visits used keeps its price.

    :raises NotAllowed: if the actor may not change repairs there
    :raises SparePartIncomplete, SparePartKnown: if it does not hold
    """
    actor.require(CHANGE_REPAIR, place.pk)
    name, measure, price = about.name.strip(), about.measure.strip(), about.price_amount
    if not name or not measure:
        raise SparePartIncomplete("name" if not name else "measure")
    if not 0 <= price < MOST or price != round(price, 2):
        raise SparePartIncomplete("price_amount")
    row = part or SparePart(org_unit=place, is_sample=place.is_sample, created_at=now)
    others = SparePart.objects.filter(org_unit=place, name=name).exclude(pk=row.pk)
    if others.exists():
        raise SparePartKnown("name")
    row.name, row.measure, row.price_amount = name[:80], measure[:10], price
    row.is_active, row.updated_at = about.is_active, now
    row.save()
    return row
