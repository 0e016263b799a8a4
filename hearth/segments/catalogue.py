"""What a rule may ask about: fields of a customer, and behaviours with their filters.

An entry is on offer once some app registers its table with its column as an extract of the warehouse.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from hearth.core.extracts import extracts
from hearth.core.registry import Registry

Text = Promise | str
Choices = Iterable[tuple[str, Text]]


def _no_choices() -> Choices:
    return ()


def _has_columns(table: str, *columns: str) -> bool:
    extract = extracts.get(table)
    return extract is not None and all(column in extract.columns for column in columns if column)


@dataclass(frozen=True)
class SegmentField:
    """A value to ask about. `kind` is `number`, `money`, `date`, `choice` or `bool`; `subject` groups the picker.

    The table has one row at most for each customer. `is_open` admits values beyond the choices.
    """

    name: str
    label: Text
    kind: str
    table: str
    column: str
    subject: Text = ""
    choices: Callable[[], Choices] = _no_choices
    is_open: bool = False

    def is_available(self) -> bool:
        return _has_columns(self.table, self.column)

    def list_choices(self) -> list[tuple[str, Text]]:
        return list(self.choices())


@dataclass(frozen=True)
class Behaviour:
    """Rows of a customer to count, sum or date. A filter may belong to another table, joined by `via_column`.

    `valid_from` and `valid_to` (days) keep the rows in force at the moment of the question.
    """

    name: str
    label: Text
    table: str
    time: str = ""
    filters: tuple[SegmentField, ...] = ()
    amount: str = ""
    via_column: str = ""
    valid_from: str = ""
    valid_to: str = ""

    def is_available(self) -> bool:
        return _has_columns(self.table, "customer_id", self.time, self.amount, self.valid_from, self.valid_to)

    def offers(self, aggregate: str) -> bool:
        """Tell whether rows have what a measure needs: an amount to sum, a time to look back to."""
        needed = {"sum": self.amount, "days_since_last": self.time}
        return bool(needed.get(aggregate, "always"))

    def list_filters(self) -> list[SegmentField]:
        return [field for field in self.filters if field.is_available()]


fields: Registry[SegmentField] = Registry()
behaviours: Registry[Behaviour] = Registry()


def register_field(field: SegmentField) -> SegmentField:
    return fields.register(field.name, field)


def register_behaviour(behaviour: Behaviour) -> Behaviour:
    return behaviours.register(behaviour.name, behaviour)


def find_field(name: str) -> SegmentField | None:
    field = fields.get(name)
    return field if field and field.is_available() else None


def find_behaviour(name: str) -> Behaviour | None:
    behaviour = behaviours.get(name)
    return behaviour if behaviour and behaviour.is_available() else None


def available_fields() -> list[SegmentField]:
    return [field for field in fields.values() if field.is_available()]


def available_behaviours() -> list[Behaviour]:
    return [behaviour for behaviour in behaviours.values() if behaviour.is_available()]
