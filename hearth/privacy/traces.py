"""Looking for what is left of a person: every column of every table, sealed ones opened, and every file."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection

from hearth.core.crypto import blind_index, last_four_index
from hearth.core.personal_data import sealed_attributes, sealed_texts
from hearth.core.personal_files import names_in_file

INDEXED = ("phone", "email", "wechat", "address", "identity")


@dataclass(frozen=True)
class Trace:
    """A table, a sealed column or a file in which a word still stands, and how many rows hold it."""

    place: str
    number: int = 1


def find_traces(words: Collection[str]) -> list[Trace]:
    """Search the whole installation for words and return where they are found.

    Reads every row of every table and every kept file: minutes for a large installation. Backups are not read.
    """
    return [*_in_tables(words), *_in_sealed_columns(words), *_in_sessions(words), *_in_files(words)]


def _in_tables(words: Collection[str]) -> Iterator[Trace]:
    """Search the text of whole rows, in which binary columns stand in hexadecimal digits."""
    patterns = [f"%{_escape(needle)}%" for needle in _needles(words)]
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT quote_ident(relname) FROM pg_class
            WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname
        """)
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"SELECT count(*) FROM {table} AS kept WHERE kept::text ILIKE ANY(%s)",  # noqa: S608  (quoted by PostgreSQL)
                [patterns],
            )
            (number,) = cursor.fetchone()
            if number:
                yield Trace(table, number)


def _needles(words: Collection[str]) -> Sequence[str]:
    """Return the words, their bytes, and what the search indexes make of them."""
    needles = set(words)
    for word in words:
        needles.add(word.encode().hex())
        needles.add(word.encode("ascii", "backslashreplace").decode())
        for field in INDEXED:
            needles.add(blind_index(field, word).hex())
        if len(word) > 4:
            needles.add(last_four_index("phone", word).hex())
    return sorted(needles)


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
    """Search what the installation keeps and writes: stored files, exports, snapshots, the inbox and logs."""
    for folder in (settings.MEDIA_ROOT, settings.WAREHOUSE, settings.INBOX):
        for path in sorted(Path(folder).rglob("*")):
            if _is_in(path.name, words) or names_in_file(path, words):
                yield Trace(path.as_posix())
    for path in sorted(Path(settings.VAR).glob("**/*.log")):
        if names_in_file(path, words):
            yield Trace(path.as_posix())
