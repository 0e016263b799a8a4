"""Models follow the house style, so that a newcomer can guess a field's name and kind."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import models

from tests.gates.test_foreign_keys import list_own_models

DAY_NAMES = ("_date", "_on")
DAY_PAIR = {"valid_from", "valid_to"}
SHORTEST_SENTENCE = 13

OWN_MODELS = [model for model in list_own_models() if not model._meta.auto_created]


def list_own_fields(model: type[models.Model]) -> Iterator["models.Field[Any, Any]"]:
    """Yield the columns that we named; those inherited from Django's or a library's base were named there."""
    foreign = {
        field.name
        for base in model.__mro__
        if hasattr(base, "_meta") and not base.__module__.startswith("hearth.")
        for field in base._meta.get_fields()
    }
    for field in model._meta.local_fields:
        if field.name not in foreign:
            yield field


def is_well_named(field: "models.Field[Any, Any]") -> bool:
    """Tell whether the name says if the field holds an instant or a day; other fields are always fine."""
    if isinstance(field, models.DateTimeField):
        return field.name.endswith("_at")
    if isinstance(field, models.DateField):
        return field.name.endswith(DAY_NAMES) or field.name in DAY_PAIR
    return True


def test_no_model_orders_itself() -> None:
    ordered = [model._meta.label for model in OWN_MODELS if model._meta.ordering]

    assert ordered == []


def test_every_model_has_a_queryset_class_of_ours() -> None:
    bare = [
        model._meta.label
        for model in OWN_MODELS
        if not model._default_manager.all().__class__.__module__.startswith("hearth.")
    ]

    assert bare == []


def test_instants_end_in_at_and_days_in_date_or_on() -> None:
    misnamed = [
        f"{model._meta.label}.{field.name}"
        for model in OWN_MODELS
        for field in list_own_fields(model)
        if not is_well_named(field)
    ]

    assert misnamed == []


def test_constraint_names_read_as_sentences() -> None:
    terse = [
        constraint.name
        for model in OWN_MODELS
        for constraint in model._meta.constraints
        if "_" not in constraint.name or len(constraint.name) < SHORTEST_SENTENCE
    ]

    assert terse == []


@pytest.mark.parametrize(
    ("name", "field", "is_sound"),
    [
        ("signed_at", models.DateTimeField(), True),
        ("signed", models.DateTimeField(), False),
        ("signed_on", models.DateTimeField(), False),
        ("handover_date", models.DateField(), True),
        ("valid_from", models.DateField(), True),
        ("handover_at", models.DateField(), False),
        ("handover", models.CharField(), True),
    ],
)
def test_the_rule_on_names_tells_instants_from_days(
    name: str, field: "models.Field[Any, Any]", is_sound: bool
) -> None:
    field.name = name

    assert is_well_named(field) is is_sound
