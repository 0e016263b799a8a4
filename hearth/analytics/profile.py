"""The customer profile: one row of facts and classes per customer, as of an instant.

The value pyramid is Curry's (Curry 1992, "Know Your Customers"): customers who bought in the window are
ranked by amount into tiers, those who bought before are inactive, those who only asked are prospects,
the others suspects. The portfolio asks one thing of each customer: acquire, activate, retain, maintain,
or plain service.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from hearth.analytics.cut_points import quantile_cuts
from hearth.analytics.profile_facts import case_facts, contact_facts, home_facts, purchase_facts
from hearth.analytics.profile_rules import FallMeasure, PortfolioAction, ProfileRules, ValueClass
from hearth.postponed import Postponed

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
else:
    ibis = Postponed("ibis")
    ir = Postponed("ibis.expr.types")

ValueCuts = Mapping[str, float]


def customer_profile(
    customers: ir.Table,
    purchases: ir.Table,
    contacts: ir.Table,
    cases: ir.Table,
    homes: ir.Table,
    *,
    as_of: datetime,
    rules: ProfileRules,
    value_cuts: ValueCuts | None = None,
) -> ir.Table:
    """Describe each customer as of an instant.

    In: `customers(customer_id)`, one row each; `purchases`, `contacts`, `cases`, `homes` as in
    `hearth.analytics.profile_facts`, whose columns are all in the result. `as_of` carries the zone in
    which dates are read. `value_cuts` are the stored cut points of an earlier run (tier to yuan);
    without, they are taken from these purchases.

    Out, one row per customer: `customer_id`, `as_of` (instant in UTC), the facts, `value_cut_<tier>`
    (yuan), `value_class`, `activity_now`, `activity_before` (purchases and touches), `has_fallen`,
    `portfolio_action`. Counts and amounts of customers without rows are 0, `recency_days`,
    `days_since_contact` and `owner_stage_date` missing. Rows of other customers, or of none, count
    nowhere. What occurred after `as_of` is not seen, so an earlier profile can be had again.

    Each customer has exactly one `owner_stage`, `value_class` and `portfolio_action`.
    """
    people = customers.select("customer_id")
    bought = purchase_facts(purchases, as_of=as_of, rules=rules)
    facts = _join_facts(
        people,
        bought,
        contact_facts(contacts, as_of=as_of, rules=rules),
        case_facts(cases, as_of=as_of, rules=rules),
        home_facts(homes, as_of=as_of, rules=rules),
    )
    facts = facts.mutate(owner_stage=facts.owner_stage.coalesce(rules.stage_otherwise))
    if value_cuts is None:
        # From the purchases alone: taken from the joined facts, everything would be summed up twice.
        facts = facts.cross_join(value_cut_points(bought.semi_join(people, "customer_id"), rules))
    else:
        facts = facts.mutate(**_given_cuts(rules, value_cuts))
    facts = facts.mutate(
        as_of=ibis.literal(as_of.astimezone(UTC), type="timestamp('UTC')"),
        value_class=_value_class(facts, rules),
        activity_now=facts.purchases_now + facts.touches_now,
        activity_before=facts.purchases_before + facts.touches_before,
    )
    facts = facts.mutate(has_fallen=_has_fallen(facts, rules))
    return facts.mutate(portfolio_action=_portfolio_action(facts, rules)).relocate("customer_id", "as_of")


def value_cut_points(facts: ir.Table, rules: ProfileRules) -> ir.Table:
    """Take the amounts above which the tiers begin, to be stored with the run.

    In: `monetary_amount` (yuan), one row per customer. Out: one row, `value_cut_<tier>` (yuan): type-7
    quantiles (Hyndman, Fan 1996) over customers with a positive amount; missing if there are none.
    Equal amounts share a tier; those that do not fit go to the next one down together, so that a tier
    and those above it never hold more than their shares, rounded up.
    """
    ranked = facts.filter(facts.monetary_amount > 0)
    cuts = {f"value_cut_{label}": ("monetary_amount", bound) for label, bound in rules.tier_bounds}
    return quantile_cuts(ranked, cuts)


def _join_facts(customers: ir.Table, *parts: ir.Table) -> ir.Table:
    """Join the parts; what a customer has no row for is 0 or false where it counts something."""
    joined = customers
    for part in parts:
        joined = joined.left_join(part, "customer_id").drop("customer_id_right")
    filled: dict[str, Any] = {}
    for name, kind in joined.schema().items():
        if name == "customer_id" or name in {"recency_days", "days_since_contact"}:
            continue
        if kind.is_boolean():
            filled[name] = joined[name].coalesce(False)
        elif kind.is_numeric():
            filled[name] = joined[name].coalesce(0)
    return joined.mutate(**filled)


def _given_cuts(rules: ProfileRules, cuts: ValueCuts) -> dict[str, ir.Scalar]:
    return {f"value_cut_{tier.label}": ibis.literal(float(cuts[tier.label])) for tier in rules.tiers}


def _value_class(facts: ir.Table, rules: ProfileRules) -> ir.Column:
    amount = facts.monetary_amount
    tiers = [(amount > facts[f"value_cut_{tier.label}"], tier.label) for tier in rules.tiers]
    was_met = facts.days_since_contact.notnull() | (facts.cases_ever > 0)
    return ibis.cases(
        (~_is_customer(facts) & was_met, ValueClass.PROSPECT.value),
        (~_is_customer(facts), ValueClass.SUSPECT.value),
        (amount <= 0, ValueClass.INACTIVE.value),
        *tiers,
        else_=rules.rest_tier,
    )


def _is_customer(facts: ir.Table) -> ir.Column:
    # An owner whose purchase was never recorded here is a customer all the same.
    return facts.has_bought | facts.has_owned


def _has_fallen(facts: ir.Table, rules: ProfileRules) -> ir.Column:
    if rules.fall_measure is FallMeasure.AMOUNT:
        now, before = facts.amount_now, facts.amount_before
    else:
        now, before = facts.activity_now, facts.activity_before
    left = float(1 - rules.fall_share)
    return (before >= rules.fall_minimum) & (now <= before * left)


def _portfolio_action(facts: ir.Table, rules: ProfileRules) -> ir.Column:
    """Choose the first that holds; its order is documented with the decision on methods."""
    return ibis.cases(
        (~_is_customer(facts), PortfolioAction.ACQUIRE.value),
        (facts.activity_now == 0, PortfolioAction.ACTIVATE.value),
        (facts.value_class.isin(rules.retain_tiers), PortfolioAction.RETAIN.value),
        (facts.has_fallen, PortfolioAction.MAINTAIN.value),
        else_=PortfolioAction.SERVE.value,
    )
