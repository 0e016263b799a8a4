"""What happens to a connection between two who use it."""

from typing import Any

from psycopg import Connection

FORGET = "SELECT set_config('hearth.attribution', '', false), set_config('hearth.places', '', false)"


def forget_what_was_told(connection: Connection[Any]) -> None:
    """Take back who acts and where, should the last user not have done so; runs while nobody waits for it."""
    connection.execute(FORGET)
    connection.commit()
