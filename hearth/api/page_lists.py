"""Lists that people see on a page too: narrowed by the page's own filters and saved views, sorted by its orders.

`filter[stage][in]=a,b` asks what `?stage=a,b` asks on the page. The words of the API's operators are put into those of
the page's filters, and nothing else: what a filter means stands once, in the app's `lists.py`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any, ClassVar

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from pydantic import Field

from hearth.api.envelope import ListQuery
from hearth.api.filters import MEANINGS, MOST_VALUES, parameter_names
from hearth.api.problems import Problem, UnknownReference
from hearth.api.validation import OTHERWISE, SENTENCES, FieldError
from hearth.core.permissions import actor_of
from hearth.lib.identifiers import read_uuid
from hearth.lists.definitions import ListDefinition
from hearth.lists.filters import Filter, Reader, Test, Unreadable
from hearth.lists.models import SavedView
from hearth.lists.state import Asked, ListState, Parameters, read_state

Read = Callable[[str], Test]
PREFIX, MIDDLE, END = "filter[", "][", "]"
YES_OR_NO = {"true": "yes", "1": "yes", "yes": "yes", "false": "no", "0": "no", "no": "no"}


class PageQuery(ListQuery):
    """What such a list can be asked for; `sorts` names the page's orders by what the API calls them."""

    definition: ClassVar[ListDefinition[Any]]
    sorts: ClassVar[Mapping[str, str]] = {}
    search: str = Field("", max_length=100, description="What is typed into the search of the page.")
    view: str = Field(
        "",
        max_length=40,
        description="A saved view by its id, or one that ships by its key: its filters and order.",
    )


def _one(operator: str) -> Read:
    return lambda text: Test(operator, (text,))


def _several(operator: str) -> Read:
    return lambda text: Test(operator, tuple(dict.fromkeys(text.split(","))))


def _from(text: str) -> Test:
    return Test("between", (f"{text}..",))


def _until(text: str) -> Test:
    return Test("between", (f"..{text}",))


def _is_empty(text: str) -> Test:
    return Test("empty" if _flag(text) == "yes" else "filled")


def _flag(text: str) -> str:
    if text.lower() not in YES_OR_NO:
        raise Unreadable
    return YES_OR_NO[text.lower()]


# What each operator of the page's filters is called by programs.
WAYS: Mapping[str, Mapping[str, Read]] = {
    "is": {"eq": _one("is"), "in": _several("is")},
    "not": {"not": _several("not")},
    "least": {"gte": _one("least")},
    "most": {"lte": _one("most")},
    "equal": {"eq": _one("equal")},
    "starts": {"starts": _one("starts")},
    "between": {"eq": _one("between"), "gte": _from, "lte": _until},
    "period": {"period": _one("period")},
    "last": {"last": _one("last")},
    "next": {"next": _one("next")},
    "older": {"older": _one("older")},
    "empty": {"empty": _is_empty},
    "filled": {},
}


def ways_of(field: Filter) -> Mapping[str, Read]:
    """Return the operators that programs have for a filter of a page."""
    if field.kind.code == "flag":
        return {"eq": lambda text: Test("is", (_flag(text),))}
    return {name: read for operator in field.kind.operators for name, read in WAYS[operator].items()}


def page_parameters(query: type[PageQuery]) -> dict[str, str]:
    """Return the name of every parameter with what it does; fields that a company added are known by asking only."""
    return {
        f"{PREFIX}{field.key}{MIDDLE}{name}{END}": MEANINGS[name]
        for field in query.definition.filters
        for name in ways_of(field)
    } | parameter_names(query.filters)


@dataclass(frozen=True)
class AskedOfPage:
    """What an address asks of a list: the condition, and the order of its view in the API's words, empty for none."""

    condition: Q
    sort: str


def ask_page(request: HttpRequest, query: PageQuery) -> AskedOfPage:
    """Read the filters, search and view of an address; a query for a view, two for fields that a company added.

    A filter of the address takes the place of the view's for the same field.

    :raises Problem: 400 naming the parameters that are unknown or make no sense
    """
    named = [name for name in request.GET if name.startswith(PREFIX) and name not in _own(query)]
    reader = Reader(actor_of(request), timezone.localdate())
    definition, own = query.definition, set(query.definition.filter_of)
    if query.view or any(_parts(name)[0] not in own for name in named):
        definition = definition.extended(reader.actor)
    asked = list(_read_filters(request, named, definition, reader))
    state = _view(query.view, definition, reader)
    replaced = {each.field.key for each in asked}
    kept = [each for each in state.asked if each.field.key not in replaced]
    text = query.search.strip() or state.text
    conditions = [_all_of(asked, reader), _all_of(kept, reader)]
    if text and definition.search:
        conditions.append(definition.search(text))
    return AskedOfPage(reduce(and_, conditions), _sort_of(state, query))


def _own(query: PageQuery) -> Mapping[str, str]:
    return parameter_names(query.filters)


def _parts(name: str) -> tuple[str, str]:
    """Return field and operator of `filter[field][operator]`, empty texts where it is written otherwise."""
    if not name.endswith(END):
        return "", ""
    field, _middle, operator = name.removeprefix(PREFIX).removesuffix(END).partition(MIDDLE)
    return field, operator


def _read_filters(
    request: HttpRequest,
    named: Iterable[str],
    definition: ListDefinition[Any],
    reader: Reader,
) -> Iterator[Asked]:
    allowed = {each.key: each for each in definition.filters_for(reader.actor)}
    unknown, senseless = [], []
    for name in named:
        key, operator = _parts(name)
        read = ways_of(allowed[key]).get(operator) if key in allowed else None
        if read is None:
            unknown.append(FieldError(name, "unknown_parameter", str(SENTENCES["extra_forbidden"])))
            continue
        for text in request.GET.getlist(name):
            try:
                yield Asked(allowed[key], _checked(allowed[key], read(text), reader))
            except Unreadable:
                senseless.append(FieldError(name, "invalid_filter", str(OTHERWISE), {"value": text}))
    if unknown:
        raise Problem("unknown_parameter", errors=unknown)
    if senseless:
        raise Problem("invalid_parameter", errors=senseless)


def _checked(field: Filter, test: Test, reader: Reader) -> Test:
    if len(test.values) > MOST_VALUES or "" in test.values:
        raise Unreadable
    return field.kind.check(field, test, reader)


def _all_of(asked: Iterable[Asked], reader: Reader) -> Q:
    condition, one_of = Q(), Q()
    for each in asked:
        if each.is_any:
            one_of |= each.field.q(each.test, reader)
        else:
            condition &= each.field.q(each.test, reader)
    return condition & one_of


def _view(key: str, definition: ListDefinition[Any], reader: Reader) -> ListState:
    """Return what a view shows.

    :raises Problem: 400 if there is none that the reader may use, or if it narrows by what the reader may not ask:
        left out, it would show more than it says
    """
    parameters = _parameters_of(key, definition, reader) if key else {}
    if parameters is None:
        reason = FieldError("view", UnknownReference.code, str(UnknownReference.message))
        raise Problem("invalid_parameter", errors=[reason])
    state = read_state(definition, parameters, reader)
    if lost := [name for name in state.ignored if name in parameters and name not in LAYOUT]:
        raise Problem(
            "invalid_parameter",
            errors=[FieldError("view", "view_not_readable", str(OTHERWISE), {"filters": lost})],
        )
    return state


# What of a view says how it looks, and nothing of its rows.
LAYOUT = frozenset(
    {"columns", "widths", "density", "totals", "group", "display", "by", "month", "rows", "sort"}
)


def _parameters_of(key: str, definition: ListDefinition[Any], reader: Reader) -> Parameters | None:
    shipped = next((each.parameters for each in definition.presets if each.key == key), None)
    if shipped is not None:
        return shipped
    view_id = read_uuid(key)
    if view_id is None:
        return None
    views = SavedView.objects.visible_to(reader.actor).filter(object_key=definition.key, pk=view_id)
    found: Parameters | None = views.values_list("parameters", flat=True).first()
    return found


def _sort_of(state: ListState, query: PageQuery) -> str:
    """Return the order of a view as the API calls it, empty where it has none of its own."""
    name = next((name for name, key in query.sorts.items() if key == state.order), "")
    if not name:
        return ""
    order = state.definition.order_of[state.order]
    is_descending = order.column.startswith("-") != state.is_reversed
    return f"-{name}" if is_descending else name
