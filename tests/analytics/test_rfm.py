"""Scores against a published set of customers and against small sets with known answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import csv, parquet

from hearth.analytics.rfm import RfmCutPoints, purchase_summary, rfm_cut_points, rfm_scores
from tests.analytics.profile_tables import PURCHASES, table

AS_OF = datetime(2026, 3, 1, tzinfo=UTC)
SUMMARY = {
    "customer_id": "int64",
    "recency_days": "int64",
    "frequency": "int64",
    "monetary_amount": "float64",
}


def purchases(*rows: tuple[int | None, datetime | None, Decimal | None]) -> Any:
    """A table of purchases."""
    return table(PURCHASES, rows)


def summary(*rows: tuple[int, int | None, int, float]) -> Any:
    """A table of customers summed up."""
    return table(SUMMARY, rows)


def fetch(engine: Any, expression: Any) -> list[dict[str, Any]]:
    """The rows, as dictionaries."""
    rows: list[dict[str, Any]] = engine.to_pyarrow(expression).to_pylist()
    return rows


def cut_points(engine: Any, summed: Any, bins: int = 5) -> RfmCutPoints:
    """The cut points of these customers."""
    return RfmCutPoints.from_row(fetch(engine, rfm_cut_points(summed, bins=bins))[0])


def test_purchases_are_summed_up_to_the_instant_asked_for(engine: Any) -> None:
    bought = purchases(
        (1, AS_OF - timedelta(days=3, hours=2), Decimal("100.10")),
        (1, AS_OF - timedelta(days=40), None),
        (1, AS_OF + timedelta(hours=1), Decimal("999.00")),
        (2, AS_OF, Decimal("0.20")),
        (None, AS_OF, Decimal("5.00")),
        (2, None, Decimal("5.00")),
    )

    found = fetch(engine, purchase_summary(bought, as_of=AS_OF).order_by("customer_id"))

    assert found == [
        {"customer_id": 1, "recency_days": 3, "frequency": 2, "monetary_amount": 100.1},
        {"customer_id": 2, "recency_days": 0, "frequency": 1, "monetary_amount": 0.2},
    ]


@pytest.mark.requirement("S52")
def test_five_customers_get_the_five_scores_and_the_latest_is_the_most_recent(engine: Any) -> None:
    summed = summary(*[(index, 10 * index, index, 100.0 * index) for index in range(1, 6)])

    found = fetch(engine, rfm_scores(summed, cut_points(engine, summed)).order_by("customer_id"))

    assert [row["rfm_score"] for row in found] == [511, 422, 333, 244, 155]


def test_equal_values_share_a_score(engine: Any) -> None:
    summed = summary(*[(index, 5, 1 if index < 8 else 3, 10.0) for index in range(10)])

    found = fetch(engine, rfm_scores(summed, cut_points(engine, summed)).order_by("customer_id"))

    assert [row["frequency_score"] for row in found] == [1] * 8 + [5] * 2
    assert {row["monetary_score"] for row in found} == {1}


def test_stored_cut_points_score_later_customers_alike(engine: Any) -> None:
    cuts = cut_points(engine, summary(*[(index, index, index, 1.0 * index) for index in range(100)]))

    found = fetch(engine, rfm_scores(summary((7, 3, 99, 50.0)), RfmCutPoints.from_json(cuts.to_json())))

    assert cuts.frequency == pytest.approx((19.8, 39.6, 59.4, 79.2))
    assert [(row["recency_score"], row["frequency_score"], row["monetary_score"]) for row in found] == [
        (5, 5, 3)
    ]


def test_a_missing_value_has_a_missing_score(engine: Any) -> None:
    summed = summary((1, None, 3, 5.0), (2, 4, 3, 5.0))

    found = fetch(engine, rfm_scores(summed, RfmCutPoints((2,), (2,), (2,))).order_by("customer_id"))

    assert [(row["recency_score"], row["rfm_score"]) for row in found] == [(None, None), (1, 122)]


def test_nobody_has_no_cut_points(engine: Any) -> None:
    with pytest.raises(ValueError, match="no customer"):
        cut_points(engine, summary((1, 1, 1, 1.0)).filter(ibis.literal(value=False)))


@pytest.mark.parametrize(
    "cuts", [((1.0,), (1.0, 2.0), (1.0,)), ((2.0, 1.0), (1.0, 2.0), (1.0, 2.0)), ((), (), ())]
)
def test_cut_points_that_give_no_scale_are_refused(cuts: tuple[tuple[float, ...], ...]) -> None:
    with pytest.raises(ValueError, match=r"cut points"):
        RfmCutPoints(*cuts)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        purchase_summary(purchases((1, AS_OF, Decimal("1.00"))), as_of=datetime(2026, 3, 1))  # noqa: DTZ001 - refused


@settings(max_examples=25)
@given(values=st.lists(st.integers(0, 50), min_size=1, max_size=40), bins=st.integers(2, 9))
def test_a_score_is_one_more_than_the_quantiles_below(values: list[int], bins: int) -> None:
    engine = ibis.duckdb.connect()
    summed = summary(*[(index, value, value, float(value)) for index, value in enumerate(values)])

    found = fetch(engine, rfm_scores(summed, cut_points(engine, summed, bins)).order_by("customer_id"))

    cuts = np.quantile(values, [index / bins for index in range(1, bins)], method="linear")
    expected = [1 + sum(value > cut + 1e-9 for cut in cuts) for value in values]
    assert [row["monetary_score"] for row in found] == expected
    assert [row["recency_score"] for row in found] == [bins + 1 - score for score in expected]


@pytest.mark.real
@pytest.mark.requirement("S52")
def test_all_995_published_customers_are_scored_alike(engine: Any, real_data: Path) -> None:
    orders = ibis.memtable(parquet.read_table(real_data / "rfm_orders" / "rfm_data_orders.parquet"))
    bought = orders.select(
        customer_id=orders.customer_id, occurred_at=orders.order_date.cast("date"), amount=orders.revenue
    )
    summed = purchase_summary(bought, as_of=datetime(2006, 12, 31, tzinfo=UTC))

    found = fetch(engine, rfm_scores(summed, cut_points(engine, summed)).order_by("customer_id"))

    columns = (
        "recency_days",
        "frequency",
        "monetary_amount",
        "recency_score",
        "frequency_score",
        "monetary_score",
    )
    expected = csv.read_csv(real_data / "rfm_orders" / "expected_rfm_scores.csv").to_pylist()
    published = {
        row["customer_id"]: tuple(row[name] for name in ("recency_days", "n", "amt", "R", "F", "M"))
        for row in expected
    }
    assert len(found) == 995
    assert {row["customer_id"]: tuple(row[name] for name in columns) for row in found} == published
