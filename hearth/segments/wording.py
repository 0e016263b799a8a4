"""A rule in the words of the reader."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from hearth.segments.catalogue import SegmentField
from hearth.segments.rules import BehaviourTest, FieldTest, Group, Inverse, Leaf, Rule

OPERATOR_WORDS = {
    "gte": gettext_lazy("at least"),
    "lte": gettext_lazy("at most"),
    "gt": gettext_lazy("more than"),
    "lt": gettext_lazy("less than"),
    "eq": gettext_lazy("exactly"),
    "ne": gettext_lazy("not"),
    "between": gettext_lazy("between"),
    "in": gettext_lazy("is one of"),
    "not_in": gettext_lazy("is none of"),
    "is_empty": gettext_lazy("is not known"),
    "is_not_empty": gettext_lazy("is known"),
    "is_true": gettext_lazy("is true"),
    "is_false": gettext_lazy("is false"),
    "before": gettext_lazy("before"),
    "after": gettext_lazy("after"),
    "within_days": gettext_lazy("within the last days"),
    "older_than_days": gettext_lazy("longer ago than days"),
}
AGGREGATE_WORDS = {
    "at_least_once": gettext_lazy("at least once"),
    "never": gettext_lazy("never"),
    "count": gettext_lazy("number of times"),
    "sum": gettext_lazy("sum of amounts"),
    "days_since_last": gettext_lazy("days since the last time"),
}


def rule_in_words(rule: Rule) -> str:
    """Say a rule in one sentence."""
    if isinstance(rule, Group):
        return _join_children(rule)
    return _part_in_words(rule)


def _join_children(group: Group) -> str:
    joiner = pgettext("rule", " and ") if group.joiner == "all" else pgettext("rule", " or ")
    return joiner.join(_part_in_words(child) for child in group.children)


def _part_in_words(rule: Rule) -> str:
    if isinstance(rule, Group):
        words = _join_children(rule)
        return words if len(rule.children) == 1 else _("(%(parts)s)") % {"parts": words}
    if isinstance(rule, Inverse):
        return _("not %(part)s") % {"part": _part_in_words(rule.child)}
    return leaf_in_words(rule)


def leaf_in_words(leaf: Leaf) -> str:
    """Say one condition."""
    return _test_in_words(leaf) if isinstance(leaf, FieldTest) else _behaviour_in_words(leaf)


def _test_in_words(test: FieldTest) -> str:
    label, value = str(test.field.label), test.value
    if test.op == "within_days":
        return _("%(field)s within the last %(days)s days") % {"field": label, "days": value}
    if test.op == "older_than_days":
        return _("%(field)s longer ago than %(days)s days") % {"field": label, "days": value}
    words = {"field": label, "op": str(OPERATOR_WORDS[test.op]), "value": _value_in_words(test.field, value)}
    return (_("%(field)s %(op)s %(value)s") if words["value"] else _("%(field)s %(op)s")) % words


def _behaviour_in_words(test: BehaviourTest) -> str:
    subject = str(test.behaviour.label)
    if test.where:
        joined = pgettext("rule", " and ").join(_test_in_words(where) for where in test.where)
        subject += " " + _("(%(parts)s)") % {"parts": joined}
    parts = [subject]
    if test.days is not None:
        parts.append(
            ngettext("in the last %(days)s day", "in the last %(days)s days", test.days) % {"days": test.days}
        )
    measure = [str(AGGREGATE_WORDS[test.aggregate])]
    if test.op:
        measure += [str(OPERATOR_WORDS[test.op]), _number_in_words(test.value)]
    return pgettext("clause", ", ").join([*parts, " ".join(measure)])


def _value_in_words(field: SegmentField, value: Any) -> str:
    if value is None:
        return ""
    if field.kind == "choice":
        labels = dict(field.list_choices())
        return _list_in_words(str(labels.get(code, code)) for code in value)
    if isinstance(value, tuple):
        return _("%(low)s and %(high)s") % {"low": _one(field, value[0]), "high": _one(field, value[1])}
    return _one(field, value)


def _list_in_words(items: Iterable[str]) -> str:
    return pgettext("list", ", ").join(items)


def _one(field: SegmentField, value: Any) -> str:
    if isinstance(value, date):
        return date_format(value, "Y-m-d")
    number = _number_in_words(value)
    return f"¥{number}" if field.kind == "money" else number


def _number_in_words(value: Any) -> str:
    if isinstance(value, tuple):
        return _("%(low)s and %(high)s") % {
            "low": _number_in_words(value[0]),
            "high": _number_in_words(value[1]),
        }
    number = value if isinstance(value, Decimal) else Decimal(value)
    # Years and counts alike: digits alone, without separators that a year must not have.
    return f"{number.normalize():f}"
