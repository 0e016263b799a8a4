"""Columns and comparisons Django does not know."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class TokensField(models.Field):  # type: ignore[type-arg]
    """A `tsvector` of tokens that the application made itself; PostgreSQL only stores and finds them.

    Chinese is cut by `hearth.lib.chinese`, so no text-search configuration is needed.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "tsvector"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "%s::tsvector"

    def get_prep_value(self, value: Any) -> Any:
        if value is None or isinstance(value, str):
            return value
        return tokens_literal(value)


def quote_token(token: str) -> str:
    """Write one token as a tsvector or tsquery literal."""
    if token.isalnum():
        return f"'{token}'"
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def tokens_literal(tokens: Iterable[str]) -> str:
    """Write tokens as a tsvector literal, each once, in a stable order."""
    return " ".join(quote_token(token) for token in sorted(set(tokens)) if token)


class MatchesTokens(models.Lookup):
    """`tokens__matches=["张", "张三"]`: rows that hold all of them; a token that ends in `*` is a prefix."""

    lookup_name = "matches"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        return f"{left} @@ %s::tsquery", (*left_params, query_literal(self.rhs))


def query_literal(tokens: Iterable[str]) -> str:
    """Write tokens as a tsquery that demands all of them."""
    parts = (
        f"{quote_token(token[:-1])}:*" if token.endswith("*") and len(token) > 1 else quote_token(token)
        for token in tokens
    )
    return " & ".join(parts)


TokensField.register_lookup(MatchesTokens)


class AnyOf(models.Lookup):
    """`external_key__any_of=keys`: as `__in`, but the values travel as one array, many times as fast for thousands."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", (*left_params, list(self.rhs))


models.Field.register_lookup(AnyOf)


class LookedUp(models.Lookup):
    """`value_index__looked_up=indexes`: as `any_of` for binary values, but each is sought by itself in an index.

    An index that covers the query is read as a whole for `any_of`, since the planner takes it for cheaper than some
    thousand searches; it takes five times as long, and the longer the larger the table.
    """

    lookup_name = "looked_up"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        # Written here: the driver takes ten times as long for an array of bytes.
        values = ",".join([f'"\\\\x{bytes(value).hex()}"' for value in self.rhs])
        return f"{left} IN (SELECT unnest(%s::bytea[]))", (*left_params, f"{{{values}}}")


models.BinaryField.register_lookup(LookedUp)
