"""A segment means one thing: PostgreSQL, DuckDB and Spark find the same people."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from hearth.segments.compiler import compile_rule
from hearth.segments.postgres import run_on_postgres
from hearth.segments.reading import parse_rule
from hearth.segments.rules import Rule, list_tables
from hearth.warehouse.engine import Backend, open_duckdb, open_spark, run, table
from tests.segments.builders import COLUMNS, fill_engine, fill_postgres
from tests.segments.strategies import AS_OF, fixed_people, people, rules

pytestmark = [pytest.mark.usefixtures("sample_tables"), pytest.mark.slow]
THOROUGH = hypothesis_settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
Tables = Mapping[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def duckdb() -> Backend:
    return open_duckdb()


def on_postgres(rule: Rule, rows: Tables, places: Collection[int] | None) -> set[str]:
    names = list_tables(rule) | ({"customer_places"} if places is not None else set())
    expression = compile_rule(rule, {name: table(name) for name in names}, AS_OF, places)
    everybody = [UUID(row["customer_id"]) for row in rows["customers"]]
    found = [row["customer_id"] for row in run_on_postgres(expression, names, everybody)]
    assert len(found) == len(set(found))
    return set(found)


def on_engine(backend: Backend, rule: Rule, places: Collection[int] | None) -> set[str]:
    expression = compile_rule(rule, {name: table(name) for name in COLUMNS}, AS_OF, places)
    found = run(backend, expression)["customer_id"].to_pylist()
    assert len(found) == len(set(found))
    return set(found)


@pytest.mark.requirement("S52")
@given(rows=people(), source=rules, places=st.none() | st.sets(st.integers(1, 3), max_size=2))
@hypothesis_settings(THOROUGH, max_examples=60)
def test_any_rule_finds_the_same_people_on_postgresql_and_duckdb(
    duckdb: Backend, rows: Tables, source: Mapping[str, Any], places: set[int] | None
) -> None:
    fill_postgres(rows)
    fill_engine(duckdb, rows)
    rule = parse_rule(source)

    assert on_postgres(rule, rows, places) == on_engine(duckdb, rule, places)


@given(rows=people(), source=rules)
@hypothesis_settings(THOROUGH, max_examples=30)
def test_a_rule_and_its_inverse_share_out_everybody(
    duckdb: Backend, rows: Tables, source: Mapping[str, Any]
) -> None:
    fill_engine(duckdb, rows)

    inside = on_engine(duckdb, parse_rule(source), None)
    outside = on_engine(duckdb, parse_rule({"not": source}), None)

    refusing = {row["customer_id"] for row in rows["customers"] if row["refuses_profiling"]}
    assert inside & outside == set()
    # Where nothing but scores is asked for, who refuses them is on neither side.
    assert (inside | outside) - refusing == {row["customer_id"] for row in rows["customers"]} - refusing


FIXED_RULES: list[Mapping[str, Any]] = [
    {"field": "sex", "op": "not_in", "value": ["female"]},
    {"not": {"field": "birth_year", "op": "gt", "value": 1952}},
    {"field": "last_contact_at", "op": "within_days", "value": 20},
    {"field": "last_contact_at", "op": "between", "value": ["2026-02-20", "2026-03-10"]},
    {
        "any": [
            {"field": "monetary_amount", "op": "ne", "value": "10.5"},
            {"field": "value_tier", "op": "is_empty"},
        ]
    },
    {
        "behaviour": "contact",
        "days": 30,
        "aggregate": "never",
        "where": [{"field": "channel", "op": "in", "value": ["visit"]}],
    },
    {"behaviour": "contact", "days": None, "aggregate": "days_since_last", "op": "ne", "value": 3},
    {"behaviour": "purchase", "days": 40, "aggregate": "sum", "op": "gt", "value": 10.5},
    {
        "behaviour": "home",
        "aggregate": "count",
        "op": "gte",
        "value": 1,
        "where": [{"field": "project", "op": "in", "value": ["p1"]}],
    },
]


@pytest.mark.spark
def test_the_same_rules_find_the_same_people_on_spark(duckdb: Backend) -> None:
    pytest.importorskip("pyspark")
    spark = open_spark()
    rows = fixed_people()
    fill_engine(duckdb, rows)
    fill_engine(spark, rows)

    parsed = [parse_rule(source) for source in FIXED_RULES]

    assert [on_engine(spark, rule, {1, 2}) for rule in parsed] == [
        on_engine(duckdb, rule, {1, 2}) for rule in parsed
    ]
