"""Bring the database to this version, without drawing every model anew for each step."""

from typing import Any, cast

from django.core.management.commands import migrate
from django.db import migrations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

PLAIN = (
    migrations.CreateModel,
    migrations.AddField,
    migrations.AddIndex,
    migrations.AddConstraint,
    migrations.RemoveIndex,
    migrations.RemoveConstraint,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
    migrations.RunSQL,
)
"""What a step does that needs its own model, and of those it points to no more than their tables and keys."""


class NarrowState(ProjectState):
    """The models as of one step; a change draws either its model alone or all that hang together with it."""

    narrow = False

    def clone(self) -> "NarrowState":
        copied = super().clone()
        copied.__class__ = NarrowState
        return cast("NarrowState", copied)

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:
        if not self.narrow:
            super().reload_model(app_label, model_name, delay)
        elif "apps" in self.__dict__:
            self._reload({(app_label, model_name)})  # type: ignore[attr-defined]


class QuickExecutor(MigrationExecutor):
    """Django's executor, which for each step draws all models that hang together, and here nearly all do.

    A plain step draws its own model. Before any other step, and at the end, all are drawn as Django does.
    """

    def _create_project_state(self, with_applied_migrations: bool = False) -> ProjectState:
        state = super()._create_project_state(with_applied_migrations)  # type: ignore[misc]
        return NarrowState(state.models, state.real_apps)

    def apply_migration(
        self,
        state: ProjectState,
        migration: Migration,
        fake: bool = False,
        fake_initial: bool = False,
    ) -> ProjectState:
        narrowly = cast("NarrowState", state)
        narrowly.narrow = all(map(_is_plain, migration.operations))
        if not narrowly.narrow:
            _draw_anew(state)
        return super().apply_migration(state, migration, fake=fake, fake_initial=fake_initial)

    def migrate(self, *given: Any, **named: Any) -> ProjectState:
        state = super().migrate(*given, **named)
        _draw_anew(state)
        return state


def _is_plain(operation: Operation) -> bool:
    """Say whether only its own model is asked; keys of a table are what others point to."""
    if isinstance(operation, migrations.AlterField):
        return not operation.field.unique and not operation.field.many_to_many
    return isinstance(operation, PLAIN)


def _draw_anew(state: ProjectState) -> None:
    state.__dict__.pop("apps", None)


class Command(migrate.Command):
    """Django's command with the quick executor."""

    def handle(self, *given: Any, **options: Any) -> None:
        usual, migrate.MigrationExecutor = migrate.MigrationExecutor, QuickExecutor  # type: ignore[attr-defined]
        try:
            super().handle(*given, **options)
        finally:
            migrate.MigrationExecutor = usual  # type: ignore[attr-defined]
