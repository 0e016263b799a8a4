"""What a rule is: nested groups of conditions, read from JSON and refused where they make no sense.

The language and its treatment of missing values are described in docs/decisions/0041-segment-rules.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hearth.core.errors import InvalidInput
from hearth.core.profiling import scored_tables
from hearth.segments.catalogue import Behaviour, SegmentField
from hearth.segments.refusals import REASONS

Value = tuple[str, ...] | Decimal | tuple[Decimal, Decimal] | date | tuple[date, date] | int | None
MAX_DEPTH, MAX_LEAVES = 6, 50

OPERATORS = {
    "number": ("gte", "lte", "gt", "lt", "eq", "ne", "between", "is_empty", "is_not_empty"),
    "money": ("gte", "lte", "gt", "lt", "eq", "ne", "between", "is_empty", "is_not_empty"),
    "date": ("within_days", "older_than_days", "before", "after", "between", "is_empty", "is_not_empty"),
    "choice": ("in", "not_in", "is_empty", "is_not_empty"),
    "bool": ("is_true", "is_false", "is_empty", "is_not_empty"),
}
WITHOUT_VALUE = frozenset({"is_empty", "is_not_empty", "is_true", "is_false"})
AGGREGATES = ("at_least_once", "never", "count", "sum", "days_since_last")
AGGREGATES_WITHOUT_VALUE = frozenset({"at_least_once", "never"})
AGGREGATE_OPERATORS = ("gte", "lte", "gt", "lt", "eq", "ne", "between")


class RuleError(InvalidInput):
    """A rule makes no sense; `reason` tells why, `path` where, for example `all[1].any[0].value`."""

    code = "rule_not_valid"

    def __init__(self, reason: str, path: str, **params: object) -> None:
        super().__init__("rule", **params)
        self.reason = reason
        self.path = path

    def __str__(self) -> str:
        return str(REASONS[self.reason]) % self.params


@dataclass(frozen=True)
class FieldTest:
    """A condition on one value; `value` has the type that its operator asks for."""

    field: SegmentField
    op: str
    value: Value = None


@dataclass(frozen=True)
class BehaviourTest:
    """A condition on what a customer did: some rows, within some days, counted or summed, compared."""

    behaviour: Behaviour
    where: tuple[FieldTest, ...]
    days: int | None
    aggregate: str
    op: str = ""
    value: Value = None


@dataclass(frozen=True)
class Group:
    """All (`all`) or at least one (`any`) of some rules."""

    joiner: str
    children: tuple["Rule", ...]


@dataclass(frozen=True)
class Inverse:
    """The customers whom a rule leaves out."""

    child: "Rule"


Leaf = FieldTest | BehaviourTest
Rule = Group | Inverse | Leaf


def list_leaves(rule: Rule) -> Iterator[Leaf]:
    """Yield the conditions in the order in which a person reads them."""
    if isinstance(rule, Group):
        for child in rule.children:
            yield from list_leaves(child)
    elif isinstance(rule, Inverse):
        yield from list_leaves(rule.child)
    else:
        yield rule


def list_tables(rule: Rule) -> set[str]:
    """Name the tables that a rule reads."""
    return {"customers"}.union(*map(_tables_of, list_leaves(rule)))


def _tables_of(leaf: Leaf) -> set[str]:
    if isinstance(leaf, FieldTest):
        return {leaf.field.table}
    return {leaf.behaviour.table, *(test.field.table for test in leaf.where)}


def is_by_score(leaf: Leaf) -> bool:
    """Tell whether a condition asks for something that was computed of the person."""
    return not scored_tables().isdisjoint(_tables_of(leaf))


def selects_by_score(rule: Rule) -> bool:
    return any(map(is_by_score, list_leaves(rule)))
