"""From a rule to one Ibis expression, which means the same on every engine.

A comparison with a missing value is false, and so its inverse is true; no engine's three-valued logic is left to
decide. The moment of the question is a literal: the same text asked of the same rows gives the same people.

Whoever refuses profiling is asked the rule without its conditions on scores (docs/decisions/0097).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from django.conf import settings

from hearth.postponed import Postponed
from hearth.segments.catalogue import Behaviour
from hearth.segments.comparing import compare_dates, compare_numbers, compare_since, moment_like
from hearth.segments.rules import (
    BehaviourTest,
    FieldTest,
    Group,
    Inverse,
    Leaf,
    Rule,
    is_by_score,
    list_leaves,
    selects_by_score,
)

if TYPE_CHECKING:
    import ibis
else:
    ibis = Postponed("ibis")

Table = Any
Column = Any
DAY = timedelta(days=1)
SUM_TYPE = "decimal(20, 2)"  # the engines give sums types of their own


def compile_rule(
    rule: Rule, tables: Mapping[str, Table], as_of: datetime, place_ids: Collection[int] | None = None
) -> Table:
    """Return the customers whom a rule describes: one column `customer_id`, each once.

    `tables` gives the tables of `list_tables(rule)`, and `customer_places` where `place_ids` narrows the result to
    customers known at one of these places.
    """
    joined, truths = _join_values(rule, tables, as_of, place_ids)
    answer = _combine(rule, iter(truths))
    if selects_by_score(rule):
        neutral = _combine_neutrally(rule, iter(truths))
        answer = ibis.ifelse(
            joined.refuses, ibis.literal(value=False) if neutral is None else neutral, answer
        )
    return joined.filter(answer).select("customer_id")


def evaluate_leaves(
    rule: Rule, tables: Mapping[str, Table], as_of: datetime, place_ids: Collection[int] | None = None
) -> Table:
    """Return for each customer the value (`v0`, `v1`, …) and the answer (`t0`, `t1`, …) of each condition.

    `refuses` tells whether conditions on scores are left out for the customer.
    """
    joined, truths = _join_values(rule, tables, as_of, place_ids)
    answers = {f"t{number}": truth for number, truth in enumerate(truths)}
    return joined.mutate(**answers)


def _combine(rule: Rule, truths: Any) -> Column:
    """Join the answers of the conditions, which come in the order of `list_leaves`."""
    if isinstance(rule, Group):
        return reduce(
            and_ if rule.joiner == "all" else or_, [_combine(child, truths) for child in rule.children]
        )
    if isinstance(rule, Inverse):
        return ~_combine(rule.child, truths)
    return next(truths)


def _combine_neutrally(rule: Rule, truths: Any) -> Column | None:
    """Join the answers of the conditions that ask for no score; nothing where there are none."""
    if isinstance(rule, Group):
        parts = [_combine_neutrally(child, truths) for child in rule.children]
        kept = [part for part in parts if part is not None]
        return reduce(and_ if rule.joiner == "all" else or_, kept) if kept else None
    if isinstance(rule, Inverse):
        inner = _combine_neutrally(rule.child, truths)
        return None if inner is None else ~inner
    truth = next(truths)
    return None if is_by_score(rule) else truth


def _join_values(
    rule: Rule, tables: Mapping[str, Table], as_of: datetime, place_ids: Collection[int] | None
) -> tuple[Table, list[Column]]:
    """Put the value of each condition beside the customer: one join for each table, whatever the conditions."""
    as_of = whole_second(as_of)
    leaves = list(enumerate(list_leaves(rule)))
    joined = _start(leaves, tables["customers"])
    if place_ids is not None:
        joined = _narrow(joined, tables["customer_places"], place_ids)
    for name in dict.fromkeys(leaf.field.table for _, leaf in leaves if isinstance(leaf, FieldTest)):
        if name != "customers":
            joined = _left_join(joined, _field_values(leaves, name, tables[name]))
    for behaviour in dict.fromkeys(leaf.behaviour for _, leaf in leaves if isinstance(leaf, BehaviourTest)):
        asked = [
            (n, leaf) for n, leaf in leaves if isinstance(leaf, BehaviourTest) and leaf.behaviour == behaviour
        ]
        joined = _left_join(joined, _measure(behaviour, asked, tables, as_of))
    return joined, [_truth(leaf, joined[f"v{number}"], as_of) for number, leaf in leaves]


def whole_second(moment: datetime) -> datetime:
    """Round up: engines keep fractions of a second in different ways."""
    return (moment + timedelta(microseconds=999_999)).replace(microsecond=0)


def _start(leaves: list[tuple[int, Leaf]], customers: Table) -> Table:
    refuses = customers.refuses_profiling.fill_null(False)  # noqa: FBT003  (a value of SQL)
    return customers.select("customer_id", refuses=refuses, **_columns(leaves, "customers", customers))


def _columns(leaves: list[tuple[int, Leaf]], name: str, table: Table) -> dict[str, Column]:
    return {
        f"v{number}": table[leaf.field.column]
        for number, leaf in leaves
        if isinstance(leaf, FieldTest) and leaf.field.table == name
    }


def _narrow(joined: Table, places: Table, place_ids: Collection[int]) -> Table:
    known = places.filter(places.org_unit_id.isin(sorted(place_ids))).select("customer_id").distinct()
    return joined.semi_join(known, "customer_id")


def _field_values(leaves: list[tuple[int, Leaf]], name: str, table: Table) -> Table:
    return table.select(key=table.customer_id, **_columns(leaves, name, table))


def _left_join(joined: Table, values: Table) -> Table:
    return joined.left_join(values, joined.customer_id == values.key).drop("key")


def _measure(
    behaviour: Behaviour, asked: list[tuple[int, BehaviourTest]], tables: Mapping[str, Table], as_of: datetime
) -> Table:
    """Count, sum or date the rows of each customer for all conditions on one behaviour, in one pass."""
    rows = _rows_of(behaviour, asked, tables)
    wanted = {number: _wanted(behaviour, leaf, rows, as_of) for number, leaf in asked}
    marked = rows.mutate(**{f"w{number}": condition for number, condition in wanted.items()})
    kept = marked.filter(reduce(or_, [marked[f"w{number}"] for number in wanted]))
    measures = {f"v{number}": _aggregate(behaviour, leaf, kept, kept[f"w{number}"]) for number, leaf in asked}
    return kept.group_by(key=kept.customer_id).aggregate(**measures)


def _rows_of(
    behaviour: Behaviour, asked: list[tuple[int, BehaviourTest]], tables: Mapping[str, Table]
) -> Table:
    """Give the behaviour's rows, with the columns of another table joined where a filter asks for them."""
    rows = tables[behaviour.table]
    rows = rows.filter(rows.customer_id.notnull())
    tests = [test for _, leaf in asked for test in leaf.where]
    for name in dict.fromkeys(test.field.table for test in tests if test.field.table != behaviour.table):
        other = tables[name]
        columns = {_joined_name(test): other[test.field.column] for test in tests if test.field.table == name}
        beside = other.select(via_key=other[behaviour.via_column], **columns)
        rows = rows.left_join(beside, rows[behaviour.via_column] == beside.via_key).drop("via_key")
    return rows


def _joined_name(test: FieldTest) -> str:
    return f"{test.field.table}__{test.field.column}"


def _wanted(behaviour: Behaviour, leaf: BehaviourTest, rows: Table, as_of: datetime) -> Column:
    """Tell whether a row counts for a condition: in its window, in force, and passing its filters."""
    conditions = [ibis.literal(value=True)]
    if behaviour.time:
        conditions += _in_window(rows[behaviour.time], leaf.days, as_of)
    if behaviour.valid_to:
        conditions += _in_force(rows, behaviour, as_of)
    for test in leaf.where:
        name = test.field.column if test.field.table == behaviour.table else _joined_name(test)
        conditions.append(_truth(test, rows[name], as_of))
    return reduce(and_, conditions).fill_null(False)  # noqa: FBT003  (a value of SQL)


def _in_window(time: Column, days: int | None, as_of: datetime) -> list[Column]:
    window = [time <= moment_like(time, as_of)]
    if days is not None:
        window.append(time > moment_like(time, as_of - days * DAY))
    return window


def _in_force(rows: Table, behaviour: Behaviour, as_of: datetime) -> list[Column]:
    day = ibis.literal(as_of.astimezone(ZoneInfo(settings.TIME_ZONE)).date())
    start, end = rows[behaviour.valid_from], rows[behaviour.valid_to]
    return [start.isnull() | (start <= day), end.isnull() | (end > day)]


def _aggregate(behaviour: Behaviour, leaf: BehaviourTest, rows: Table, wanted: Column) -> Column:
    if leaf.aggregate == "sum":
        return rows[behaviour.amount].sum(where=wanted).cast(SUM_TYPE)
    if leaf.aggregate == "days_since_last":
        return rows[behaviour.time].max(where=wanted)
    return rows.count(where=wanted)


def _truth(leaf: Leaf, value: Column, as_of: datetime) -> Column:
    """Answer one condition with true or false, never with nothing."""
    if isinstance(leaf, FieldTest):
        return _field_truth(leaf, value, as_of).fill_null(False)  # noqa: FBT003  (a value of SQL)
    if leaf.aggregate == "days_since_last":
        answer = compare_since(leaf.op, value, cast("Decimal | tuple[Decimal, Decimal]", leaf.value), as_of)
        return answer.fill_null(False)  # noqa: FBT003  (a value of SQL)
    total = value.fill_null(ibis.literal(0).cast(value.type()))
    if leaf.aggregate == "at_least_once":
        return total > 0
    if leaf.aggregate == "never":
        return total == 0
    return compare_numbers(leaf.op, total, cast("Decimal | tuple[Decimal, Decimal]", leaf.value))


def _field_truth(test: FieldTest, value: Column, as_of: datetime) -> Column:
    if test.op in {"is_empty", "is_not_empty"}:
        empty = value.isnull()
        if test.field.kind == "choice":
            empty = empty | (value == "")
        return empty if test.op == "is_empty" else ~empty.fill_null(True)  # noqa: FBT003  (a value of SQL)
    if test.op in {"is_true", "is_false"}:
        return value == ibis.literal(value=test.op == "is_true")
    if test.field.kind == "choice":
        chosen = value.isin(list(cast("Iterable[str]", test.value)))
        return chosen if test.op == "in" else value.notnull() & (value != "") & ~chosen
    if test.field.kind == "date":
        return compare_dates(test.op, value, cast("date | tuple[date, date] | int", test.value), as_of)
    return compare_numbers(test.op, value, cast("Decimal | tuple[Decimal, Decimal]", test.value))
