"""What a list of one kind of object consists of. Apps declare theirs in `lists.py` and register it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import Combinable
from django.forms import Field as FormField

from hearth.core.actor import Actor
from hearth.core.registry import Registry
from hearth.lists.cells import TEXT, CellKind
from hearth.lists.filters import Filter, Reader
from hearth.lists.filters.base import Words

if TYPE_CHECKING:
    from hearth.lists.bulk import BulkAction
    from hearth.lists.state import ListState

RowT = TypeVar("RowT", bound=Model)
Value = TypeVar("Value")


class Batch(Generic[RowT]):
    """Some rows of a list with their reader; what several columns need is loaded once.

    A page is a batch, and so is each portion of a file that is written from a list.
    """

    def __init__(self, rows: Sequence[RowT], actor: Actor) -> None:
        self.rows = rows
        self.actor = actor
        self._loaded: dict[Callable[..., Any], Any] = {}

    @property
    def ids(self) -> list[UUID]:
        return [row.pk for row in self.rows]

    def once(self, load: Callable[["Batch[RowT]"], Value]) -> Value:
        """Return what `load` gives for this batch, called at most once."""
        if load not in self._loaded:
            self._loaded[load] = load(self)
        found: Value = self._loaded[load]
        return found


FIGURES_OF_A_COLUMN = ("sum", "average", "least", "most")


@dataclass(frozen=True)
class Column(Generic[RowT]):
    """A column: `read` gives one value a row, as far as the reader may see it, in constant queries.

    `order` names the order its header sorts by. Without `permission` (besides the list's own) a reader does not
    learn of the column; where they lack `unmasked_by`, `read` gives its values masked. `total` is the number that the
    foot of the table sums: a database column, or what makes an expression for one row.
    """

    key: str
    label: Words
    read: Callable[[Batch[RowT]], Sequence[Any]]
    kind: CellKind = TEXT
    order: str = ""
    permission: str = ""
    is_usual: bool = True
    total: "str | Callable[[], Combinable]" = ""
    unmasked_by: str = ""

    @property
    def figures(self) -> Sequence[str]:
        """Name the figures that the foot of the table may tell."""
        if not self.total:
            return ()
        return [figure for figure in FIGURES_OF_A_COLUMN if figure != "sum" or not self.kind.is_share]


EVERY_ROW = Q()


@dataclass(frozen=True)
class Order:
    """An order with an index behind it: `column` (never null; `-` for descending at first) and then the id.

    `held` is what the index holds beside the id: a page is found without touching the rows it passes over. Where the
    column belongs to another table, `among` keeps the rows that have it: by an inner join its index serves.
    """

    key: str
    label: Words
    column: str
    held: str = ""
    expression: Callable[[], Combinable] | None = None
    among: Q = EVERY_ROW


Move = Callable[[Any, str, Actor, datetime], object]


@dataclass(frozen=True)
class Aging:
    """Since when a card waits, None for one that does not; its dot is amber and red after so many days."""

    since: Callable[[Any], date | None]
    amber: int
    red: int


@dataclass(frozen=True)
class Board:
    """The rows as cards in columns by a filter of fixed words, for example the state.

    `move` is the app's own act that brings a row to another column; it refuses by a `DomainError`. Without it, and
    without `permission`, cards stay where they are. `card` names the columns a card shows, `amount` the database
    column whose sum stands at the head.
    """

    key: str
    card: Sequence[str]
    move: Move | None = None
    permission: str = ""
    amount: str = ""
    aging: Aging | None = None


@dataclass(frozen=True)
class Plan:
    """A display of an app's own, such as the stacking plan of homes, arranged by a filter of fixed words.

    `read` gives the context of `template` and the cursor of what comes after; it starts from the rows of the state.
    """

    by: str
    label: Words
    icon: str
    template: str
    read: "Callable[[ListState, Reader, str], tuple[dict[str, Any], str]]"


@dataclass(frozen=True)
class Preset:
    """A view that ships: a name for some parameters of the address."""

    key: str
    label: Words
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class Emptiness:
    """What a list without rows says; the action leads where the first row is made, shown to who may open it.

    `has_samples`: the sample city fills this list.
    """

    title: Words
    text: Words
    action_label: Words
    action_url_name: str
    none_fits: Words
    has_samples: bool = False


Lock = Callable[[Batch[RowT]], Mapping[UUID, Words]]


@dataclass(frozen=True, kw_only=True)
class EditableField(Generic[RowT]):
    """A field that is edited where it is shown; its key is that of the column that shows it, if one does.

    `control` makes the input for one row, `read` gives the value as that input knows it, and `write` is the app's own
    act that sets it: it refuses by a `DomainError`. `locks` tells of a batch which rows keep what they have and why,
    in constant queries; such values are not sent to an editor. Who holds `permission` nowhere is not offered it.
    `shortcut` is the key that edits the field of the row in hand.
    """

    key: str
    label: Words
    permission: str
    control: Callable[[RowT, Actor], FormField]
    read: Callable[[RowT], Any]
    write: Callable[[RowT, Any, Actor, datetime], object]
    locks: Lock[RowT]
    shortcut: str = ""


@dataclass(frozen=True)
class FixedField:
    """A field that is never edited where it is shown, with the reason for those who might look for a pencil."""

    key: str
    permission: str
    reason: Words


@dataclass(frozen=True)
class Further(Generic[RowT]):
    """What a list holds besides, which is not known before somebody opens it."""

    columns: Sequence[Column[RowT]] = ()
    filters: Sequence[Filter] = ()
    actions: Sequence["BulkAction"] = ()
    fields: Sequence[EditableField[RowT]] = ()


@dataclass(frozen=True, kw_only=True)
class ListDefinition(Generic[RowT]):
    """The list of one kind of object.

    `rows` are those the actor may see, and the only row rule; `whole` reads the rows of a page with what their
    columns share; `search` is what a searched text means. `quick` names the filters that are always in sight,
    `calendars` those of days that a month can be shown by; `plan` is a display of the app's own; `texts` are long
    texts of a row, for the look at one. `fields` are edited where they are shown, `fixed` are not, and say why.
    """

    key: str
    label: Words
    icon: str
    permission: str
    url_name: str
    record_url_name: str
    rows: Callable[[Actor], QuerySet[RowT]]
    whole: Callable[[], QuerySet[RowT]]
    columns: Sequence[Column[RowT]]
    filters: Sequence[Filter]
    orders: Sequence[Order]
    emptiness: Emptiness
    search: Callable[[str], Q] | None = None
    search_hint: Words = ""
    quick: Sequence[str] = ()
    presets: Sequence[Preset] = ()
    boards: Sequence[Board] = ()
    calendars: Sequence[str] = ()
    plan: Plan | None = None
    texts: Callable[[RowT], Sequence[tuple[Words, str]]] | None = None
    edit_url_name: str = ""
    further: Callable[[Actor], Further[RowT]] | None = None
    actions: Sequence["BulkAction"] = ()
    is_extended: bool = False
    fields: Sequence[EditableField[RowT]] = ()
    fixed: Sequence[FixedField] = ()
    filter_of: Mapping[str, Filter] = field(init=False)
    column_of: Mapping[str, Column[RowT]] = field(init=False)
    order_of: Mapping[str, Order] = field(init=False)
    field_of: Mapping[str, EditableField[RowT]] = field(init=False)
    fixed_of: Mapping[str, FixedField] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "filter_of", {each.key: each for each in self.filters})
        object.__setattr__(self, "column_of", {each.key: each for each in self.columns})
        object.__setattr__(self, "order_of", {each.key: each for each in self.orders})
        object.__setattr__(self, "field_of", {each.key: each for each in self.fields})
        object.__setattr__(self, "fixed_of", {each.key: each for each in self.fixed})

    def extended(self, actor: Actor) -> "ListDefinition[RowT]":
        """Return the list with the filters of apps above, and all that is further and that the actor may see."""
        if self.is_extended:
            return self
        above = [each for key, each in _filters_above.items() if key.startswith(f"{self.key}:")]
        further = self.further(actor) if self.further else Further[RowT]()
        return replace(
            self,
            columns=(*self.columns, *further.columns),
            filters=(*self.filters, *above, *further.filters),
            actions=further.actions,
            fields=(*self.fields, *further.fields),
            is_extended=True,
        )

    @property
    def is_searchable(self) -> bool:
        """Tell whether a text can be searched; templates would call `search` itself."""
        return self.search is not None

    def columns_for(self, actor: Actor) -> list[Column[RowT]]:
        """Return the columns the actor may choose from."""
        return [each for each in self.columns if not each.permission or actor.can(each.permission)]

    def filters_for(self, actor: Actor) -> list[Filter]:
        """Return the filters the actor may use."""
        return [each for each in self.filters if not each.permission or actor.can(each.permission)]


lists: Registry[ListDefinition[Any]] = Registry()


def register_list(definition: ListDefinition[RowT]) -> ListDefinition[RowT]:
    """Make a list known under its key."""
    lists.register(definition.key, definition)
    return definition


_filters_above: Registry[Filter] = Registry()


def register_filter(list_key: str, each: Filter) -> Filter:
    """Let a list of an app below be narrowed by what an app above knows."""
    return _filters_above.register(f"{list_key}:{each.key}", each)
