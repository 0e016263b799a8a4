"""The lists of competitors and of market events."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.lists import cells
from hearth.lists.cells import Heading
from hearth.lists.columns import badge_of, name_of, value_of, word_of
from hearth.lists.definitions import (
    Batch,
    Column,
    Emptiness,
    ListDefinition,
    Order,
    Preset,
    register_list,
)
from hearth.lists.filters import CHOICE, DAY, FLAG, PLACE, TEXT, Filter
from hearth.market.models import Competitor, CompetitorPrice, MarketEvent
from hearth.market.permissions import VIEW_MARKET

KINDS, EFFECTS = MarketEvent.Kind.choices, MarketEvent.Effect.choices
EFFECT_COLOURS = {"tightens": "red", "loosens": "green", "open": "secondary"}


def _names(batch: Batch[Competitor]) -> Sequence[Heading]:
    return [Heading(row.name, row.developer, icon="building-skyscraper") for row in batch.rows]


def _last_prices(batch: Batch[Competitor]) -> Sequence[str]:
    """Return the latest standing price of each competitor in words; one query."""
    standing = CompetitorPrice.objects.standing().filter(competitor__in=[row.pk for row in batch.rows])
    last = {price.competitor_id: price for price in standing.order_by("observed_date", "id")}
    return [_in_words(last.get(row.pk)) for row in batch.rows]


def _in_words(price: CompetitorPrice | None) -> str:
    return f"{price.area_price:,.0f} ¥/m² · {price.observed_date}" if price else ""


COMPETITORS = register_list(
    ListDefinition(
        key="competitors",
        label=_("Competitors"),
        icon="building-skyscraper",
        permission=VIEW_MARKET,
        url_name="market:competitors",
        record_url_name="market:competitor",
        rows=Competitor.objects.visible_to,
        whole=lambda: Competitor.objects.select_related("org_unit"),
        search=lambda words: Q(name__icontains=words) | Q(developer__icontains=words),
        search_hint=_("Name or developer"),
        columns=(
            Column("name", pgettext_lazy("competitor", "Project"), _names, cells.HEADING),
            Column("district", _("District"), value_of("district")),
            Column("price", pgettext_lazy("competitor", "Last price"), _last_prices),
            Column("note", pgettext_lazy("competitor", "What speaks for it"), value_of("note")),
            Column("place", _("Place"), name_of("org_unit"), is_usual=False),
        ),
        filters=(
            Filter("district", _("District"), TEXT, "district"),
            Filter("watched", pgettext_lazy("competitor", "Watched"), FLAG, "is_active"),
            Filter("place", _("Place"), PLACE, "org_unit"),
        ),
        orders=(Order("newest", _("Newest"), "-id"),),
        quick=("district", "watched"),
        presets=(),
        emptiness=Emptiness(
            title=_("No competitor yet"),
            text=_(
                "Projects that your customers look at too are noted here, with what they ask over time, and stand "
                "beside the prices and the conversion of your own."
            ),
            action_label=_("Note a competitor"),
            action_url_name="market:new_competitor",
            has_samples=True,
            none_fits=_("Fewer words or wider filters find more."),
        ),
    )
)


def _titles(batch: Batch[MarketEvent]) -> Sequence[Heading]:
    return [Heading(row.title, row.get_kind_display(), icon="news") for row in batch.rows]


EVENTS = register_list(
    ListDefinition(
        key="market_events",
        label=_("Market events"),
        icon="news",
        permission=VIEW_MARKET,
        url_name="market:events",
        record_url_name="market:event",
        rows=MarketEvent.objects.visible_to,
        whole=lambda: MarketEvent.objects.select_related("org_unit"),
        search=lambda words: Q(title__icontains=words) | Q(reference__icontains=words),
        search_hint=_("Words of the event, or document"),
        columns=(
            Column("title", pgettext_lazy("market", "Event"), _titles, cells.HEADING),
            Column(
                "effect",
                pgettext_lazy("market", "Expected effect"),
                badge_of("effect", EFFECTS, EFFECT_COLOURS),
                cells.BADGE,
            ),
            Column(
                "starts", pgettext_lazy("market", "From"), value_of("starts_date"), cells.DAY, order="starts"
            ),
            Column("ends", pgettext_lazy("market", "Until"), value_of("ends_date"), cells.DAY),
            Column("kind", pgettext_lazy("market", "Kind"), word_of("kind", KINDS), is_usual=False),
            Column("place", pgettext_lazy("market", "Holds at"), name_of("org_unit")),
        ),
        filters=(
            Filter("kind", pgettext_lazy("market", "Kind"), CHOICE, "kind", KINDS, is_grouping=True),
            Filter("effect", pgettext_lazy("market", "Expected effect"), CHOICE, "effect", EFFECTS),
            Filter("starts", pgettext_lazy("market", "From"), DAY, "starts_date"),
            Filter("place", pgettext_lazy("market", "Holds at"), PLACE, "org_unit"),
        ),
        orders=(
            Order("newest", _("Newest"), "-id"),
            Order("starts", pgettext_lazy("market", "From"), "-starts_date", "starts_date"),
        ),
        quick=("kind", "effect", "starts"),
        presets=(
            Preset("year", pgettext_lazy("market", "This year"), {"starts": "period:year"}),
            Preset("tightens", pgettext_lazy("market", "Dampen demand"), {"effect": "tightens"}),
        ),
        emptiness=Emptiness(
            title=_("No market event yet"),
            text=_(
                "Purchase limits, interest, subsidies, auctions of land: what moves prices and demand is noted here "
                "once, and stands as a line in every trend of the places where it holds."
            ),
            action_label=_("Note an event"),
            action_url_name="market:new_event",
            has_samples=True,
            none_fits=_("Fewer words or wider filters find more."),
        ),
    )
)
