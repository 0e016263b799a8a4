"""Noting competitors, what they ask, and what moves the market."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import pgettext_lazy

from hearth.core.actor import Actor
from hearth.core.errors import Conflict, InvalidInput
from hearth.core.events import record
from hearth.market.events import (
    CompetitorNoted,
    CompetitorPriceNoted,
    CompetitorPriceStruck,
    MarketEventNoted,
)
from hearth.market.models import Competitor, CompetitorPrice, MarketEvent, Rivalry
from hearth.market.permissions import CHANGE_MARKET
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project

HIGHEST_AREA_PRICE = Decimal(1_000_000)


class NameMissing(InvalidInput):
    """A competitor is known by its name."""

    code = "name_missing"
    message = pgettext_lazy("competitor", "Give the name of the project.")


class CompetitorKnown(InvalidInput):
    """One name is one competitor of a company."""

    code = "competitor_known"
    message = pgettext_lazy("competitor", "A competitor of this name is noted at this place already.")


class ProjectElsewhere(InvalidInput):
    """Competitors are those of projects at the same place or below it."""

    code = "project_elsewhere"
    message = pgettext_lazy("competitor", "The project “%(project)s” does not belong to the place.")


class PriceImpossible(InvalidInput):
    """A square metre costs something, and not a fortune."""

    code = "price_impossible"
    message = pgettext_lazy("competitor", "A price for a square metre lies above 0 and below 1,000,000 yuan.")


class SeenInFuture(InvalidInput):
    """Nobody has seen tomorrow's price."""

    code = "seen_in_future"
    message = pgettext_lazy("competitor", "This day lies in the future.")


class SourceMissing(InvalidInput):
    """A price without a source convinces nobody."""

    code = "source_missing"
    message = pgettext_lazy("competitor", "Say where the price was seen.")


class PriceKnown(InvalidInput):
    """One standing price of a kind and day; a wrong one is struck out first."""

    code = "price_known"
    message = pgettext_lazy(
        "competitor", "For this day %(area_price)s ¥ per m² is noted already. Strike it out if it is wrong."
    )


class TitleMissing(InvalidInput):
    """An event says what happened."""

    code = "title_missing"
    message = pgettext_lazy("market", "Say in a few words what happened.")


class EndsBeforeItBegins(InvalidInput):
    """The last day does not lie before the first."""

    code = "ends_before_it_begins"
    message = pgettext_lazy("market", "The last day lies before the first.")


@dataclass(frozen=True)
class AboutCompetitor:
    """What is known of a competitor, and with which own projects it competes."""

    name: str
    projects: Collection[Project]
    developer: str = ""
    district: str = ""
    note: str = ""
    is_active: bool = True


@dataclass(frozen=True)
class PriceSeen:
    """A price that was seen, in yuan for a square metre."""

    kind: str
    observed_date: date
    area_price: Decimal
    source: str


@dataclass(frozen=True)
class AboutEvent:
    """What moves the market, and where it holds."""

    kind: str
    title: str
    starts_date: date
    effect: str = MarketEvent.Effect.OPEN
    ends_date: date | None = None
    reference: str = ""
    note: str = ""


@transaction.atomic
def add_competitor(place: OrgUnit, about: AboutCompetitor, *, actor: Actor, now: datetime) -> Competitor:
    """Enter a competitor of a place.

    :raises NotAllowed: if the actor may not note the market there
    :raises NameMissing, CompetitorKnown, ProjectElsewhere: if it does not hold
    """
    actor.require(CHANGE_MARKET, place.pk)
    is_sample = bool(about.projects) and all(project.is_sample for project in about.projects)
    row = Competitor(org_unit=place, created_at=now, is_sample=is_sample)
    return _write(row, about, actor=actor, now=now)


@transaction.atomic
def change_competitor(
    competitor: Competitor, about: AboutCompetitor, *, actor: Actor, now: datetime
) -> Competitor:
    """Change what is known of a competitor.

    :raises NotAllowed: if the actor may not note the market there
    :raises NameMissing, CompetitorKnown, ProjectElsewhere: if it does not hold
    """
    actor.require(CHANGE_MARKET, competitor.org_unit_id)
    row = Competitor.objects.select_for_update(of=("self",)).select_related("org_unit").get(pk=competitor.pk)
    return _write(row, about, actor=actor, now=now)


def _write(row: Competitor, about: AboutCompetitor, *, actor: Actor, now: datetime) -> Competitor:
    name = " ".join(about.name.split())
    if not name:
        raise NameMissing("name")
    same = Competitor.objects.filter(org_unit=row.org_unit_id, name=name[:120]).exclude(pk=row.pk)
    if same.exists():
        raise CompetitorKnown("name")
    _refuse_elsewhere(row.org_unit, about.projects)
    row.name, row.developer = name[:120], " ".join(about.developer.split())[:120]
    row.district, row.note = about.district.strip()[:60], about.note.strip()[:300]
    row.is_active, row.updated_at = about.is_active, now
    row.save()
    _meet(row, {project.pk for project in about.projects}, now)
    record(
        CompetitorNoted(
            org_unit_id=row.org_unit_id,
            subject_id=row.pk,
            is_sample=row.is_sample,
            name=row.name,
            is_active=row.is_active,
        ),
        actor=actor,
        now=now,
    )
    return row


def _refuse_elsewhere(place: OrgUnit, projects: Collection[Project]) -> None:
    below = set(OrgUnit.objects.below(place).values_list("pk", flat=True))
    for project in projects:
        if project.org_unit_id not in below:
            raise ProjectElsewhere("projects", project=project.name)


def _meet(row: Competitor, wanted: Collection[UUID], now: datetime) -> None:
    """Have a competitor meet these projects and no others."""
    Rivalry.objects.filter(competitor=row).exclude(project__in=wanted).delete()
    known = set(Rivalry.objects.filter(competitor=row).values_list("project_id", flat=True))
    Rivalry.objects.bulk_create(
        Rivalry(
            org_unit_id=row.org_unit_id,
            competitor=row,
            project_id=project_id,
            is_sample=row.is_sample,
            created_at=now,
            updated_at=now,
        )
        for project_id in sorted(set(wanted) - known)
    )


@transaction.atomic
def note_price(competitor: Competitor, seen: PriceSeen, *, actor: Actor, now: datetime) -> CompetitorPrice:
    """Note what a competitor asks or gets for a square metre; the same again changes nothing.

    :raises NotAllowed: if the actor may not note the market there
    :raises PriceImpossible, SeenInFuture, SourceMissing: if it does not hold
    :raises PriceKnown: if another price of the kind stands for the day
    """
    actor.require(CHANGE_MARKET, competitor.org_unit_id)
    if seen.kind not in CompetitorPrice.Kind.values:
        raise InvalidInput("kind")
    if not 0 < seen.area_price < HIGHEST_AREA_PRICE:
        raise PriceImpossible("area_price")
    if seen.observed_date > localdate(now):
        raise SeenInFuture("observed_date")
    source = " ".join(seen.source.split())[:200]
    if not source:
        raise SourceMissing("source")
    locked = Competitor.objects.select_for_update().get(pk=competitor.pk)
    standing = CompetitorPrice.objects.standing().filter(
        competitor=locked, kind=seen.kind, observed_date=seen.observed_date
    )
    if known := standing.first():
        if known.area_price == seen.area_price:
            return known
        raise PriceKnown("area_price", area_price=known.area_price)
    row = CompetitorPrice.objects.create(
        org_unit_id=locked.org_unit_id,
        competitor=locked,
        kind=seen.kind,
        observed_date=seen.observed_date,
        area_price=seen.area_price,
        source=source,
        noted_by_id=actor.user_id,
        is_sample=locked.is_sample,
        created_at=now,
        updated_at=now,
    )
    record(CompetitorPriceNoted(**_of_price(row)), actor=actor, now=now)
    return row


@transaction.atomic
def strike_price(price: CompetitorPrice, *, actor: Actor, now: datetime) -> CompetitorPrice:
    """Strike out a wrong price: it stays in the record, and no figure counts it.

    :raises NotAllowed: if the actor may not note the market there
    :raises Conflict: if it was struck out before
    """
    actor.require(CHANGE_MARKET, price.org_unit_id)
    row = CompetitorPrice.objects.select_for_update().get(pk=price.pk)
    if row.struck_at:
        raise Conflict
    row.struck_at, row.struck_by_id, row.updated_at = now, actor.user_id, now
    row.save(update_fields=["struck_at", "struck_by", "updated_at"])
    record(CompetitorPriceStruck(**_of_price(row)), actor=actor, now=now)
    return row


def _of_price(row: CompetitorPrice) -> dict[str, Any]:
    return {
        "org_unit_id": row.org_unit_id,
        "subject_id": row.competitor_id,
        "is_sample": row.is_sample,
        "kind": row.kind,
        "day": row.observed_date.isoformat(),
        "area_price": str(row.area_price),
    }


@transaction.atomic
def note_event(
    place: OrgUnit, about: AboutEvent, *, actor: Actor, now: datetime, is_sample: bool = False
) -> MarketEvent:
    """Note what moves the market at a place and below it; a day that lies ahead is known before it comes.

    :raises NotAllowed: if the actor may not note the market there
    :raises TitleMissing, EndsBeforeItBegins: if it does not hold
    """
    actor.require(CHANGE_MARKET, place.pk)
    row = MarketEvent(org_unit=place, noted_by_id=actor.user_id, created_at=now, is_sample=is_sample)
    return _write_event(row, about, actor=actor, now=now)


@transaction.atomic
def change_event(event: MarketEvent, about: AboutEvent, *, actor: Actor, now: datetime) -> MarketEvent:
    """Change what is known of a market event.

    :raises NotAllowed: if the actor may not note the market there
    :raises TitleMissing, EndsBeforeItBegins: if it does not hold
    """
    actor.require(CHANGE_MARKET, event.org_unit_id)
    row = MarketEvent.objects.select_for_update().get(pk=event.pk)
    return _write_event(row, about, actor=actor, now=now)


def _write_event(row: MarketEvent, about: AboutEvent, *, actor: Actor, now: datetime) -> MarketEvent:
    if about.kind not in MarketEvent.Kind.values:
        raise InvalidInput("kind")
    if about.effect not in MarketEvent.Effect.values:
        raise InvalidInput("effect")
    title = " ".join(about.title.split())[:120]
    if not title:
        raise TitleMissing("title")
    if about.ends_date and about.ends_date < about.starts_date:
        raise EndsBeforeItBegins("ends_date")
    row.kind, row.title, row.effect = about.kind, title, about.effect
    row.starts_date, row.ends_date = about.starts_date, about.ends_date
    row.reference, row.note, row.updated_at = about.reference.strip()[:200], about.note.strip(), now
    row.save()
    record(
        MarketEventNoted(
            org_unit_id=row.org_unit_id,
            subject_id=row.pk,
            is_sample=row.is_sample,
            kind=row.kind,
            title=row.title,
        ),
        actor=actor,
        now=now,
    )
    return row
