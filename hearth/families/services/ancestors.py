"""Who stands above whom in a file that is only read: a million links in some sixty megabytes."""

from array import array
from collections.abc import Collection, Iterator, Mapping
from uuid import UUID

from django.db import connection

_SLOTS = 1 << 10
_BYTES = 16
ABOVE_MANY = """
    WITH RECURSIVE above(parent, child) AS (
        SELECT customer_id, other_id FROM families_relationship WHERE kind = %s AND other_id = ANY(%s)
        UNION
        SELECT r.customer_id, r.other_id FROM families_relationship r JOIN above a ON r.other_id = a.parent
        WHERE r.kind = %s
    )
    SELECT parent, child FROM above
"""


class Links:
    """A table of hashes with open addressing: who stands directly above somebody; one may have several above."""

    def __init__(self) -> None:
        """Begin empty."""
        self._below = array("q", bytes(8 * _SLOTS))
        self._above = bytearray(_BYTES * _SLOTS)
        self._mask, self._count = _SLOTS - 1, 0

    def add(self, above: UUID, below: UUID) -> None:
        """Remember a link; one that is remembered already is not added again."""
        if above not in self.above(below):
            self._put(hash(below) or 1, above.bytes)

    def above(self, below: UUID) -> Iterator[UUID]:
        """Yield who stands directly above somebody."""
        wanted = hash(below) or 1
        slot = wanted & self._mask
        while held := self._below[slot]:
            if held == wanted:
                yield UUID(bytes=bytes(self._above[slot * _BYTES : (slot + 1) * _BYTES]))
            slot = (slot + 1) & self._mask

    def _put(self, below: int, above: bytes) -> None:
        slot = below & self._mask
        while self._below[slot]:
            slot = (slot + 1) & self._mask
        self._below[slot] = below
        self._above[slot * _BYTES : (slot + 1) * _BYTES] = above
        self._count += 1
        if self._count * 3 > self._mask * 2:
            self._grow()

    def _grow(self) -> None:
        below, above = self._below, self._above
        self._below, self._above = array("q", bytes(16 * len(below))), bytearray(2 * len(above))
        self._mask, self._count = 2 * len(below) - 1, 0
        for slot, held in enumerate(below):
            if held:
                self._put(held, bytes(above[slot * _BYTES : (slot + 1) * _BYTES]))


class Ancestry:
    """Everybody above some people, as recorded and as the file says; asked for with a few queries at once."""

    def __init__(self, kind: str, links: Links) -> None:
        """Look at relations of one kind; `links` are those that the file adds."""
        self._kind, self._links = kind, links
        self._recorded: dict[UUID, set[UUID]] = {}

    def load(self, people: Collection[UUID]) -> None:
        """Read who stands above these people; a query, and one more each time a line passes from file to records."""
        asked: set[UUID] = set()
        waiting = set(people)
        while waiting:
            asked |= waiting
            found = self._query(waiting)
            for below, above in found.items():
                self._recorded.setdefault(below, set()).update(above)
            reached = asked | set(found) | {above for several in found.values() for above in several}
            waiting = self._above_in_file(reached) - reached
            asked |= reached

    def leads_back(self, above: UUID, below: UUID) -> bool:
        """Tell whether `below` stands above `above` already, or is the very same."""
        seen, waiting = {above}, [above]
        while waiting:
            current = waiting.pop()
            if current == below:
                return True
            fresh = self._directly_above(current) - seen
            seen |= fresh
            waiting.extend(fresh)
        return False

    def _directly_above(self, below: UUID) -> set[UUID]:
        return self._recorded.get(below, set()) | set(self._links.above(below))

    def _above_in_file(self, people: Collection[UUID]) -> set[UUID]:
        seen: set[UUID] = set()
        waiting = list(people)
        while waiting:
            fresh = set(self._links.above(waiting.pop())) - seen
            seen |= fresh
            waiting.extend(fresh)
        return seen

    def _query(self, people: Collection[UUID]) -> Mapping[UUID, set[UUID]]:
        found: dict[UUID, set[UUID]] = {}
        with connection.cursor() as cursor:
            cursor.execute(ABOVE_MANY, [self._kind, list(people), self._kind])
            for above, below in cursor.fetchall():
                found.setdefault(below, set()).add(above)
        return found
