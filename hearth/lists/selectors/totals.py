"""What the foot of a table tells of a column: one figure of all rows that the reader may see and asked for."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Aggregate, Avg, F, Max, Min, Sum
from django.utils.translation import gettext_lazy as _

from hearth.core.bounded import within
from hearth.lists.definitions import Column
from hearth.lists.filters import Reader
from hearth.lists.filters.base import Words
from hearth.lists.selectors.rows import list_rows
from hearth.lists.state import ListState

SECONDS = 5
FIGURES: Mapping[str, tuple[Words, type[Aggregate]]] = {
    "sum": (_("Sum"), Sum),
    "average": (_("Average"), Avg),
    "least": (_("Smallest"), Min),
    "most": (_("Largest"), Max),
}


def total_of(state: ListState, reader: Reader, column: Column[Any], figure: str) -> Any:
    """Return a figure of a column, exact, over the rows that have a value; None where none has.

    One query, with those that bound its time; a searched text may cost one more.

    :raises TookTooLong: if the rows are too many
    """
    _label, aggregate = FIGURES[figure]
    rows = list_rows(state, reader).order_by()
    number = F(column.total) if isinstance(column.total, str) else column.total()
    with within(SECONDS):
        return rows.annotate(list_number=number).aggregate(list_total=aggregate("list_number"))["list_total"]
