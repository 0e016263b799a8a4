"""Membership of those who refuse profiling: by the rule without its conditions on scores, from that moment on."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from hearth.customers.models import Customer
from hearth.postponed import Postponed
from hearth.segments.compiler import compile_rule
from hearth.segments.counting import place_ids_of
from hearth.segments.models import Segment, SegmentCount, SegmentMember
from hearth.segments.postgres import run_on_postgres
from hearth.segments.reading import parse_rule
from hearth.segments.rules import Rule, RuleError, list_tables, selects_by_score
from hearth.warehouse.engine import table

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.compute as pc
else:
    pa = Postponed("pyarrow")
    pc = Postponed("pyarrow.compute")


def without_refused_scores(
    segment: Segment, found: pa.ChunkedArray, *, since: datetime, now: datetime
) -> pa.ChunkedArray:
    """Correct what a snapshot found for those who refused profiling after it was taken; three queries at most."""
    rule = parse_rule(segment.rule)
    if not selects_by_score(rule):
        return found
    fresh = Customer.objects.filter(profiling_refused_at__gte=since, merged_into=None)
    refusing = set(fresh.values_list("pk", flat=True))
    if not refusing:
        return found
    others = found.filter(pc.invert(pc.is_in(found, value_set=pa.array(map(str, refusing), found.type))))
    inside = pa.array(map(str, _inside(rule, segment, refusing, now=now)), found.type)
    return pa.chunked_array([*others.chunks, inside], found.type)


def forget_memberships(customer_ids: Collection[UUID]) -> int:
    """Take customers who refuse profiling out of what was counted by their scores; stays who is inside without them.

    A segment whose rule makes no sense any more lets go of them. May be repeated.
    """
    now, gone = timezone.now(), 0
    refusing = Customer.objects.filter(pk__in=list(customer_ids), profiling_refused_at__isnull=False)
    ids = set(refusing.values_list("pk", flat=True))
    counts = SegmentCount.objects.filter(members__customer__in=ids).select_related("segment__org_unit")
    for count in counts.distinct():
        outside = ids - _still_inside(count, ids, now=now)
        gone += SegmentMember.objects.filter(count=count, customer__in=outside).delete()[0]
    return gone


def _still_inside(count: SegmentCount, ids: set[UUID], *, now: datetime) -> set[UUID]:
    try:
        rule = parse_rule(count.rule)
    except RuleError:
        return set()
    return set(_inside(rule, count.segment, ids, now=now)) if selects_by_score(rule) else ids


def _inside(rule: Rule, segment: Segment, ids: Iterable[UUID], *, now: datetime) -> list[UUID]:
    """Ask a rule of some customers by the present rows; one query."""
    places = place_ids_of(segment.org_unit)
    names = list_tables(rule) | ({"customer_places"} if places is not None else set())
    expression = compile_rule(rule, {name: table(name) for name in names}, now, places)
    return [UUID(row["customer_id"]) for row in run_on_postgres(expression, names, list(ids))]
