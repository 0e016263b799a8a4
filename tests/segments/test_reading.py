"""What a rule may say, and where it is refused."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hearth.segments.reading import parse_rule
from hearth.segments.rules import BehaviourTest, FieldTest, Group, Inverse, RuleError

pytestmark = pytest.mark.usefixtures("sample_tables")
FEMALE = {"field": "sex", "op": "in", "value": ["female"]}
VISITED = {
    "behaviour": "contact",
    "where": [{"field": "channel", "op": "in", "value": ["visit"]}],
    "days": 90,
}


def nest(depth: int) -> dict[str, Any]:
    return {"not": nest(depth - 1)} if depth else FEMALE


def test_groups_conditions_and_behaviours_are_read() -> None:
    source = {
        "all": [FEMALE, {"any": [{"not": FEMALE}, VISITED | {"aggregate": "count", "op": "gte", "value": 2}]}]
    }

    rule = parse_rule(source)

    assert isinstance(rule, Group)
    field, either = rule.children
    assert isinstance(field, FieldTest)
    assert (field.field.name, field.op, field.value) == ("sex", "in", ("female",))
    assert isinstance(either, Group)
    assert isinstance(either.children[0], Inverse)
    counted = either.children[1]
    assert isinstance(counted, BehaviourTest)
    assert (counted.days, counted.aggregate, counted.op, counted.value) == (90, "count", "gte", Decimal(2))


@pytest.mark.parametrize(
    ("field", "op", "value", "expected"),
    [
        ("birth_year", "gte", "1980", Decimal(1980)),
        ("monetary_amount", "between", [1, "2.5"], (Decimal(1), Decimal("2.5"))),
        ("created_at", "before", "2026-01-31", date(2026, 1, 31)),
        ("created_at", "within_days", 30, 30),
        ("sex", "is_empty", None, None),
    ],
)
def test_a_value_gets_the_type_its_question_asks_for(field: str, op: str, value: Any, expected: Any) -> None:
    rule = parse_rule({"field": field, "op": op, "value": value})

    assert isinstance(rule, FieldTest)
    assert rule.value == expected


@pytest.mark.parametrize(
    ("source", "reason", "path"),
    [
        ([], "not_an_object", ""),
        ({"all": []}, "empty_group", "all"),
        ({"all": [FEMALE], "any": [FEMALE]}, "unknown_key", ""),
        ({"any": [FEMALE, 7]}, "not_an_object", "any[1]"),
        (nest(6), "too_deep", "not.not.not.not.not.not"),
        ({"all": [FEMALE] * 51}, "too_many", "all"),
        ({"all": [{"any": [FEMALE] * 26}] * 2}, "too_many", ""),
        ({"all": [{"field": "shoe_size", "op": "eq", "value": 1}]}, "unknown_field", "all[0].field"),
        ({"field": "sex", "op": "gte", "value": 1}, "unknown_operator", "op"),
        ({"field": "sex", "op": "in", "value": []}, "value_missing", "value"),
        ({"field": "sex", "op": "in", "value": "female"}, "value_not_a_choice", "value"),
        ({"field": "sex", "op": "in", "value": ["robot"]}, "value_unknown", "value"),
        ({"field": "sex", "op": "is_empty", "value": ["female"]}, "value_unexpected", "value"),
        ({"field": "birth_year", "op": "eq", "value": "x"}, "value_not_a_number", "value"),
        ({"field": "birth_year", "op": "eq", "value": True}, "value_not_a_number", "value"),
        ({"field": "birth_year", "op": "eq", "value": float("nan")}, "value_not_a_number", "value"),
        ({"field": "birth_year", "op": "eq", "value": 10**12}, "value_too_large", "value"),
        ({"field": "birth_year", "op": "between", "value": [2, 1]}, "value_out_of_order", "value"),
        ({"field": "birth_year", "op": "between", "value": [2]}, "value_missing", "value"),
        ({"field": "created_at", "op": "after", "value": "yesterday"}, "value_not_a_date", "value"),
        ({"field": "created_at", "op": "within_days", "value": 0}, "days_not_valid", "value"),
        ({"behaviour": "dance"}, "unknown_behaviour", "behaviour"),
        (VISITED | {"aggregate": "sum", "op": "gt", "value": 1}, "unknown_aggregate", "aggregate"),
        (VISITED | {"aggregate": "count", "op": "in", "value": 1}, "unknown_operator", "op"),
        (VISITED | {"aggregate": "count", "op": "gte"}, "value_missing", "value"),
        (VISITED | {"aggregate": "never", "op": "gte", "value": 1}, "value_unexpected", "value"),
        (VISITED | {"days": "90"}, "days_not_valid", "days"),
        (VISITED | {"where": [{"field": "sex", "op": "is_empty"}]}, "unknown_field", "where[0].field"),
        ({"behaviour": "home", "days": 3}, "days_unexpected", "days"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(source: Any, reason: str, path: str) -> None:
    with pytest.raises(RuleError) as refused:
        parse_rule(source)

    assert (refused.value.reason, refused.value.path) == (reason, path)
    assert str(refused.value)


def test_a_field_whose_table_nobody_offers_is_unknown() -> None:
    with pytest.raises(RuleError) as refused:
        parse_rule({"behaviour": "payment", "aggregate": "never"})

    assert refused.value.reason == "unknown_behaviour"
