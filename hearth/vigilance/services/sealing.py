"""Holding on to who read what: each hour's reads become a digest that the log of changes, and so its chain, keeps.

The digest is part of the key of its row. The database notes the key of every row that is added, in an entry of the
chain whose keys are never erased; so what the chain says is compared, and not what the row says. A read that comes
late, by a request that took long, is sealed in a second row of its hour, and told.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from hearth.audit.models import AuditEntry
from hearth.vigilance.models import Read, ReadSeal
from hearth.vigilance.services.reading import KEPT

HOUR = timedelta(hours=1)
GRACE = timedelta(minutes=10)
"""So long after its end an hour is sealed: who is shown a page is noted when it was answered."""

LATE = timedelta(hours=48)
"""So long after an hour a read of it may come late; what comes later was added by somebody."""

LOCK = "SELECT pg_advisory_xact_lock(hashtext('vigilance.seal_reads'))"
MOST_HOURS = 24 * 7
"""So many hours are sealed in one transaction, after a pause."""

DIGEST = """
    SELECT count(*), encode(sha256(coalesce(string_agg(sha256(convert_to(jsonb_build_array(
        id, user_id, kind, record_id, to_char(read_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS'), is_program, address
    )::text, 'UTF8')), ''::bytea ORDER BY id), ''::bytea)), 'hex'), coalesce(max(id), %(after)s)
    FROM vigilance_read
    WHERE read_at >= %(hour)s AND read_at < %(end)s AND id > %(after)s
        AND (%(until)s::bigint IS NULL OR id <= %(until)s)
"""


@dataclass(frozen=True)
class Sealed:
    """What a seal says: of which hour, the reads with an id after one and up to another, how many, and their digest."""

    hour: datetime
    after: int
    until: int
    reads: int
    digest: str

    @property
    def key(self) -> str:
        return f"{self.hour:%Y-%m-%dT%HZ}|{self.after}|{self.until}|{self.reads}|{self.digest}"

    @classmethod
    def read(cls, key: str) -> "Sealed":
        hour, after, until, reads, digest = key.split("|")
        at = datetime.strptime(hour, "%Y-%m-%dT%HZ").replace(tzinfo=UTC)
        return cls(at, int(after), int(until), int(reads), digest)


@dataclass(frozen=True)
class Fault:
    """An hour whose reads are not those that were sealed: `code` is changed, removed, added or seal."""

    hour: datetime
    code: str
    sealed: int
    found: int


@dataclass(frozen=True)
class ReadsVerdict:
    """What a look at the sealed hours found; `forgotten` hours are older than reads are kept, their seals remain."""

    hours: int
    reads: int
    late: int
    forgotten: int
    faults: tuple[Fault, ...]


@transaction.atomic
def seal_reads(*, now: datetime) -> int:
    """Seal the hours that are over, and what came late to those of two days; return how many seals. May be repeated."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
    newest = ReadSeal.objects.order_by("-began_at").values_list("began_at", flat=True).first()
    seals = _late(newest, now) if newest else []
    first = newest + HOUR if newest else _first_hour(now)
    last = _hour_of(now - GRACE) - HOUR
    for number in range(MOST_HOURS):
        hour = first + number * HOUR
        if hour > last:
            break
        seals.append(_sealed(hour, after=0))
    ReadSeal.objects.bulk_create(
        [ReadSeal(key=seal.key, began_at=seal.hour, reads=seal.reads, made_at=now) for seal in seals]
    )
    return len(seals)


def _late(newest: datetime, now: datetime) -> list[Sealed]:
    known: dict[datetime, int] = {}
    for key in ReadSeal.objects.filter(began_at__gte=now - LATE).values_list("key", flat=True):
        seal = Sealed.read(key)
        known[seal.hour] = max(known.get(seal.hour, 0), seal.until)
    found = [_sealed(hour, after=until) for hour, until in sorted(known.items())]
    return [seal for seal in found if seal.reads]


def _first_hour(now: datetime) -> datetime:
    """Return the hour of the oldest read there is, else the one that was last over."""
    oldest = Read.objects.order_by("read_at").values_list("read_at", flat=True).first()
    return _hour_of(oldest or now - GRACE - HOUR)


def _hour_of(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _sealed(hour: datetime, *, after: int, until: int | None = None) -> Sealed:
    with connection.cursor() as cursor:
        cursor.execute(DIGEST, {"hour": hour, "end": hour + HOUR, "after": after, "until": until})
        reads, digest, last = cursor.fetchone()
    return Sealed(hour, after, last if until is None else until, reads, digest)


def verify_reads(*, now: datetime) -> ReadsVerdict:
    """Compute the digest of every sealed hour anew and compare it with what the chain of the log says.

    The chain itself is looked at by `hearth.audit.sealing.verify`. One query for each seal of half a year.
    """
    oldest = now - KEPT
    by_hour: dict[datetime, list[Sealed]] = {}
    for seal in _sealed_by_the_chain():
        by_hour.setdefault(seal.hour, []).append(seal)
    for seals in by_hour.values():
        seals.sort(key=lambda seal: (seal.after, seal.until))
    faults = [Fault(hour, "seal", 0, 0) for hour in _seals_that_differ(by_hour) | _hours_without(by_hour)]
    kept = {hour: seals for hour, seals in sorted(by_hour.items()) if hour > oldest}
    for hour, seals in kept.items():
        if fault := _fault_of(hour, seals, now):
            faults.append(fault)
    return ReadsVerdict(
        hours=len(by_hour),
        reads=sum(seal.reads for seals in by_hour.values() for seal in seals),
        late=sum(seal.reads for seals in by_hour.values() for seal in seals[1:]),
        forgotten=len(by_hour) - len(kept),
        faults=tuple(sorted(faults, key=lambda fault: (fault.hour, fault.code))),
    )


def _sealed_by_the_chain() -> Iterator[Sealed]:
    added = AuditEntry.objects.filter(table=ReadSeal._meta.db_table, operation=AuditEntry.Operation.INSERT)
    for keys in added.order_by("noted_at", "id").values_list("row_ids", flat=True).iterator():
        yield from map(Sealed.read, keys)


def _seals_that_differ(by_hour: dict[datetime, list[Sealed]]) -> set[datetime]:
    """Return the hours whose rows are not those that the chain saw being added."""
    told = {seal.key for seals in by_hour.values() for seal in seals}
    there = set(ReadSeal.objects.values_list("key", flat=True))
    return {Sealed.read(key).hour for key in told ^ there}


def _hours_without(by_hour: dict[datetime, list[Sealed]]) -> set[datetime]:
    """Return the hours between the first and the last that no seal was made of."""
    if not by_hour:
        return set()
    first, last = min(by_hour), max(by_hour)
    return {first + number * HOUR for number in range((last - first) // HOUR)} - set(by_hour)


def _fault_of(hour: datetime, seals: list[Sealed], now: datetime) -> Fault | None:
    """Name what is wrong with the reads of an hour, as far as their number tells."""
    for seal in seals:
        found = _sealed(hour, after=seal.after, until=seal.until)
        if (found.reads, found.digest) != (seal.reads, seal.digest):
            code = "changed" if found.reads == seal.reads else _compare(found.reads, seal.reads)
            return Fault(hour, code, seal.reads, found.reads)
    beyond = _sealed(hour, after=max(seal.until for seal in seals))
    if beyond.reads and hour < now - LATE - HOUR:
        return Fault(hour, "added", sum(seal.reads for seal in seals), beyond.reads)
    return None


def _compare(found: int, sealed: int) -> str:
    return "removed" if found < sealed else "added"
