"""Between the rows that the analysis gives, the profile that customers keep, and the reasons people read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hearth.analytics.profile_reasons import Reason, explain
from hearth.analytics.profile_rules import ProfileRules
from hearth.customers.models import CustomerProfile
from hearth.customers.services import ProfileValues
from hearth.insight.models import ScoringRun
from hearth.postponed import Postponed

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.compute as pc
else:
    pa = Postponed("pyarrow")
    pc = Postponed("pyarrow.compute")

# Facts that decided something and have no column of their own.
FACTS = ("owner_stage_date", "activity_now", "activity_before", "amount_now", "amount_before")
KEPT = (
    "customer_id",
    "days_since_contact",
    "recency_days",
    "frequency",
    "monetary_amount",
    "open_complaints",
    "homes",
    "owner_stage",
    "value_class",
    "portfolio_action",
)


def contact_keys(rules: ProfileRules) -> list[str]:
    """Name the counts of contacts: `<channel>_<days>`, `all_<days>` whatever the channel."""
    return [f"{channel}_{days}" for days in rules.contact_days for channel in (*rules.channels, "all")]


def needed_columns(rules: ProfileRules) -> list[str]:
    """Name the columns of the expression that a profile keeps."""
    cuts = [f"value_cut_{tier.label}" for tier in rules.tiers]
    return [*KEPT, *FACTS, *(f"contacts_{key}" for key in contact_keys(rules)), *cuts]


def cut_points(row: Mapping[str, Any], rules: ProfileRules) -> dict[str, float | None]:
    """Read the cut points that every row of a run carries."""
    return {tier.label: row[f"value_cut_{tier.label}"] for tier in rules.tiers}


def values_of_batch(batch: pa.RecordBatch, rules: ProfileRules) -> Iterator[ProfileValues]:
    """Turn a batch of rows into profiles; counts of nought are left out of `contacts`."""
    columns = [_plain(batch.column(name)) for name in KEPT]
    contacts = _filled(batch, {key: f"contacts_{key}" for key in contact_keys(rules)})
    facts = _filled(batch, {name: name for name in FACTS})
    for kept, counts, decided in zip(zip(*columns, strict=True), contacts, facts, strict=True):
        yield _values(kept, counts, decided)


def _filled(batch: pa.RecordBatch, columns: Mapping[str, str]) -> list[dict[str, Any]]:
    """Give for each row the values that are neither missing nor nought: few of many columns."""
    rows: list[dict[str, Any]] = [{} for _ in range(batch.num_rows)]
    for key, name in columns.items():
        column = batch.column(name)
        is_number = not pa.types.is_date(column.type)
        kept = pc.not_equal(column, pa.scalar(0, column.type)) if is_number else column.is_valid()
        places = pc.indices_nonzero(kept)
        for place, value in zip(places.to_pylist(), _plain(column.take(places)), strict=True):
            rows[place][key] = value
    return rows


def _plain(column: pa.Array) -> list[Any]:
    """Give values that JSON can hold: days as text, counts as integers (DuckDB sums them to 128 bits)."""
    if pa.types.is_date(column.type):
        column = column.cast(pa.string())
    elif pa.types.is_decimal(column.type):
        column = column.cast(pa.int64())
    values: list[Any] = column.to_pylist()
    return values


def values_of_row(row: Mapping[str, Any], rules: ProfileRules) -> ProfileValues:
    """Turn one row into a profile."""
    contacts = {key: row[f"contacts_{key}"] for key in contact_keys(rules)}
    day = row["owner_stage_date"]
    facts = {name: row[name] for name in FACTS} | {
        "owner_stage_date": day.isoformat() if day else None,
        "activity_now": int(row["activity_now"]),
        "activity_before": int(row["activity_before"]),
    }
    return _values([row[name] for name in KEPT], _without_nought(contacts), _without_nought(facts))


def _without_nought(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def _values(kept: Sequence[Any], contacts: Mapping[str, int], facts: Mapping[str, Any]) -> ProfileValues:
    return ProfileValues._make((*kept[:5], contacts, *kept[5:], facts))


def reasons(profile: CustomerProfile, run: ScoringRun, rules: ProfileRules) -> dict[str, Reason]:
    """Give for each value of a stored profile the code and parameters of what decided it; no query.

    `run` and its rules are those the profile was computed with.
    """
    cuts = {f"value_cut_{label}": cut for label, cut in run.cut_points.items()}
    row = {
        "as_of": profile.scored_at,
        "recency_days": profile.purchase_recency_days,
        "days_since_contact": profile.recency_days,
        "frequency": profile.frequency,
        "monetary_amount": Decimal(profile.monetary_amount),
        "open_complaints": profile.open_complaints,
        "homes": profile.homes,
        "owner_stage": profile.owner_stage,
        "value_class": profile.value_tier,
        "portfolio_action": profile.portfolio_action,
        "owner_stage_date": None,
        **dict.fromkeys(FACTS[1:], 0),
        **profile.explanation,
        **{f"contacts_{key}": profile.contacts.get(key, 0) for key in contact_keys(rules)},
        **cuts,
    }
    return explain(row, rules)
