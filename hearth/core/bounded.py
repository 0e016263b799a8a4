"""Questions to the database that may take long: answered within some seconds, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _
from psycopg.errors import QueryCanceled

from hearth.core.errors import DomainError


class TookTooLong(DomainError):
    """The database was stopped: there is no answer, and nothing else happened."""

    code = "took_too_long"
    message = _("These are too many rows to be looked at now. Narrow the list and ask again.")


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Stop each query of the block that takes longer; two queries more, in a transaction or savepoint of its own.

    :raises TookTooLong: if one was stopped
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('statement_timeout', %s, true)", [f"{round(seconds * 1_000)}ms"]
            )
            yield
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TookTooLong from error
        raise
