"""Up to which transaction everything is settled: what a reader of events may hand out without losing one."""

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from hearth.core.models import EventQuerySet

# A place in the stream: the number of a transaction and a position within it.
Position = tuple[int, int]
BEGINNING: Position = (0, 0)

# The snapshot lists every transaction that runs on the server; those known to work in another database cannot write
# here. A transaction counts as foreign only when its lock and its database are both seen: in doubt it is ours.
OLDEST_RUNNING = """
    WITH elsewhere AS (
        SELECT lock.transactionid::text::bigint AS short_number
        FROM pg_locks AS lock JOIN pg_stat_activity AS session USING (pid)
        WHERE lock.locktype = 'transactionid' AND lock.mode = 'ExclusiveLock' AND lock.granted
            AND session.datname <> current_database()
    )
    SELECT coalesce(
        (
            SELECT min(running::text::bigint) FROM pg_snapshot_xip(pg_current_snapshot()) AS running
            WHERE (running::text::bigint & 4294967295) NOT IN (SELECT short_number FROM elsewhere)
        ),
        pg_snapshot_xmax(pg_current_snapshot())::text::bigint
    )
"""


def settled_before() -> int:
    """Return a transaction number: all transactions of this database below it have ended. One query.

    A query that is sent afterwards sees whatever they wrote, and no later one can get a lower number.
    """
    with connection.cursor() as cursor:
        cursor.execute(OLDEST_RUNNING)
        return int(cursor.fetchone()[0])


def settled_after(events: EventQuerySet, after: Position, *, before: int) -> EventQuerySet:
    """Keep what lies after a place in the stream and below a transaction given by `settled_before`, in order.

    Positions alone would not do: they are drawn when a row is written, so a transaction that began later may draw
    a lower one and commit last. Ordered by transaction first, nothing can appear before what was given.
    """
    # The pair is compared as one value, so that the index starts in the middle of a large transaction.
    beyond = RawSQL(
        "(core_eventrecord.transaction, core_eventrecord.position) > (%s, %s)", after, BooleanField()
    )
    return events.filter(beyond, transaction__lt=before).order_by("transaction", "position")
