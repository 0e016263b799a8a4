"""What can go wrong with the embedded database, in words a person can act on."""


class PostgresError(Exception):
    """The embedded server cannot be used; the message says what to do about it."""
