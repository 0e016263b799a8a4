"""Reading a rule from JSON."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from hearth.segments.catalogue import SegmentField, find_behaviour, find_field
from hearth.segments.rules import (
    AGGREGATE_OPERATORS,
    AGGREGATES,
    AGGREGATES_WITHOUT_VALUE,
    MAX_DEPTH,
    MAX_LEAVES,
    OPERATORS,
    WITHOUT_VALUE,
    BehaviourTest,
    FieldTest,
    Group,
    Inverse,
    Rule,
    RuleError,
    Value,
    list_leaves,
)

MAX_DAYS = 36_500
MAX_CHOICES, MAX_TEXT = 500, 80
LARGEST = Decimal(10) ** 12
DECIMALS = 4
FIELD_KEYS = frozenset({"field", "op", "value"})
BEHAVIOUR_KEYS = frozenset({"behaviour", "where", "days", "aggregate", "op", "value"})


def parse_rule(source: Any) -> Rule:
    """Turn JSON into a rule over what the catalogue offers now.

    :raises RuleError: with the path of the first part that makes no sense
    """
    rule = _parse(source, "", 1)
    if sum(1 for _ in list_leaves(rule)) > MAX_LEAVES:
        raise RuleError("too_many", "", limit=MAX_LEAVES)
    return rule


def _parse(source: Any, path: str, depth: int) -> Rule:
    if not isinstance(source, Mapping):
        raise RuleError("not_an_object", path)
    if depth > MAX_DEPTH:
        raise RuleError("too_deep", path, limit=MAX_DEPTH)
    for joiner in ("all", "any"):
        if joiner in source:
            _expect_keys(source, {joiner}, path)
            return _parse_group(joiner, source[joiner], path, depth)
    if "not" in source:
        _expect_keys(source, {"not"}, path)
        return Inverse(_parse(source["not"], _join(path, "not"), depth + 1))
    if "behaviour" in source:
        return _parse_behaviour(source, path)
    return _parse_field(source, path)


def _join(path: str, part: str) -> str:
    return f"{path}.{part}" if path else part


def _expect_keys(source: Mapping[str, Any], allowed: set[str] | frozenset[str], path: str) -> None:
    for key in source:
        if key not in allowed:
            raise RuleError("unknown_key", path, key=key)


def _parse_group(joiner: str, children: Any, path: str, depth: int) -> Group:
    path = _join(path, joiner)
    if not isinstance(children, list) or not children:
        raise RuleError("empty_group", path)
    if len(children) > MAX_LEAVES:
        raise RuleError("too_many", path, limit=MAX_LEAVES)
    parsed = [_parse(child, f"{path}[{number}]", depth + 1) for number, child in enumerate(children)]
    return Group(joiner, tuple(parsed))


def _parse_field(source: Mapping[str, Any], path: str) -> FieldTest:
    _expect_keys(source, FIELD_KEYS, path)
    field = find_field(str(source.get("field", "")))
    if field is None:
        raise RuleError("unknown_field", _join(path, "field"), name=source.get("field", ""))
    return _parse_test(field, source, path)


def _parse_test(field: SegmentField, source: Mapping[str, Any], path: str) -> FieldTest:
    op = source.get("op")
    if op not in OPERATORS[field.kind]:
        raise RuleError("unknown_operator", _join(path, "op"), op=op)
    if op in WITHOUT_VALUE:
        if source.get("value") is not None:
            raise RuleError("value_unexpected", _join(path, "value"))
        return FieldTest(field, op)
    return FieldTest(field, op, _parse_value(field, op, source.get("value"), _join(path, "value")))


def _parse_behaviour(source: Mapping[str, Any], path: str) -> BehaviourTest:
    _expect_keys(source, BEHAVIOUR_KEYS, path)
    behaviour = find_behaviour(str(source["behaviour"]))
    if behaviour is None:
        raise RuleError("unknown_behaviour", _join(path, "behaviour"), name=source["behaviour"])
    aggregate = source.get("aggregate", "at_least_once")
    allowed = [name for name in AGGREGATES if behaviour.offers(name)]
    if aggregate not in allowed:
        raise RuleError("unknown_aggregate", _join(path, "aggregate"), name=aggregate)
    days = source.get("days")
    if days is not None:
        if not behaviour.time:
            raise RuleError("days_unexpected", _join(path, "days"))
        days = _parse_days(days, _join(path, "days"))
    where = _parse_where(behaviour.filters, source.get("where", []), _join(path, "where"))
    if aggregate in AGGREGATES_WITHOUT_VALUE:
        if source.get("op") or source.get("value") is not None:
            raise RuleError("value_unexpected", _join(path, "value"))
        return BehaviourTest(behaviour, where, days, aggregate)
    op = source.get("op")
    if op not in AGGREGATE_OPERATORS:
        raise RuleError("unknown_operator", _join(path, "op"), op=op)
    value = _parse_numbers(op, source.get("value"), _join(path, "value"))
    return BehaviourTest(behaviour, where, days, aggregate, op, value)


def _parse_where(filters: tuple[SegmentField, ...], tests: Any, path: str) -> tuple[FieldTest, ...]:
    if not isinstance(tests, list):
        raise RuleError("not_an_object", path)
    if len(tests) > MAX_LEAVES:
        raise RuleError("too_many", path, limit=MAX_LEAVES)
    offered = {field.name: field for field in filters if field.is_available()}
    parsed = []
    for number, test in enumerate(tests):
        place = f"{path}[{number}]"
        if not isinstance(test, Mapping):
            raise RuleError("not_an_object", place)
        _expect_keys(test, FIELD_KEYS, place)
        if test.get("field") not in offered:
            raise RuleError("unknown_field", _join(place, "field"), name=test.get("field", ""))
        parsed.append(_parse_test(offered[test["field"]], test, place))
    return tuple(parsed)


def _parse_value(field: SegmentField, op: str, value: Any, path: str) -> Value:
    if value in (None, "", []):
        raise RuleError("value_missing", path)
    if field.kind == "choice":
        return _parse_choices(field, value, path)
    if field.kind == "date":
        return _parse_days(value, path) if op.endswith("_days") else _parse_dates(op, value, path)
    return _parse_numbers(op, value, path)


def _parse_choices(field: SegmentField, value: Any, path: str) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MAX_CHOICES:
        raise RuleError("value_not_a_choice", path)
    known = None if field.is_open else {code for code, _ in field.list_choices()}
    for item in value:
        if not isinstance(item, str) or not item or len(item) > MAX_TEXT or "\0" in item:
            raise RuleError("value_not_a_choice", path)
        if known is not None and item not in known:
            raise RuleError("value_unknown", path, value=item)
    return tuple(dict.fromkeys(value))


def _parse_days(value: Any, path: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_DAYS:
        raise RuleError("days_not_valid", path, limit=MAX_DAYS)
    return value


def _pair(value: Any, path: str) -> tuple[Any, Any]:
    if not isinstance(value, list) or len(value) != 2:
        raise RuleError("value_missing", path)
    return value[0], value[1]


def _parse_numbers(op: str, value: Any, path: str) -> Decimal | tuple[Decimal, Decimal]:
    if op != "between":
        return _parse_number(value, path)
    low, high = (_parse_number(item, path) for item in _pair(value, path))
    if low > high:
        raise RuleError("value_out_of_order", path)
    return low, high


def _parse_number(value: Any, path: str) -> Decimal:
    if value is None:
        raise RuleError("value_missing", path)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise RuleError("value_not_a_number", path)
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise RuleError("value_not_a_number", path) from error
    if not number.is_finite():
        raise RuleError("value_not_a_number", path)
    if abs(number) >= LARGEST:
        raise RuleError("value_too_large", path)
    return round(number, DECIMALS)


def _parse_dates(op: str, value: Any, path: str) -> date | tuple[date, date]:
    if op != "between":
        return _parse_date(value, path)
    low, high = (_parse_date(item, path) for item in _pair(value, path))
    if low > high:
        raise RuleError("value_out_of_order", path)
    return low, high


def _parse_date(value: Any, path: str) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise RuleError("value_not_a_date", path) from error
