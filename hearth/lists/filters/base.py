"""What a filter is: a field of a list, a kind that knows its operators, and a test somebody asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.db.models import Q
from django.utils.functional import Promise

from hearth.core.actor import Actor

Words = str | Promise
Choices = Sequence[tuple[str, Words]]


class Unreadable(Exception):
    """The address asks for something this filter cannot do; the list leaves it out and says so."""


@dataclass(frozen=True)
class Reader:
    """Who reads a list, and on which day: relative dates and "me" mean something by these."""

    actor: Actor
    today: date


@dataclass(frozen=True)
class Test:
    """What is asked of one filter. In the address `operator:value,value`; the usual operator goes unsaid."""

    operator: str
    values: tuple[str, ...] = ()


class FilterKind(Protocol):
    """How filters of one kind are read from the address, asked of the database, and put in words.

    `code` names the template of the editor; the first of `operators` is the usual one.
    """

    code: str
    operators: Mapping[str, Words]

    def check(self, field: "Filter", test: Test, reader: Reader) -> Test:
        """Return the test in its tidy form; no query.

        :raises Unreadable: if this kind cannot do it
        """

    def condition(self, field: "Filter", test: Test, reader: Reader) -> Q:
        """Return what the database is asked; no query."""

    def words(self, field: "Filter", test: Test, reader: Reader) -> str:
        """Say the test to a person; at most one query."""

    def editor(self, field: "Filter", test: Test | None, reader: Reader) -> Mapping[str, Any]:
        """Return what the editor's template needs; at most two queries."""


Condition = Callable[[Test, Reader], Q]


@dataclass(frozen=True)
class Filter:
    """A field that a list can be narrowed by.

    `path` is the column the kind asks; `condition` takes its place where a column is not enough. Only who holds
    `permission` (besides the list's own) may ask, since an answer tells the value. A grouping counts rows by the
    column.
    """

    key: str
    label: Words
    kind: FilterKind
    path: str = ""
    choices: Choices = ()
    condition: Condition | None = None
    permission: str = ""
    is_grouping: bool = False

    def q(self, test: Test, reader: Reader) -> Q:
        """Return what the database is asked for this test."""
        if self.condition:
            return self.condition(test, reader)
        return self.kind.condition(self, test, reader)

    def read(self, text: str, reader: Reader) -> Test:
        """Read a test as it stands in the address.

        :raises Unreadable: if it means nothing here
        """
        operator, colon, rest = text.partition(":")
        if not colon or operator not in self.kind.operators:
            operator, rest = next(iter(self.kind.operators)), text
        values = tuple(dict.fromkeys(value.strip() for value in rest.split(",") if value.strip()))
        return self.kind.check(self, Test(operator, values), reader)

    def write(self, test: Test) -> str:
        """Write a test as it stands in the address."""
        text = ",".join(test.values)
        return text if test.operator == next(iter(self.kind.operators)) else f"{test.operator}:{text}"

    def words(self, test: Test, reader: Reader) -> str:
        """Say the test to a person."""
        return self.kind.words(self, test, reader)
