"""Segments of a company, counted and explained."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils import translation

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.events import record
from hearth.core.extracts import Extract
from hearth.core.models import EventRecord
from hearth.organization.models import OrgUnit
from hearth.segments import counting
from hearth.segments.counting import NoSnapshot, estimate, exact_count
from hearth.segments.explanation import contains_customer, explain_customer
from hearth.segments.models import SegmentCount
from hearth.segments.postgres import IDS, narrow_extract
from hearth.segments.rules import RuleError
from hearth.segments.selectors import latest_members_count, list_sizes, members_seen
from hearth.segments.services import NameTaken, change_segment, create_segment, materialise
from hearth.segments.subscribers import note_sizes
from hearth.warehouse.events import SnapshotTaken
from hearth.warehouse.models import Snapshot
from tests.organization.builders import make_actor
from tests.segments.builders import fill_postgres, make_customer, make_segment, snapshot_with

pytestmark = pytest.mark.usefixtures("sample_tables")
FEMALE = {"field": "sex", "op": "in", "value": ["female"]}
VISITED_TWICE = {
    "behaviour": "contact",
    "where": [{"field": "channel", "op": "in", "value": ["visit"]}],
    "days": 90,
    "aggregate": "count",
    "op": "gte",
    "value": 2,
}


def person(number: int, sex: str = "female") -> dict[str, Any]:
    return {"customer_id": str(UUID(int=number)), "sex": sex}


def known(number: int, place: OrgUnit) -> dict[str, Any]:
    return {"customer_id": str(UUID(int=number)), "org_unit_id": place.pk}


def visit(number: int, at: datetime) -> dict[str, Any]:
    return {"customer_id": str(UUID(int=number)), "occurred_at": at, "channel": "visit"}


def team_of(company: OrgUnit) -> OrgUnit:
    return company.children.get()


def snapshot_of_two_companies(now: datetime, company: OrgUnit, neighbour: OrgUnit) -> Snapshot:
    """Two women known in the company (one by its project team), a man there, and a woman next door."""
    return snapshot_with(
        now,
        customers=[person(1), person(2), person(3, "male"), person(4)],
        customer_places=[
            known(1, company),
            known(2, team_of(company)),
            known(2, company),
            known(3, company),
            known(4, neighbour),
        ],
    )


@pytest.mark.requirement("S53")
def test_a_segment_holds_the_customers_known_at_or_below_its_place(
    group: OrgUnit, company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    snapshot_of_two_companies(now, company, neighbour)

    sizes = [exact_count(FEMALE, org_unit=place) for place in (group, company, neighbour, team_of(company))]

    assert sizes == [3, 2, 1, 1]


def test_an_estimate_says_of_how_many_and_as_of_when(
    company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    snapshot_of_two_companies(now, company, neighbour)

    found = estimate(FEMALE, org_unit=company)

    assert (found.size, found.total, found.is_exact, found.as_of) == (2, 3, True, now)


def test_many_customers_are_estimated_by_a_sixteenth_of_them(
    group: OrgUnit, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "EXACT_CUSTOMERS", 100)
    rows = [person(number) for number in range(320)]
    snapshot_with(now, customers=rows)

    found = estimate(FEMALE, org_unit=group)

    assert (found.size, found.total, found.is_exact) == (320, 320, False)


def test_without_a_snapshot_there_is_nothing_to_count(group: OrgUnit) -> None:
    with pytest.raises(NoSnapshot):
        estimate(FEMALE, org_unit=group)


def test_members_are_written_down_without_customers_who_are_gone(
    company: OrgUnit, neighbour: OrgUnit, actor: Actor, now: datetime
) -> None:
    snapshot = snapshot_of_two_companies(now, company, neighbour)
    present = make_customer(1, company, now=now)
    segment = make_segment(company, FEMALE, now=now)

    count = materialise(segment, actor=actor, now=now)

    assert (count.size, count.snapshot, count.rule, count.has_members) == (1, snapshot, FEMALE, True)
    assert list(count.members.values_list("customer", flat=True)) == [present.id]
    assert [row.payload for row in EventRecord.objects.filter(subject_id=segment.id)] == [{"size": 1}]


def test_a_count_may_be_repeated(company: OrgUnit, neighbour: OrgUnit, actor: Actor, now: datetime) -> None:
    snapshot_of_two_companies(now, company, neighbour)
    make_customer(1, company, now=now)
    segment = make_segment(company, FEMALE, now=now)
    materialise(segment, actor=actor, now=now)

    again = materialise(segment, actor=actor, now=now + timedelta(minutes=1))

    assert again.size == 1
    assert latest_members_count(segment) == again


def test_a_person_sees_the_members_of_their_own_places(
    group: OrgUnit, company: OrgUnit, neighbour: OrgUnit, actor: Actor, now: datetime
) -> None:
    snapshot_of_two_companies(now, company, neighbour)
    make_customer(1, company, now=now)
    next_door = make_customer(4, neighbour, now=now)
    segment = make_segment(group, FEMALE, now=now)
    count = materialise(segment, actor=actor, now=now)
    reader = make_actor(neighbour, "customers.view", "segments.view")

    seen = members_seen(count, reader)

    assert (count.size, seen) == (2, [next_door])


def test_a_new_snapshot_has_every_segment_counted_once_more(
    company: OrgUnit, neighbour: OrgUnit, actor: Actor, now: datetime
) -> None:
    segment = make_segment(company, FEMALE, now=now)
    make_segment(company, {"field": "gone", "op": "eq", "value": 1}, now=now, name="旧规则")
    snapshot = snapshot_of_two_companies(now, company, neighbour)
    event = record(SnapshotTaken(subject_id=snapshot.id, rows=1), actor=actor, now=now)

    note_sizes(event)
    note_sizes(event)

    assert [(row.segment, row.size, row.has_members) for row in SegmentCount.objects.all()] == [
        (segment, 2, False)
    ]
    assert list_sizes(segment) == [("2026-03-18 14:30", 2)]


def test_a_segment_is_created_and_changed(company: OrgUnit, actor: Actor, now: datetime) -> None:
    segment = create_segment(org_unit=company, name="女性客户", rule=FEMALE, actor=actor, now=now)

    change_segment(segment, name="常来的客户", rule=VISITED_TWICE, actor=actor, now=now)

    segment.refresh_from_db()
    assert (segment.name, segment.rule) == ("常来的客户", VISITED_TWICE)
    types = (
        EventRecord.objects.filter(subject_id=segment.id).order_by("position").values_list("type", flat=True)
    )
    assert list(types) == ["segments.created", "segments.changed"]


def test_a_name_is_given_once_at_a_place(
    company: OrgUnit, neighbour: OrgUnit, actor: Actor, now: datetime
) -> None:
    create_segment(org_unit=company, name="A", rule=FEMALE, actor=actor, now=now)
    create_segment(org_unit=neighbour, name="A", rule=FEMALE, actor=actor, now=now)

    with pytest.raises(NameTaken):
        create_segment(org_unit=company, name="A", rule=FEMALE, actor=actor, now=now)


def test_a_rule_that_makes_no_sense_is_not_kept(company: OrgUnit, actor: Actor, now: datetime) -> None:
    with pytest.raises(RuleError):
        create_segment(org_unit=company, name="A", rule={"all": []}, actor=actor, now=now)


def test_the_right_is_asked_for_at_the_place(company: OrgUnit, neighbour: OrgUnit, now: datetime) -> None:
    stranger = make_actor(neighbour, "segments.view", "segments.change")
    segment = make_segment(company, FEMALE, now=now)

    with pytest.raises(NotAllowed):
        create_segment(org_unit=company, name="A", rule=FEMALE, actor=stranger, now=now)
    with pytest.raises(NotAllowed):
        change_segment(segment, name="A", rule=FEMALE, actor=stranger, now=now)
    with pytest.raises(NotAllowed):
        materialise(segment, actor=stranger, now=now)


def test_an_explanation_names_each_condition_with_what_was_found(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    customer = make_customer(1, company, now=now)
    segment = make_segment(company, {"all": [FEMALE, {"not": VISITED_TWICE}]}, now=now)
    rows = [
        visit(1, now),
        visit(1, now - timedelta(days=89)),
        visit(1, now - timedelta(days=91)),
        visit(2, now),
    ]
    fill_postgres({"customers": [person(1)], "contacts": rows})

    with translation.override("en"):
        explanation = explain_customer(segment, customer, now=now)

    assert explanation.reason
    sex, inverse = explanation.reason.parts
    [visits] = inverse.parts
    assert (sex.is_true, sex.found) == (True, "female")
    assert (visits.is_true, visits.found, inverse.is_true) == (True, "2", False)
    assert (explanation.is_member, explanation.was_member) == (False, None)


def test_an_explanation_says_when_the_last_count_answered_otherwise(
    company: OrgUnit, neighbour: OrgUnit, actor: Actor, now: datetime
) -> None:
    snapshot_of_two_companies(now, company, neighbour)
    customer = make_customer(1, company, now=now)
    segment = make_segment(company, FEMALE, now=now)
    materialise(segment, actor=actor, now=now)
    fill_postgres({"customers": [person(1, "male")]})

    explanation = explain_customer(segment, customer, now=now)

    assert (explanation.is_member, explanation.was_member, explanation.differs) == (False, True, True)


def test_who_is_not_known_at_the_place_is_not_in_its_segment(
    company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    customer = make_customer(1, neighbour, now=now)
    fill_postgres({"customers": [person(1)], "customer_places": [known(1, neighbour)]})
    here, there = (make_segment(place, FEMALE, now=now) for place in (company, neighbour))

    explanation = explain_customer(here, customer, now=now)

    assert (explanation.is_member, explanation.is_known_here) == (False, False)
    assert contains_customer(here, customer, now=now) is False
    assert contains_customer(there, customer, now=now) is True


def test_the_events_of_one_customer_are_found_by_their_index(actor: Actor, now: datetime) -> None:
    record(SnapshotTaken(rows=1), actor=actor, now=now)
    extract = Extract(
        "e",
        "SELECT type, customer_id::text FROM core_eventrecord",
        {"type": "string", "customer_id": "string"},
        "customer_id",
    )
    sql = narrow_extract(extract).replace(IDS, "ARRAY['00000000-0000-0000-0000-000000000001']")

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}")
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "Index Cond: (customer_id = ANY" in plan
