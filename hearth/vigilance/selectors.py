"""How much people read, now and on past days, and the alarms that came of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils.timezone import make_aware

from hearth.core.actor import Actor
from hearth.core.pages import Page, keyset_page
from hearth.core.search import Hit, search_providers
from hearth.organization.models import Membership
from hearth.vigilance.catalogue import PAGES
from hearth.vigilance.models import Alarm, AlarmRule, Kind, Read

PAST = timedelta(days=28)
MOST_PEERS = 50
MOST_READS = 100
EVENING, MORNING = 21, 7
_COUNTED = {
    AlarmRule.Measure.RECORDS: "count(DISTINCT read.record_id)",
    AlarmRule.Measure.READS: "count(*)",
    AlarmRule.Measure.PLACES: "count(DISTINCT place.org_unit_id)",
}
_WITH_PLACES = "LEFT JOIN customers_customerplace place ON place.customer_id = read.record_id"
_AT_NIGHT = (
    "AND (extract(hour FROM read.read_at AT TIME ZONE %(zone)s) >= %(evening)s"
    " OR extract(hour FROM read.read_at AT TIME ZONE %(zone)s) < %(morning)s)"
)


def counted_now(rule: AlarmRule, *, now: datetime) -> dict[int, int]:
    """Return how much each person read in the window that ends now, those above the threshold alone; one query."""
    sql = f"""
        SELECT read.user_id, {_COUNTED[AlarmRule.Measure(rule.measure)]} AS number
        FROM vigilance_read read {_joined(rule)}
        WHERE {_matching(rule)} AND read.read_at > %(since)s AND read.read_at <= %(until)s
        GROUP BY read.user_id
        HAVING {_COUNTED[AlarmRule.Measure(rule.measure)]} >= %(at_least)s
        ORDER BY read.user_id
    """  # noqa: S608  (pieces of ours)
    values = {"since": now - timedelta(minutes=rule.window_minutes), "until": now}
    return {row[0]: row[1] for row in _rows(sql, rule, values)}


def peaks_of(rule: AlarmRule, user_ids: Collection[int], *, before: datetime) -> list[int]:
    """Return the highest count within a window on each past day on which one of these people read; one query.

    Windows begin at four places, so that a burst across the end of one is whole in another, or nearly so.
    """
    sql = f"""
        SELECT max(number) FROM (
            SELECT read.user_id, (read.read_at AT TIME ZONE %(zone)s)::date AS day,
                {_COUNTED[AlarmRule.Measure(rule.measure)]} AS number
            FROM vigilance_read read {_joined(rule)} CROSS JOIN generate_series(0, 3) AS quarter
            WHERE {_matching(rule)} AND read.user_id = ANY(%(user_ids)s)
                AND read.read_at >= %(since)s AND read.read_at < %(until)s
            GROUP BY read.user_id, day, quarter, date_bin(
                make_interval(mins => %(minutes)s),
                read.read_at,
                %(until)s + quarter * make_interval(mins => %(minutes)s) / 4
            )
        ) AS slots
        GROUP BY user_id, day
    """  # noqa: S608  (pieces of ours)
    values = {"since": before - PAST, "until": before, "user_ids": list(user_ids)}
    return [row[0] for row in _rows(sql, rule, values)]


def _joined(rule: AlarmRule) -> str:
    return _WITH_PLACES if rule.measure == AlarmRule.Measure.PLACES else ""


def _matching(rule: AlarmRule) -> str:
    return f"read.kind = ANY(%(kinds)s) {_AT_NIGHT if rule.hours == AlarmRule.Hours.NIGHT else ''}"


def _rows(sql: str, rule: AlarmRule, values: Mapping[str, Any]) -> Sequence[tuple[int, ...]]:
    further: dict[str, Any] = {
        "kinds": rule.kinds,
        "at_least": rule.at_least,
        "minutes": rule.window_minutes,
        "zone": settings.TIME_ZONE,
        "evening": EVENING,
        "morning": MORNING,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, {**further, **values})
        found: Sequence[tuple[int, ...]] = cursor.fetchall()
    return found


def peers_of(user_id: int, *, today: date) -> list[int]:
    """Return others who hold one of the person's roles, some of them where there are many; one query."""
    current = Membership.objects.current(today)
    roles = current.filter(user_id=user_id).values("role_id")
    others = current.filter(role_id__in=roles).exclude(user_id=user_id).order_by("user_id")
    return list(others.values_list("user_id", flat=True).distinct()[:MOST_PEERS])


def alarm_list(actor: Actor, *, is_settled: bool, cursor: str = "") -> Page[Alarm]:
    """Return a page of alarms, the newest first; one query."""
    rows = Alarm.objects.visible_to(actor).select_related("rule", "user", "handler")
    chosen = rows.exclude(pk__in=rows.unsettled().values("pk")) if is_settled else rows.unsettled()
    return keyset_page(chosen, order="-id", cursor=cursor)


def reads_behind(alarm: Alarm, actor: Actor) -> list[tuple[Read, Hit | None]]:
    """Return the newest reads within the window of an alarm, with the records that the actor may see, too.

    One query, and one for each kind of record.
    """
    found = Read.objects.filter(
        user_id=alarm.user_id,
        kind__in=alarm.rule.kinds,
        read_at__gte=alarm.window_began_at,
        read_at__lte=alarm.window_ended_at,
    )
    return with_records(list(found.order_by("-read_at", "-id")[:MOST_READS]), actor)


def with_records(reads: Sequence[Read], actor: Actor) -> list[tuple[Read, Hit | None]]:
    """Join reads with the records that the actor may see, too; one query for each kind of record."""
    hits: dict[tuple[str, UUID | None], Hit] = {}
    providers = {provider.page: provider for provider in search_providers.values()}
    for kind, page in PAGES.items():
        ids = {read.record_id for read in reads if read.kind == kind}
        if ids and actor.can(providers[page].permission):
            hits |= {(kind, key): hit for key, hit in providers[page].recall(ids, actor).items()}
    return [(read, hits.get((read.kind, read.record_id))) for read in reads]


@dataclass(frozen=True)
class ReadFilters:
    """What reads are narrowed to; empty values narrow nothing. Days are those of the reader's clock."""

    user_id: int | None = None
    record_id: UUID | None = None
    kind: str = ""
    since: date | None = None
    until: date | None = None


def read_page(filters: ReadFilters, *, cursor: str = "") -> Page[Read]:
    """Return a page of what people were shown, the newest first; one query.

    :raises BadCursor: if the cursor is none of ours
    """
    rows = Read.objects.select_related("user")
    if filters.user_id is not None:
        rows = rows.filter(user_id=filters.user_id)
    if filters.record_id is not None:
        rows = rows.filter(record_id=filters.record_id)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.since:
        rows = rows.filter(read_at__gte=_beginning(filters.since))
    if filters.until:
        rows = rows.filter(read_at__lt=_beginning(filters.until + timedelta(days=1)))
    return keyset_page(rows, order="-read_at", cursor=cursor)


def _beginning(day: date) -> datetime:
    return make_aware(datetime.combine(day, time()))


def has_been_shown(number: int, user_id: int, *, since: datetime) -> bool:
    """Tell whether programs of a person were shown so many customers one by one already; one query."""
    rows = Read.objects.filter(user_id=user_id, is_program=True, kind=Kind.CUSTOMER, read_at__gte=since)
    return rows.order_by().values("record_id").distinct()[:number].count() >= number


def reads_of_records(ids: Collection[UUID], kinds: Collection[str], *, cursor: str = "") -> Page[Read]:
    """Return a page of who was shown some records, the newest first; one query.

    :raises BadCursor: if the cursor is none of ours
    """
    rows = Read.objects.filter(record_id__in=ids, kind__in=kinds).select_related("user")
    return keyset_page(rows, order="-read_at", cursor=cursor)


def count_waiting(actor: Actor) -> int:
    """Return how many alarms nobody has taken up; one query."""
    return Alarm.objects.visible_to(actor).filter(state=Alarm.State.OPEN).count()
