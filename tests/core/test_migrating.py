"""What the steps made is what the models say, although few models are drawn anew for a step."""

from collections.abc import Mapping

import pytest
from django.apps import apps
from django.db import connection, migrations, models
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState
from django.db.models import F

from hearth.core.management.commands.migrate import NarrowState, QuickExecutor

MODELS = [
    model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("hearth.")
]


class Shelf(Migration):
    """A reader with books."""

    operations = [
        migrations.CreateModel("Reader", [("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(
            "Book",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("reader", models.ForeignKey("shelf.Reader", models.CASCADE)),
            ],
        ),
        migrations.AddField("Book", "title", models.CharField(max_length=20, default="")),
    ]


def reads_back(apps: object, editor: object) -> None:
    """Ask from a reader for her books, as a step that moves rows does."""
    reader = apps.get_model("shelf", "Reader").objects.create()  # type: ignore[attr-defined]
    apps.get_model("shelf", "Book").objects.create(reader=reader, title="红楼梦")  # type: ignore[attr-defined]
    readers = apps.get_model("shelf", "Reader").objects  # type: ignore[attr-defined]
    assert readers.filter(book__title="红楼梦").values_list(F("book__title"), flat=True).get() == "红楼梦"
    reader.delete()
    assert not apps.get_model("shelf", "Book").objects.exists()  # type: ignore[attr-defined]


class Moving(Migration):
    """A step with rows."""

    operations = [migrations.RunPython(reads_back)]


def columns_of(table: str) -> Mapping[str, tuple[str, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            [table],
        )
        return {name: (kind, must_be) for name, kind, must_be in cursor.fetchall()}


def in_words_of_postgres(kind: str | None) -> str:
    return (kind or "").replace("varchar", "character varying").replace(", ", ",")


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_table_is_what_its_model_says(model: type[models.Model]) -> None:
    told, fields = model._meta, model._meta.local_concrete_fields

    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, told.db_table)

    assert columns_of(told.db_table) == {
        field.column: (in_words_of_postgres(field.db_type(connection)), not field.null) for field in fields
    }
    assert {one.name for one in [*told.constraints, *told.indexes]} <= found.keys()
    assert {field.column for field in fields if getattr(field, "db_constraint", False)} <= {
        one["columns"][0] for one in found.values() if one["foreign_key"]
    }


@pytest.mark.django_db
def test_a_step_that_moves_rows_finds_all_models_joined_although_the_steps_before_drew_few() -> None:
    executor = QuickExecutor(connection)
    state: ProjectState = NarrowState()
    state.apps  # noqa: B018

    for step in (Shelf("0001", "shelf"), Moving("0002", "shelf")):
        state = executor.apply_migration(state, step)

    assert set(columns_of("shelf_book")) == {"id", "reader_id", "title"}


def test_a_plain_step_draws_its_own_model_and_leaves_those_it_points_to() -> None:
    state = NarrowState()
    state.apps  # noqa: B018
    Shelf.operations[0].state_forwards("shelf", state)
    reader = state.apps.get_model("shelf", "Reader")

    state.narrow = True
    Shelf.operations[1].state_forwards("shelf", state)
    narrowly = state.apps.get_model("shelf", "Reader")
    state.narrow = False
    Shelf.operations[2].state_forwards("shelf", state)

    assert narrowly is reader
    assert state.apps.get_model("shelf", "Reader") is not reader
    assert isinstance(state.clone(), NarrowState)
    assert isinstance(state, ProjectState)
