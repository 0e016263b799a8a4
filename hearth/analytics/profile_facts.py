"""What is known of each customer at an instant: the countable part of the profile."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from hearth.analytics.instants import as_of_literal, whole_days_since
from hearth.analytics.profile_rules import Anchor, ProfileRules, StageRule
from hearth.postponed import Postponed

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
else:
    ibis = Postponed("ibis")
    ir = Postponed("ibis.expr.types")

ALL_CHANNELS = "all"


def purchase_facts(purchases: ir.Table, *, as_of: datetime, rules: ProfileRules) -> ir.Table:
    """Sum up the purchases of each customer.

    In: `customer_id`, `occurred_at` (instant), `amount` (yuan; negative is a refund). Out, one row per
    customer: `recency_days`, `frequency` and `monetary_amount` (yuan, float) within `value_days`,
    `has_bought`, `purchases_now`, `purchases_before`, `amount_now`, `amount_before` within the current
    and the previous period of activity.

    A window of n days holds what occurred less than n days of 24 hours before `as_of`. Refunds lower
    amounts and are not purchases. A missing amount is a purchase of nothing.
    """
    at = purchases.occurred_at
    known = purchases.filter(at <= as_of_literal(as_of, at)).mutate(
        is_purchase=(purchases.amount >= 0).coalesce(True)
    )
    in_value = known.occurred_at > as_of_literal(as_of, at, days_before=rules.value_days)
    now, before = _periods(known.occurred_at, as_of, rules)
    summed = known.group_by("customer_id").aggregate(
        last_purchase_at=known.occurred_at.max(where=known.is_purchase),
        has_bought=known.is_purchase.any(),
        frequency=(known.is_purchase & in_value).sum(),
        monetary_amount=_amount(known, in_value),
        purchases_now=(known.is_purchase & now).sum(),
        purchases_before=(known.is_purchase & before).sum(),
        amount_now=_amount(known, now),
        amount_before=_amount(known, before),
    )
    return summed.mutate(recency_days=whole_days_since(summed.last_purchase_at, as_of)).drop(
        "last_purchase_at"
    )


def _periods(at: ir.Column, as_of: datetime, rules: ProfileRules) -> tuple[ir.Column, ir.Column]:
    start = as_of_literal(as_of, at, days_before=rules.activity_days)
    earlier = as_of_literal(as_of, at, days_before=2 * rules.activity_days)
    return at > start, (at > earlier) & (at <= start)


def _amount(purchases: ir.Table, period: ir.Column) -> ir.Column:
    # Summed in the column's own type: decimals stay exact, so equal customers stay equal.
    return purchases.amount.sum(where=period).cast("float64").coalesce(0.0)


def contact_facts(contacts: ir.Table, *, as_of: datetime, rules: ProfileRules) -> ir.Table:
    """Count the contacts of each customer.

    In: `customer_id`, `occurred_at` (instant), `channel`. Out, one row per customer:
    `days_since_contact`, `contacts_<channel>_<days>` for each channel of the rules and
    `contacts_all_<days>` whatever the channel, `touches_now` and `touches_before` over the active
    channels in the current and the previous period. A missing channel counts under `all` only.
    """
    at = contacts.occurred_at
    known = contacts.filter(at <= as_of_literal(as_of, at))
    counts: dict[str, Any] = {"last_contact_at": known.occurred_at.max()}
    for days in rules.contact_days:
        recent = known.occurred_at > as_of_literal(as_of, at, days_before=days)
        for channel in rules.channels:
            counts[f"contacts_{channel}_{days}"] = known.count(where=recent & (known.channel == channel))
        counts[f"contacts_{ALL_CHANNELS}_{days}"] = known.count(where=recent)
    now, before = _periods(known.occurred_at, as_of, rules)
    is_active = known.channel.isin(rules.active_channels)
    counts |= {
        "touches_now": known.count(where=is_active & now),
        "touches_before": known.count(where=is_active & before),
    }
    summed = known.group_by("customer_id").aggregate(**counts)
    days_since = whole_days_since(summed.last_contact_at, as_of)
    return summed.mutate(days_since_contact=days_since).drop("last_contact_at")


def case_facts(cases: ir.Table, *, as_of: datetime, rules: ProfileRules) -> ir.Table:
    """Count the cases of each customer.

    In: `customer_id`, `kind`, `opened_at`, `closed_at` (instants; closed missing while open). Out, one
    row per customer: `open_complaints`, `cases_ever`. A case closed after `as_of` was open then.
    """
    known = cases.filter(cases.opened_at <= as_of_literal(as_of, cases.opened_at))
    closed = (known.closed_at <= as_of_literal(as_of, known.closed_at)).coalesce(False)
    is_complaint = known.kind.isin(rules.complaint_kinds)
    return known.group_by("customer_id").aggregate(
        open_complaints=known.count(where=is_complaint & ~closed), cases_ever=known.count()
    )


def home_facts(homes: ir.Table, *, as_of: datetime, rules: ProfileRules) -> ir.Table:
    """Count the homes of each customer and find the owner stage.

    In: `customer_id`, `unit_id`, `signed_date`, `handover_date`, `valid_from`, `valid_to` (dates in the
    zone of `as_of`; the holding lasts from `valid_from` to before `valid_to`, open where missing). Out,
    one row per customer: `homes` (different units held), `has_owned`, `owner_stage`,
    `owner_stage_date` (the anchor's date that decided, the latest if several homes share the stage).

    Homes neither signed nor handed over by `as_of` are counted and have no stage.
    """
    today = ibis.literal(as_of.date())
    begun = homes.filter((homes.valid_from.cast("date") <= today).coalesce(True))
    is_held = (begun.valid_to.cast("date") > today).coalesce(True)
    sums: dict[str, Any] = {
        "homes": begun.unit_id.nunique(where=is_held),
        "has_owned": begun.count() > 0,
    }
    for index, rule in enumerate(rules.stages):
        anchor_date, holds = _stage_condition(begun, rule, as_of)
        sums[f"stage_{index}_date"] = anchor_date.max(where=is_held & holds)
    summed = begun.group_by("customer_id").aggregate(**sums)
    dates = [summed[f"stage_{index}_date"] for index in range(len(rules.stages))]
    stages = [(date.notnull(), rule.label) for date, rule in zip(dates, rules.stages, strict=True)]
    return summed.mutate(
        owner_stage=ibis.cases(*stages, else_=rules.stage_otherwise), owner_stage_date=ibis.coalesce(*dates)
    ).drop(*[date.get_name() for date in dates])


def _stage_condition(homes: ir.Table, rule: StageRule, as_of: datetime) -> tuple[ir.Column, ir.Column]:
    today = as_of.date()
    signed, handed_over = homes.signed_date.cast("date"), homes.handover_date.cast("date")
    is_handed_over = (handed_over <= ibis.literal(today)).coalesce(False)
    anchor, applies = (
        (handed_over, is_handed_over) if rule.anchor is Anchor.HANDOVER_DATE else (signed, ~is_handed_over)
    )
    holds = applies & (anchor <= ibis.literal(today - timedelta(days=rule.min_days)))
    if rule.max_days is not None:
        holds &= anchor >= ibis.literal(today - timedelta(days=rule.max_days))
    return anchor, holds.coalesce(False)
