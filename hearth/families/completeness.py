"""How much of a customer's profile is known, by rules that places inherit: what counts, and how much at each stage.

The rules are data, one weight for each stage and item:

    {"prospect": {"phone": 3, "purpose": 3}, "stable_owner": {"phone": 3, "birth_date": 1}}

An item that a stage does not name does not count there. A stage that is missing follows what ships.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.customers.models import Customer
from hearth.customers.words import OWNER_STAGES
from hearth.families.models import NeedProfile
from hearth.organization.settings_catalogue import SettingDefinition, declare, is_whole

HEAVIEST = 10
FIRST_STAGE = "prospect"
Weights = Mapping[str, int]


@dataclass(frozen=True)
class Known:
    """What of a customer the items look at."""

    customer: Customer
    contact_kinds: frozenset[str]
    need: NeedProfile
    has_family: bool


@dataclass(frozen=True)
class Item:
    """Something worth knowing: why it matters, whether it is known, and the page and field where it is entered."""

    label: str | Promise
    why: str | Promise
    is_known: Callable[[Known], bool]
    page: str
    anchor: str

    def url(self, customer: Customer) -> str:
        return f"{reverse(self.page, args=[customer.pk])}#{self.anchor}"


def _contact(kind: str) -> Callable[[Known], bool]:
    return lambda known: kind in known.contact_kinds


def _of_customer(name: str) -> Callable[[Known], bool]:
    return lambda known: bool(getattr(known.customer, name))


def _of_need(*names: str) -> Callable[[Known], bool]:
    return lambda known: any(getattr(known.need, name) for name in names)


EDIT, NEEDS, PAGE = "customers:edit", "families:needs", "workspace:customer"
ITEMS: Mapping[str, Item] = {
    "phone": Item(
        _("phone"), _("Without it nobody can call back."), _contact("phone"), EDIT, "contact_value"
    ),
    "email": Item(_("e-mail"), _("Mails and documents go there."), _contact("email"), EDIT, "contact_value"),
    "wechat": Item(
        _("WeChat name"), _("Most people answer there first."), _contact("wechat"), EDIT, "contact_value"
    ),
    "address": Item(
        _("address"), _("Papers before the handover go there."), _contact("address"), EDIT, "contact_value"
    ),
    "sex": Item(_("sex"), _("For the right form of address."), _of_customer("sex"), EDIT, "id_sex"),
    "birth_date": Item(
        _("date of birth"),
        _("Life stage and greetings follow from it."),
        _of_customer("birth_date"),
        EDIT,
        "id_birth_date",
    ),
    "identity_number": Item(
        _("identity number"),
        _("The contract needs it, and it keeps records from doubling."),
        _of_customer("identity_index"),
        EDIT,
        "id_identity_number",
    ),
    "occupation": Item(
        _("occupation"),
        _("Tells how they live and what they can afford."),
        _of_customer("occupation"),
        EDIT,
        "id_occupation",
    ),
    "source": Item(
        _("source"),
        _("Shows which channels are worth their cost."),
        _of_customer("source"),
        EDIT,
        "id_source",
    ),
    "family": Item(
        _("family"),
        _("Families decide together; who belongs to whom prevents asking twice."),
        lambda known: known.has_family,
        PAGE,
        "family",
    ),
    "purpose": Item(
        _("why they buy"),
        _("Everything we offer depends on it."),
        _of_need("purpose"),
        NEEDS,
        "id_purpose",
    ),
    "budget": Item(
        _("budget"),
        _("Offers beyond it waste their time."),
        _of_need("budget_from_amount", "budget_to_amount"),
        NEEDS,
        "id_budget_from_amount",
    ),
    "timing": Item(
        _("when to buy"), _("Sets the rhythm of contacts."), _of_need("timing"), NEEDS, "id_timing"
    ),
    "motives": Item(
        _("motives"), _("What moves them is what convinces them."), _of_need("motives"), NEEDS, "id_motives"
    ),
    "ability_to_pay": Item(
        _("ability to pay"),
        _("Shows early who needs help with a loan."),
        _of_need("ability_to_pay"),
        NEEDS,
        "id_ability_to_pay",
    ),
    "decision_makers": Item(
        _("who decides"),
        _("Who decides must be in the room."),
        _of_need("decision_makers"),
        NEEDS,
        "id_decision_makers",
    ),
}

OWNER: Weights = {
    "phone": 3,
    "identity_number": 2,
    "family": 2,
    "birth_date": 1,
    "wechat": 1,
    "address": 1,
    "occupation": 1,
}
SHIPPED: Mapping[str, Weights] = {
    "prospect": {
        "phone": 3,
        "purpose": 3,
        "budget": 2,
        "timing": 2,
        "source": 1,
        "motives": 1,
        "ability_to_pay": 1,
        "decision_makers": 1,
    },
    "pre_owner": {"phone": 3, "identity_number": 3, "address": 2, "family": 2, "email": 1, "birth_date": 1},
    "settling_in_owner": OWNER,
    "stable_owner": OWNER,
    "long_term_owner": OWNER,
}


class CompletenessSetting(SettingDefinition):
    """A setting that takes weights of known items at known stages."""

    def accepts(self, value: Any) -> bool:
        return isinstance(value, dict) and all(
            stage in OWNER_STAGES and isinstance(weights, dict) and all(map(_is_weight, weights.items()))
            for stage, weights in value.items()
        )


def _is_weight(pair: tuple[str, Any]) -> bool:
    item, weight = pair
    return item in ITEMS and is_whole(weight, 1, HEAVIEST)


COMPLETENESS = declare(
    CompletenessSetting(
        "families.completeness",
        _("What a complete profile holds"),
        "json",
        {},
        help_text=_(
            "Weights from 1 to 10 for each stage and item, where they differ from what ships, for example:"
            ' {"prospect": {"phone": 3, "purpose": 3}}.'
        ),
    )
)


@dataclass(frozen=True)
class Missing:
    """Something unknown: its weight in percent of the whole, and where it is entered."""

    item: Item
    share: float
    url: str


@dataclass(frozen=True)
class Completeness:
    """How much is known, from 0 to 100, and what is missing, the weightiest first."""

    percent: int
    missing: Sequence[Missing]


def weights_of(stage: str, rules: Mapping[str, Weights]) -> Weights:
    """Return the weights of a stage: what a place says, else what ships; a stage of a company's own is the first."""
    stage = stage if stage in OWNER_STAGES else FIRST_STAGE
    return rules.get(stage) or SHIPPED[stage]


def measure(known: Known, weights: Weights) -> Completeness:
    """Weigh what is known against what counts."""
    whole = sum(weights.values())
    unknown = {code: weight for code, weight in weights.items() if not ITEMS[code].is_known(known)}
    heaviest_first = sorted(unknown.items(), key=lambda pair: -pair[1])
    missing = [
        Missing(ITEMS[code], weight / whole, ITEMS[code].url(known.customer))
        for code, weight in heaviest_first
    ]
    return Completeness(round(100 * (whole - sum(unknown.values())) / whole), missing)
