"""How often a caller may ask: counted for all processes by one statement that waits for no disk."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

WINDOW_SECONDS = 60
COUNT = """
    INSERT INTO core_requestwindow AS kept (caller, number, requests) VALUES (%s, %s, %s)
    ON CONFLICT (caller) DO UPDATE SET
        requests = CASE WHEN kept.number = excluded.number THEN kept.requests + excluded.requests
            ELSE excluded.requests END,
        number = excluded.number
    RETURNING requests
"""


@dataclass(frozen=True)
class Rate:
    """What is left of a caller's allowance, and in how many seconds it is full again."""

    quota: int
    used: int
    resets_in: int

    @property
    def remaining(self) -> int:
        return max(self.quota - self.used, 0)

    @property
    def is_exceeded(self) -> bool:
        return self.used > self.quota


def count_request(caller: str, *, quota: int, now: datetime, number: int = 1) -> Rate:
    """Count a request of a caller, or several, in the present minute; one query.

    Call it outside a transaction: the counted row stays locked until the end of one.
    """
    seconds = int(now.timestamp())
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [caller, seconds // WINDOW_SECONDS, number])
        used = int(cursor.fetchone()[0])
    return Rate(quota, used, WINDOW_SECONDS - seconds % WINDOW_SECONDS)
