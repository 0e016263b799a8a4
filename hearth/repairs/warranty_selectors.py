"""Until when the parts of a home are under warranty, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from hearth.lib.warranty import Season, Source, Span, WarrantyEnd, latest_end, warranty_ends
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import resolve_settings
from hearth.properties.models import Unit
from hearth.repairs.home_parts import SEASONS, WARRANTY_RULES, HomePart, read_seasons, spans_by_part
from hearth.repairs.models import BuildingAcceptance

BECAUSE: Mapping[Source, str | Promise] = {
    Source.SELLER: pgettext_lazy("warranty", "the rule for sellers, from handover"),
    Source.BUILDER: pgettext_lazy(
        "warranty", "what the builder still owes, from the acceptance of the building"
    ),
    Source.CONTRACT: pgettext_lazy("warranty", "the contract, from handover"),
}


class Standing(StrEnum):
    """How a part stands on a day."""

    IN_WARRANTY = "in_warranty"
    OVER = "over"
    NOT_BEGUN = "not_begun"
    NONE = "none"


STANDINGS: Mapping[str, tuple[str | Promise, str]] = {
    Standing.IN_WARRANTY: (pgettext_lazy("warranty", "in warranty"), "green"),
    Standing.OVER: (pgettext_lazy("warranty", "warranty over"), "secondary"),
    Standing.NOT_BEGUN: (pgettext_lazy("warranty", "begins at handover"), "blue"),
    Standing.NONE: (pgettext_lazy("warranty", "no warranty set"), "secondary"),
}


@dataclass(frozen=True)
class PartWarranty:
    """How the warranty of a part stands on a day, with the end of each source."""

    part: str
    standing: Standing
    end: WarrantyEnd | None
    ends: Sequence[tuple[str | Promise, date]]

    @property
    def label(self) -> str | Promise:
        return HomePart(self.part).label

    @property
    def words(self) -> str | Promise:
        return STANDINGS[self.standing][0]

    @property
    def colour(self) -> str:
        return STANDINGS[self.standing][1]

    @property
    def because(self) -> str | Promise:
        return BECAUSE[self.end.source] if self.end else ""


@dataclass(frozen=True)
class WarrantyBook:
    """What holds at a place: how long each source gives a warranty on each part, and the seasons."""

    spans: Mapping[str, Mapping[Source, Span]]
    seasons: Sequence[Season]

    def of_part(
        self, part: str, *, handed_over: date | None, accepted: date | None, day: date
    ) -> PartWarranty:
        """Return how a part stands on a day."""
        spans = self.spans.get(part, {})
        if not spans:
            return PartWarranty(part, Standing.NONE, None, ())
        if handed_over is None:
            return PartWarranty(part, Standing.NOT_BEGUN, None, ())
        ends = warranty_ends(spans, handed_over=handed_over, accepted=accepted, seasons=self.seasons)
        end = latest_end(ends)
        if end is None:
            return PartWarranty(part, Standing.NONE, None, ())
        standing = Standing.IN_WARRANTY if day <= end.ends_date else Standing.OVER
        return PartWarranty(part, standing, end, [(BECAUSE[source], ends[source]) for source in ends])


def warranty_book(place: OrgUnit) -> WarrantyBook:
    """Return what holds at a place; one query."""
    found = resolve_settings({each.key: each.default for each in (WARRANTY_RULES, SEASONS)}, place)
    return WarrantyBook(
        spans_by_part(found[WARRANTY_RULES.key].value), read_seasons(found[SEASONS.key].value)
    )


def accepted_date_of(unit: Unit) -> date | None:
    """Return when the building of a home was accepted; one query. Who sees the home may know it."""
    rows = BuildingAcceptance.objects.filter(building=unit.building_id)
    return rows.values_list("accepted_date", flat=True).first()


def warranties_of(unit: Unit, *, day: date) -> Sequence[PartWarranty]:
    """Return how every part of a home stands on a day; two queries with the home's place loaded."""
    book, accepted = warranty_book(unit.org_unit), accepted_date_of(unit)
    return [
        book.of_part(part, handed_over=unit.handover_date, accepted=accepted, day=day)
        for part in HomePart.values
        if part != HomePart.OTHER or part in book.spans
    ]


def warranty_of(unit: Unit, part: str, *, day: date) -> PartWarranty:
    """Return how one part of a home stands on a day; two queries with the home's place loaded."""
    book, accepted = warranty_book(unit.org_unit), accepted_date_of(unit)
    return book.of_part(part, handed_over=unit.handover_date, accepted=accepted, day=day)
