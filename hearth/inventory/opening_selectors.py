"""What the pages of an opening day show, and what changed since somebody looked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.customers.selectors import names_of
from hearth.inventory.models import Hold, Opening, QueueEntry
from hearth.inventory.selectors import Cell, Waiting, units_of
from hearth.inventory.standing import Stand, standing_of, standings_of
from hearth.properties.models import Building, Unit

# What was written before an act committed may become visible this much later than its own time says.
OVERLAP = timedelta(seconds=10)
MOST_CALLED = 60


@dataclass(frozen=True)
class OpeningFigures:
    """How far an opening day has come."""

    numbers: int
    called: int
    chosen: int
    withdrawn: int
    homes: int
    free: int


def opening_figures(opening: Opening, now: datetime) -> OpeningFigures:
    """Count numbers and homes; five queries."""
    entries = QueueEntry.objects.filter(batch=opening.batch_id).aggregate(
        numbers=Count("id"),
        called=Count("id", filter=Q(called_at__isnull=False)),
        chosen=Count("id", filter=Q(state=QueueEntry.State.CHOSEN)),
        withdrawn=Count("id", filter=Q(state=QueueEntry.State.WITHDRAWN)),
    )
    units = list(units_of(opening.batch))
    standings = standings_of(units, now).values()
    return OpeningFigures(**entries, homes=len(units), free=sum(1 for each in standings if each.is_free))


def called_entries(opening: Opening, actor: Actor) -> list[Waiting]:
    """Return the called numbers that have not chosen, of customers the actor may see, own ones first; two queries."""
    rows = QueueEntry.objects.visible_to(actor).filter(
        batch=opening.batch_id, state=QueueEntry.State.WAITING, called_at__isnull=False
    )
    own = list(rows.filter(user=actor.user_id).order_by("number")[:MOST_CALLED])
    others = rows.exclude(user=actor.user_id).order_by("number")[: MOST_CALLED - len(own)]
    entries = [*own, *others]
    names: Mapping[UUID, Customer] = names_of((row.customer_id for row in entries), actor)
    return [
        Waiting(row, names[row.customer_id])
        for row in entries
        if row.customer_id and row.customer_id in names
    ]


def buildings_on_offer(opening: Opening) -> list[Building]:
    """Return the buildings of an opening day by name; one query."""
    rows = Building.objects.filter(units__released_in__batch=opening.batch_id).distinct()
    return sorted(rows, key=lambda building: (len(building.name), building.name))


def homes_on_offer(opening: Opening, building_id: UUID, now: datetime) -> list[Cell]:
    """Return the homes of one building by floor and number, with how they stand; four queries."""
    rows = units_of(opening.batch).with_place().filter(building=building_id)
    units = list(rows.order_by("floor", "number", "id"))
    standings = standings_of(units, now)
    return [Cell(unit, standings[unit.pk]) for unit in units]


def changes_since(opening: Opening, since: datetime, now: datetime) -> dict[str, str]:
    """Return where homes stand whose holds changed or ran out since an instant, by their id; one query.

    Some are told again that were told before; nothing that was committed is left out for longer than a look.
    """
    after = since - OVERLAP
    changed = Q(updated_at__gte=after) | Q(expires_at__gt=after, expires_at__lte=now)
    rows = Hold.objects.filter(
        changed, org_unit=opening.org_unit_id, unit__released_in__batch=opening.batch_id
    )
    found: dict[str, str] = {}
    for row in rows.select_related("unit").order_by("id"):
        found[str(row.unit_id)] = _stand(row, now)
    return found


def _stand(row: Hold, now: datetime) -> str:
    if row.is_live(now):
        return Stand.RESERVED if row.kind == Hold.Kind.RESERVATION else Stand.HELD
    at_rest = standing_of(row.unit, None, None, None, now).stand
    is_on_sale = at_rest == Stand.NOT_RELEASED and row.unit.state == Unit.State.AVAILABLE
    return Stand.FREE if is_on_sale else at_rest
