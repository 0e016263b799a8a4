"""Defining segments and writing down who is in them."""

import time
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput
from hearth.core.events import record, record_many
from hearth.core.ownership import reassign
from hearth.organization.models import OrgUnit
from hearth.segments.counting import exact_count, find_members, require_snapshot
from hearth.segments.events import SegmentChanged, SegmentCounted, SegmentCreated, SegmentPassedOn
from hearth.segments.models import Segment, SegmentCount
from hearth.segments.permissions import CHANGE_SEGMENT, VIEW_SEGMENT
from hearth.segments.reading import parse_rule
from hearth.segments.refusing import without_refused_scores
from hearth.warehouse.models import Snapshot

ROWS_PER_WRITE = 20_000


class NameTaken(InvalidInput):
    """Another segment at the place has this name."""

    code = "segment_name_taken"
    message = _("There is already a segment of this name here.")


@transaction.atomic
def create_segment(
    *,
    org_unit: OrgUnit,
    name: str,
    rule: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    description: str = "",
    is_sample: bool = False,
) -> Segment:
    """Define a segment of the customers known at or below a place.

    :raises NotAllowed: if the actor may not change segments there
    :raises RuleError: if the rule makes no sense
    :raises NameTaken: if the place has a segment of this name
    """
    actor.require(CHANGE_SEGMENT, org_unit.pk)
    parse_rule(rule)
    segment = Segment(
        org_unit=org_unit,
        name=name,
        description=description,
        rule=dict(rule),
        created_by_id=actor.user_id,
        owner_id=actor.user_id,
        created_at=now,
        updated_at=now,
        is_sample=is_sample,
    )
    _save(segment)
    record(
        SegmentCreated(subject_id=segment.id, org_unit_id=org_unit.pk, is_sample=is_sample),
        actor=actor,
        now=now,
    )
    return segment


@transaction.atomic
def change_segment(
    segment: Segment,
    *,
    name: str,
    rule: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    description: str = "",
) -> Segment:
    """Change name or rule; earlier counts keep the rule they were made with.

    :raises NotAllowed: if the actor may not change segments there
    :raises RuleError: if the rule makes no sense
    :raises NameTaken: if the place has another segment of this name
    """
    actor.require(CHANGE_SEGMENT, segment.org_unit_id)
    parse_rule(rule)
    segment.name, segment.description, segment.rule, segment.updated_at = name, description, dict(rule), now
    _save(segment)
    event = SegmentChanged(subject_id=segment.id, org_unit_id=segment.org_unit_id)
    record(event, actor=actor, now=now)
    return segment


def _save(segment: Segment) -> None:
    try:
        with transaction.atomic():
            segment.save()
    except IntegrityError as error:
        if "one_segment_for_each_name_at_a_place" not in str(error):
            raise
        raise NameTaken("name") from error


@transaction.atomic
def materialise(segment: Segment, *, actor: Actor, now: datetime) -> SegmentCount:
    """Write down who is in a segment according to the newest snapshot.

    Customers who were removed since the snapshot are left out, and those who refused profiling since are asked the
    rule as it is for them now.

    :raises NotAllowed: if the actor may not see segments there
    :raises RuleError: if the rule no longer makes sense
    :raises NoSnapshot: if none was taken yet
    """
    actor.require(VIEW_SEGMENT, segment.org_unit_id)
    started, snapshot = time.perf_counter(), require_snapshot()
    found = find_members(segment.rule, org_unit=segment.org_unit, snapshot=snapshot)
    found = without_refused_scores(segment, found, since=snapshot.taken_at, now=now)
    count = SegmentCount.objects.create(
        segment=segment,
        snapshot=snapshot,
        rule=segment.rule,
        size=0,
        has_members=True,
        created_at=now,
        updated_at=now,
    )
    count.size = _write_members(count, found)
    count.seconds = time.perf_counter() - started
    count.save(update_fields=["size", "seconds"])
    event = SegmentCounted(subject_id=segment.id, org_unit_id=segment.org_unit_id, size=count.size)
    record(event, actor=actor, now=now)
    return count


def _write_members(count: SegmentCount, found: Any) -> int:
    """Copy identifiers in and keep those of present customers, merged ones as their survivors; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS segment_found (customer_id uuid) ON COMMIT DROP")
        cursor.execute("TRUNCATE segment_found")
        with cursor.copy("COPY segment_found FROM STDIN") as copy:
            for start in range(0, len(found), ROWS_PER_WRITE):
                copy.write("".join(f"{key}\n" for key in found[start : start + ROWS_PER_WRITE].to_pylist()))
        cursor.execute(
            "INSERT INTO segments_segmentmember (count_id, customer_id)"
            " SELECT DISTINCT %s::uuid, coalesce(c.merged_into_id, c.id)"
            " FROM segment_found f JOIN customers_customer c ON c.id = f.customer_id",
            [count.id],
        )
        return int(cursor.rowcount)


def note_size(segment: Segment, snapshot: Snapshot, *, actor: Actor, now: datetime) -> SegmentCount:
    """Write down how many are in a segment, without who; nothing new when this snapshot was counted before."""
    actor.require(VIEW_SEGMENT, segment.org_unit_id)
    earlier = segment.counts.filter(snapshot=snapshot).newest_first().first()
    if earlier and earlier.rule == segment.rule:
        return earlier
    started = time.perf_counter()
    size = exact_count(segment.rule, org_unit=segment.org_unit, snapshot=snapshot)
    return SegmentCount.objects.create(
        segment=segment,
        snapshot=snapshot,
        rule=segment.rule,
        size=size,
        seconds=time.perf_counter() - started,
        created_at=now,
        updated_at=now,
    )


def pass_on_segments(
    ids: Collection[UUID], *, from_user_id: int | None, to_user_id: int, actor: Actor, now: datetime
) -> list[UUID]:
    """Put a colleague in charge of segments that are still another's.

    A step of handing over a book, which asks for its right; opens no transaction. Returns what changed hands.
    """
    rows = reassign(
        Segment.objects.all(), "owner", ids, from_user_id=from_user_id, to_user_id=to_user_id, now=now
    )
    events = [
        SegmentPassedOn(
            org_unit_id=row.org_unit_id,
            subject_id=row.pk,
            from_user_id=from_user_id,
            to_user_id=to_user_id,
            is_sample=row.is_sample,
        )
        for row in rows
    ]
    record_many(events, actor=actor, now=now)
    return [row.pk for row in rows]
