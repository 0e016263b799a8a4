"""Why a home cannot be taken, and which free home is nearest to it."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Case, CharField, Exists, F, IntegerField, OuterRef, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import MD5, Abs, Cast, Coalesce, Concat, Floor
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hearth.core.errors import DomainError
from hearth.core.templatetags.ui import money
from hearth.inventory.models import Hold, ReleaseBatch, UnitPrice
from hearth.inventory.standing import Stand, Standing
from hearth.properties.models import Unit


class HomeNotFree(DomainError):
    """The home cannot be taken; `nearest` is the free home that is most like it, if there is one."""

    code = "home_not_free"
    message = _("This home is not free.")

    def __init__(self, nearest: Unit | None = None, **params: object) -> None:
        super().__init__(**params)
        self.nearest = nearest

    def __str__(self) -> str:
        why = super().__str__()
        return gettext("%(why)s %(offer)s") % {"why": why, "offer": self.offer}

    @property
    def offer(self) -> str:
        """What is free instead, in words."""
        if self.nearest is None:
            return gettext("No other home of this project is free.")
        price = money(self.nearest.list_price_amount)
        offer = gettext("The nearest free home is %(home)s at %(price)s.")
        return offer % {"home": self.nearest.address, "price": price}


class HeldByAnother(HomeNotFree):
    """Somebody holds the home; who, is not said."""

    code = "held_by_another"
    message = _("This home is held until %(until)s.")


class ReservedAlready(HomeNotFree):
    """A customer chose the home."""

    code = "reserved_already"
    message = _("This home is reserved.")


class SoldAlready(HomeNotFree):
    """The home is under contract."""

    code = "sold_already"
    message = _("This home is sold.")


class NotReleased(HomeNotFree):
    """The home is not on sale, or not yet."""

    code = "not_released"
    message = _("This home is not released for sale.")


class NotReleasedYet(NotReleased):
    """The batch of the home opens later."""

    message = _("This home is on sale from %(time)s.")


class PriceNotApproved(HomeNotFree):
    """No approved price is in force."""

    code = "price_not_approved"
    message = _("The price of this home is not approved.")


class ChosenByNumber(HomeNotFree):
    """The opening day of the batch runs: homes are taken in the order of the queue."""

    code = "chosen_by_number"
    message = _("The opening day runs. Homes of this batch are chosen by queue number.")


def refusal_of(
    unit: Unit, standing: Standing, now: datetime, *, asked_for: UUID | None = None
) -> HomeNotFree:
    """Return why a home that is not free cannot be taken, with the nearest free one; one query.

    `asked_for` is the customer: where several homes are as near, not everybody is offered the same.
    """
    nearest = nearest_free(unit, standing.price or unit.list_price_amount, now, asked_for=asked_for)
    if standing.stand == Stand.SIGNED:
        return SoldAlready(nearest)
    if standing.stand == Stand.HELD:
        return HeldByAnother(nearest, until=standing.until)
    if standing.stand == Stand.RESERVED:
        return ReservedAlready(nearest)
    if standing.opens:
        return NotReleasedYet(nearest, time=standing.opens)
    return PriceNotApproved(nearest) if standing.is_unpriced else NotReleased(nearest)


def nearest_free(
    unit: Unit, price: Decimal | None, now: datetime, *, asked_for: UUID | None = None
) -> Unit | None:
    """Return the free home most like another: of the same layout first, then by floor, then by price; one query.

    On an opening day hundreds are refused the same few homes within seconds. What is within one floor and a hundredth
    of the price counts as as near, and each customer is offered another one of these.
    """
    other_layout = Case(
        When(layout=unit.layout, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    floor, asked = unit.floor or 0, price or Decimal(0)
    floors = Abs(Coalesce(F("floor"), Value(0)) - Value(floor))
    difference = Abs(F("list_price_amount") - Value(asked))
    likeness: tuple[Combinable, ...] = (other_layout, floors, difference, F("id"))
    if asked_for is not None:
        lot = MD5(Concat(Cast("id", CharField()), Value(str(asked_for))))
        a_hundredth = max(asked / 100, Decimal(1))
        steps = Floor(difference / Value(a_hundredth), output_field=IntegerField())
        likeness = (other_layout, Floor(floors / Value(2.0)), steps, lot)
    return free_homes(now).filter(project=unit.project_id).exclude(pk=unit.pk).order_by(*likeness).first()


def free_homes(now: datetime) -> QuerySet[Unit]:
    """Return the homes that somebody may take at an instant, with their place."""
    priced = UnitPrice.objects.approved().filter(
        unit=OuterRef("pk"), price_list__valid_from_date__lte=localdate(now)
    )
    taken = Hold.objects.live(now).filter(unit=OuterRef("pk"))
    return (
        Unit.objects.with_place()
        .filter(
            state=Unit.State.AVAILABLE,
            released_in__batch__state=ReleaseBatch.State.RELEASED,
            released_in__batch__opens_at__lte=now,
        )
        .filter(Exists(priced), ~Exists(taken))
    )
