"""The same expressions on DuckDB and on a local Spark session, where Spark is installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pytest
from pyarrow import parquet

from hearth.analytics.answer_times import answer_histogram, answer_times, waiting_times
from hearth.analytics.arm_totals import Outcome, arm_totals
from hearth.analytics.profile_rules import ProfileRules
from hearth.analytics.rfm import RfmCutPoints, purchase_summary, rfm_cut_points, rfm_scores
from tests.analytics.profile_tables import AS_OF, PURCHASES, Load, Records, ago, arrow_table, day, table

MESSAGES = {"project": "string", "asked_at": "timestamp('UTC')", "answered_at": "timestamp('UTC')"}
MEMBERS = {"arm": "string", "household": "string", "came": "boolean", "spend": "float64", "before": "float64"}


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """A local Spark session."""
    sql = pytest.importorskip("pyspark.sql")
    builder = sql.SparkSession.builder.master("local[1]").config("spark.sql.session.timeZone", "UTC")
    session = (
        builder.config("spark.sql.shuffle.partitions", "1").config("spark.ui.enabled", "false").getOrCreate()
    )
    yield ibis.pyspark.connect(session)
    session.stop()


def purchases(load: Load) -> Any:
    """Purchases of thirty customers."""
    rng = np.random.default_rng(3)
    rows = [
        (int(rng.integers(30)), ago(float(rng.integers(1, 900))), Decimal(int(rng.integers(1, 10_000))) / 100)
        for _ in range(200)
    ]
    return load(PURCHASES, rows)


def scores(load: Load) -> Any:
    """The scores of thirty customers by given cut points."""
    cuts = RfmCutPoints((50, 100, 150, 300), (4, 5, 7, 8), (100, 200, 300, 400))
    return rfm_scores(purchase_summary(purchases(load), as_of=AS_OF), cuts)


def profile(load: Load) -> Any:
    """The profile of forty customers."""
    rng = np.random.default_rng(4)

    def some(count: int) -> list[tuple[int, Any]]:
        return [(int(rng.integers(40)), ago(float(rng.integers(-5, 1_400)))) for _ in range(count)]

    records = Records(
        range(40),
        purchases=[(who, at, Decimal(int(rng.integers(-10, 900)))) for who, at in some(60)],
        contacts=[(who, at, str(rng.choice(["visit", "sms", "phone"]))) for who, at in some(90)],
        cases=[(who, "complaint", at, at + timedelta(days=200)) for who, at in some(20)],
        homes=[(who, unit, at.date(), day(300), None, None) for unit, (who, at) in enumerate(some(20))],
    )
    return records.profile(ProfileRules(), load=load)


def waits(load: Load) -> Any:
    """Waiting times of a hundred messages."""
    rng = np.random.default_rng(5)
    rows = []
    for index in range(100):
        asked_at = ago(float(rng.integers(1, 60)))
        answered_at = None if index % 7 == 0 else asked_at + timedelta(minutes=int(rng.integers(1, 9_000)))
        rows.append((str(rng.choice(["east", "west"])), asked_at, answered_at))
    return waiting_times(load(MESSAGES, rows), as_of=AS_OF)


def arms(load: Load) -> Any:
    """The totals of a clustered experiment with gaps."""
    rng = np.random.default_rng(6)
    rows = [
        (
            str(rng.choice(["none", "gift"])),
            None if index % 9 == 0 else f"h{index // 3}",
            None if index % 11 == 0 else bool(rng.integers(2)),
            float(rng.integers(100)),
            None if index % 5 == 0 else float(rng.integers(100)),
        )
        for index in range(120)
    ]
    return arm_totals(
        load(MEMBERS, rows), [Outcome("came"), Outcome("spend", covariate="before")], household="household"
    )


@pytest.mark.spark
@pytest.mark.parametrize(
    ("build", "order"),
    [
        (lambda load: rfm_cut_points(purchase_summary(purchases(load), as_of=AS_OF)), "recency_days_cut_1"),
        (scores, "customer_id"),
        (profile, "customer_id"),
        (lambda load: answer_times(waits(load), by=["project"]), "project"),
        (lambda load: answer_histogram(waits(load)), "bin"),
        (arms, "arm"),
    ],
    ids=["cut points", "scores", "profile", "answer times", "histogram", "arm totals"],
)
def test_both_engines_give_the_same_rows(
    spark: Any, engine: Any, tmp_path: Path, build: Callable[[Load], Any], order: str
) -> None:
    numbers = count()

    def load_file(schema: dict[str, str], rows: Sequence[Sequence[Any]]) -> Any:
        path = tmp_path / f"{next(numbers)}.parquet"
        parquet.write_table(arrow_table(schema, rows), path)
        return spark.read_parquet(path)

    here = engine.to_pyarrow(build(table).order_by(order)).to_pylist()

    there = spark.to_pyarrow(build(load_file).order_by(order)).to_pylist()
    assert here
    assert [rounded(row) for row in there] == [rounded(row) for row in here]


def rounded(row: dict[str, Any]) -> dict[str, Any]:
    """The row, with sums that may differ in the last bits by the order of adding."""
    return {name: round(value, 6) if isinstance(value, float) else value for name, value in row.items()}
