"""Which tables are watched: all but those that an app leaves out, with its reason."""

from typing import Any

from django.apps import AppConfig, apps
from django.db import connection, models
from django.utils import timezone

from hearth.audit.sealing import ensure_coming_months
from hearth.core.fields import TokensField
from hearth.core.index_places import NEXT, is_index
from hearth.core.registry import Registry

exemptions: Registry[str] = Registry()
"""Why the rows of a table are not watched, by the name of the table."""

SECRETS = frozenset({"password", "digest", "data", "key"})
NOISE = frozenset({"updated_at", "last_login", "last_used_at", "pinyin"})
"""What the entry tells itself, what is an event of its own, and what is made from other columns."""


def leave_unwatched(model: type[models.Model], *, because: str) -> None:
    """Say why changes of these rows are not noted.

    :raises AlreadyRegistered: if it was said before
    """
    exemptions.register(model._meta.db_table, because)


def watched_models() -> list[type[models.Model]]:
    """Return the models whose tables are watched, those of kept libraries with them."""
    known = apps.get_models(include_auto_created=True)
    return [model for model in known if model._meta.managed and model._meta.db_table not in exemptions]


def left_out_columns(model: type[models.Model]) -> list[str]:
    """Name the columns that no entry holds: secrets, and what is made from other columns for searching."""
    left_out = [str(field.column) for field in model._meta.local_fields if _is_left_out(field)]
    following = [f"{NEXT}{field.column}" for field in model._meta.local_fields if is_index(field)]
    return left_out + following


def _is_left_out(field: "models.Field[Any, Any]") -> bool:
    return isinstance(field, TokensField) or is_index(field) or field.column in SECRETS | NOISE


def watch_after_migration(sender: AppConfig, **kwargs: Any) -> None:
    """Have every table watched once the last app is migrated."""
    if sender.name != list(apps.get_app_configs())[-1].name or kwargs.get("using") != connection.alias:
        return
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        if AUDIT_TABLE not in existing:
            return
        for model in watched_models():
            if model._meta.db_table in existing:
                key = model._meta.pk.column
                arguments = [model._meta.db_table, key, left_out_columns(model)]
                cursor.execute("SELECT audit_watch(%s::regclass, %s, %s)", arguments)
    ensure_coming_months(timezone.now())


AUDIT_TABLE = "audit_auditentry"
