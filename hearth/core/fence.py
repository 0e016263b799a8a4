"""The second fence: PostgreSQL shows and takes a row only for those who work at its place.

The rules in code (`visible_to`) come first and are finer: they know which right holds where. Behind them the database
itself compares each row with the places that were told for the connection (`hearth.core.attribution`), so that a query
that forgot its rule finds nothing of others. Where nobody was told, nothing is found. Bound is the application's role;
its owner, who migrates, backs up and runs commands, is not.

Each app says in its `fences` how the rows of its tables are fenced, or why they need no fence.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.apps import AppConfig, apps
from django.db import connection, models
from django.db.backends.utils import CursorWrapper

from hearth.core.actor import Actor, field_rights
from hearth.core.registry import Registry

ALL_PLACES, NO_PLACE = "*", "0"
PLACES = "current_setting('hearth.places', true)"
# In parentheses of their own, settings are read once for a query and not for each row.
EVERYWHERE = f"(SELECT {PLACES} = '{ALL_PLACES}')"
ANYBODY = "true"
SOMEBODY = f"(SELECT nullif({PLACES}, '') IS NOT NULL)"
HERE = f"((SELECT string_to_array(nullif(nullif({PLACES}, ''), '{ALL_PLACES}'), ',')::bigint[])::bigint[])"
PERSON = "(SELECT nullif(split_part(current_setting('hearth.attribution', true), '|', 1), '')::bigint)"


@dataclass(frozen=True)
class Fence:
    """What of a table the application sees, and which rows it may add or change, each as a condition."""

    shows: str
    takes: str


fences: Registry[Fence] = Registry()
"""How the rows of a table are fenced, by its name."""

unfenced: Registry[str] = Registry()
"""Why the rows of a table need no fence, by its name."""


def fence(model: type[models.Model], *conditions: str, takes: str = "") -> None:
    """Fence a table: a row is shown to those who see everything, and where one of the conditions holds.

    :param takes: what must hold of a row that is added or changed, where it is not what shows it
    :raises AlreadyRegistered: if the table was fenced before
    """
    shows = " OR ".join([EVERYWHERE, *conditions])
    fences.register(model._meta.db_table, Fence(shows, takes or shows))


def leave_open(model: type[models.Model], *, because: str) -> None:
    """Say why the rows of a table are nobody's in particular.

    :raises AlreadyRegistered: if it was said before
    """
    unfenced.register(model._meta.db_table, because)


def at_place(column: str = "org_unit_id") -> str:
    """A row of one of the places where the actor works."""
    return f"{column} = ANY({HERE})"


def of_person(column: str) -> str:
    """A row that names the actor."""
    return f"{column} = {PERSON}"


def with_seen(parent: type[models.Model], column: str, *, of: type[models.Model], key: str = "id") -> str:
    """A row of `of` whose column is the key of a row in `parent` that is shown: the fence of the parent holds."""
    above, table = parent._meta.db_table, of._meta.db_table
    return f"EXISTS (SELECT FROM {above} above WHERE above.{key} = {table}.{column})"


def places_of(actor: Actor) -> str:
    """Write down where an actor works: everywhere, or the numbers of all places where any right holds.

    Of a person without any right it says that they are somebody, at a place that is none.
    """
    if actor.is_system:
        return ALL_PLACES
    scopes = [scope for right, scope in actor.scopes.items() if right not in field_rights]
    if any(scope.everywhere for scope in scopes):
        return ALL_PLACES
    ids: set[int] = set().union(*(scope.org_unit_ids for scope in scopes))
    return ",".join(map(str, sorted(ids))) or (NO_PLACE if actor.user_id else "")


def put_up_fences(sender: AppConfig, **kwargs: Any) -> None:
    """Have every fence stand as declared once the last app is migrated; what stands already is left alone."""
    if sender.name != list(apps.get_app_configs())[-1].name or kwargs.get("using") != connection.alias:
        return
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        cursor.execute(STANDING)
        standing = dict(cursor.fetchall())
        for table, declared in fences.items():
            mark = sha256(repr(declared).encode()).hexdigest()
            if table in existing and standing.get(table) != mark:
                _put_up(cursor, table, declared, mark)


def _put_up(cursor: CursorWrapper, table: str, declared: Fence, mark: str) -> None:
    """Fence a table and close its partitions, so that they are read through it alone."""
    cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass", [table])
    for (name,) in [(table,), *cursor.fetchall()]:
        cursor.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
    cursor.execute(f"DROP POLICY IF EXISTS {POLICY} ON {table}")
    cursor.execute(
        f"CREATE POLICY {POLICY} ON {table} TO {ROLE} USING ({declared.shows}) WITH CHECK ({declared.takes})"
    )
    cursor.execute(f"COMMENT ON POLICY {POLICY} ON {table} IS '{mark}'")


POLICY = "fence"
ROLE = "hearth_app"
# The fences that stand, with the mark of what they were made from.
STANDING = f"""
    SELECT c.relname, obj_description(p.oid, 'pg_policy')
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE p.polname = '{POLICY}' AND c.relrowsecurity
"""  # noqa: S608  (a name of this module)
