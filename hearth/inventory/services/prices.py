"""Writing and approving price lists, and the price of each home that follows from them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.errors import DomainError
from hearth.core.events import record
from hearth.core.second_person import approve, hand_in, lock, send_back
from hearth.inventory.events import PricesApproved
from hearth.inventory.models import BatchUnit, PriceList, ReleaseBatch, UnitPrice
from hearth.inventory.pricing import PricedHome, PriceRule, PriceTerms, price_home
from hearth.inventory.services.second import lock_to_decide, writer_of
from hearth.properties.models import Unit
from hearth.properties.services import set_list_prices

State = PriceList.State


class PricesUnderWay(DomainError):
    """One version is written at a time."""

    code = "prices_under_way"
    message = _("A new version of these prices is being written already.")


class NotPriceable(DomainError):
    """Every home of the batch gets a price."""

    code = "not_priceable"
    message = _("%(number)s homes have no area, or would cost nothing: %(homes)s")


class PriceInThePast(DomainError):
    """Prices of days that are over stay as they were."""

    code = "price_in_the_past"
    message = _("The first day of these prices is over. Send them back and name today or a later day.")


@dataclass(frozen=True)
class ListTerms:
    """What of a version can be written while it is a draft."""

    base_amount: Decimal
    rules: Sequence[PriceRule]
    step: int
    valid_from_date: date


@transaction.atomic
def begin_prices(batch: ReleaseBatch, terms: ListTerms, *, actor: Actor, now: datetime) -> PriceList:
    """Begin the next version of the prices of a batch; the ones before stay as they are.

    :raises NotAllowed: if the actor may not prepare prices there, or is no person
    :raises PricesUnderWay: if a version is being written
    """
    user_id = writer_of(actor, batch.org_unit_id)
    ReleaseBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    versions = PriceList.objects.filter(batch=batch)
    if versions.exclude(state=State.APPROVED).exists():
        raise PricesUnderWay
    newest = versions.aggregate(newest=Max("version", default=0))["newest"]
    return PriceList.objects.create(
        org_unit_id=batch.org_unit_id,
        batch=batch,
        version=newest + 1,
        author_id=user_id,
        created_at=now,
        is_sample=batch.is_sample,
        **_written(terms, user_id, now),
    )


def _written(terms: ListTerms, user_id: int, now: datetime) -> dict[str, object]:
    return {
        "base_amount": terms.base_amount,
        "rules": [rule.as_json() for rule in terms.rules],
        "step": terms.step,
        "valid_from_date": terms.valid_from_date,
        "editor_id": user_id,
        "updated_at": now,
    }


@transaction.atomic
def write_prices(prices: PriceList, terms: ListTerms, *, actor: Actor, now: datetime) -> PriceList:
    """Change a draft.

    :raises NotAllowed: if the actor may not prepare prices there
    :raises PastThatStep: if it is no draft
    """
    locked = lock(prices, State.DRAFT)
    for name, value in _written(terms, writer_of(actor, locked.org_unit_id), now).items():
        setattr(locked, name, value)
    locked.save()
    return locked


@transaction.atomic
def submit_prices(prices: PriceList, *, actor: Actor, now: datetime) -> PriceList:
    """Compute the price of each home of the batch and hand the version to the second person.

    :raises NotAllowed: if the actor may not prepare prices there
    :raises PastThatStep: if it is no draft
    :raises NotPriceable: if a home has no area, or would cost nothing
    """
    locked = lock(prices, State.DRAFT)
    writer_of(actor, locked.org_unit_id)
    rows = compute_prices(locked, now=now)
    if not rows:
        raise NotPriceable(number=0, homes="—")
    insert_many(rows)
    hand_in(locked, now)
    return locked


def compute_prices(prices: PriceList, *, now: datetime) -> list[UnitPrice]:
    """Return the price of each home of the batch by a version, without writing any; one query.

    :raises NotPriceable: if a home has no area, or would cost nothing
    """
    homes = BatchUnit.objects.filter(batch=prices.batch_id)
    units = Unit.objects.with_place().filter(pk__in=homes.values("unit_id")).order_by("id")
    terms, rows, unpriced = prices.terms, [], []
    for unit in units:
        row = _price_of(unit, prices, terms, now) if unit.floor_area else None
        if row is None or row.total_amount <= 0 or row.per_area_amount <= 0:
            unpriced.append(unit.address)
        else:
            rows.append(row)
    if unpriced:
        raise NotPriceable(number=len(unpriced), homes=", ".join(unpriced[:5]))
    return rows


def _price_of(unit: Unit, prices: PriceList, terms: PriceTerms, now: datetime) -> UnitPrice:
    home = PricedHome(
        building=unit.building.name,
        entrance=unit.entrance.name if unit.entrance else "",
        number=unit.number,
        floor=unit.floor,
        layout=unit.layout,
        orientation=unit.orientation,
        floor_area=unit.floor_area or Decimal(0),
    )
    price = price_home(home, terms)
    return UnitPrice(
        org_unit_id=prices.org_unit_id,
        price_list=prices,
        unit=unit,
        floor_area=home.floor_area,
        per_area_amount=price.per_area,
        total_amount=price.total,
        parts=[part.as_json() for part in price.parts],
        created_at=now,
        updated_at=now,
        is_sample=prices.is_sample,
    )


@transaction.atomic
def approve_prices(prices: PriceList, *, actor: Actor, now: datetime) -> PriceList:
    """Approve what was submitted, as a second person; its prices hold from their day on.

    :raises NotAllowed: if the actor does not approve prices there
    :raises PastThatStep: if it was not submitted
    :raises OwnWork: if the actor wrote it
    :raises PriceInThePast: if its first day is over
    """
    locked = lock_to_decide(prices, actor)
    today = localdate(now)
    if locked.valid_from_date < today:
        raise PriceInThePast
    approve(locked, actor, now)
    units = list(UnitPrice.objects.filter(price_list=locked).values_list("unit_id", flat=True))
    if locked.valid_from_date == today:
        show_prices_of(units, now=now)
    batch = ReleaseBatch.objects.get(pk=locked.batch_id)
    event = PricesApproved(
        org_unit_id=locked.org_unit_id,
        project_id=batch.project_id,
        subject_id=locked.pk,
        version=locked.version,
        units=len(units),
        is_sample=locked.is_sample,
    )
    record(event, actor=actor, now=now)
    return locked


@transaction.atomic
def return_prices(prices: PriceList, *, because: str, actor: Actor, now: datetime) -> PriceList:
    """Send what was submitted back, with the reason; its computed prices are dropped.

    :raises NotAllowed: if the actor does not approve prices there
    :raises PastThatStep: if it was not submitted
    :raises OwnWork: if the actor wrote it
    """
    locked = lock_to_decide(prices, actor)
    UnitPrice.objects.filter(price_list=locked).delete()
    send_back(locked, because, now)
    return locked


def show_prices_of(unit_ids: Iterable[UUID], *, now: datetime) -> None:
    """Let the list price of homes be the price in force today; opens no transaction, asks for no right."""
    rows = UnitPrice.objects.in_force(localdate(now), unit_ids)
    set_list_prices(dict(rows.values_list("unit_id", "total_amount")), now=now)


def show_prices_of_today(*, now: datetime) -> int:
    """Show the prices of versions whose first day is today, and return of how many homes; may be repeated."""
    begun = PriceList.objects.filter(state=State.APPROVED, valid_from_date=localdate(now))
    units = list(UnitPrice.objects.filter(price_list__in=begun).values_list("unit_id", flat=True))
    with transaction.atomic():
        show_prices_of(units, now=now)
    return len(units)
