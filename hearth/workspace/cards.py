"""The cards beside a customer's tabs: which there are, and in what order a place has them.

The order is a setting that places inherit: `{"left": ["reach", "about"], "right": ["tasks"], "folded": ["homes"]}`. A
card that it does not name stands where it ships, at the end: none is lost by an order that was made before there was
the card. What a reader may see of a card is decided in the card, never by its order.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from hearth.organization.models import Membership, OrgUnit
from hearth.organization.selectors import setting_at
from hearth.organization.settings_catalogue import SettingDefinition, declare

LEFT, RIGHT, FOLDED = "left", "right", "folded"
SIDES = (LEFT, RIGHT)


@dataclass(frozen=True)
class Card:
    """A card, or some that come together, as somebody has it."""

    code: str
    label: str | Promise
    side: str
    is_folded: bool = False

    @property
    def template(self) -> str:
        return f"workspace/cards/{self.code}.html"


CARDS: Mapping[str, Card] = {
    card.code: card
    for card in (
        Card("about", _("About"), LEFT),
        Card("reach", _("How to reach"), LEFT),
        Card("merging", _("Merging"), LEFT),
        Card("custom_fields", _("Further fields"), LEFT),
        Card("consents", _("Consent and requests"), LEFT),
        Card("profile", _("Profile"), RIGHT),
        Card("household", _("Household"), RIGHT),
        Card("family", _("Completeness, relations, needs"), RIGHT),
        Card("homes", _("Homes"), RIGHT),
        Card("cases", _("Open cases"), RIGHT),
        Card("tasks", _("To do"), RIGHT),
    )
}


@dataclass(frozen=True)
class CardColumns:
    """The cards of both columns in order, and the place that they are arranged for, if any."""

    left: Sequence[Card]
    right: Sequence[Card]
    place_id: int | None = None


class CardSetting(SettingDefinition):
    """A setting that takes known cards, each on one side at most."""

    def accepts(self, value: Any) -> bool:
        if not isinstance(value, dict) or not set(value) <= {*SIDES, FOLDED}:
            return False
        if not all(
            isinstance(codes, list) and all(code in CARDS for code in codes) for codes in value.values()
        ):
            return False
        placed = [code for side in SIDES for code in value.get(side, [])]
        return len(placed) == len(set(placed)) and len(value.get(FOLDED, [])) == len(
            set(value.get(FOLDED, []))
        )


def _in_words(value: Mapping[str, Any]) -> str:
    if not value:
        return gettext("as shipped")
    first = [str(CARDS[code].label) for side in SIDES for code in value.get(side, [])[:1]]
    folded = len(value.get(FOLDED, []))
    words = [gettext("first: %(cards)s") % {"cards": ", ".join(first)}] if first else []
    if folded:
        words.append(ngettext("%(number)s folded", "%(number)s folded", folded) % {"number": folded})
    return "; ".join(words)


CUSTOMER_CARDS = declare(
    CardSetting(
        "workspace.customer_cards",
        _("Cards of a customer's page"),
        "json",
        {},
        page="workspace:cards",
        read=_in_words,
    )
)


def arranged(value: Mapping[str, Sequence[str]], *, place_id: int | None = None) -> CardColumns:
    """Return the cards as a setting orders them; those it does not name follow where they ship."""
    named = {code for side in SIDES for code in value.get(side, ())}
    folded = value.get(FOLDED, ())

    def column(side: str) -> Iterator[Card]:
        others = [code for code, card in CARDS.items() if card.side == side and code not in named]
        for code in (*value.get(side, ()), *others):
            yield Card(code, CARDS[code].label, side, code in folded)

    return CardColumns(list(column(LEFT)), list(column(RIGHT)), place_id)


def columns_for(user_id: int | None, *, chosen_id: int | None = None) -> CardColumns:
    """Return the cards as the reader's team has them: at the place they work for now, else at their own; two queries.

    Of several places of their own it is the one deepest in the tree.
    """
    if chosen_id is not None:
        place = OrgUnit.objects.filter(pk=chosen_id).first()
    else:
        held = (
            Membership.objects.current(timezone.localdate()).filter(user=user_id).select_related("org_unit")
        )
        deepest = held.order_by("-org_unit__depth", "id").first()
        place = deepest.org_unit if deepest else None
    if place is None:
        return arranged({})
    return arranged(setting_at(CUSTOMER_CARDS.key, place), place_id=place.pk)
