"""Filters over a fixed set of words, and over yes and no."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hearth.lists.filters.base import Choices, Filter, Reader, Test, Unreadable, Words

YES_OR_NO: Choices = (("yes", _("yes")), ("no", _("no")))


class ChoiceKind:
    """One of several words, or none of them."""

    code = "choice"
    operators: Mapping[str, Words] = {"is": _("is one of"), "not": _("is none of")}

    def check(self, field: Filter, test: Test, reader: Reader) -> Test:
        known = {code for code, _label in field.choices}
        if not test.values or not known.issuperset(test.values):
            raise Unreadable
        order = [code for code, _label in field.choices]
        return Test(test.operator, tuple(sorted(test.values, key=order.index)))

    def condition(self, field: Filter, test: Test, reader: Reader) -> Q:
        found = Q(**{f"{field.path}__in": test.values})
        return ~found if test.operator == "not" else found

    def words(self, field: Filter, test: Test, reader: Reader) -> str:
        labels = dict(field.choices)
        said = ", ".join(str(labels[value]) for value in test.values)
        return gettext("not %(values)s") % {"values": said} if test.operator == "not" else said

    def editor(self, field: Filter, test: Test | None, reader: Reader) -> Mapping[str, Any]:
        return {"choices": field.choices}


class FlagKind(ChoiceKind):
    """Yes or no; one of the two."""

    code = "flag"
    operators: Mapping[str, Words] = {"is": _("is")}

    def check(self, field: Filter, test: Test, reader: Reader) -> Test:
        if len(test.values) != 1 or test.values[0] not in {"yes", "no"}:
            raise Unreadable
        return test

    def condition(self, field: Filter, test: Test, reader: Reader) -> Q:
        return Q(**{field.path: test.values == ("yes",)})

    def words(self, field: Filter, test: Test, reader: Reader) -> str:
        return str(dict(YES_OR_NO)[test.values[0]])

    def editor(self, field: Filter, test: Test | None, reader: Reader) -> Mapping[str, Any]:
        return {"choices": YES_OR_NO}


CHOICE, FLAG = ChoiceKind(), FlagKind()
