"""Filters over numbers and amounts, and over the beginning of a text."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hearth.lists.filters.base import Filter, Reader, Test, Unreadable, Words

LONGEST_TEXT = 100


class NumberKind:
    """A number: at least, at most, or exactly."""

    code = "number"
    operators: Mapping[str, Words] = {"least": _("at least"), "most": _("at most"), "equal": _("exactly")}

    def check(self, field: Filter, test: Test, reader: Reader) -> Test:
        if len(test.values) != 1:
            raise Unreadable
        try:
            number = Decimal(test.values[0])
        except InvalidOperation as error:
            raise Unreadable from error
        if not number.is_finite() or abs(number) >= 10**15:
            raise Unreadable
        return test

    def condition(self, field: Filter, test: Test, reader: Reader) -> Q:
        lookup = {"least": "gte", "most": "lte", "equal": "exact"}[test.operator]
        return Q(**{f"{field.path}__{lookup}": Decimal(test.values[0])})

    def words(self, field: Filter, test: Test, reader: Reader) -> str:
        sign = {"least": "≥", "most": "≤", "equal": "="}[test.operator]
        return f"{sign} {Decimal(test.values[0]):,}"

    def editor(self, field: Filter, test: Test | None, reader: Reader) -> Mapping[str, Any]:
        return {"operators": self.operators, "value": test.values[0] if test else "", "type": "number"}


class TextKind:
    """A text that begins so."""

    code = "number"
    operators: Mapping[str, Words] = {"starts": _("begins with")}

    def check(self, field: Filter, test: Test, reader: Reader) -> Test:
        if len(test.values) != 1 or len(test.values[0]) > LONGEST_TEXT:
            raise Unreadable
        return test

    def condition(self, field: Filter, test: Test, reader: Reader) -> Q:
        return Q(**{f"{field.path}__startswith": test.values[0]})

    def words(self, field: Filter, test: Test, reader: Reader) -> str:
        return f"{test.values[0]}…"

    def editor(self, field: Filter, test: Test | None, reader: Reader) -> Mapping[str, Any]:
        return {"operators": self.operators, "value": test.values[0] if test else "", "type": "text"}


NUMBER, TEXT = NumberKind(), TextKind()
