"""The portfolio map: who the customers are by value and stage, and what each group asks for."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from hearth.analytics.profile_rules import ProfileRules
from hearth.core.actor import Actor
from hearth.customers.models import Customer, CustomerQuerySet
from hearth.insight import words
from hearth.insight.models import ScoringRun
from hearth.insight.permissions import VIEW_INSIGHT
from hearth.insight.rules import read_rules
from hearth.insight.selectors.figures import (
    ACTIONS,
    Group,
    SourceFigures,
    acquisition,
    groups_known_at,
)

HEAT_STEPS = 5


@dataclass(frozen=True)
class Cell:
    """Customers of one tier and stage; `heat` is 0 for nobody, then 1 to 5 by their number."""

    tier: str
    stage: str
    customers: int
    amount: Decimal
    heat: int


@dataclass(frozen=True)
class TierRow:
    """A tier: its cells by stage, and its shares of all customers and of all money."""

    tier: str
    cells: Sequence[Cell]
    customers: int
    amount: Decimal
    customer_share: float
    amount_share: float

    @property
    def label(self) -> str:
        return words.tier_word(self.tier)


@dataclass(frozen=True)
class ActionList:
    """What the portfolio asks to do, and with how many."""

    action: str
    customers: int
    amount: Decimal
    segment_url: str

    @property
    def label(self) -> str:
        return words.action_word(self.action)

    @property
    def text(self) -> str:
        return str(words.ACTION_TEXTS.get(self.action, ""))

    @property
    def icon(self) -> str:
        return words.ACTION_ICONS.get(self.action, "users")

    @property
    def colour(self) -> str:
        return words.ACTION_COLOURS.get(self.action, "secondary")


@dataclass(frozen=True)
class Portfolio:
    """The map as of a run, over the customers known where the actor may see analysis."""

    run: ScoringRun
    stages: Sequence[tuple[str, str]]
    rows: Sequence[TierRow]
    stage_totals: Sequence[int]
    lists: Sequence[ActionList]
    sources: Sequence[SourceFigures]
    customers: int
    amount: Decimal


def portfolio(actor: Actor, run: ScoringRun) -> Portfolio:
    """Draw the map; at most four queries."""
    rules = read_rules(run.rules)
    groups = groups_known_at(actor.scope(VIEW_INSIGHT), run)
    stages = words.in_order(rules.stage_labels, dict.fromkeys(group.owner_stage for group in groups))
    tiers = words.in_order(rules.value_labels, dict.fromkeys(group.value_tier for group in groups))
    rows = _rows(groups, tiers, stages)
    return Portfolio(
        run=run,
        stages=[(code, words.stage_word(code)) for code in stages],
        rows=rows,
        stage_totals=[sum(row.cells[index].customers for row in rows) for index in range(len(stages))],
        lists=[_action_list(action, groups) for action in ACTIONS],
        sources=acquisition(groups),
        customers=sum(group.customers for group in groups),
        amount=sum((group.amount for group in groups), Decimal(0)),
    )


def _rows(groups: Sequence[Group], tiers: Sequence[str], stages: Sequence[str]) -> list[TierRow]:
    sums: dict[tuple[str, str], tuple[int, Decimal]] = {}
    for group in groups:
        key = group.value_tier, group.owner_stage
        customers, amount = sums.get(key, (0, Decimal(0)))
        sums[key] = customers + group.customers, amount + group.amount
    most = max((customers for customers, _amount in sums.values()), default=0)
    all_customers = sum(customers for customers, _amount in sums.values())
    all_money = sum((amount for _customers, amount in sums.values()), Decimal(0))
    rows = []
    for tier in tiers:
        found = [sums.get((tier, stage), (0, Decimal(0))) for stage in stages]
        cells = [
            Cell(tier, stage, customers, amount, _heat(customers, most))
            for stage, (customers, amount) in zip(stages, found, strict=True)
        ]
        count = sum(cell.customers for cell in cells)
        money = sum((cell.amount for cell in cells), Decimal(0))
        customer_share = count / all_customers if all_customers else 0.0
        amount_share = float(money / all_money) if all_money else 0.0
        rows.append(TierRow(tier, cells, count, money, customer_share, amount_share))
    return rows


def _heat(customers: int, most: int) -> int:
    """Place a number on five steps by its square root, so that small groups remain visible."""
    return 1 + int((HEAT_STEPS - 1) * (customers / most) ** 0.5) if customers else 0


def _action_list(action: str, groups: Sequence[Group]) -> ActionList:
    own = [group for group in groups if group.action == action]
    return ActionList(
        action=action,
        customers=sum(group.customers for group in own),
        amount=sum((group.amount for group in own), Decimal(0)),
        segment_url=segment_url(action),
    )


def segment_url(action: str) -> str:
    """Return the page that makes a segment of an action's customers."""
    rule = {"all": [{"field": "portfolio_action", "op": "in", "value": [action]}]}
    try:
        return f"{reverse('segments:new')}?{urlencode({'rule': json.dumps(rule)})}"
    except NoReverseMatch:
        return ""


@dataclass(frozen=True, kw_only=True)
class ProfileFilters:
    """What a person asked the list for; empty values ask nothing."""

    action: str = ""
    tier: str = ""
    stage: str = ""


def scored_customers(actor: Actor, filters: ProfileFilters) -> CustomerQuerySet:
    """Return the customers the actor may see by their profile, unordered; `profile` is loaded with them."""
    wanted = {
        "profile__portfolio_action": filters.action,
        "profile__value_tier": filters.tier,
        "profile__owner_stage": filters.stage,
    }
    rows = Customer.objects.visible_to(actor).filter(profile__isnull=False).select_related("profile")
    return rows.filter(**{column: value for column, value in wanted.items() if value})


def rules_of(run: ScoringRun | None) -> ProfileRules:
    return read_rules(run.rules) if run else ProfileRules()
