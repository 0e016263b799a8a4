"""Where sealed values stand: every column that holds any, found among the models and not listed by hand.

A binary column whose name ends in `_sealed` holds one value a row. Columns of JSON and opened values may hold more of
them; the app that writes those says how to walk through them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from hearth.core.crypto import SealBroken, open_sealed, seal
from hearth.core.registry import Registry

Model = type[models.Model]
Renew = Callable[[bytes, str, UUID], bytes]
"""What becomes of one sealed value, its column and the row it is bound to."""

Walk = Callable[[Model, Any, Any, Renew], Any]
"""Return the value of a JSON column, of a model and the key of its row, with each sealed value in it renewed."""

SUFFIX = "_sealed"

sealed_in_json: Registry[Walk] = Registry()
"""JSON columns that may hold sealed values, by table and column, or by column where several tables have one."""

Inside = Callable[[str, UUID, Renew], str]
"""Return an opened text, bound to a row, with each sealed value in it renewed."""

sealed_inside: Registry[Inside] = Registry()
"""Sealed columns whose opened text may hold sealed values again, by table and column."""

bound_elsewhere: Registry[str] = Registry()
"""Sealed columns that are bound to another column than the row's key, by table and column."""

keep_their_key: Registry[str] = Registry()
"""Sealed columns that stay under the key they were sealed with, and why, by table and column."""


@dataclass(frozen=True)
class SealedPlace:
    """One column that holds sealed values; `walk` where it is JSON, `inside` where opened text holds more."""

    model: Model
    column: str
    bound_to: str
    walk: Walk | None = None
    inside: Inside | None = None

    @property
    def name(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def renewed(self, row_id: Any, bound_to: Any, value: Any, renew: Renew) -> Any:
        """Return what the column of a row becomes; the value itself where nothing changes."""
        if self.walk is not None:
            return self.walk(self.model, row_id, value, renew)
        bound = bound_to if isinstance(bound_to, UUID) else UUID(int=bound_to)
        sealed = bytes(value)
        if self.inside is not None:
            text = open_sealed(sealed, column=self.name, row_id=bound)
            if (became := self.inside(text, bound, renew)) != text:
                return seal(became, column=self.name, row_id=bound)
        return renew(sealed, self.name, bound)


def sealed_places() -> list[SealedPlace]:
    """Return every column that holds sealed values, those with values inside of values last."""
    found = [place for model in apps.get_models(include_auto_created=True) for place in _places_of(model)]
    return sorted(found, key=lambda place: (place.inside is not None, place.name))


def _places_of(model: Model) -> Iterator[SealedPlace]:
    if model._meta.proxy or not model._meta.managed:
        return
    table, key = model._meta.db_table, model._meta.pk.column or ""
    for field in model._meta.local_concrete_fields:
        column = str(field.column)
        name = f"{table}.{column}"
        if isinstance(field, models.BinaryField) and column.endswith(SUFFIX):
            bound_to = bound_elsewhere.get(name) or key
            yield SealedPlace(model, column, bound_to, inside=sealed_inside.get(name))
        elif isinstance(field, models.JSONField):
            walk = sealed_in_json.get(name) or sealed_in_json.get(column)
            if walk is not None:
                yield SealedPlace(model, column, key, walk=walk)


def renew_remembered(
    values: Mapping[str, Any], row_id: UUID, among: Iterable[Model], renew: Renew
) -> dict[str, Any]:
    """Renew the sealed values among remembered values of a row: hexadecimal in columns by name, or inside of JSON.

    :param among: the models whose row it may have been; a value opens for the right one alone
    """
    return {
        column: _renew_one(column, value, row_id, _with_column(among, column), renew)
        for column, value in values.items()
    }


def _renew_one(column: str, value: Any, row_id: UUID, among: list[Model], renew: Renew) -> Any:
    if not value or not among:
        return value
    if column.endswith(SUFFIX) and isinstance(value, str):
        sealed = bytes.fromhex(value)
        return _first(among, lambda model: renew(sealed, f"{model._meta.db_table}.{column}", row_id)).hex()
    walk = sealed_in_json.get(column)
    return _first(among, lambda model: walk(model, row_id, value, renew)) if walk else value


def _with_column(among: Iterable[Model], column: str) -> list[Model]:
    return [model for model in among if any(field.column == column for field in model._meta.concrete_fields)]


def _first(among: list[Model], attempt: Callable[[Model], Any]) -> Any:
    """Return what the first model gives whose row the value opens for."""
    for model in among[:-1]:
        with suppress(SealBroken):
            return attempt(model)
    return attempt(among[-1])
