"""Why a profile says what it says: codes and parameters, which the application puts into words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hearth.analytics.profile_rules import (
    FallMeasure,
    PortfolioAction,
    ProfileRules,
    StageRule,
    ValueClass,
)

Reason = tuple[str, dict[str, Any]]


def explain(row: Mapping[str, Any], rules: ProfileRules) -> dict[str, Reason]:
    """Give for each value of a customer's profile the fact that decided it.

    `row` is one row of `customer_profile` made with the same rules, as a dictionary,
    missing values None. Out: column to
    (code, parameters); the parameters always hold `as_of`. Counts carry their window in days.
    """
    reasons = {
        "recency_days": _days_reason(row, "recency_days", "last_purchase", "never_bought"),
        "days_since_contact": _days_reason(row, "days_since_contact", "last_contact", "never_in_contact"),
        "frequency": ("purchases_in_window", {"count": row["frequency"], "days": rules.value_days}),
        "monetary_amount": ("amount_in_window", {"amount": row["monetary_amount"], "days": rules.value_days}),
        "open_complaints": (
            "complaints_open",
            {"count": row["open_complaints"], "kinds": list(rules.complaint_kinds)},
        ),
        "homes": ("homes_held", {"count": row["homes"]}),
        "owner_stage": _stage_reason(row, rules),
        "value_class": _value_reason(row, rules),
        "portfolio_action": _action_reason(row, rules),
    }
    for days in rules.contact_days:
        for channel in (*rules.channels, "all"):
            name = f"contacts_{channel}_{days}"
            reasons[name] = ("contacts_in_window", {"channel": channel, "count": row[name], "days": days})
    return {name: (code, {**found, "as_of": row["as_of"]}) for name, (code, found) in reasons.items()}


def _days_reason(row: Mapping[str, Any], name: str, known: str, never: str) -> Reason:
    return (never, {}) if row[name] is None else (known, {"days": int(row[name])})


def _stage_reason(row: Mapping[str, Any], rules: ProfileRules) -> Reason:
    if row["owner_stage_date"] is None:
        return "no_home_signed", {"homes": row["homes"]}
    rule: StageRule = next(rule for rule in rules.stages if rule.label == row["owner_stage"])
    return f"days_since_{rule.anchor.value}", {
        "date": row["owner_stage_date"],
        "min_days": rule.min_days,
        "max_days": rule.max_days,
    }


def _value_reason(row: Mapping[str, Any], rules: ProfileRules) -> Reason:
    found = {"amount": row["monetary_amount"], "days": rules.value_days}
    match row["value_class"]:
        case ValueClass.SUSPECT:
            return "never_met", {}
        case ValueClass.PROSPECT:
            return "met_never_bought", {}
        case ValueClass.INACTIVE:
            return "nothing_bought_in_window", found
    above = row.get(f"value_cut_{row['value_class']}")
    if above is not None:
        return "amount_above_cut", found | {"cut": above}
    return "amount_up_to_cut", found | {"cut": row[f"value_cut_{rules.tiers[-1].label}"]}


def _action_reason(row: Mapping[str, Any], rules: ProfileRules) -> Reason:
    activity = {
        "now": row["activity_now"],
        "before": row["activity_before"],
        "measure": FallMeasure.ACTIVITIES.value,
        "days": rules.activity_days,
    }
    match row["portfolio_action"]:
        case PortfolioAction.ACQUIRE:
            return "never_bought", {}
        case PortfolioAction.ACTIVATE:
            return "no_activity_in_period", activity
        case PortfolioAction.RETAIN:
            return "in_retained_tier", {"value_class": row["value_class"]}
        case PortfolioAction.MAINTAIN if rules.fall_measure is FallMeasure.AMOUNT:
            amounts = {"now": row["amount_now"], "before": row["amount_before"], "measure": "amount"}
            return "fell_against_previous_period", activity | amounts
        case PortfolioAction.MAINTAIN:
            return "fell_against_previous_period", activity
    return "no_action_needed", activity
