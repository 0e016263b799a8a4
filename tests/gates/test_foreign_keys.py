"""Following a relation backwards, and deleting what it points at, never reads a whole table."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models
from django.db.models.expressions import OrderBy
from django.test.utils import isolate_apps


def list_own_models() -> list[type[models.Model]]:
    """Return the models of this project that have a table Django manages."""
    return [
        model
        for config in apps.get_app_configs()
        if config.name.startswith("hearth.")
        for model in config.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]


def find_leading_columns(model: type[models.Model]) -> set[str]:
    """Return the fields that an index over all rows starts with.

    A partial index counts only where its condition is that the field is set: the other rows refer to nothing.
    """
    fields = model._meta.local_fields
    leading = {field.name for field in fields if field.unique or getattr(field, "db_index", False)}
    leading.update(getattr(model._meta.pk, "field_names", ())[:1])
    leading.update(together[0] for together in model._meta.unique_together)
    uniques = [c for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]
    for index in [*model._meta.indexes, *uniques]:
        name = index.fields[0].removeprefix("-") if index.fields else _name_expression(index.expressions[0])
        if index.condition in (None, models.Q((f"{name}__isnull", False))):
            leading.add(name)
    return leading


def _name_expression(expression: object) -> str:
    inner = expression.expression if isinstance(expression, OrderBy) else expression
    return str(getattr(inner, "name", ""))


def find_bare_foreign_keys(model: type[models.Model]) -> Iterator[str]:
    """Yield the relations of a model that no index starts with."""
    leading = find_leading_columns(model)
    for field in model._meta.local_fields:
        if isinstance(field, models.ForeignKey) and not {field.name, field.attname} & leading:
            yield f"{model._meta.label}.{field.name}"


def test_every_foreign_key_is_the_first_column_of_an_index() -> None:
    models_seen = list_own_models()

    bare = [name for model in models_seen for name in find_bare_foreign_keys(model)]

    assert bare == []


@isolate_apps("hearth.core")
def test_an_index_on_another_column_or_on_some_rows_does_not_count() -> None:
    class Place(models.Model):  # noqa: DJ008 (never shown)
        class Meta:
            app_label = "core"

    class Visit(models.Model):  # noqa: DJ008 (never shown)
        bare = models.ForeignKey(Place, models.CASCADE, db_index=False, related_name="+")
        second = models.ForeignKey(Place, models.CASCADE, db_index=False, related_name="+")
        partial = models.ForeignKey(Place, models.CASCADE, db_index=False, related_name="+")
        covered = models.ForeignKey(Place, models.CASCADE, db_index=False, related_name="+")
        optional = models.ForeignKey(Place, models.CASCADE, null=True, db_index=False, related_name="+")
        usual = models.ForeignKey(Place, models.CASCADE, related_name="+")
        only = models.OneToOneField(Place, models.CASCADE, related_name="+")

        class Meta:
            app_label = "core"
            indexes = [
                models.Index(fields=["-covered", "second"], name="visit_covered"),
                models.Index(fields=["partial"], condition=models.Q(second=1), name="visit_partial"),
                models.Index("optional", condition=models.Q(optional__isnull=False), name="visit_optional"),
            ]

    bare = list(find_bare_foreign_keys(Visit))

    assert bare == ["core.Visit.bare", "core.Visit.second", "core.Visit.partial"]
