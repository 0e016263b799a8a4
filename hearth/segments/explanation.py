"""Why a customer is in a segment, or not: each condition with what was found, by the present rows."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from hearth.customers.models import Customer
from hearth.segments.compiler import compile_rule, evaluate_leaves
from hearth.segments.counting import place_ids_of
from hearth.segments.models import Segment
from hearth.segments.postgres import run_on_postgres
from hearth.segments.reading import parse_rule
from hearth.segments.rules import BehaviourTest, Group, Inverse, Leaf, Rule, is_by_score, list_tables
from hearth.segments.selectors import latest_members_count
from hearth.segments.wording import leaf_in_words
from hearth.warehouse.engine import table


@dataclass(frozen=True)
class Reason:
    """One part of a rule, and whether it holds; a condition says what was found instead of having parts.

    A part that asks for scores alone is left out for somebody who refuses profiling: it neither holds nor does not.
    """

    words: str
    is_true: bool
    found: str = ""
    parts: tuple["Reason", ...] = ()
    is_left_out: bool = False


@dataclass(frozen=True)
class Explanation:
    """The answer now, and the answer of the last count where it is another one."""

    reason: Reason | None
    is_member: bool
    is_known_here: bool
    was_member: bool | None

    @property
    def differs(self) -> bool:
        return self.was_member is not None and self.was_member != self.is_member


def explain_customer(segment: Segment, customer: Customer, *, now: datetime) -> Explanation:
    """Ask each condition of one customer by the present rows; a constant number of queries.

    A customer who is not known at the segment's place is not in it, whatever the conditions say.
    """
    rule = parse_rule(segment.rule)
    places = place_ids_of(segment.org_unit)
    names = list_tables(rule)
    expression = evaluate_leaves(rule, {name: table(name) for name in names}, now)
    rows = run_on_postgres(expression, names, [customer.id])
    known = places is None or customer.places.filter(org_unit_id__in=places).exists()
    last = latest_members_count(segment)
    was_member = last.members.filter(customer=customer).exists() if last else None
    if not rows:
        return Explanation(None, is_member=False, is_known_here=known, was_member=was_member)
    reason = _reason(rule, count(), rows[0], now)
    return Explanation(reason, reason.is_true and known, known, was_member)


def contains_customer(segment: Segment, customer: Customer, *, now: datetime) -> bool:
    """Tell whether a customer is in a segment by the present rows; for what must react to an event."""
    rule, places = parse_rule(segment.rule), place_ids_of(segment.org_unit)
    names = list_tables(rule) | ({"customer_places"} if places is not None else set())
    expression = compile_rule(rule, {name: table(name) for name in names}, now, places)
    return bool(run_on_postgres(expression, names, [customer.id]))


def _reason(rule: Rule, numbers: Any, row: dict[str, Any], now: datetime) -> Reason:
    if isinstance(rule, Group):
        parts = tuple(_reason(child, numbers, row, now) for child in rule.children)
        return _joined(rule, parts)
    if isinstance(rule, Inverse):
        part = _reason(rule.child, numbers, row, now)
        is_true = not part.is_true and not part.is_left_out
        return Reason(_("This does not hold"), is_true, parts=(part,), is_left_out=part.is_left_out)
    number = next(numbers)
    if row["refuses"] and is_by_score(rule):
        words = _("not asked: refuses profiling")
        return Reason(leaf_in_words(rule), is_true=False, found=words, is_left_out=True)
    return Reason(leaf_in_words(rule), bool(row[f"t{number}"]), _found(rule, row[f"v{number}"], now))


def _joined(group: Group, parts: tuple[Reason, ...]) -> Reason:
    """Join the parts that are asked at all."""
    answers = [part.is_true for part in parts if not part.is_left_out]
    is_true = bool(answers) and (all(answers) if group.joiner == "all" else any(answers))
    words = _("All of these hold") if group.joiner == "all" else _("At least one of these holds")
    return Reason(words, is_true, parts=parts, is_left_out=not answers)


def _found(leaf: Leaf, value: Any, now: datetime) -> str:
    if isinstance(leaf, BehaviourTest):
        if leaf.aggregate == "days_since_last":
            return _("never") if value is None else str(_days_since(value, now))
        return f"{Decimal(value or 0).normalize():f}"
    if value in (None, ""):
        return _("not known")
    if leaf.field.kind == "choice":
        return str(dict(leaf.field.list_choices()).get(value, value))
    if isinstance(value, datetime):
        return date_format(localtime(value), "Y-m-d H:i")
    return date_format(value, "Y-m-d") if isinstance(value, date) else f"{Decimal(value).normalize():f}"


def _days_since(value: datetime | date, now: datetime) -> int:
    if isinstance(value, datetime):
        return (now - value).days
    return (localtime(now).date() - value).days
