"""What of an answer is sent: the fields a program asks for, and the records it has included."""

from collections.abc import Collection
from functools import cache
from typing import Any, get_args

from django.http import HttpRequest
from pydantic import BaseModel

from hearth.api.envelope import ListOf
from hearth.api.problems import Problem
from hearth.api.validation import OTHERWISE, FieldError

ALWAYS = "id"


@cache
def item_of(model: type[BaseModel]) -> type[BaseModel]:
    """Return what an answer consists of: itself, or the rows of a list."""
    if not issubclass(model, ListOf):
        return model
    rows = model.model_fields["data"].annotation
    found: type[BaseModel] = get_args(rows)[0]
    return found


def includable(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the fields of an answer that are sent only when they are asked for by `include`."""
    return tuple(
        name
        for name, found in item_of(model).model_fields.items()
        if isinstance(found.json_schema_extra, dict) and found.json_schema_extra.get("x-include")
    )


def included(request: HttpRequest, model: type[BaseModel]) -> frozenset[str]:
    """Return what a program has included.

    :raises Problem: 400 if it is not on the list
    """
    return frozenset(_names(request, "include", includable(model)))


def shape(request: HttpRequest, body: BaseModel) -> str:
    """Write an answer with the fields that were asked for, else all that need not be included.

    :raises Problem: 400 if a field is unknown
    """
    item = item_of(type(body))
    asked = _names(request, "fields", tuple(item.model_fields))
    wanted = included(request, type(body))
    left_out = {name for name in includable(type(body)) if name not in wanted}
    kept = ({*asked, *wanted} | ({ALWAYS} & set(item.model_fields))) - left_out if asked else None
    if kept is None and not left_out:
        return body.model_dump_json()
    include: Any = kept
    exclude: Any = left_out or None
    if isinstance(body, ListOf):
        include = {"data": {"__all__": kept}, "page": True} if kept is not None else None
        exclude = {"data": {"__all__": left_out}} if left_out else None
    return body.model_dump_json(include=include, exclude=exclude)


def _names(request: HttpRequest, parameter: str, known: Collection[str]) -> list[str]:
    if request.method != "GET":
        return []
    named = [part.strip() for part in request.GET.get(parameter, "").split(",") if part.strip()]
    errors = [
        FieldError(parameter, f"unknown_{parameter.removesuffix('s')}", str(OTHERWISE), {"value": name})
        for name in named
        if name not in known
    ]
    if errors:
        raise Problem("invalid_parameter", errors=errors)
    return named
