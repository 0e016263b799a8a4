"""Looking for what is left of a person: every column of every table, sealed ones opened, and every file."""

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.backends.utils import CursorWrapper

from hearth.core.errors import InvalidInput
from hearth.core.personal_data import sealed_attributes, sealed_texts
from hearth.core.personal_files import names_in_file
from hearth.customers.contacts import identity_index, read_contact
from hearth.customers.models import ContactPoint
from hearth.ops.backups.manifest import FILE_NAME as MANIFEST


@dataclass(frozen=True)
class Trace:
    """A table, a sealed column or a file in which a word still stands, and how many rows hold it."""

    place: str
    number: int = 1


def find_traces(words: Collection[str]) -> list[Trace]:
    """Search the whole installation for words and return where they are found.

    Reads every row of every table and every kept file: minutes for a large installation. Of backups what they say about
    themselves is read; their rows are erased anew when they are restored.
    """
    return [*_in_tables(words), *_in_sealed_columns(words), *_in_sessions(words), *_in_files(words)]


def _in_tables(words: Collection[str]) -> Iterator[Trace]:
    """Search the text of whole rows, and binary columns for the bytes of words and for what search indexes hold."""
    patterns = [f"%{_escape(form)}%" for word in words for form in _written_forms(word)]
    indexes, contained = _index_values(words), [word.encode() for word in words]
    with connection.cursor() as cursor:
        for table, columns in _tables(cursor):
            conditions = ["kept::text LIKE ANY(%s)"]
            values: list[Any] = [patterns]
            for column in columns:
                conditions.append(
                    f"kept.{column} = ANY(%s::bytea[]) OR EXISTS ("
                    f"SELECT FROM unnest(%s::bytea[]) AS word WHERE position(word IN kept.{column}) > 0)"
                )
                values += [indexes, contained]
            # Names quoted by PostgreSQL.
            cursor.execute(f"SELECT count(*) FROM {table} AS kept WHERE {' OR '.join(conditions)}", values)  # noqa: S608
            (number,) = cursor.fetchone()
            if number:
                yield Trace(table, number)


def _tables(cursor: CursorWrapper) -> list[tuple[str, list[str]]]:
    """Return every table with its binary columns; partitions are read through the whole table, as all others do."""
    cursor.execute("""
        SELECT quote_ident(kept.relname),
            array_agg(quote_ident(attname)) FILTER (WHERE atttypid = 'bytea'::regtype AND NOT attisdropped)
        FROM pg_class AS kept JOIN pg_attribute ON attrelid = kept.oid AND attnum > 0
        WHERE kept.relkind IN ('r', 'p') AND NOT kept.relispartition AND kept.relnamespace = 'public'::regnamespace
        GROUP BY kept.relname ORDER BY kept.relname
    """)
    return [(table, columns or []) for table, columns in cursor.fetchall()]


def _written_forms(word: str) -> set[str]:
    """Return a word as it may be written: as it is, in other letters, in the escapes of JSON."""
    return {word, word.lower(), word.upper(), word.encode("ascii", "backslashreplace").decode()}


def _index_values(words: Collection[str]) -> list[bytes]:
    """Return what the search indexes make of words, as any kind of contact; the last four digits point at nobody."""
    found = [identity_index(word) for word in words]
    for word in words:
        for kind in ContactPoint.Kind.values:
            with suppress(InvalidInput):
                found.append(read_contact(kind, word).index)
    return found


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def _in_sealed_columns(words: Collection[str]) -> Iterator[Trace]:
    for model in apps.get_models():
        for name, attribute in sealed_attributes(model).items():
            rows = model._default_manager.only("pk", attribute.column)
            number = sum(_is_in(getattr(row, name), words) for row in rows.iterator())
            if number:
                yield Trace(f"{model._meta.db_table}.{attribute.column}", number)
    for column, texts in sealed_texts.items():
        number = sum(_is_in(text, words) for text in texts())
        if number:
            yield Trace(column, number)


def _is_in(text: str, words: Collection[str]) -> bool:
    return any(word in text for word in words)


def _in_sessions(words: Collection[str]) -> Iterator[Trace]:
    store = SessionStore()
    kept = Session.objects.values_list("session_data", flat=True).iterator()
    number = sum(_is_in(str(store.decode(packed)), words) for packed in kept)
    if number:
        yield Trace("django_session", number)


def _in_files(words: Collection[str]) -> Iterator[Trace]:
    """Search what the installation keeps and writes: stored files, exports, snapshots, the inbox, logs, manifests."""
    for folder in (settings.MEDIA_ROOT, settings.WAREHOUSE, settings.INBOX):
        for path in sorted(Path(folder).rglob("*")):
            if _is_in(path.name, words) or names_in_file(path, words):
                yield Trace(path.as_posix())
    logs = Path(settings.VAR).glob("**/*.log*")
    manifests = Path(settings.BACKUPS).glob(f"*/{MANIFEST}")
    for path in sorted({*logs, *manifests}):
        if names_in_file(path, words):
            yield Trace(path.as_posix())
