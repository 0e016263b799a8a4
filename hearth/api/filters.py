"""Narrowing lists: `filter[field][op]=value`, each field and operator known in advance."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from django.db import models
from django.http import QueryDict
from pydantic import Field, TypeAdapter, ValidationError

from hearth.api.problems import Problem
from hearth.api.validation import FieldError, read_errors

Rows = TypeVar("Rows", bound="models.QuerySet[Any]")
EQUALS = {"eq": "", "in": "__in"}
ORDERED = {**EQUALS, "gte": "__gte", "gt": "__gt", "lte": "__lte", "lt": "__lt"}
EMPTY = {"empty": "__isnull"}
MOST_VALUES = 100
Number = Annotated[str, Field(pattern=r"^-?[0-9]{1,12}(\.[0-9]{1,2})?$")]


@dataclass(frozen=True)
class Filter:
    """A field that a list can be narrowed by: its column, what its values are, and which operators it has."""

    column: str
    kind: Any
    operators: Mapping[str, str]


def equals(kind: Any, column: str, *, can_be_empty: bool = False) -> Filter:
    """A field that is or is not one of some values."""
    return Filter(column, kind, EQUALS | EMPTY if can_be_empty else EQUALS)


def ordered(kind: Any, column: str, *, can_be_empty: bool = False) -> Filter:
    """A day, instant or number."""
    return Filter(column, kind, ORDERED | EMPTY if can_be_empty else ORDERED)


def parameter_names(filters: Mapping[str, Filter]) -> dict[str, str]:
    """Return the name of every parameter with what it does."""
    return {
        f"filter[{name}][{operator}]": MEANINGS[operator]
        for name, each in filters.items()
        for operator in each.operators
    }


MEANINGS = {
    "eq": "Equal to the value.",
    "in": "One of the values, separated by commas.",
    "gte": "At least the value.",
    "gt": "More than the value.",
    "lte": "At most the value.",
    "lt": "Less than the value.",
    "not": "None of the values, separated by commas.",
    "starts": "Begins with the value.",
    "period": "`today`, `yesterday`, `week`, `month`, `quarter` or `year`: the one that this day is in.",
    "last": "Within so many days up to today.",
    "next": "Within so many days from today on.",
    "older": "More than so many days ago.",
    "empty": "`true`: nothing is recorded; `false`: something is.",
}


def narrow(rows: Rows, filters: Mapping[str, Filter], asked: QueryDict) -> Rows:
    """Keep the rows that every filter of an address lets through; no query is made here.

    :raises Problem: 400 naming the parameters whose values make no sense
    """
    conditions: dict[str, Any] = {}
    errors: list[FieldError] = []
    for name, each in filters.items():
        for operator, lookup in each.operators.items():
            parameter = f"filter[{name}][{operator}]"
            for text in asked.getlist(parameter):
                try:
                    conditions[f"{each.column}{lookup}"] = _read(each, operator, text)
                except ValidationError as error:
                    errors += _errors(parameter, error)
    if errors:
        raise Problem("invalid_parameter", errors=errors)
    return rows.filter(**conditions) if conditions else rows


def _read(each: Filter, operator: str, text: str) -> Any:
    if operator == "empty":
        return TypeAdapter(bool).validate_python(text)
    if operator == "in":
        several = Annotated[list[each.kind], Field(max_length=MOST_VALUES)]  # type: ignore[name-defined]
        return TypeAdapter(several).validate_python(text.split(","))
    return TypeAdapter(each.kind).validate_python(text)


def _errors(parameter: str, error: ValidationError) -> list[FieldError]:
    located = [{**found, "loc": ("query", parameter)} for found in error.errors()]
    return read_errors(located)[1]
