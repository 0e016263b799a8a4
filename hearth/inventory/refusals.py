"""Why a home cannot be taken, and which free home is nearest to it."""

from datetime import datetime
from decimal import Decimal

from django.db.models import Case, Exists, F, IntegerField, OuterRef, QuerySet, Value, When
from django.db.models.functions import Abs, Coalesce
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


def refusal_of(unit: Unit, standing: Standing, now: datetime) -> HomeNotFree:
    """Return why a home that is not free cannot be taken, with the nearest free one; one query."""
    nearest = nearest_free(unit, standing.price or unit.list_price_amount, now)
    if standing.stand == Stand.SIGNED:
        return SoldAlready(nearest)
    if standing.stand == Stand.HELD:
        return HeldByAnother(nearest, until=standing.until)
    if standing.stand == Stand.RESERVED:
        return ReservedAlready(nearest)
    if standing.opens:
        return NotReleasedYet(nearest, time=standing.opens)
    return PriceNotApproved(nearest) if standing.is_unpriced else NotReleased(nearest)


def nearest_free(unit: Unit, price: Decimal | None, now: datetime) -> Unit | None:
    """Return the free home most like another: of the same layout first, then by floor, then by price; one query."""
    other_layout = Case(
        When(layout=unit.layout, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    floor = unit.floor or 0
    likeness = (
        other_layout,
        Abs(Coalesce(F("floor"), Value(0)) - Value(floor)),
        Abs(F("list_price_amount") - Value(price or Decimal(0))),
        F("id"),
    )
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
