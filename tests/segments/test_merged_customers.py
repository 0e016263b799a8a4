"""What a merged record did counts for its survivor, on both engines."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.customers.services import merge_customers, undo_merge, update_customer
from hearth.organization.models import OrgUnit
from hearth.segments.compiler import compile_rule
from hearth.segments.models import SegmentMember
from hearth.segments.postgres import run_on_postgres
from hearth.segments.reading import parse_rule
from hearth.segments.rules import list_tables
from hearth.segments.services import materialise
from hearth.warehouse.engine import table
from hearth.warehouse.services import take_snapshot
from tests.customers.builders import make_customer
from tests.segments.builders import make_segment

pytestmark = pytest.mark.django_db(transaction=True)
SYSTEM = Actor.system("test")
CHANGED_TWICE = {
    "behaviour": "event",
    "aggregate": "count",
    "op": "gte",
    "value": 2,
    "where": [{"field": "type", "op": "in", "value": ["customer.changed"]}],
}


def on_snapshot(company: OrgUnit, now: datetime) -> set[UUID]:
    """Find the members in a new snapshot and write them down."""
    take_snapshot(actor=SYSTEM, now=now)
    segment = make_segment(company, CHANGED_TWICE, now=now, name=now.isoformat())
    counted = materialise(segment, actor=SYSTEM, now=now)
    return set(SegmentMember.objects.filter(count=counted).values_list("customer_id", flat=True))


def on_rows(*customers: Customer, now: datetime) -> set[UUID]:
    """Find the members among some customers over the present rows."""
    rule = parse_rule(CHANGED_TWICE)
    expression = compile_rule(rule, {name: table(name) for name in list_tables(rule)}, now)
    rows = run_on_postgres(expression, list_tables(rule), [row.pk for row in customers])
    return {UUID(row["customer_id"]) for row in rows}


def test_events_of_both_records_count_for_the_survivor_until_they_are_parted(
    company: OrgUnit, now: datetime
) -> None:
    survivor, absorbed = make_customer(company), make_customer(company)
    for customer in (survivor, absorbed):
        update_customer(customer, actor=SYSTEM, now=now, note="来访")
    days = [now + timedelta(days=number) for number in range(1, 4)]
    found = [(on_snapshot(company, days[0]), on_rows(survivor, absorbed, now=days[0]))]

    made = merge_customers(survivor, [absorbed], actor=SYSTEM, now=days[0])
    found.append((on_snapshot(company, days[1]), on_rows(survivor, absorbed, now=days[1])))
    undo_merge(made, actor=SYSTEM, now=days[1])
    found.append((on_snapshot(company, days[2]), on_rows(survivor, absorbed, now=days[2])))

    assert found == [(set(), set()), ({survivor.pk}, {survivor.pk}), (set(), set())]


def test_a_member_merged_since_the_snapshot_is_written_down_as_the_survivor(
    company: OrgUnit, now: datetime
) -> None:
    survivor, absorbed = make_customer(company), make_customer(company)
    for number in range(2):
        update_customer(absorbed, actor=SYSTEM, now=now, note=f"来访{number}")
    take_snapshot(actor=SYSTEM, now=now)
    merge_customers(survivor, [absorbed], actor=SYSTEM, now=now)

    segment = make_segment(company, CHANGED_TWICE, now=now)
    counted = materialise(segment, actor=SYSTEM, now=now)

    assert list(SegmentMember.objects.filter(count=counted).values_list("customer_id", flat=True)) == [
        survivor.pk
    ]
